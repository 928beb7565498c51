"""Which days a count looks at, and whether a source's reports reach back to the first of them.

What happened before a source's first report is not known to be nothing: a year whose records begin in September
is no whole year. A register lists whoever is on it, whenever they came, so read on a day it lacks no beginning.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from metrics.build import CORE_SOURCES, Span
from metrics.cube.patterns import SLEEPS
from metrics.indicator import Indicator, Measure
from metrics.periods import Period, month_number, month_start, window_span

REGISTER = "registrations"
SLEEPING = {f"sleeping_{months}m_volunteers": months for months in SLEEPS}


class Window(NamedTuple):
    """Days a count is made from; no first one for everything up to the last."""

    period_start: date
    start: date | None
    end: date
    has_beginning: bool  # whether what happened from the first day on must have been reported


def own_window(measure: Measure, window: str, period: Period) -> Window:
    start, end = window_span(period, window)
    return Window(period.start, start, end, start is not None and measure.kind != "stock")


def windows_before(measure: Measure, window: str, period: Period, dimension: str) -> list[Window]:
    """What a count looks back at besides its own window.

    Who has lapsed, is new or has come back is told by the window before, who sleeps by all months without a record.
    """
    if measure.id == "lapsed_volunteers" or dimension == "activity_state":
        return [own_window(measure, window, period.previous())]
    if measure.id in SLEEPING:
        first = month_start(month_number(period.end) - SLEEPING[measure.id] + 1)
        return [Window(first, first, period.end, True)]
    return []


def beginning(
    indicator: Indicator, source: str, basis: str, window: str, period: Period, dimension: str
) -> date | None:
    """The first day an indicator needs of a source: of either side, a growth's year before included; None for none."""
    found = []
    for term in (indicator.numerator, indicator.denominator):
        if term is None or source not in term.measure.sources_for(term.basis or basis):
            continue
        when, read_in = period.years_earlier(term.years_earlier), term.window or window
        if is_read_on_a_day(source, term.measure):
            continue
        asked = (
            own_window(term.measure, read_in, when),
            *windows_before(term.measure, read_in, when, dimension),
        )
        found += [one.start for one in asked if one.has_beginning and one.start is not None]
    return min(found, default=None)


def begins_before_data(
    indicator: Indicator, spans: Mapping[str, Span], basis: str, window: str, period: Period, dimension: str
) -> bool:
    """Whether a figure lacks its beginning and nothing of its end: it will not become whole with time."""
    terms = [term for term in (indicator.numerator, indicator.denominator) if term is not None]
    sources = {source for term in terms for source in term.measure.sources_for(term.basis or basis)}
    if any(source not in spans or spans[source].last_on < period.end for source in sources):
        return False
    return lacks_beginning(indicator, spans, basis, window, period, dimension)


def lacks_beginning(
    indicator: Indicator, spans: Mapping[str, Span], basis: str, window: str, period: Period, dimension: str
) -> bool:
    """Whether reports of a source begin after the first month a figure needs of it, whatever there is of its end."""
    terms = [term for term in (indicator.numerator, indicator.denominator) if term is not None]
    sources = {source for term in terms for source in term.measure.sources_for(term.basis or basis)} & set(
        spans
    )
    firsts = {source: beginning(indicator, source, basis, window, period, dimension) for source in sources}
    return any(
        first is not None and month_number(first) < month_number(spans[source].first_on)
        for source, first in firsts.items()
    )


def is_at_most(
    indicator: Indicator, spans: Mapping[str, Span], basis: str, window: str, period: Period, dimension: str
) -> bool:
    """Whether a figure can only be too high: who served before the records begin is counted as without a record."""
    sleeps = indicator.numerator.measure.id in SLEEPING
    return sleeps and lacks_beginning(indicator, spans, basis, window, period, dimension)


def counted_through(
    indicator: Indicator, spans: Mapping[str, Span], basis: str, period: Period
) -> date | None:
    """The last day counted of what is above, where its reports end within the period; None where they go on.

    A growth reads both years up to the day common to all core sources.
    """
    sources = indicator.numerator.measure.sources_for(indicator.numerator.basis or basis)
    if indicator.kind == "growth":
        sources = CORE_SOURCES
    last = min((spans[source].last_on for source in sources if source in spans), default=period.end)
    return last if period.start <= last < period.end else None


def is_read_on_a_day(source: str, measure: Measure) -> bool:
    """Whether a source tells a measure how things stood, not what happened when."""
    return source == REGISTER and measure.id != "new_registrations"


def span_status(span: Span | None, window: Window, has_beginning: bool) -> str:
    """How a window lies to the days a city has reported a source (None: never)."""
    start, end = window.start or window.period_start, window.end
    if span is None or end < span.first_on or start > span.last_on:
        return "not_reported"
    # Reports count by whole months: that nobody served on the first days of one is no gap.
    begins_before = has_beginning and month_number(start) < month_number(span.first_on)
    return "provisional" if begins_before or end > span.last_on else "ok"
