"""Rows from Python come into a table alike, whether few (as values) or many (through an Arrow table)."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from metrics import engine

ROWS = [("甲", None, date(2021, 5, 1), None), ("", 3, date(2021, 6, 1), None)]


@pytest.mark.parametrize("few", [0, 1, 2, 3])
def test_few_and_many_rows_come_in_alike(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FEW_ROWS", few)
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t (rest VARCHAR DEFAULT 'x', number BIGINT, name VARCHAR, day DATE, nil DATE)"
        )
        engine.insert_many(connection, "t", ("name", "number", "day", "nil"), ROWS)
        engine.insert_many(connection, "t", ("name", "number", "day", "nil"), [])
        found = connection.execute("SELECT rest, name, number, day, nil FROM t ORDER BY day").fetchall()
    assert found == [("x", *row) for row in ROWS]
