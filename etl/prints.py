"""Fingerprints of the current facts, by which whatever is kept from one publishing to the next sees what has changed.

A file's row never changes what it says, so rows of the same files and numbers are the same facts; a mended file has
its drop's number and other bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from etl.source import load_sources
from etl.sql import only_row

FACT_PRINT = "fact_print"
# With fewer records, looking at everything is quicker than keeping book, and no table needs to stay.
FEWEST_RECORDS = 200_000


def is_large(connection: duckdb.DuckDBPyConnection, fewest: int | None = None) -> bool:
    """Whether there are so many records that it pays to keep something of them."""
    (records,) = only_row(connection, f"SELECT count(*) FROM {load_sources()['service_hours'].table}")
    return bool(records >= (FEWEST_RECORDS if fewest is None else fewest))


@contextmanager
def at_hand(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Inside, the temporary table `fact_print` holds them; the facts must not change meanwhile.

    One row per source, month and drop: rows, a sum of digests of where they come from, and the drop's file.
    """
    known = "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = ?"
    if connection.execute(known, [FACT_PRINT]).fetchall():  # taken by who called
        yield
        return
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {FACT_PRINT} AS {_sql()}")
    try:
        yield
    finally:
        connection.execute(f"DROP TABLE IF EXISTS temp.{FACT_PRINT}")


def _sql() -> str:
    return " UNION ALL ".join(
        f"""
        SELECT p.*, d.sha256
        FROM (SELECT '{source.name}' AS source, year({source.day}) * 12 + month({source.day}) - 1 AS month,
                     drop_id, count(*) AS rows, sum(hash(drop_id, row_no)) AS print
              FROM {source.table} GROUP BY ALL) p
        LEFT JOIN drops d ON d.drop_id = p.drop_id
        """
        for source in load_sources().values()
    )
