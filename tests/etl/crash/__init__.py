"""Processes that are killed, starved of disk or raced, and what is found afterwards."""
