"""The tables of a build must agree with the boring version: activity, evidence, identity, hours, cohorts, days.

As in test_cube_against_naive, drops go through the whole pipeline; here the build's tables themselves are read,
because not everything in them is an indicator that can be asked for.
"""

from __future__ import annotations

import shutil
from copy import copy
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import prints
from metrics import cube
from metrics.build import open_build
from metrics.cube import renewal
from tests import naive
from tests.against_naive import PARENT, boring_world
from tests.against_tables import OBSERVED, boring_tables, build_tables, require_agreement, some_asked
from tests.commands import load, run
from tests.generate import Case, make_case

ASKED_OF_EACH_KIND = 30


class Home:
    """A data home that receives the drops of a case bit by bit."""

    def __init__(self, case: Case, directory: Path) -> None:
        self.case = case
        self.home = directory / "home"
        self.paths = case.write(directory / "drops")
        self.order: dict[str, int] = {}

    def copy(self, directory: Path) -> Home:
        """The same home elsewhere, to do something to."""
        other = copy(self)
        other.home, other.order = directory / "home", dict(self.order)
        shutil.copytree(self.home, other.home)
        return other

    def receive(self, paths: list[Path]) -> None:
        answer = load(self.home, *paths)
        self.order |= {row["file_name"]: row["drop_id"] for row in answer["drops"]}

    def withdraw(self, name: str) -> None:
        run("etl", "withdraw", self.order.pop(name), "--reason", "test", home=self.home).require()

    def build(self) -> Any:
        build = open_build(self.home)
        assert build is not None, "loading published nothing"
        return build

    def require_agreement(self, of_each_kind: int) -> None:
        world = boring_world(self.case, self.order)
        asked = some_asked(of_each_kind, seed=self.case.seed)
        require_agreement(world, build_tables(self.build()), asked)


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(make_case(6), tmp_path_factory.mktemp("tables"))
    home.receive(home.paths)
    return home


def test_every_table_agrees_with_naive_in_every_window_area_and_member(received: Home) -> None:
    received.require_agreement(ASKED_OF_EACH_KIND)


def test_a_renewed_build_agrees_with_naive(
    received: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drops that others repeat, link to and correct are withdrawn, and the sums kept from before are renewed."""
    renewed: list[bool] = []
    update = renewal.update

    def noted(*arguments: Any) -> bool:
        renewed.append(update(*arguments))
        return renewed[-1]

    monkeypatch.setattr(prints, "FEWEST_RECORDS", 0)
    monkeypatch.setattr(renewal, "MOST_AGAIN", 1e9)
    monkeypatch.setattr(cube, "update", noted)
    home = received.copy(tmp_path)
    home.withdraw("09-hours.csv")
    home.withdraw("01-register.csv")
    assert renewed == [True], "the first withdrawal makes the sums, the second one renews them"
    home.require_agreement(ASKED_OF_EACH_KIND // 2)


def test_unfinished_windows_up_to_a_day_agree_with_naive(received: Home, tmp_path: Path) -> None:
    """Every measure, area and window of the table to_day, and those of which it has no row: nobody, nothing."""
    home = received.copy(tmp_path)
    with duckdb.connect(str(home.home / "warehouse.duckdb")) as warehouse:
        warehouse.execute(
            "UPDATE drops SET received_at = TIMESTAMP '2022-06-17', loaded_at = TIMESTAMP '2022-06-17'"
        )
    run("etl", "publish", home=home.home).require()
    world = boring_world(home.case, home.order)
    rows = home.build().rows(
        "SELECT measure, basis, area_code, time_window, period_end, through_on, value FROM to_day"
    )
    found = {tuple(row[:-1]): row[-1] for row in rows}
    assert len(found) == len(rows)
    cuts = {(PARENT.get(area, area), *rest) for _, _, area, *rest in found}
    assert {window for _, window, _, _ in cuts} == {"month", "quarter", "year"}
    areas = {city: [city, *(area for area, parent in PARENT.items() if parent == city)] for city, *_ in cuts}
    asked = 0
    for city, window, end, through_on in sorted(cuts):
        start = naive.window_start(window, end)
        for measure, basis in sorted({key[:2] for key in found}):
            for area in areas[city]:
                said = found.get((measure, basis, area, window, end, through_on), 0.0)
                counted = float(naive.to_day(world, measure, basis, area, start, through_on))
                assert said == pytest.approx(counted, rel=1e-9), (measure, basis, area, window, through_on)
                asked += counted > 0
    assert asked > 50
    assert {key[0] for key in found} == {
        "registered_volunteers", "new_registrations", "active_volunteers", "service_hours", "service_visits",
        "activities",
    }  # fmt: skip


def test_no_member_or_window_stands_in_the_tables_that_naive_does_not_know(received: Home) -> None:
    known = {
        (measure, basis, window, dimension, member)
        for measure, basis, windows, dimensions in OBSERVED
        for window in windows
        for dimension in dimensions
        for member in naive.MEMBERS.get(dimension, [""])
    }
    ours = {(measure, basis) for measure, basis, _, _ in OBSERVED}
    found = received.build().rows(
        "SELECT DISTINCT measure, basis, time_window, dimension, member FROM observations"
    )
    older = {"", "gender", "age_band"}  # of measures that were there before, asked for in the other file
    new_measures = {measure for measure, _, _, dimensions in OBSERVED if "" in dimensions}
    surplus = [row for row in found if row[:2] in ours and (row[0] in new_measures or row[3] not in older)]
    assert set(surplus) - known == set()


# What has to be the same everywhere in the build: (what is added up, by what, and what it must give).
SUMS = {
    "evidence adds up to the total": """
        SELECT measure, basis, area_code, time_window, period_end, sum(value) AS parts FROM observations
        WHERE dimension = 'evidence' GROUP BY ALL""",
    "identity adds up to the total": """
        SELECT measure, basis, area_code, time_window, period_end, sum(value) AS parts FROM observations
        WHERE dimension = 'identity' GROUP BY ALL""",
    "activity states add up to active_volunteers": """
        SELECT measure, basis, area_code, time_window, period_end, sum(value) AS parts FROM observations
        WHERE dimension = 'activity_state' GROUP BY ALL""",
    "genders of the new measures add up": """
        SELECT measure, basis, area_code, time_window, period_end, sum(value) AS parts FROM observations
        WHERE dimension = 'gender' GROUP BY ALL""",
    "age bands of the new measures add up": """
        SELECT measure, basis, area_code, time_window, period_end, sum(value) AS parts FROM observations
        WHERE dimension = 'age_band' GROUP BY ALL""",
    "people by band of hours are the active volunteers": """
        SELECT 'active_volunteers' AS measure, 'residence' AS basis, area_code, time_window, period_end,
               sum(people) AS parts FROM hours_bands GROUP BY ALL""",
    "hours by band are the service hours": """
        SELECT 'service_hours' AS measure, 'residence' AS basis, area_code, time_window, period_end,
               sum(hours) AS parts FROM hours_bands GROUP BY ALL""",
    "cohorts are the registered volunteers": """
        SELECT 'registered_volunteers' AS measure, 'residence' AS basis, area_code, 'stock' AS time_window,
               quarter_end AS period_end, sum(registered) AS parts FROM cohorts GROUP BY ALL""",
    "the active of cohorts are the active volunteers": """
        SELECT 'active_volunteers' AS measure, 'residence' AS basis, area_code, 'quarter' AS time_window,
               quarter_end AS period_end, sum(active) AS parts FROM cohorts GROUP BY ALL""",
    "visits by kind of day are the visits": """
        SELECT 'service_visits' AS measure, 'service' AS basis, area_code, time_window, period_end,
               sum(visits) AS parts FROM day_kinds GROUP BY ALL""",
    "visits by day are the visits of the month": """
        SELECT 'service_visits' AS measure, 'service' AS basis, area_code, 'month' AS time_window,
               last_day(service_date) AS period_end, sum(visits) AS parts FROM days GROUP BY ALL""",
    "hours by day are the hours of the month": """
        SELECT 'service_hours' AS measure, 'service' AS basis, area_code, 'month' AS time_window,
               last_day(service_date) AS period_end, sum(hours) AS parts FROM days GROUP BY ALL""",
}


@pytest.mark.parametrize("sql", SUMS.values(), ids=SUMS.keys())
def test_parts_add_up_to_the_whole_everywhere(received: Home, sql: str) -> None:
    """In every area and window of the parts, and in every one of the whole that the parts are given for."""
    months = 3 if "FROM cohorts" in sql else 1  # cohorts are looked at every three months
    compared = received.build().rows(f"""
        WITH parts AS ({sql}),
        whole AS (SELECT * FROM observations WHERE dimension = '' AND period_end <= DATE '2022-12-31'
                  AND (measure, basis, time_window) IN (SELECT (measure, basis, time_window) FROM parts)
                  AND month(period_end) % {months} = 0)
        SELECT measure, basis, area_code, time_window, period_end, parts, value
        FROM (SELECT * FROM parts WHERE period_end <= DATE '2022-12-31')
        FULL JOIN whole USING (measure, basis, area_code, time_window, period_end)
    """)
    assert compared
    wrong = [row for row in compared if (row[-2] or 0) != pytest.approx(row[-1] or 0, rel=1e-9)]
    assert wrong == []


def test_no_row_is_a_zero_and_none_is_there_twice(received: Home) -> None:
    tables = build_tables(received.build())  # refuses a part that is there twice
    assert [asked for asked, parts in tables.items() for numbers in parts.values() if not any(numbers)] == []


def test_what_is_asked_is_not_all_nothing(received: Home) -> None:
    world = boring_world(received.case, received.order)
    tables = boring_tables(world, some_asked(4, seed=received.case.seed))
    assert sum(bool(parts) for parts in tables.values()) > len(tables) / 3
