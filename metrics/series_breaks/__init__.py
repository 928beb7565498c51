"""Breaks in a series: days from which figures mean something else, so that no change is computed across them.

Shipped and declared ones (see reading) are written to the build's table `series_breaks` at publishing, so an old
build keeps the breaks it was published with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from metrics.areas import load_areas
from metrics.engine import insert_values
from metrics.indicator import Indicator, Measure, Term
from metrics.observation import Observation
from metrics.periods import Period, window_span

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from metrics.build import Build

KINDS = ("platform_migration", "definition_change", "population_rebase")
SOURCES = ("registrations", "service_hours", "activities", "population")
EVERYWHERE = "*"
Days = tuple[date, date]  # first and last


@dataclass(frozen=True, order=True)
class SeriesBreak:
    """From the day `on`, figures of the area that rest on what it `concerns` are another series."""

    on: date
    area_code: str
    concerns: tuple[str, ...]  # sources or measures
    kind: str
    text_zh: str
    text_en: str
    source: str

    def text(self, lang: str) -> str:
        return self.text_zh if lang == "zh" else self.text_en

    def sentence(self, lang: str) -> str:
        """'2023-03-01 起序列中断：…' / 'Series break on 2023-03-01: …'."""
        if lang == "zh":
            return f"{self.on} 起序列中断：{self.text_zh}"
        return f"Series break on {self.on}: {self.text_en}"

    def clause(self, lang: str) -> str:
        """The same within a sentence: '序列在 2023-03-01 中断（…）' / 'the series breaks on 2023-03-01 (…)'."""
        if lang == "zh":
            return f"序列在 {self.on} 中断（{self.text_zh.rstrip('。')}）"
        return f"the series breaks on {self.on} ({self.text_en.rstrip('.')})"

    def concerns_area(self, area_code: str) -> bool:
        """A city's break holds for its districts; a district's also breaks the city, which contains it."""
        if self.area_code in (EVERYWHERE, area_code):
            return True
        city_of = load_areas().city_of
        return city_of(area_code) == self.area_code or city_of(self.area_code) == area_code

    def concerns_measure(self, measure: Measure, basis: str) -> bool:
        sources = ("population",) if measure.scopes else measure.sources_for(basis)
        return measure.id in self.concerns or any(source in self.concerns for source in sources)

    def parts(self, first: Days, second: Days) -> bool:
        """Whether the two do not lie wholly on the same side of the break."""
        sides = {self.side(first), self.side(second)}
        return len(sides) == 2 or sides == {"across"}

    def side(self, days: Days) -> str:
        if days[1] < self.on:
            return "before"
        return "since" if days[0] >= self.on else "across"


def breaks_across(
    breaks: Iterable[SeriesBreak],
    indicator: Indicator,
    basis: str,
    area_code: str,
    first: tuple[Period, str],
    second: tuple[Period, str],
) -> list[SeriesBreak]:
    """The breaks that keep two figures of an indicator, each a period and a window, from being compared."""
    found = []
    for one in breaks:
        if not one.concerns_area(area_code):
            continue
        for term in (indicator.numerator, indicator.denominator):
            if term and one.concerns_measure(term.measure, term.basis or basis):
                days = [days_of(term, period, window) for period, window in (first, second)]
                if one.parts(days[0], days[1]):
                    found.append(one)
                    break
    return sorted(found)


def days_of(term: Term, period: Period, window: str) -> Days:
    """The days a side of an indicator speaks of; what adds up everything to a day is read as of that day."""
    period = period.years_earlier(term.years_earlier)
    start, end = window_span(period, term.window or window)
    return (end, end) if start is None or term.measure.kind == "stock" else (start, end)


def clauses(breaks: Iterable[SeriesBreak], lang: str) -> str:
    """Breaks within a sentence, each once, oldest first."""
    return ("；" if lang == "zh" else "; ").join(one.clause(lang) for one in sorted(set(breaks)))


def growth_breaks(
    breaks: Iterable[SeriesBreak],
    indicator: Indicator,
    basis: str,
    area_code: str,
    period: Period,
    window: str,
) -> list[SeriesBreak]:
    """The breaks between the two sides of a growth, for which it is then not computed."""
    term, base = indicator.numerator, indicator.denominator
    assert base is not None, "a growth has a base"
    first, second = days_of(term, period, window), days_of(base, period, window)
    return [
        one
        for one in breaks
        if one.concerns_area(area_code)
        and one.concerns_measure(term.measure, term.basis or basis)
        and one.parts(second, first)
    ]


def breaks_within(
    breaks: Iterable[SeriesBreak],
    indicator: Indicator,
    basis: str,
    area_code: str,
    since: date | None,
    until: date,
) -> list[SeriesBreak]:
    """The breaks of an indicator after one day (None: ever) and up to another, oldest first."""
    terms = [term for term in (indicator.numerator, indicator.denominator) if term]
    return sorted(
        one
        for one in breaks
        if (since is None or since < one.on)
        and one.on <= until
        and one.concerns_area(area_code)
        and any(one.concerns_measure(term.measure, term.basis or basis) for term in terms)
    )


def breaks_in(
    build: "Build", indicator: Indicator, courses: Iterable[Sequence[Observation]]
) -> list[SeriesBreak]:
    """The breaks that lie within any of some courses over time, each oldest first."""
    found: set[SeriesBreak] = set()
    for rows in courses:
        if rows:
            first, last = rows[0], rows[-1]
            until = last.period_end
            asked = (indicator, first.basis, first.area_code, first.period_start, until)
            found |= set(breaks_within(build.breaks, *asked))
    return sorted(found)


def break_position(periods: Sequence[Period], on: date) -> float | None:
    """Where a break lies among consecutive periods, the first being 0: on the half before one that begins with
    it, on the period it falls into; None outside of them or before the first."""
    for number, period in enumerate(periods):
        if period.start <= on <= period.end:
            position = number - 0.5 if on == period.start else float(number)
            return position if position > 0 else None
    return None


def write_breaks(connection: "DuckDBPyConnection", alias: str, breaks: Iterable[SeriesBreak]) -> None:
    """Fill the table `series_breaks` of the attached build, one row a break."""
    rows = [
        (one.area_code, "|".join(one.concerns), one.on, one.kind, one.text_zh, one.text_en, one.source)
        for one in breaks
    ]
    insert_values(connection, f"{alias}.series_breaks", rows)


def from_build(rows: Iterable[tuple[Any, ...]]) -> list[SeriesBreak]:
    """The breaks of a build's table, in its columns' order."""
    return sorted(
        SeriesBreak(broken_on, area_code, tuple(concerns.split("|")), kind, zh, en, source)
        for area_code, concerns, broken_on, kind, zh, en, source in rows
    )
