"""Drops in, facts and builds out: the only part that writes."""
