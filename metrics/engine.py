"""The one door between the cube and whatever runs its SQL.

The cube is written as plain SELECT statements over named tables, in the part of SQL that DuckDB and Spark
share (no QUALIFY, no list functions, no engine-specific types), and everything else (how an intermediate
result is kept, how rows come back) is behind this protocol. A cluster needs another class here, not another
cube.
"""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

import pyarrow as pa
from duckdb import DuckDBPyConnection

FEW_ROWS = 40_000


class Engine(Protocol):
    """What the cube asks of an engine."""

    def keep(self, name: str, select: str) -> None:
        """Compute a SELECT once and keep its result under a name (replacing an older one)."""

    def table(self, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
        """Make a small table of values: `columns` is 'name TYPE, name TYPE'."""

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT, for small results only."""

    def insert(self, table: str, select: str) -> None:
        """Append a SELECT to a table that outlives the computation."""

    def replace(self, name: str, gone: str, select: str) -> None:
        """Take the rows for which the condition `gone` holds out of a kept result and add those of a SELECT."""

    def forget(self, *names: str) -> None:
        """Free the space of kept results."""


def insert_values(connection: DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Append Python rows, column by column: to plan a statement with a mark for every value takes ten times as long."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _ in columns)}", columns)


def insert_many(
    connection: DuckDBPyConnection, table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Append Python rows, of which there may be very many, to the columns `names` of a table.

    Very many go through an Arrow table, five times as fast; registering one loads pandas, which takes as long as
    50,000 rows of ten columns do.
    """
    if len(rows) <= FEW_ROWS:
        insert_values(connection, f"{table} ({', '.join(names)})", rows)
        return
    columns = zip(*rows, strict=True)
    connection.register("many_rows", pa.table(dict(zip(names, map(list, columns), strict=True))))
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM many_rows")
    connection.unregister("many_rows")


class DuckDBEngine:
    """One process, one DuckDB connection; kept results are temporary tables and may spill to disk.

    Results named in `lasting` are tables of the connection's own database instead, for a later computation.
    """

    def __init__(self, connection: DuckDBPyConnection, lasting: Collection[str] = ()) -> None:
        self.connection = connection
        self.lasting = frozenset(lasting)
        # By default DuckDB draws a progress bar on stdout, where a caller may be printing JSON.
        connection.execute("SET enable_progress_bar = false")

    def keep(self, name: str, select: str) -> None:
        kind = "" if name in self.lasting else "TEMP"
        self.connection.execute(f"CREATE OR REPLACE {kind} TABLE {name} AS {select}")

    def table(self, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        insert_values(self.connection, name, rows)

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.connection.execute(select).fetchall()
        return rows

    def insert(self, table: str, select: str) -> None:
        self.connection.execute(f"INSERT INTO {table} {select}")

    def replace(self, name: str, gone: str, select: str) -> None:
        self.connection.execute(f"DELETE FROM {name} WHERE {gone}")
        self.connection.execute(f"INSERT INTO {name} {select}")

    def forget(self, *names: str) -> None:
        self.connection.execute("; ".join(f"DROP TABLE IF EXISTS temp.{name}" for name in names))
