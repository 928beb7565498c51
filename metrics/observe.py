"""From a question to observations, for many areas and periods at once.

Each side of an indicator is read from the build at the same grain (area, last day, member); only then are the
two divided. What is missing, and why, is decided here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import NamedTuple

import numpy as np

from metrics.areas import Area, load_areas
from metrics.build import Build, Span
from metrics.indicator import Indicator, Measure, Term
from metrics.members import members
from metrics.observation import Observation, strongest
from metrics.periods import Period, month_number, window_span
from metrics.population import population_for
from metrics.series_breaks import growth_breaks
from metrics.statistics import wilson_interval

CONFIDENCE = 0.95
Cell = tuple[str, date, str]  # area, last day, member


@dataclass(frozen=True)
class Question:
    """An indicator and how it is to be read; the parts have been checked to go together."""

    indicator: Indicator
    window: str
    basis: str
    dimension: str  # '' for the total


class Count(NamedTuple):
    """One side of an observation: a count and what is to be said about it."""

    value: int | float | None
    status: str


NOT_REPORTED = Count(None, "not_reported")
SUPPRESSED = Count(None, "suppressed")


def observe(
    build: Build, question: Question, areas: Sequence[Area], periods: Sequence[Period]
) -> list[Observation]:
    """One observation per area, period and member, in that order."""
    indicator = question.indicator
    numerators = Side(build, question, indicator.numerator, areas, periods)
    denominators = None
    if indicator.denominator is not None:
        denominators = Side(build, question, indicator.denominator, areas, periods)
    names = members(question.dimension) if question.dimension else ("",)
    rows = []
    for area, number in product(areas, range(len(periods))):
        period = periods[number]
        for member in names:
            above = numerators.count(area.area_code, number, member)
            below = denominators.count(area.area_code, number, member) if denominators else None
            numerator, denominator, value, status = divide(indicator, above, below)
            if value is not None and is_broken_growth(build, question, area.area_code, period):
                numerator, value, status = None, None, "series_break"
            rows.append(
                Observation(
                    indicator.id, area.area_code, area.area_name, period.start, period.end, question.window,
                    question.basis, question.dimension, member, numerator, denominator, value, None, None,
                    status, build.build_id,
                )
            )  # fmt: skip
    return with_intervals(rows) if indicator.is_proportion else rows


class Side:
    """The counts of one side of an indicator, read from the build in one query."""

    def __init__(
        self,
        build: Build,
        question: Question,
        term: Term,
        areas: Sequence[Area],
        periods: Sequence[Period],
    ) -> None:
        self.build = build
        self.term = term
        self.measure: Measure = term.measure
        self.dimension = question.dimension
        self.window = term.window or question.window
        chosen = question.basis if question.basis in self.measure.bases else self.measure.bases[0]
        self.basis = term.basis or chosen
        self.is_whole = self.measure.id != "service_hours"
        self.periods = [period.years_earlier(term.years_earlier) for period in periods]
        self.counts: dict[Cell, float | None] = {}
        self.statuses: dict[str, list[str]] = {}
        if not self.measure.scopes:
            self.counts = self.read([area.area_code for area in areas])
            cities = {area.area_code: load_areas().city_of(area.area_code) for area in areas}
            reported = {
                city: [self.reported(city, period) for period in self.periods]
                for city in set(cities.values())
            }
            self.statuses = {code: reported[city] for code, city in cities.items()}
            if build.gaps:
                self.statuses = self.refined(cities, reported)

    def read(self, codes: Sequence[str]) -> dict[Cell, float | None]:
        """The non-zero counts of the areas at the periods' ends; None for one that is withheld."""
        # Ranges, not lists: the table is sorted, and a list costs the engine a join. Neighbours that lie in the
        # range without having been asked for are read too and never looked up.
        days = [period.end for period in self.periods]
        time_window = "stock" if self.measure.kind == "stock" else self.window
        sql = (
            "SELECT area_code, period_end, member, value FROM observations "
            "WHERE measure = ? AND basis = ? AND time_window = ? AND dimension = ? "
            "AND area_code BETWEEN ? AND ? AND period_end BETWEEN ? AND ?"
        )
        key = (self.measure.id, self.basis, time_window, self.dimension)
        parameters = (*key, min(codes), max(codes), min(days), max(days))
        return {(code, day, member): value for code, day, member, value in self.build.rows(sql, parameters)}

    def count(self, area_code: str, number: int, member: str) -> Count:
        """The count of one area, of the period with this number, or why there is none."""
        day = self.periods[number].end
        if self.measure.scopes:
            return self.population(area_code, day.year)
        status = self.statuses[area_code][number]
        if status == "not_reported":
            return NOT_REPORTED
        value = self.counts.get((area_code, day, member), 0.0)
        if value is None:
            return SUPPRESSED
        return Count(round(value) if self.is_whole else value, status)

    def population(self, area_code: str, year: int) -> Count:
        # Nobody publishes population by gender or age band for every district, so a breakdown has none.
        match = None if self.dimension else population_for(area_code, year, self.term.scope)
        if match is None:
            return NOT_REPORTED
        return Count(match.population, "ok" if match.exact_year else "denominator_year")

    def reported(self, city: str, period: Period) -> str:
        """Whether the city has reported the window: ok, provisional (begun, not over) or not_reported."""
        start, end = window_span(period, self.window)
        spans = self.build.coverage(city)
        found = [
            span_status(spans.get(source), start or period.start, end)
            for source in self.measure.sources_for(self.basis)
        ]
        return strongest("ok", *found)

    def refined(self, areas: dict[str, str], reported: dict[str, list[str]]) -> dict[str, list[str]]:
        """The statuses of each area's city as they are for the area, given what each supplier has sent of it."""
        some = {(code, day) for code, day, _ in self.counts}
        asked = {
            city: [
                [] if status == "not_reported" else self.months_asked(city, period)
                for status, period in zip(statuses, self.periods, strict=True)
            ]
            for city, statuses in reported.items()
        }
        return {
            code: [
                self.gap_status(status, code, months, (code, period.end) in some)
                for status, months, period in zip(reported[city], asked[city], self.periods, strict=True)
            ]
            for code, city in areas.items()
        }

    def months_asked(self, city: str, period: Period) -> list["MonthsAsked"]:
        """What a window asks of each source, once the city is known to have reported some of it."""
        start, end = window_span(period, self.window)
        found = []
        for source in self.measure.sources_for(self.basis):
            span = self.build.coverage(city)[source]
            first = max(month_number(start or period.start), month_number(span.first_on))
            # A register is what has been reported up to a day, so what is missing from it stays missing.
            is_register = source == "registrations" and self.measure.id != "new_registrations"
            since = 0 if is_register or start is None else first
            found.append(
                MonthsAsked(source, first, min(month_number(end), month_number(span.last_on)), since)
            )
        return found

    def gap_status(self, status: str, area_code: str, asked: list["MonthsAsked"], has_count: bool) -> str:
        for one in asked:
            found = self.build.gaps.status(one.source, area_code, one.first, one.last, one.since)
            # Something is there that happened within the window (to an area's people elsewhere, for one).
            if found == "not_reported" and has_count and one.since == one.first:
                found = "provisional"
            status = strongest(status, found)
        return status


class MonthsAsked(NamedTuple):
    """Months of a source a window is made of, as running numbers; what is owed since an earlier one matters too."""

    source: str
    first: int
    last: int
    since: int


def span_status(span: Span | None, start: date, end: date) -> str:
    """How a window lies to the days a city has reported a source (None: never)."""
    if span is None or end < span.first_on or start > span.last_on:
        return "not_reported"
    return "provisional" if end > span.last_on else "ok"


Answer = tuple[int | float | None, int | float | None, int | float | None, str]


def divide(indicator: Indicator, above: Count, below: Count | None) -> Answer:
    """Numerator, denominator, value and status of one observation."""
    if below is None:
        return above.value, None, above.value, above.status
    if indicator.kind == "growth":
        return grow(above, below)
    base_is_population = bool(indicator.denominator and indicator.denominator.measure.scopes)
    if "suppressed" in (above.status, below.status):
        asked = [above.status] if base_is_population else [above.status, below.status]
        return above.value, below.value, None, strongest(*asked)
    if above.value is None or (below.value is None and not base_is_population):
        return None, below.value, None, "not_reported"
    if not below.value:
        return above.value, below.value, None, "no_denominator"
    value = indicator.factor * above.value / below.value
    return above.value, below.value, value, strongest(above.status, below.status)


def grow(now: Count, before: Count) -> Answer:
    """Change against the year before, in percent; numerator is the difference, denominator the base."""
    if "suppressed" in (now.status, before.status):
        return None, before.value, None, strongest(now.status, before.status)
    if now.value is None:
        return None, before.value, None, "not_reported"
    if before.value is None:
        return None, None, None, "insufficient"
    change = now.value - before.value
    if not before.value:
        return change, before.value, None, "insufficient"
    return change, before.value, 100.0 * change / before.value, strongest(now.status, before.status)


def is_broken_growth(build: Build, question: Question, area_code: str, period: Period) -> bool:
    """Whether the two sides of a growth lie on different sides of a break in the series."""
    if question.indicator.kind != "growth" or not build.breaks:
        return False
    asked = (question.indicator, question.basis, area_code, period, question.window)
    return bool(growth_breaks(build.breaks, *asked))


def with_intervals(rows: list[Observation]) -> list[Observation]:
    """Add Wilson limits, in percent, to proportions that have a value."""
    measured = [row for row in rows if row.value is not None]
    if not measured:
        return rows
    above = np.array([row.numerator for row in measured], dtype=np.float64)
    below = np.array([row.denominator for row in measured], dtype=np.float64)
    lower, upper = wilson_interval(above, below, CONFIDENCE)
    limits = iter(zip((100 * lower).tolist(), (100 * upper).tolist(), strict=True))
    result = []
    for row in rows:
        if row.value is None:
            result.append(row)
        else:
            low, high = next(limits)
            result.append(replace(row, lower=low, upper=high))
    return result
