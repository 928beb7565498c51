"""Sums that stay in the warehouse give, after whatever has happened, exactly the cube of the facts as they are.

A seeded town lives through drops: records of this month and of long ago, corrected, withdrawn, sent under numbers
that a register explains later or no longer; people who register, move, leave and come back; activities that
come, move and go. After each publishing every observation is compared with a cube computed from nothing.
"""

from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from etl import kept, prints, warehouse
from etl.publish import publish
from metrics import cube
from metrics.build_schema import create_schema
from metrics.cube import renewal
from metrics.cube.changes import Grown, Months
from metrics.cube.service import RECORDS
from tests.etl.facts_town import MONTHS, Town

TODAY = date(2023, 9, 20)
MONTH = "year(service_date) * 12 + month(service_date) - 1"
TABLES = (
    "observations",
    "platforms",
    "hours_bands",
    "cohorts",
    "days",
    "day_kinds",
    "coverage",
    "to_day",
    "manifest",
)


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
    found = {table: connection.execute(f"SELECT * FROM build.{table}").fetchall() for table in TABLES}
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


def test_who_joins_leaves_and_changes_platforms_is_counted_on_each_as_if_anew(
    connection: duckdb.DuckDBPyConnection, always_update: list[bool]
) -> None:
    town = Town(connection, Random(10))
    town.found()
    require_same(connection, "the first drops")

    def on_several() -> list[tuple[Any, ...]]:
        sql = "SELECT volunteer_key, cell, from_month, until_month FROM cube_on_platform ORDER BY ALL"
        return connection.execute(sql).fetchall()

    assert on_several() == []
    seen = [[]]
    for act in (
        lambda: town.register(list(range(0, 30, 2)), "b"),
        lambda: town.register(list(range(0, 30, 5)), ""),
        lambda: town.register(list(range(0, 30, 3)), "#0a1b2c3d"),
        town.people_leave_a_platform,
        town.people_migrate,
        lambda: connection.execute("DELETE FROM registrations WHERE platform = 'b'"),
    ):
        act()
        require_same(connection, f"act {len(seen)}")
        assert on_several() != seen[-1]
        seen.append(on_several())
    assert always_update == [True] * 6
    assert "b" in {
        name for (name,) in connection.execute("SELECT platform_name FROM cube_platform").fetchall()
    }


def contents(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """How many rows each kept table holds, and what they are said to be made of."""
    counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0] for name in cube.LASTING]
    return counts + connection.execute("SELECT * FROM cube_contents ORDER BY ALL").fetchall()


def test_late_records_of_a_new_drop_leave_the_others_of_their_months_unread(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[set[int], Grown]] = []
    real = renewal.update

    def noted(engine: Any, months: Months, grown: Grown) -> bool:
        asked.append((set(months[RECORDS]), grown))
        return real(engine, months, grown)

    monkeypatch.setattr(renewal, "MOST_AGAIN", 1e9)
    monkeypatch.setattr(cube, "update", noted)
    town = Town(connection, Random(12))
    town.found()
    connection.execute(
        "DELETE FROM registrations WHERE number_key IS NOT NULL OR bare_number_key IS NOT NULL"
    )
    require_same(connection, "the first drops")
    in_contents = "SELECT DISTINCT month FROM cube_contents WHERE source = 'service_hours'"
    months = {month for (month,) in connection.execute(in_contents).fetchall()}
    some_month = cycle(range(MONTHS - 3))

    town.serve(60, lambda: next(some_month))
    require_same(connection, "late records")
    assert asked[-1] == (set(), Grown(frozenset(months), frozenset({town.drops})))

    town.serve(60, lambda: next(some_month))
    late = town.drops
    first = "SELECT min(record_key) FROM service_records WHERE drop_id = 3"
    ((gone,),) = connection.execute(
        f"SELECT {MONTH} FROM service_records WHERE record_key = ({first})"
    ).fetchall()
    connection.execute(f"DELETE FROM service_records WHERE record_key = ({first})")
    require_same(connection, "late records, and one of before gone")
    assert asked[-1] == ({gone}, Grown(frozenset(months) - {gone}, frozenset({late})))

    connection.execute("DELETE FROM service_records WHERE drop_id = ?", [late])
    require_same(connection, "the late records gone again")
    assert asked[-1] == (months, Grown())


def test_a_mended_file_under_its_drops_number_counts_as_it_is_now(
    connection: duckdb.DuckDBPyConnection, always_update: list[bool]
) -> None:
    town = Town(connection, Random(13))
    town.found()
    require_same(connection, "the first drops")
    connection.execute("UPDATE registrations SET area_code = '130203' WHERE area_code = '130202'")
    connection.execute("UPDATE service_records SET service_minutes = 15 WHERE row_no % 2 = 0")
    connection.execute("UPDATE drops SET sha256 = 'mended ' || sha256")
    require_same(connection, "mended files")
    assert always_update == [True]


def test_a_crash_while_sums_are_brought_up_to_date_leaves_them_as_they_were(
    connection: duckdb.DuckDBPyConnection, always_update: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(connection, Random(4))
    town.found()
    require_same(connection, "the first drops")
    before = contents(connection)
    town.serve_long_ago()
    town.people_change()
    for step in ("put_records", "put_windows", "put_person_months"):
        with monkeypatch.context() as broken:

            def crash(*arguments: object) -> None:
                raise KeyboardInterrupt

            broken.setattr(renewal, step, crash)
            with pytest.raises(KeyboardInterrupt):
                kept.bring_up_to_date(connection, 0)
        assert contents(connection) == before, f"a crash in {step} was kept"
    require_same(connection, "three crashes")
    assert contents(connection) != before


def test_nothing_is_read_again_when_nothing_has_changed(
    connection: duckdb.DuckDBPyConnection, always_update: list[bool]
) -> None:
    Town(connection, Random(5)).found()
    require_same(connection, "the first drops")
    require_same(connection, "nothing")
    assert always_update == []


def test_sums_of_another_version_are_made_anew(
    connection: duckdb.DuckDBPyConnection, always_update: list[bool]
) -> None:
    Town(connection, Random(6)).found()
    require_same(connection, "the first drops")
    connection.execute("DELETE FROM cube_step")
    connection.execute("UPDATE meta SET value = 'made by an older program' WHERE key = ?", [kept.MADE_BY])
    require_same(connection, "an update of the program")
    assert always_update == []


def test_where_most_people_are_concerned_everything_is_added_up(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    town = Town(connection, Random(7))
    town.found()
    require_same(connection, "the first drops")
    connection.execute("DELETE FROM service_records WHERE record_key % 2 = 0")
    require_same(connection, "half the records gone")


def test_a_small_warehouse_keeps_no_sums_and_one_that_has_become_small_forgets_them(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    Town(connection, Random(8)).found()
    assert not kept.bring_up_to_date(connection)
    tables = "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'cube%' AND NOT temporary"
    assert connection.execute(tables).fetchall() == []
    assert kept.bring_up_to_date(connection, 0)
    assert set(cube.LASTING) < {name for (name,) in connection.execute(tables).fetchall()}
    assert not kept.bring_up_to_date(connection)
    assert connection.execute(tables).fetchall() == []


def test_a_published_build_of_kept_sums_is_verified_like_any_other(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "FEWEST_RECORDS", 0)
    Town(connection, Random(9)).found()
    published_ids = [publish(connection, tmp_path, TODAY) for _ in range(2)]
    found = []
    for build_id in published_ids:
        with duckdb.connect(str(tmp_path / "published" / f"{build_id}.duckdb"), read_only=True) as build:
            found.append(build.execute("SELECT * FROM observations").fetchall())
    assert found[0] == found[1] != []
