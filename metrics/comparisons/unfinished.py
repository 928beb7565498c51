"""An unfinished window and those to compare it with, each up to the corresponding day; areas up to the same day.

Months and parts of months come from the build's table `to_day`; a year of which whole months have been reported,
from the years to date of the cube.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from metrics.areas import load_areas
from metrics.build import CORE_SOURCES, Build, Span
from metrics.indicator import Indicator, Term
from metrics.intervals import count_limits
from metrics.like_for_like import Cut, cut
from metrics.observation import Observation, strongest
from metrics.observe import divide
from metrics.periods import Period, month_end, month_number, month_start
from metrics.query import query
from metrics.reach import is_read_on_a_day
from metrics.sides import Count
from metrics.variants import Variant, indicator_of

MEASURES = (
    "registered_volunteers", "new_registrations", "active_volunteers", "service_hours", "service_visits",
    "activities",
)  # fmt: skip


class Pair(NamedTuple):
    """Two windows up to corresponding days, and these days."""

    now: Observation
    other: Observation
    through: tuple[date, date]


def like_for_like(build: Build, now: Observation, other: Observation) -> Pair | None:
    """An unfinished window and another up to the same day of it; None where the build cannot tell.

    Years up to the end of a month are known of every year, parts of months of two others only (`cuts`).
    """
    at = reached_by(build, now)
    if at is None or other.status != "ok" or other.window != now.window:
        return None
    indicator, kind, day = indicator_of(now), at.period.kind, at.through_on
    before = Period.containing(kind, other.period_end)
    if ends_month(day):
        return year_to_date(build, now, other, day) if kind == "year" else None
    if not build.has_table("to_day") or not is_held_by_day(now, indicator):
        return None
    if before not in (at.period.previous(), at.period.year_earlier()):
        return None
    through = (day, cut(before, at.period, day).through_on)
    pair = [
        observed(build, indicator, row, period, day)
        for row, period, day in ((now, at.period, through[0]), (other, before, through[1]))
    ]
    return Pair(pair[0], pair[1], through)


def side_by_side(build: Build, now: Observation, other: Observation) -> Pair | None:
    """Two areas' figures of one unfinished window, up to the day both are reported to; None where it is not one."""
    at = reached_by(build, now)
    is_one_window = (now.period, now.window) == (other.period, other.window)
    if at is None or not is_one_window or reached_by(build, other) != at:
        return None
    pair = [up_to(build, row, at) for row in (now, other)]
    if pair[0] is None or pair[1] is None:
        return None
    return Pair(pair[0], pair[1], (at.through_on, at.through_on))


def reached_by(build: Build, row: Observation) -> Cut | None:
    """The window and the day up to which a figure is reported, where it is unfinished for want of time only."""
    indicator = indicator_of(row)
    day = last_day(build, row.area_code)
    kind = "year" if row.window == "ytd" else row.window
    if day is None or row.status != "provisional" or row.dimension:
        return None
    if kind not in ("month", "quarter", "year") or not can_be_cut(indicator):
        return None
    reached = Period.containing(kind, day)
    if not (reached.start <= row.period_end <= reached.end and day < row.period_end):
        return None
    return Cut(reached, day) if is_wholly_reported(build, indicator, row, reached, day) else None


def up_to(build: Build, row: Observation, at: Cut) -> Observation | None:
    """An unfinished figure up to the day it is reported to; None where the build does not hold it."""
    if ends_month(at.through_on):
        if at.period.kind != "year":
            return None
        whole = through_month(build, row, Period.containing("month", at.through_on))
        return replace(whole, status="provisional") if whole.status == "ok" else None
    indicator = indicator_of(row)
    if not build.has_table("to_day") or not is_held_by_day(row, indicator):
        return None
    return observed(build, indicator, row, at.period, at.through_on)


def ends_month(day: date) -> bool:
    return day == month_end(month_number(day))


def last_day(build: Build, area_code: str) -> date | None:
    """The last day every core source of the area's city has been reported to."""
    spans = build.coverage(load_areas().city_of(area_code))
    core = [spans[source].last_on for source in CORE_SOURCES if source in spans]
    return min(core or [span.last_on for span in spans.values()], default=None)


def terms(indicator: Indicator) -> list[Term]:
    return [term for term in (indicator.numerator, indicator.denominator) if term]


def can_be_cut(indicator: Indicator) -> bool:
    return indicator.kind != "growth" and all(
        term.measure.scopes or (term.measure.id in MEASURES and not term.window) for term in terms(indicator)
    )


def is_held_by_day(row: Observation, indicator: Indicator) -> bool:
    """Whether parts of months are held under the chosen definition: the counts are, another population is."""
    variant = Variant.parse(row.variant)
    return not any(variant.reading(term).is_of_other_counts for term in terms(indicator))


def is_wholly_reported(
    build: Build, indicator: Indicator, row: Observation, reached: Period, day: date
) -> bool:
    """Whether nothing is missing of the window up to the day, so that it is provisional for want of time only."""
    city = load_areas().city_of(row.area_code)
    spans, month = build.coverage(city), month_number(day)
    sources = {
        source
        for term in terms(indicator)
        if not term.measure.scopes
        for source in term.measure.sources_for(term.basis or row.basis)
    }
    if any(source not in spans or spans[source].last_on < day for source in sources):
        return False
    if lacks_beginning(indicator, row, reached, spans):
        return False
    is_cut = not ends_month(day)
    for source in sources if build.gaps else ():
        last = month - 1 if is_cut else month
        first = min(month_number(reached.start), last)
        since = 0 if source == "registrations" else first
        looks_at_some = last >= month_number(reached.start) or since == 0
        if looks_at_some and build.gaps.status(source, row.area_code, first, last, since) != "ok":
            return False
    return not is_cut or not lacks_some(build, city, row.area_code, sources, day)


def lacks_beginning(
    indicator: Indicator, row: Observation, reached: Period, spans: Mapping[str, Span]
) -> bool:
    """Whether the window begins before the first month reported of what happens in it."""
    return any(
        month_number(spans[source].first_on) > month_number(reached.start)
        for term in terms(indicator)
        if term.measure.kind != "stock"
        for source in term.measure.sources_for(term.basis or row.basis)
        if not is_read_on_a_day(source, term.measure)
    )


def lacks_some(build: Build, city: str, area_code: str, sources: set[str], day: date) -> bool:
    """Whether a supplier that normally reports the area has sent less of the month than up to the day.

    A month that is not over owes nothing yet, so who reported the month before is taken to be expected.
    """
    if not build.gaps:
        return False
    leaves = [leaf.area_code for leaf in load_areas().children(city)]
    places = leaves if area_code == city else [area_code, load_areas().unknown_of(area_code)]
    month = month_start(month_number(day))
    rows = build.rows(
        "SELECT source, supplier, area_code, month, state, why, first_received_on FROM completeness "
        "WHERE month BETWEEN ? AND ? AND is_normal AND supplier <> '' "
        "AND source IN (SELECT unnest(?)) AND area_code IN (SELECT unnest(?))",
        (month_start(month_number(day) - 1), month, sorted(sources), places),
    )
    expected = {(source, supplier, area) for source, supplier, area, *_ in rows}
    sent = {
        (source, supplier, area)
        for source, supplier, area, of, state, why, received_on in rows
        if of == month
        and (state in ("complete", "zero") or why == "received_early")
        and received_on is not None
        and received_on >= day
    }
    return expected != sent


def year_to_date(build: Build, now: Observation, other: Observation, day: date) -> Pair | None:
    """A year, or a longer year to date, up to the end of the last month reported."""
    month = Period.containing("month", day)
    earlier = month.years_earlier(now.period_end.year - other.period_end.year)
    rows = [through_month(build, row, period) for row, period in ((now, month), (other, earlier))]
    if any(row.status != "ok" for row in rows) or earlier.end > other.period_end:
        return None
    return Pair(replace(rows[0], status="provisional"), rows[1], (month.end, earlier.end))


def through_month(build: Build, row: Observation, month: Period) -> Observation:
    return query(build, row.indicator, row.area_code, month, "ytd", row.basis, variant=row.variant)[0]


def observed(build: Build, indicator: Indicator, row: Observation, period: Period, day: date) -> Observation:
    """The observation of a window up to a day."""
    counts = [count(build, term, row, period, day) for term in terms(indicator)]
    below = counts[1] if len(counts) > 1 else None
    numerator, denominator, value, status = divide(indicator, counts[0], below)
    if value is not None and status == "ok":
        status = strongest(status, row.status)
    found = replace(
        row, numerator=numerator, denominator=denominator, value=value, lower=None, upper=None, status=status
    )
    if value is None or not indicator.is_proportion:
        return found
    ((lower, upper),) = count_limits(indicator, "wilson", [found])
    return replace(found, lower=lower, upper=upper)


def count(build: Build, term: Term, row: Observation, period: Period, day: date) -> Count:
    measure = term.measure
    if measure.scopes:
        match = build.population_for(row.area_code, day.year, term.scope)
        if match is None:
            return Count(None, "not_reported")
        return Count(match.population, "ok" if match.exact_year else "denominator_year")
    basis = term.basis or (row.basis if row.basis in measure.bases else measure.bases[0])
    sql = (
        "SELECT value FROM to_day WHERE measure = ? AND basis = ? AND area_code = ? AND time_window = ? "
        "AND period_end = ?"
    )
    found = build.rows(sql, (measure.id, basis, row.area_code, period.kind, period.end))
    value = found[0][0] if found else 0.0
    if value is None:
        return Count(None, "suppressed")
    return Count(value if measure.id == "service_hours" else round(value), "ok")
