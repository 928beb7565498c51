"""One row from a query, read to its end, one value under its key, and one transaction, wholly kept or not at all.

DuckDB keeps a connection busy until a result is used up.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import duckdb


def only_row(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | dict[str, Any] | None = None
) -> tuple[Any, ...]:
    """The single row of a query that gives exactly one (an aggregate without GROUP BY, or CREATE TABLE AS: its rows)."""
    rows = connection.execute(sql, parameters or []).fetchall()
    assert len(rows) == 1, f"expected one row, found {len(rows)}: {sql[:80]}"
    return tuple(rows[0])


def keep_value(connection: duckdb.DuckDBPyConnection, table: str, key: str, value: str) -> None:
    """Enter one value under its key, in place of the one before; of these tables no index looks after the keys."""
    (known,) = only_row(connection, f"SELECT count(*) FROM {table} WHERE key = ?", [key])
    if known:
        connection.execute(f"UPDATE {table} SET value = ? WHERE key = ?", [value, key])
    else:
        connection.execute(f"INSERT INTO {table} VALUES (?, ?)", [key, value])


class Transaction:
    """An open transaction; what was written in it is kept at its end unless it is undone before."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.is_open = True
        connection.execute("BEGIN TRANSACTION")

    def undo(self) -> None:
        """Roll back now; what is written afterwards is no longer part of the transaction."""
        self.is_open = False
        # After a failure inside DuckDB there may be nothing left to roll back.
        with contextlib.suppress(duckdb.TransactionException):
            self._connection.execute("ROLLBACK")

    def keep(self) -> None:
        self._connection.execute("COMMIT")
        self.is_open = False


@contextlib.contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[Transaction]:
    """Everything inside is kept, or after an error (or `undo`) nothing of it."""
    opened = Transaction(connection)
    try:
        yield opened
        if opened.is_open:
            opened.keep()
    except BaseException:
        if opened.is_open:
            opened.undo()
        raise
