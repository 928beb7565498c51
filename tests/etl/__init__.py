"""Tests of etl: what becomes of drops, good and bad."""
