"""Tests of the reader: bytes to rows of text."""
