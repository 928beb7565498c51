"""One transaction: kept as a whole, undone as a whole, and never left open."""

from __future__ import annotations

import duckdb
import pytest

from etl.sql import only_row, transaction


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
    return connection


def enter(connection: duckdb.DuckDBPyConnection, *numbers: int, error: BaseException | None = None) -> None:
    """Enter numbers in one transaction that ends in an error, if one is given."""
    with transaction(connection):
        for number in numbers:
            connection.execute("INSERT INTO t VALUES (?)", [number])
        if error is not None:
            raise error


def undo_and_fail(connection: duckdb.DuckDBPyConnection) -> None:
    with transaction(connection) as work:
        work.undo()
        raise ValueError("late")


def rows(connection: duckdb.DuckDBPyConnection) -> int:
    return int(only_row(connection, "SELECT count(*) FROM t")[0])


def test_what_is_written_inside_is_kept(connection: duckdb.DuckDBPyConnection) -> None:
    enter(connection, 1, 2)
    assert rows(connection) == 2


def test_after_an_error_nothing_is_kept_and_the_error_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(KeyboardInterrupt):
        enter(connection, 1, error=KeyboardInterrupt())
    assert rows(connection) == 0


def test_a_failure_of_the_engine_is_told_as_it_is_and_the_next_transaction_begins(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("INSERT INTO t VALUES (1)")
    with pytest.raises(duckdb.ConstraintException):
        enter(connection, 2, 1)
    enter(connection, 3)
    assert connection.execute("SELECT n FROM t ORDER BY n").fetchall() == [(1,), (3,)]


def test_what_is_undone_is_gone_and_what_follows_is_kept(connection: duckdb.DuckDBPyConnection) -> None:
    with transaction(connection) as work:
        connection.execute("INSERT INTO t VALUES (1)")
        work.undo()
        connection.execute("INSERT INTO t VALUES (2)")
    assert connection.execute("SELECT n FROM t").fetchall() == [(2,)]


def test_an_error_after_undoing_is_told_as_it_is(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="late"):
        undo_and_fail(connection)
    enter(connection, 1)
    assert rows(connection) == 1
