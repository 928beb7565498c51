"""Measures, indicators and the questions that can be asked of a build: computes and reads."""
