"""Ask the tables of a build and `naive` the same questions, and say where they differ.

What is asked is all parts of one figure at once: the members of a dimension, the bands of hours, the cohorts at
a quarter's end, the days of a month. A part that is missing from a table is a zero; a NULL is a disagreement,
for nothing is hidden from these tests.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests import naive
from tests.against_naive import PARENT, REFERENCE, TOLERANCE
from tests.generate import AREAS, CITY, CITY_WITHOUT_DATA, SECOND_CITY
from tests.naive_facts import end_of_month

Part = str | int | date
Numbers = tuple[float | None, ...]
Parts = dict[Part, Numbers]

PERIODS = ("month", "quarter", "year")
WINDOWS = (*PERIODS, "ytd", "rolling12", "to_date")
PERSONAL = ("", "gender", "age_band")
SLEEPING = tuple(f"sleeping_{months}m_volunteers" for months in (12, 24, 36))
# (measure, basis, windows, dimensions) of what stands in `observations`.
OBSERVED = [
    ("registered_volunteers", "residence", ("stock",), ("identity", "platform")),
    ("active_volunteers", "residence", PERIODS, ("activity_state",)),
    ("active_volunteers", "residence", WINDOWS, ("identity", "platform")),
    ("active_clocked_volunteers", "residence", WINDOWS, PERSONAL),
    ("lapsed_volunteers", "residence", PERIODS, PERSONAL),
    *[(measure, "residence", ("stock",), PERSONAL) for measure in SLEEPING],
    *[
        (measure, basis, WINDOWS, ("evidence",))
        for measure in ("service_hours", "service_visits")
        for basis in ("residence", "service")
    ],
    *[
        (f"active_{edge}h_{what}", "residence", ("ytd", "year", "to_date"), ("",))
        for edge in (1, 2, 5, 10, 20, 50, 100)
        for what in ("volunteers", "hours")
    ],
    ("service_hours_squared", "residence", ("month", "quarter", "year", "ytd", "to_date"), ("",)),
]
PLACES = [CITY, *AREAS[CITY], SECOND_CITY, *AREAS[SECOND_CITY], "130229", CITY_WITHOUT_DATA]
MONTH_ENDS = [end_of_month(date(year, month, 1)) for year in range(2019, 2023) for month in range(1, 13)]
LAST_END = MONTH_ENDS[-1]


@dataclass(frozen=True)
class Asked:
    """All parts of one figure; what does not belong to a table is ''."""

    table: str
    measure: str
    basis: str
    dimension: str
    window: str
    area: str
    end: date

    @property
    def kind(self) -> tuple[str, ...]:
        return self.table, self.measure, self.basis, self.dimension, self.window


# --- what is asked --------------------------------------------------------------------------------------


def kinds() -> list[tuple[str, ...]]:
    """Every table, measure, basis, dimension and window there is."""
    observed = [
        ("observations", measure, basis, dimension, window)
        for measure, basis, windows, dimensions in OBSERVED
        for dimension in dimensions
        for window in windows
    ]
    bands = [("hours_bands", "", "", "", window) for window in ("ytd", "year", "to_date")]
    days = [("day_kinds", "", "", "", window) for window in WINDOWS]
    return [*observed, *bands, *days, ("cohorts", "", "", "", "quarter"), ("days", "", "", "", "month")]


def ends_of(window: str) -> list[date]:
    every = {"quarter": 3, "year": 12}.get(window, 1)
    return [end for end in MONTH_ENDS if end.month % every == 0]


def some_asked(of_each_kind: int, seed: int = 0) -> list[Asked]:
    """So many questions of every kind; half of them about the city, of which there is most to say."""
    random = Random(seed)
    found = []
    for kind in kinds():
        every = [(area, end) for area in PLACES for end in ends_of(kind[-1])]
        city = [(CITY, end) for end in ends_of(kind[-1])]
        half = of_each_kind // 2
        # Somebody passes through the bands of hours month by month: each is seen only if every month is asked for.
        of_city = len(city) if kind[0] == "hours_bands" else min(half, len(city))
        drawn = random.sample(every, of_each_kind - half) + random.sample(city, of_city)
        found += [Asked(*kind, area, end) for area, end in dict.fromkeys(drawn)]
    return found


# --- both answers ---------------------------------------------------------------------------------------


def boring_parts(world: naive.Row, asked: Asked) -> Parts:
    """What naive says, without zeros."""
    area, end = asked.area, asked.end
    found: Mapping[Any, tuple[Any, ...]]
    if asked.table == "hours_bands":
        found = naive.hours_bands(world, area, asked.window, end)
    elif asked.table == "day_kinds":
        found = {kind: (visits,) for kind, visits in naive.day_kinds(world, area, asked.window, end).items()}
    elif asked.table == "cohorts":
        starts = [date(year, month, 1) for year in range(2019, 2023) for month in (1, 4, 7, 10)]
        found = {start: naive.cohort(world, area, start, end) for start in starts}
    elif asked.table == "days":
        days = [end - timedelta(days=back) for back in range(end.day)]
        found = {day: naive.day_of_service(world, area, day) for day in days}
    else:
        figure = (asked.measure, asked.basis, area, asked.window, end, asked.dimension)
        members = naive.MEMBERS.get(asked.dimension, [""])
        found = {member: (naive.value_of(world, *figure, member),) for member in members}
    return {part: tuple(map(float, numbers)) for part, numbers in found.items() if any(numbers)}


def boring_tables(world: naive.Row, asked: Iterable[Asked]) -> dict[Asked, Parts]:
    return {question: boring_parts(world, question) for question in asked}


def build_tables(build: Any) -> dict[Asked, Parts]:
    """Everything the build's tables say about the months that are asked for."""
    tables: dict[Asked, Parts] = {}
    wanted = {(measure, dimension) for measure, _, _, dimensions in OBSERVED for dimension in dimensions}
    for measure, basis, dimension, window, area, end, member, value in build.rows(
        "SELECT measure, basis, dimension, time_window, area_code, period_end, member, value FROM observations "
        "WHERE period_end <= ?",
        [LAST_END],
    ):
        if (measure, dimension) in wanted:
            put(tables, Asked("observations", measure, basis, dimension, window, area, end), member, (value,))
    begins = hours_from()
    for window, area, end, band, people, hours in build.rows(
        "SELECT time_window, area_code, period_end, band, people, hours FROM hours_bands"
    ):
        put(tables, Asked("hours_bands", "", "", "", window, area, end), begins[band], (people, hours))
    for area, start, end, registered, active in build.rows(
        "SELECT area_code, cohort_start, quarter_end, registered, active FROM cohorts"
    ):
        put(tables, Asked("cohorts", "", "", "", "quarter", area, end), start, (registered, active))
    for window, area, end, kind, visits in build.rows(
        "SELECT time_window, area_code, period_end, day_kind, visits FROM day_kinds WHERE period_end <= ?",
        [LAST_END],
    ):
        put(tables, Asked("day_kinds", "", "", "", window, area, end), kind, (visits,))
    for area, day, visits, hours in build.rows("SELECT area_code, service_date, visits, hours FROM days"):
        put(tables, Asked("days", "", "", "", "month", area, end_of_month(day)), day, (visits, hours))
    return tables


def put(tables: dict[Asked, Parts], asked: Asked, part: Part, numbers: tuple[Any, ...]) -> None:
    parts = tables.setdefault(asked, {})
    assert part not in parts, f"{asked} says {part} twice"
    parts[part] = tuple(None if number is None else float(number) for number in numbers)


def hours_from() -> dict[str, int]:
    """The hours at which a band of the reference table begins, by its code."""
    with (REFERENCE / "hours_bands.csv").open(encoding="utf-8-sig") as file:
        return {row["band_code"]: int(row["hours_from"]) for row in csv.DictReader(file)}


# --- where they differ ----------------------------------------------------------------------------------


def is_same(expected: Numbers, found: Numbers) -> bool:
    return len(expected) == len(found) and all(
        there is not None and boring is not None and abs(boring - there) <= TOLERANCE * max(1, abs(boring))
        for boring, there in zip(expected, found, strict=True)
    )


def disagreements(
    world: naive.Row, tables: dict[Asked, Parts], asked: Iterable[Asked]
) -> dict[tuple[str, ...], list[str]]:
    """A sentence for each figure on which the two disagree, by kind."""
    found: dict[tuple[str, ...], list[str]] = {}
    for question in asked:
        boring, there = boring_parts(world, question), tables.get(question, {})
        for part in sorted({*boring, *there}, key=str):
            nothing = (0.0,) * len(boring.get(part) or there[part])
            if not is_same(boring.get(part, nothing), there.get(part, nothing)):
                said = f"{question} {part}: naive {boring.get(part)}, build {there.get(part)}"
                found.setdefault(question.kind, []).append(said)
    return found


def require_agreement(world: naive.Row, tables: dict[Asked, Parts], asked: Iterable[Asked]) -> None:
    found = disagreements(world, tables, asked)
    told = [f"{len(said)} times, such as: {said[0]}" for said in found.values()]
    assert not found, "\n".join([f"{len(found)} kinds of figures disagree:", *told])


assert set(PLACES) <= {*PARENT, *PARENT.values()}, "a place that is asked about is no area"
