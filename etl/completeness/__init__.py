"""Completeness: which supplier has reported which area and month, and what that means for figures.

Computed at publishing from the ledger and the facts, so after a withdrawal everything is as had the drop never
come. `refresh` counts what was reported, `write` judges it and fills the build's tables.
"""

from collections.abc import Mapping
from datetime import date

import duckdb

from etl.completeness.gaps import gaps_of
from etl.completeness.matrix import rows_of, streams_of
from etl.completeness.ordinary import load_ordinary
from etl.completeness.reported import read, refresh
from etl.completeness.suppliers import Declared, declared
from metrics.engine import insert_many

__all__ = ["declared", "refresh", "write"]


def write(
    connection: duckdb.DuckDBPyConnection,
    target: str,
    suppliers: Mapping[tuple[str, str], Declared],
    today: date,
) -> None:
    """Fill `completeness` and `gaps` of the attached build `target`; what was reported has been refreshed."""
    ordinary = load_ordinary()
    streams = streams_of(*read(connection), suppliers, ordinary, today)
    for table, rows in (("completeness", rows_of(streams, ordinary)), ("gaps", gaps_of(streams, ordinary))):
        if rows:
            insert_many(connection, f"{target}.{table}", rows[0]._fields, rows)
