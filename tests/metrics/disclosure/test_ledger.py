"""What a public build's ledger tells of files: no row counts that are, or would tell, those of a district or of a few."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from metrics.build_schema import create_schema, write_definitions
from metrics.disclosure import ledger
from metrics.disclosure.ledger import COUNTS, withhold_ledger
from tests.metrics.disclosure.town import CITY, LEAVES, lone_small_count

ELSEWHERE = "130200"
BOTH = frozenset(LEAVES[:2])


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("ATTACH ':memory:' AS build")
        create_schema(connection, "build")
        write_definitions(connection, "build")
        yield connection


def enter(
    build: duckdb.DuckDBPyConnection, drop_id: int, area: str | None, accepted: int, **more: Any
) -> None:
    """A file of service hours, all rows of which were accepted unless more is said."""
    row = {"drop_id": drop_id, "source": "service_hours", "file_name": "drop.csv", "sha256": "0" * 64, "bytes": 1000,
           "rows_read": accepted, "rows_accepted": accepted, "rows_unchanged": 0, "rows_quarantined": 0,
           "rows_superseding": 0, "area_code": area, "first_on": date(2023, 11, 5), "last_on": date(2023, 11, 25),
           "status": "loaded"} | more  # fmt: skip
    build.execute(
        f"INSERT INTO build.drops ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )


def told(build: duckdb.DuckDBPyConnection, drop_id: int, *columns: str) -> tuple[Any, ...]:
    sql = f"SELECT {', '.join(columns or COUNTS)} FROM build.drops WHERE drop_id = {drop_id}"
    (row,) = build.execute(sql).fetchall()
    return tuple(row)


NOTHING = (
    None,
    None,
    None,
    0,
    None,
)  # of a file in force none of whose rows was set aside: no check is listed either


def test_a_citys_files_say_how_many_rows_they_had(build: duckdb.DuckDBPyConnection) -> None:
    enter(build, 1, CITY, 600)
    enter(build, 2, None, 40)
    withhold_ledger(build, "build", 10, {1: BOTH, 2: BOTH})
    assert told(build, 1) == (600, 600, 0, 0, 0)
    assert told(build, 2, "rows_read", "bytes", "first_on") == (40, 1000, date(2023, 11, 5))


@pytest.mark.parametrize("area", [LEAVES[0], CITY, None])
def test_a_file_about_one_district_says_its_months_and_nothing_else(
    build: duckdb.DuckDBPyConnection, area: str | None
) -> None:
    """Whether its folder says so, or all its rows lie there."""
    enter(build, 1, area, 80)
    withhold_ledger(build, "build", 10, {1: frozenset(LEAVES[:1])})
    assert told(build, 1) == NOTHING
    assert told(build, 1, "bytes", "sha256") == (None, None)
    assert told(build, 1, "first_on", "last_on") == (date(2023, 11, 1), date(2023, 11, 30))


@pytest.mark.parametrize("other", [{"area": LEAVES[0], "accepted": 80}, {"area": CITY, "accepted": 6}])
def test_beside_a_file_of_a_district_or_of_few_rows_the_citys_others_would_tell_it(
    build: duckdb.DuckDBPyConnection, other: dict[str, Any]
) -> None:
    """The city's month, which is published, less the rows of its other files."""
    enter(build, 1, CITY, 600)
    enter(build, 2, other["area"], other["accepted"])
    enter(build, 3, CITY, 300, source="registrations")
    enter(build, 4, ELSEWHERE, 700)
    places = {1: BOTH, 2: BOTH if other["area"] == CITY else frozenset(LEAVES[:1]), 3: BOTH,
              4: frozenset(["130202", "130203"])}  # fmt: skip
    withhold_ledger(build, "build", 10, places)
    assert told(build, 1) == told(build, 2) == NOTHING
    assert told(build, 3, "rows_accepted") == (300,)
    assert told(build, 4, "rows_accepted") == (700,)


@pytest.mark.parametrize(("few", "shown"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_few_rows_of_a_kind_are_withheld_with_the_sum_they_are_part_of(
    build: duckdb.DuckDBPyConnection, few: int, shown: bool
) -> None:
    enter(build, 1, CITY, 600, rows_read=600 + few, rows_quarantined=few)
    withhold_ledger(build, "build", 10, {1: BOTH})
    told_few = few if shown else None
    assert told(build, 1) == (600 + few if shown else None, 600, 0, told_few, 0)


@pytest.mark.parametrize(
    ("status", "set_aside", "expected"),
    [
        ("loaded", 0, (None, None, None, 0, None)),
        ("loaded", 1, (None, None, None, None, None)),
        ("withdrawn", 0, (None, None, None, None, None)),
        ("refused", 0, (0, 0, 0, 0, 0)),
        ("held", 0, (None, 0, 0, 0, 0)),
    ],
)
def test_zeros_that_tell_nothing_stay(
    build: duckdb.DuckDBPyConnection, status: str, set_aside: int, expected: tuple[int | None, ...]
) -> None:
    """That a file in force had no new or unchanged row would tell of a district's month."""
    read = 80 if status == "held" else 0
    enter(build, 1, LEAVES[0], 0, status=status, rows_read=read + set_aside, rows_quarantined=set_aside)
    withhold_ledger(build, "build", 10, {1: frozenset(LEAVES[:1])})
    assert told(build, 1) == expected


def test_corrected_rows_do_not_leave_a_few_new_ones(build: duckdb.DuckDBPyConnection) -> None:
    enter(build, 1, CITY, 600, rows_superseding=597)
    withhold_ledger(build, "build", 10, {1: BOTH})
    assert told(build, 1) == NOTHING


def test_activities_are_no_people(build: duckdb.DuckDBPyConnection) -> None:
    enter(build, 1, LEAVES[0], 3, source="activities")
    withhold_ledger(build, "build", 10, {1: frozenset(LEAVES[:1])})
    assert told(build, 1, "rows_accepted", "first_on") == (3, date(2023, 11, 5))


def test_notes_say_no_row_counts(build: duckdb.DuckDBPyConnection) -> None:
    enter(
        build, 1, CITY, 600, note_zh="按期替换：7 行旧记录不再生效", note_en="7 earlier rows no longer count"
    )
    withhold_ledger(build, "build", 10, {1: BOTH})
    assert told(build, 1, "note_zh", "note_en") == (
        "按期替换：※ 行旧记录不再生效",
        "※ earlier rows no longer count",
    )


def test_the_reasons_of_a_hold_tell_no_counts_of_files_that_tell_none(
    build: duckdb.DuckDBPyConnection,
) -> None:
    zh = "行数减少：第 1 号报送（5月.csv）为 1,120（近 3 次为 100–1,200），这一次为 20；中位数变为 2.00 小时"
    en = "rows fell: 1,120 in drop 1 (5.csv) (100–1,200 in the last 3), 20 now; a median of 2.00 h"
    enter(build, 1, LEAVES[0], 120)
    enter(build, 2, CITY, 0, status="held", rows_read=20, note_zh=zh, note_en=en)
    enter(build, 3, ELSEWHERE, 0, status="held", rows_read=20, note_zh=zh, note_en=en)
    withhold_ledger(build, "build", 10, {1: frozenset(LEAVES[:1])})
    assert told(build, 2, "rows_read", "note_zh", "note_en") == (
        None,
        "行数减少：第 1 号报送（5月.csv）为 ※（近 3 次为 ※），这一次为 ※；中位数变为 2.00 小时",
        "rows fell: ※ in drop 1 (5.csv) (※ in the last 3), ※ now; a median of 2.00 h",
    )
    assert told(build, 3, "note_zh", "note_en") == (zh, en)


def test_rows_by_check_and_correction(build: duckdb.DuckDBPyConnection) -> None:
    enter(build, 1, CITY, 600)
    enter(build, 2, CITY, 600)
    enter(build, 3, "130202", 600)
    checks = [(1, "a", 20), (1, "b", 30), (2, "a", 20), (2, "b", 3), (3, "a", 20)]
    for drop_id, check, rows in checks:
        build.execute("INSERT INTO build.quality VALUES (?, ?, '', ?, '', '')", [drop_id, check, rows])
        build.execute(
            "INSERT INTO build.corrections VALUES (?, ?, ?, '', '', '', '', '')", [check, drop_id, rows]
        )
    withhold_ledger(build, "build", 10, {1: BOTH, 2: BOTH, 3: frozenset(["130202"])})
    for table in ("quality", "corrections"):
        found = build.execute(f"SELECT drop_id, rows FROM build.{table} ORDER BY ALL").fetchall()
        assert found == [(1, 20), (1, 30), (2, None), (2, None), (3, None)], table


MONTHS = (date(2023, 9, 1), date(2023, 10, 1), date(2023, 11, 1))


def complete(build: duckdb.DuckDBPyConnection, supplier: str, rows: tuple[int, int, int]) -> None:
    """Months of a supplier and the first of the areas, of which it had no row in the second."""
    for month, number in zip(MONTHS, rows, strict=True):
        build.execute(
            "INSERT INTO build.completeness (source, supplier, area_code, month, state, month_rows, usual_rows) "
            "VALUES ('service_hours', ?, ?, ?, ?, ?, 100)",
            [supplier, LEAVES[0], month, "zero" if month == MONTHS[1] else "complete", number],
        )


def months(build: duckdb.DuckDBPyConnection, column: str) -> list[Any]:
    sql = f"SELECT {column} FROM build.completeness ORDER BY supplier, month"
    return [value for (value,) in build.execute(sql).fetchall()]


def test_a_supplier_with_few_rows_in_a_month_takes_the_citys_other_suppliers_with_it(
    build: duckdb.DuckDBPyConnection,
) -> None:
    complete(build, "甲", (90, 90, 90))
    complete(build, "乙", (9, 10, 0))
    withhold_ledger(build, "build", 10, {})
    assert months(build, "month_rows") == [None, 10, 0, None, 90, 90]
    assert months(build, "usual_rows") == [None, 100, 100, None, 100, 100]


def test_months_the_city_withholds_are_not_told_by_its_suppliers(build: duckdb.DuckDBPyConnection) -> None:
    complete(build, "甲", (90, 90, 90))
    build.execute(f"""INSERT INTO build.observations VALUES
        ('service_visits', 'service', '{CITY}', 'month', DATE '2023-11-30', '', '', NULL)""")
    withhold_ledger(build, "build", 10, {})
    assert months(build, "month_rows") == [90, 90, None]


def test_where_an_areas_month_is_withheld_nobody_says_that_it_was_zero(
    build: duckdb.DuckDBPyConnection,
) -> None:
    complete(build, "甲", (90, 90, 90))
    withhold_ledger(build, "build", 10, {})
    assert months(build, "state") == ["complete", "zero", "complete"]
    build.execute(f"""INSERT INTO build.observations VALUES
        ('service_visits', 'service', '{LEAVES[0]}', 'month', DATE '2023-10-31', '', '', NULL)""")
    withhold_ledger(build, "build", 10, {})
    assert months(build, "state") == ["complete", "complete", "complete"]


def test_a_citys_month_less_its_own_file_is_not_the_file_of_a_district(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six people of a district in a file of its own; the city's other visits come from one file."""
    town = lone_small_count()
    town.serve_reported_by_district([1, 2, 3, 4, 5, 6], LEAVES[4], 0)

    def difference(home: Path) -> float | None:
        with duckdb.connect(str(town.publish(home, "1", 10)), read_only=True) as build:
            ((visits, rows),) = build.execute(f"""
                SELECT value, (SELECT rows_accepted FROM drops WHERE drop_id = 2) FROM observations
                WHERE (measure, basis, area_code, time_window, period_end, dimension)
                    = ('service_visits', 'service', '{CITY}', 'to_date', DATE '2021-02-28', '')""").fetchall()
        return None if rows is None else visits - rows

    assert difference(tmp_path / "as it is") is None
    monkeypatch.setattr(ledger, "groups_told", lambda entries: set())
    assert difference(tmp_path / "careless") == 6
