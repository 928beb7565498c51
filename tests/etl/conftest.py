"""Fixtures of the tests of etl."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.warehouse import create_schema
from tests.etl.desk import Desk

TABLES = "SELECT table_name, temporary FROM duckdb_tables()"


@pytest.fixture(scope="session")
def warehouse_in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of a warehouse, made once: making them takes as long as loading a drop."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        create_schema(connection)
        yield connection


@pytest.fixture
def desk(tmp_path: Path, warehouse_in_memory: duckdb.DuckDBPyConnection) -> Desk:
    """A desk with an empty warehouse."""
    for table, temporary in warehouse_in_memory.execute(TABLES).fetchall():
        # What was looked up for one warehouse lives as long as its connection, which here serves many.
        warehouse_in_memory.execute(f"DROP TABLE {table}" if temporary else f"DELETE FROM {table}")
    return Desk(tmp_path, warehouse_in_memory)


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests of a module: for drops that have nothing to do with each other."""
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.connection.close()
