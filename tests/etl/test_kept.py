"""Sums that stay in the warehouse give, after whatever has happened, exactly the cube of the facts as they are.

A seeded town lives through drops: records of this month and of long ago, corrected, withdrawn, sent under numbers
that a register explains later or no longer; people who register, move, leave and come back; activities that
come, move and go. After each publishing every observation is compared with a cube computed from nothing.
"""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import duckdb
import pytest

from etl import kept, warehouse
from metrics import cube
from metrics.build_schema import create_schema
from metrics.cube import renewal
from tests.etl.facts_town import Town

TODAY = date(2023, 9, 20)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as opened:
        warehouse.create_schema(opened)
        yield opened


@pytest.fixture
def always_update(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Bring up to date however much has changed; the list says for each time whether that was done."""
    done: list[bool] = []
    real = renewal.update

    def noted(*arguments: Any) -> bool:
        done.append(real(*arguments))
        return done[-1]

    monkeypatch.setattr(renewal, "MOST_AGAIN", 1e9)
    monkeypatch.setattr(cube, "update", noted)
    return done


def published(connection: duckdb.DuckDBPyConnection, is_kept: bool) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the cube writes into a build."""
    connection.execute("ATTACH ':memory:' AS build")
    create_schema(connection, "build")
    if is_kept:
        assert kept.bring_up_to_date(connection, 0)
        cube.compute_from_kept(connection, "build", today=TODAY)
    else:
        cube.compute(connection, "build", today=TODAY)
    found = {
        table: connection.execute(f"SELECT * FROM build.{table}").fetchall()
        for table in ("observations", "coverage", "manifest")
    }
    connection.execute("DETACH build")
    return found


def require_same(connection: duckdb.DuckDBPyConnection, what: str) -> None:
    brought, fresh = published(connection, is_kept=True), published(connection, is_kept=False)
    for table, rows in fresh.items():
        wrong = set(rows) ^ set(brought[table])
        assert brought[table] == rows, (
            f"{table} after {what}: {len(wrong)} differ, such as {sorted(wrong)[:4]}"
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_the_kept_sums_give_the_cube_of_the_facts(
    connection: duckdb.DuckDBPyConnection, always_update: list[bool], seed: int
) -> None:
    town = Town(connection, Random(seed))
    town.found()
    require_same(connection, "the first drops")
    for _ in range(8):
        require_same(connection, town.live())
    assert always_update == [True] * len(always_update) != []
