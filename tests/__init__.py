"""Tests. They mirror the folders; naive/ is the second implementation, spec/ draws tables."""
