"""One side of an indicator: what a build holds for it, by area, period and member, and what is missing and why.

A value of NULL in a build is suppressed, and no row is zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from metrics.areas import Area, load_areas
from metrics.build import Build, Span
from metrics.indicator import Indicator, Measure, Term
from metrics.members import OVERLAPPING, active_from, hours_bands, hours_of_active_from
from metrics.observation import strongest
from metrics.periods import Period, month_number
from metrics.reach import Window, is_read_on_a_day, own_window, span_status, windows_before
from metrics.refusals import QueryRefused
from metrics.variants import USUAL, Variant

Cell = tuple[str, date, str]  # area, last day, member


@dataclass(frozen=True)
class Question:
    """An indicator and how it is to be read; the parts have been checked to go together."""

    indicator: Indicator
    window: str
    basis: str
    dimension: str  # '' for the total
    variant: Variant = USUAL


class Count(NamedTuple):
    """One side of an observation: a count and what is to be said about it."""

    value: int | float | None
    status: str
    population_year: int | None = None  # the year a count of residents is of


NOT_REPORTED = Count(None, "not_reported")
SUPPRESSED = Count(None, "suppressed")


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
        self.reading = question.variant.reading(term)
        self.dimension = question.dimension
        self.window = term.window or question.window
        chosen = question.basis if question.basis in self.measure.bases else self.measure.bases[0]
        self.basis = term.basis or chosen
        self.is_whole = self.measure.id != "service_hours"
        self.time_window = "stock" if self.measure.kind == "stock" else self.window
        back = term.years_earlier
        self.periods = [period.years_earlier(back) for period in periods] if back else list(periods)
        self.days = [period.end for period in self.periods]
        self.counts: dict[Cell, float | None] = {}
        self.statuses: dict[str, list[str]] = {}
        if not self.measure.scopes:
            codes = [area.area_code for area in areas]
            self.counts = self.read(codes) if self.reading.hours_from is None else self.read_from(codes)
            cities = {area.area_code: load_areas().city_of(area.area_code) for area in areas}
            own = [own_window(self.measure, self.window, period) for period in self.periods]
            self.statuses = self.statuses_of(cities, own)
            before = [
                windows_before(self.measure, self.window, period, self.dimension) for period in self.periods
            ]
            for windows in zip(*before, strict=True):
                for code, statuses in self.statuses_of(cities, windows).items():
                    pairs = zip(self.statuses[code], statuses, strict=True)
                    self.statuses[code] = [strongest(*pair) for pair in pairs]
            if self.reading.dimension in OVERLAPPING:
                # A platform the city's register does not name is not known to have nobody.
                without = [city for city in set(cities.values()) if not self.is_known(city)]
                for code, city in cities.items():
                    if city in without:
                        self.statuses[code] = ["not_reported"] * len(self.periods)

    def read(self, codes: Sequence[str]) -> dict[Cell, float | None]:
        """The counts of the areas at the periods' ends: no key for zero, None for suppressed."""
        reading = self.reading
        key = (reading.measure or self.measure.id, self.basis, self.time_window)
        dimension = reading.dimension or self.dimension
        rows = read_observations(self.build, key, dimension, codes, self.days)
        if not reading.dimension:
            return {(code, day, member): value for code, day, member, value in rows}
        found: dict[Cell, float | None] = {}
        for code, day, member, value in rows:
            if member in reading.members:
                # A sum with a hidden part is hidden: the part would follow from it.
                add(found, (code, day, ""), value)
        return found

    def read_from(self, codes: Sequence[str]) -> dict[Cell, float | None]:
        """People with at least so many hours in the window, or their hours; zero and suppressed as in read()."""
        if not self.build.counts_active_from:
            return self.read_bands(codes)
        edge = int(self.reading.hours_from or 0)
        measure = active_from(edge) if self.reading.column == "people" else hours_of_active_from(edge)
        rows = read_observations(self.build, (measure, self.basis, self.time_window), "", codes, self.days)
        return {(code, day, member): value for code, day, member, value in rows}

    def read_bands(self, codes: Sequence[str]) -> dict[Cell, float | None]:
        """The same of a build from before those were counted together: the sum over the bands from an edge on."""
        if not self.build.has_table("hours_bands"):
            raise QueryRefused(
                f"数据版本 {self.build.build_id} 没有按时长分档的人数：请重新发布（python -m etl publish）。",
                f"Build {self.build.build_id} does not count people by their hours: run python -m etl publish.",
            )
        edge = self.reading.hours_from or 0
        column = "people" if self.reading.column == "people" else "hours"
        bands = {band.band_code for band in hours_bands() if band.hours_from >= edge}
        sql = (
            f"SELECT area_code, period_end, band, {column} FROM hours_bands WHERE time_window = ? "
            "AND area_code BETWEEN ? AND ? AND period_end BETWEEN ? AND ?"
        )
        parameters = (self.window, min(codes), max(codes), min(self.days), max(self.days))
        found: dict[Cell, float | None] = {}
        for code, day, band, value in self.build.rows(sql, parameters):
            if band in bands:
                add(found, (code, day, ""), value)
        return found

    def is_known(self, city: str) -> bool:
        """Whether the build counts the chosen members in a city."""
        return set(self.reading.members) <= set(self.build.platforms(city))

    def count(self, area_code: str, number: int, member: str) -> Count:
        """The count of one area, of the period with this number, or why there is none."""
        if self.measure.scopes:
            return self.population(area_code, self.days[number].year)
        status = self.statuses[area_code][number]
        if status == "not_reported":
            return NOT_REPORTED
        value = self.counts.get((area_code, self.days[number], member), 0.0)
        if value is None:
            return SUPPRESSED
        return Count(round(value) if self.is_whole else value, status)

    def population(self, area_code: str, year: int) -> Count:
        # Nobody publishes population by gender or age band for every district, so a breakdown has none.
        match = None if self.dimension else self.build.population_for(area_code, year, self.term.scope)
        if match is None:
            return NOT_REPORTED
        return Count(match.population, "ok" if match.exact_year else "denominator_year", match.year)

    def statuses_of(self, cities: Mapping[str, str], windows: Sequence[Window]) -> dict[str, list[str]]:
        """Area → whether each of some windows has been reported: by its city, and by each supplier."""
        reported = {city: self.reported(self.build.coverage(city), windows) for city in set(cities.values())}
        if self.build.gaps:
            return self.refined(cities, reported, windows)
        return {code: reported[city] for code, city in cities.items()}

    def reported(self, coverage: Mapping[str, Span], windows: Sequence[Window]) -> list[str]:
        """Whether a city has reported each window: ok, provisional (a part of it) or not_reported."""
        known = [
            (coverage.get(source), not is_read_on_a_day(source, self.measure))
            for source in self.measure.sources_for(self.basis)
        ]
        return [
            strongest(
                "ok",
                *(
                    span_status(span, window, is_of_days and window.has_beginning)
                    for span, is_of_days in known
                ),
            )
            for window in windows
        ]

    def refined(
        self, areas: Mapping[str, str], reported: Mapping[str, list[str]], windows: Sequence[Window]
    ) -> dict[str, list[str]]:
        """The statuses of each area's city as they are for the area, given what each supplier has sent of it."""
        some = {(code, day) for code, day, _ in self.counts}
        asked = {
            city: self.months_asked(self.build.coverage(city), statuses, windows)
            for city, statuses in reported.items()
        }
        return {
            code: [
                self.gap_status(status, code, months, (code, window.end) in some)
                for status, months, window in zip(reported[city], asked[city], windows, strict=True)
            ]
            for code, city in areas.items()
        }

    def months_asked(
        self, coverage: Mapping[str, Span], statuses: Sequence[str], windows: Sequence[Window]
    ) -> list[list["MonthsAsked"]]:
        """What each window asks of each source; nothing where the city has reported none of it."""
        known = [
            (source, month_number(coverage[source].first_on), month_number(coverage[source].last_on))
            for source in self.measure.sources_for(self.basis)
            if source in coverage
        ]
        found = []
        for status, window in zip(statuses, windows, strict=True):
            begin, last = month_number(window.start or window.period_start), month_number(window.end)
            asked = []
            for source, first_known, last_known in known if status != "not_reported" else ():
                first = max(begin, first_known)
                # A register is what has been reported up to a day, so what is missing from it stays missing.
                since = 0 if is_read_on_a_day(source, self.measure) or window.start is None else first
                asked.append(MonthsAsked(source, first, min(last, last_known), since))
            found.append(asked)
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


def add(found: dict[Cell, float | None], cell: Cell, value: float | None) -> None:
    before = found.get(cell, 0.0)
    found[cell] = None if value is None or before is None else before + value


def read_observations(
    build: Build, key: tuple[str, str, str], dimension: str, codes: Sequence[str], days: Sequence[date]
) -> list[tuple[str, date, str, float | None]]:
    """(area, last day, member, value) of a measure, basis and window; None is suppressed.

    Ranges, not lists: the table is sorted, and a list costs the engine a join. Neighbours that lie in the range
    without having been asked for are read too and never looked up.
    """
    sql = (
        "SELECT area_code, period_end, member, value FROM observations "
        "WHERE measure = ? AND basis = ? AND time_window = ? AND dimension = ? "
        "AND area_code BETWEEN ? AND ? AND period_end BETWEEN ? AND ?"
    )
    rows: list[tuple[str, date, str, float | None]] = build.rows(
        sql, (*key, dimension, min(codes), max(codes), min(days), max(days))
    )
    return rows
