"""Drops in, facts and builds out: the only part that writes."""

import os

# Memory in which a drop was read is used again for pages of the warehouse and of a build, and DuckDB does not write
# over all of it: 4 to 7 bytes between the parts of a compressed column, and up to 15 beside the keys of an index
# (so there are no indexes), keep what was there, a piece of an ID number or of a name. Its allocator hands out
# zeroed memory instead; it must be told before DuckDB is first imported. Price: some 15 % of a load.
# tests/etl/test_bytes.py looks at every byte. Only DuckDB for Linux has this allocator.
ALLOCATOR, ZEROED = "DUCKDB_JE_MALLOC_CONF", "zero:true"

if ZEROED not in os.environ.get(ALLOCATOR, ""):
    os.environ[ALLOCATOR] = ",".join(filter(None, (os.environ.get(ALLOCATOR), ZEROED)))
