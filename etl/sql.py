"""One row from a query, read to its end: DuckDB keeps a connection busy until a result is used up."""

from typing import Any

import duckdb


def only_row(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None
) -> tuple[Any, ...]:
    """The single row of a query that gives exactly one (an aggregate without GROUP BY)."""
    rows = connection.execute(sql, parameters or []).fetchall()
    assert len(rows) == 1, f"expected one row, found {len(rows)}: {sql[:80]}"
    return tuple(rows[0])
