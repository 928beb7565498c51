"""The comparison of tables must notice a mistake: one is planted in `naive`, or in the tables, and has to be found.

Without a build: the tables are what naive says before the mistake is planted. A mistake that goes unnoticed means
that the generated cases hold nothing on which the rule decides, or that nobody asks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests import naive
from tests.against_naive import all_questions, boring_answers, boring_world, is_same
from tests.against_tables import (
    OBSERVED,
    Asked,
    Parts,
    boring_tables,
    disagreements,
    kinds,
    require_agreement,
    some_asked,
)
from tests.generate import make_case

Mistake = Callable[[Callable[..., Any]], Callable[..., Any]]
SLEEPING, ACTIVE_FROM = "sleeping", "active from an edge of hours"
HOURS_IN_NAME = re.compile(r"active_\d+h_")


@dataclass(frozen=True)
class Comparison:
    world: naive.Row
    asked: list[Asked]
    tables: dict[Asked, Parts]


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    case = make_case(1)
    world = boring_world(case, {drop.name: number for number, drop in enumerate(case.drops)})
    asked = some_asked(30)
    return Comparison(world, asked, boring_tables(world, asked))


def plant(monkeypatch: pytest.MonkeyPatch, name: str, mistake: Mistake) -> None:
    """Replace a function of naive wherever it is known by its name."""
    places = [module for key, module in sys.modules.items() if key.split(".")[:2] == ["tests", "naive"]]
    places = [module for module in places if hasattr(module, name)]
    assert places, f"naive has no {name}"
    mistaken = mistake(getattr(places[0], name))
    for module in places:
        monkeypatch.setattr(module, name, mistaken)


def always(value: Any) -> Mistake:
    return lambda right: lambda *arguments: value


def months_moved(by: int) -> Mistake:
    """Says the same of so many months more or fewer (the second argument)."""
    return lambda right: lambda first, months, end: right(first, months + by, end)


def instead_of(wrong: Any, said: Any) -> Mistake:
    return lambda right: lambda *arguments: wrong if right(*arguments) == said else right(*arguments)


def is_new_when_not_seen_before(days: list[date], window: str, end: date) -> str:
    start, before = naive.window_before(window, end)
    return "returning" if any(start <= day <= before for day in days) else "new"


def year_earlier(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda window, end: right(window, date(end.year - 1, end.month, 1) + timedelta(days=27))


def band_of_whole_record(right: Callable[..., Any]) -> Callable[..., Any]:
    def greatest(world: naive.Row, area: str, start: date | None, end: date) -> dict[str, Decimal]:
        records = naive.counted_records(world, area, start, end, "residence", "", "")
        return {
            row["person"]: max(r["hours"] for r in records if r["person"] == row["person"]) for row in records
        }

    return greatest


def by_residence(world: naive.Row, area: str, day: date) -> tuple[int, Decimal]:
    records = naive.counted_records(world, area, day, day, "residence", "", "")
    return len(records), sum((record["hours"] for record in records), Decimal(0))


def is_in_its_area(world: naive.Row, person: naive.Row | None, area: str, end: date) -> bool:
    return person is not None and naive.is_in_area(person["area"], area, world["parent"])


# (the mistake, the table or measure that has to differ, the function, what it does instead)
MISTAKES: list[tuple[str, str, str, Mistake]] = [
    ("new is who did not serve in the window before", "activity_state", "activity_state",
     lambda right: is_new_when_not_seen_before),
    ("who comes back after a pause is returning", "activity_state", "activity_state",
     instead_of("returning", "reactivated")),
    ("the window before is that of last year", "activity_state", "window_before", year_earlier),
    ("the window before is that of last year", "lapsed_volunteers", "window_before", year_earlier),
    ("who ever served and pauses has lapsed", "lapsed_volunteers", "has_lapsed",
     lambda right: lambda days, window, end: bool(days) and not any(
         naive.is_within(day, naive.window_start(window, end), end) for day in days)),
    ("who serves on has lapsed too", "lapsed_volunteers", "has_lapsed",
     lambda right: lambda days, window, end: any(
         naive.is_within(day, *naive.window_before(window, end)) for day in days)),
    ("who has left can lapse", "lapsed_volunteers", "is_registered", lambda right: is_in_its_area),
    ("who has left can sleep", SLEEPING, "is_registered", lambda right: is_in_its_area),
    ("registered a month less long ago can sleep", SLEEPING, "is_old", months_moved(-1)),
    ("only registered a month longer ago can sleep", SLEEPING, "is_old", months_moved(1)),
    ("anybody registered can sleep", SLEEPING, "is_old", always(True)),
    ("a month less without a record is sleep", SLEEPING, "served_lately", months_moved(-1)),
    ("it takes a month more without a record to sleep", SLEEPING, "served_lately", months_moved(1)),
    ("who never served does not sleep", SLEEPING, "served_lately",
     lambda right: lambda days, months, end: not days or right(days, months, end)),
    ("a record entered by hand is clocked", "active_clocked_volunteers", "is_clocked",
     lambda right: lambda record: record["evidence"] in {"clocked", "manual"}),
    ("a record of unknown evidence is clocked", "active_clocked_volunteers", "is_clocked",
     lambda right: lambda record: record["evidence"] in {"clocked", "unknown"}),
    ("who left can be active by a clocked record", "active_clocked_volunteers", "is_registered",
     lambda right: is_in_its_area),
    ("pending and rejected records count", "evidence", "is_counted",
     lambda right: lambda record: record["hours"] > 0),
    ("records of no hours count", "evidence", "is_counted",
     lambda right: lambda record: record["status"] not in {"待审", "驳回"}),
    ("everybody is known by an ID number", "identity", "identity_of", always("id_number")),
    ("who has left a platform is still on it", "platform", "is_on_platform",
     lambda right: lambda person, platform, day: platform in person["platforms"] and naive.is_in_force(person, day)),
    ("who is on another platform as well is not on it", "platform", "is_on_platform",
     lambda right: lambda person, platform, day: right(person, platform, day) and len(person["platforms"]) == 1),
    ("nobody is on a platform that is not named", "platform", "is_on_platform",
     lambda right: lambda person, platform, day: platform != "unknown" and right(person, platform, day)),
    ("an edge of hours belongs to the band below", "hours_bands", "hours_band",
     lambda right: lambda hours: right(hours - Decimal("0.0001"))),
    ("it takes more than the hours of an edge", ACTIVE_FROM, "has_at_least",
     lambda right: lambda hours, edge: hours > edge),
    ("it takes one record of so many hours", ACTIVE_FROM, "hours_by_person", band_of_whole_record),
    ("a band is of the longest record", "hours_bands", "hours_by_person", band_of_whole_record),
    ("the sum is squared", "service_hours_squared", "service_hours_squared",
     lambda right: lambda world, area, start, end: naive.service_hours(
         world, area, start, end, "residence", "", "") ** 2),
    ("the hours are not squared", "service_hours_squared", "service_hours_squared",
     lambda right: lambda world, area, start, end: naive.service_hours(
         world, area, start, end, "residence", "", "")),
    ("a quarter begins a month late", "cohorts", "quarter_of",
     lambda right: lambda day: right(day + timedelta(days=28))),
    ("who has left stays in the cohort", "cohorts", "is_registered", lambda right: is_in_its_area),
    ("days are of the people of the area", "days", "day_of_service", lambda right: by_residence),
    ("a Sunday is a Saturday", "day_kinds", "kind_of_day", lambda right: lambda day: right(day - timedelta(days=1))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("concerned", "name", "mistake"),
    [row[1:] for row in MISTAKES],
    ids=[f"{row[1]}: {row[0]}" for row in MISTAKES],
)
def test_a_mistake_in_naive_is_noticed(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch, concerned: str, name: str, mistake: Mistake
) -> None:
    asked = [question for question in comparison.asked if concerns(question, concerned)]
    plant(monkeypatch, name, mistake)
    assert disagreements(comparison.world, comparison.tables, asked)


def concerns(question: Asked, rule: str) -> bool:
    named = {question.table, question.measure, question.dimension}
    if rule == ACTIVE_FROM:
        return bool(HOURS_IN_NAME.match(question.measure))
    return rule in named or (rule == SLEEPING and question.measure.startswith(SLEEPING))


def test_every_table_measure_and_dimension_has_a_mistake_planted_in_it() -> None:
    """A rule without a planted mistake would be a rule nobody has seen fail."""
    rules = {rule for _, rule, _, _ in MISTAKES}
    without = [
        kind for kind in kinds() if not any(concerns(Asked(*kind, "", date.min), rule) for rule in rules)
    ]
    assert without == []


# The populations that definitions choose: (the mistake, the function, what it does instead).
OF_RESIDENTS: list[tuple[str, str, Mistake]] = [
    ("a part of the residents is everybody", "residents", lambda right: lambda world, area, part: right(world, area, "")),
    ("the built-up area is who is 16 to 70", "residents",
     lambda right: lambda world, area, part: right(world, area, "age_16_70" if part else "")),
    ("who is 16 to 70 is the built-up area", "residents",
     lambda right: lambda world, area, part: right(world, area, "built_up" if part else "")),
    ("a district without a part of its own has its city's", "residents",
     lambda right: lambda world, area, part: right(world, area, part) or right(world, world["parent"].get(area, area), part)),
    ("a later year stands in", "permanent_population",
     lambda right: lambda world, area, year, part="": right(world, area, year + 1, part)),
    ("no earlier year stands in", "permanent_population",
     lambda right: lambda world, area, year, part="":
         right(world, area, year, part) if right(world, area, year, part)[1] == year else (None, None)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "mistake"), [row[1:] for row in OF_RESIDENTS], ids=[row[0] for row in OF_RESIDENTS]
)
def test_a_mistake_in_the_population_of_a_definition_is_noticed(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch, name: str, mistake: Mistake
) -> None:
    asked = [question for question in all_questions() if question.part][::7]
    right = {question: boring_answers(comparison.world, question) for question in asked}
    plant(monkeypatch, name, mistake)
    assert any(
        not is_same(right[question][place], found)
        for question in asked
        for place, found in boring_answers(comparison.world, question).items()
    )


def test_naive_agrees_with_itself(comparison: Comparison) -> None:
    require_agreement(comparison.world, comparison.tables, comparison.asked[::7])


@pytest.mark.parametrize("table", ["observations", "hours_bands", "cohorts", "days", "day_kinds"])
def test_a_wrong_missing_hidden_or_surplus_part_of_a_table_is_noticed(
    comparison: Comparison, table: str
) -> None:
    question, parts = next((a, p) for a, p in comparison.tables.items() if a.table == table and p)
    part, numbers = next(iter(parts.items()))
    mistaken: list[Parts] = [
        {**parts, part: (*numbers[:-1], (numbers[-1] or 0) + 1e-6)},
        {other: number for other, number in parts.items() if other != part},
        {**parts, part: (*numbers[:-1], None)},
        {**parts, "a member nobody knows": numbers},
    ]
    for wrong in mistaken:
        assert disagreements(comparison.world, {question: wrong}, [question]), wrong


def test_every_member_band_and_cohort_occurs_in_what_is_asked(comparison: Comparison) -> None:
    """A member that never occurs would agree for want of a case."""
    seen: dict[tuple[str, ...], set[Any]] = {}
    for question, parts in comparison.tables.items():
        seen.setdefault((question.table, question.measure, question.dimension), set()).update(parts)
    for measure, _, _, dimensions in OBSERVED:
        for dimension in dimensions:
            found = seen["observations", measure, dimension]
            if dimension in {"gender", "age_band"}:  # of some sixty people not of every one somebody sleeps
                assert len(found) > 1, (measure, dimension)
            else:
                assert found == set(naive.MEMBERS.get(dimension, [""])), (measure, dimension)
    assert seen["hours_bands", "", ""] == set(naive.HOURS_EDGES)
    assert len(seen["cohorts", "", ""]) > 8
    assert any(day.weekday() == 5 for day in seen["days", "", ""])
