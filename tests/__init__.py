"""Tests. They mirror the folders; naive.py is the second implementation, spec/ draws tables."""
