"""Was it reported, what is the count, and one side over the other: an observation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.naive.activity import active_by_state, lapsed_volunteers, sleeping_volunteers
from tests.naive.counting import (
    active_clocked_volunteers,
    active_volunteers,
    activities,
    new_registrations,
    permanent_population,
    registered_volunteers,
    service_hours,
    service_visits,
)
from tests.naive.tables import active_from, hours_of_active_from, service_hours_squared
from tests.naive.windows import Period, window_before, window_start
from tests.naive_facts import Row, end_of_month

SLEEPING_MONTHS = {f"sleeping_{months}m_volunteers": months for months in (12, 24, 36)}

ACTIVE_FROM = {f"active_{edge}h_volunteers": edge for edge in (1, 2, 5, 10, 20, 50, 100)}
HOURS_OF_ACTIVE_FROM = {f"active_{edge}h_hours": edge for edge in ACTIVE_FROM.values()}

STOCKS = {"registered_volunteers", *SLEEPING_MONTHS}

# Which kinds of drop a measure is made of: without them it is not reported, rather than zero.
SOURCES = {
    ("registered_volunteers", "residence"): ["registrations"],
    ("new_registrations", "residence"): ["registrations"],
    ("active_volunteers", "residence"): ["registrations", "service_hours"],
    ("service_hours", "residence"): ["registrations", "service_hours"],
    ("service_visits", "residence"): ["registrations", "service_hours"],
    ("service_hours", "service"): ["service_hours"],
    ("service_visits", "service"): ["service_hours"],
    ("activities", "service"): ["activities"],
    ("active_clocked_volunteers", "residence"): ["registrations", "service_hours"],
    ("lapsed_volunteers", "residence"): ["registrations", "service_hours"],
    ("sleeping_12m_volunteers", "residence"): ["registrations", "service_hours"],
    ("sleeping_24m_volunteers", "residence"): ["registrations", "service_hours"],
    ("sleeping_36m_volunteers", "residence"): ["registrations", "service_hours"],
    ("service_hours_squared", "residence"): ["registrations", "service_hours"],
}
# indicator: (numerator, its basis ('' for the asked one), its window if not the asked one, denominator, factor)
INDICATORS = {
    "registered_share": ("registered_volunteers", "residence", None, "permanent_population", 100),
    "active_rate": ("active_volunteers", "residence", None, "registered_volunteers", 100),
    "active_share": ("active_volunteers", "residence", None, "permanent_population", 100),
    "clocked_active_rate": ("active_clocked_volunteers", "residence", None, "registered_volunteers", 100),
    "ever_active_rate": ("active_volunteers", "residence", "to_date", "registered_volunteers", 100),
    "lapsed_rate": ("lapsed_volunteers", "residence", None, "registered_volunteers", 100),
    "new_registration_share": ("new_registrations", "residence", None, "registered_volunteers", 100),
    "new_registrations_per_10k": ("new_registrations", "residence", None, "permanent_population", 10_000),
    "activities_per_10k": ("activities", "service", None, "permanent_population", 10_000),
    "hours_per_registered": ("service_hours", "residence", None, "registered_volunteers", 1),
    "hours_per_active": ("service_hours", "residence", None, "active_volunteers", 1),
    "hours_per_visit": ("service_hours", "", None, "service_visits", 1),
    "hours_per_resident": ("service_hours", "service", None, "permanent_population", 1),
    "visits_per_active": ("service_visits", "residence", None, "active_volunteers", 1),
    "visits_per_resident": ("service_visits", "service", None, "permanent_population", 1),
    **{
        f"sleeping_share_{months}m": (name, "residence", None, "registered_volunteers", 100)
        for name, months in SLEEPING_MONTHS.items()
    },
}
# growth on the year before, in percent: (measure, basis)
GROWTHS = {
    "registration_growth": ("registered_volunteers", "residence"),
    "active_growth": ("active_volunteers", "residence"),
    "service_hours_growth": ("service_hours", "service"),
}
# When more than one thing is to be said about a value, the one further left is said.
STATUSES = ["not_reported", "insufficient", "no_denominator", "provisional", "denominator_year", "ok"]


# --- was it reported -----------------------------------------------------------------------------------


def reported(
    world: Row, measure: str, basis: str, area: str, start: date, end: date, has_beginning: bool = False
) -> str:
    """ok, provisional (not over yet, or begun before the data) or not_reported, for the measure's sources in the city.

    A register, read on a day, lacks no beginning: it is about whoever is on it.
    """
    city = world["parent"].get(area, area)
    found = {"ok"}
    for source in SOURCES[measure, basis]:
        if (city, source) not in world["coverage"]:
            return "not_reported"
        first_on, last_on = world["coverage"][city, source]
        if end < first_on or start > last_on:
            found.add("not_reported")
        elif end > last_on:
            found.add("provisional")
        happens_in_it = has_beginning and (source != "registrations" or measure == "new_registrations")
        if happens_in_it and (start.year, start.month) < (first_on.year, first_on.month):
            found.add("provisional")
    return first_said(found)


def only_basis(measure: str) -> str:
    """The basis of a measure that has one; hours and visits have two, and must be asked for with one."""
    (basis,) = [known for (name, known) in SOURCES if name == measure]
    return basis


def first_said(statuses: set[str]) -> str:
    return min(statuses, key=STATUSES.index)


# --- one observation -----------------------------------------------------------------------------------


def count(
    world: Row,
    measure: str,
    basis: str,
    area: str,
    window: str,
    period: Period,
    dimension: str,
    member: str,
    part: str = "",
) -> tuple[int | Decimal | None, str]:
    """(count, status) of a measure; None where nothing was reported. `part`: of the residents, who are counted.

    A window to date has no beginning; whether it was reported is a question about its period.
    """
    period_start, end = period
    start = window_start(window, end)
    if measure == "permanent_population":
        persons, year = permanent_population(world, area, end.year, part)
        if persons is None:
            return None, "no_denominator"
        return persons, "ok" if year == end.year else "denominator_year"
    basis = basis or only_basis(measure)
    has_beginning = start is not None and measure not in STOCKS
    status = reported(world, measure, basis, area, start or period_start, end, has_beginning)
    looks_back = looked_back_at(measure, dimension, window, end)
    if looks_back:
        status = first_said({status, reported(world, measure, basis, area, *looks_back, has_beginning=True)})
    if status == "not_reported":
        return None, status
    return value_of(world, measure, basis, area, window, end, dimension, member), status


def looked_back_at(measure: str, dimension: str, window: str, end: date) -> Period | None:
    """The days besides the window that a count is told by: the window before, or the months of a sleep."""
    if measure in SLEEPING_MONTHS:
        months = end.year * 12 + end.month - SLEEPING_MONTHS[measure]
        return date(months // 12, months % 12 + 1, 1), end
    if measure == "lapsed_volunteers" or dimension == "activity_state":
        return window_before(window, end)
    return None


def value_of(
    world: Row, measure: str, basis: str, area: str, window: str, end: date, dimension: str, member: str
) -> int | Decimal:
    """The count of a measure, reported or not; a stock is the same in every window that ends that day."""
    if measure == "registered_volunteers":
        return registered_volunteers(world, area, end, dimension, member)
    if measure in SLEEPING_MONTHS:
        return sleeping_volunteers(world, area, SLEEPING_MONTHS[measure], end, dimension, member)
    if measure == "lapsed_volunteers":
        return lapsed_volunteers(world, area, window, end, dimension, member)
    start = window_start(window, end)
    if measure == "new_registrations":
        return new_registrations(world, area, start, end, dimension, member)
    if measure == "active_volunteers" and dimension == "activity_state":
        return active_by_state(world, area, window, end, member)
    if measure == "active_volunteers":
        return active_volunteers(world, area, start, end, dimension, member)
    if measure == "active_clocked_volunteers":
        return active_clocked_volunteers(world, area, start, end, dimension, member)
    if measure == "service_hours":
        return service_hours(world, area, start, end, basis, dimension, member)
    if measure == "service_visits":
        return service_visits(world, area, start, end, basis, dimension, member)
    if measure == "service_hours_squared":
        return service_hours_squared(world, area, start, end)
    if measure in ACTIVE_FROM:
        return active_from(world, area, start, end, ACTIVE_FROM[measure])
    if measure in HOURS_OF_ACTIVE_FROM:
        return hours_of_active_from(world, area, start, end, HOURS_OF_ACTIVE_FROM[measure])
    assert measure == "activities", measure
    return activities(world, area, start, end)


def observe(
    world: Row,
    name: str,
    area: str,
    window: str,
    period: Period,
    basis: str = "",
    dimension: str = "",
    member: str = "",
    part: str = "",
) -> Row:
    """numerator, denominator, value and status of a measure or an indicator.

    `period` is the first and the last day of a month, quarter or year; `window` says how it is read. `part`: of the
    residents, over whom a figure is taken ('' everybody).
    """
    who = (dimension, member)
    if name in GROWTHS:
        return growth(world, *GROWTHS[name], area, window, period, who)
    if name not in INDICATORS:
        numerator, status = count(world, name, basis, area, window, period, *who, part)
        if status == "no_denominator":  # a population asked for itself divides nothing
            status = "not_reported"
        return answer(numerator, None, numerator, status)
    numerator_name, numerator_basis, own_window, denominator_name, factor = INDICATORS[name]
    numerator, numerator_status = count(
        world, numerator_name, numerator_basis or basis, area, own_window or window, period, *who
    )
    denominator_basis = basis if not numerator_basis else "residence"
    denominator, denominator_status = count(
        world, denominator_name, denominator_basis, area, window, period, *who, part
    )
    status = first_said(
        {numerator_status, denominator_status} | ({"no_denominator"} if denominator == 0 else set())
    )
    if status in {"not_reported", "no_denominator"} or numerator is None or not denominator:
        return answer(numerator, denominator, None, status)
    return answer(numerator, denominator, float(numerator) * factor / float(denominator), status)


def growth(
    world: Row, measure: str, basis: str, area: str, window: str, period: Period, who: tuple[str, str]
) -> Row:
    """(count − count a year earlier) / count a year earlier, in percent."""
    start, end = period
    year_earlier = (date(start.year - 1, start.month, 1), end_of_month(date(end.year - 1, end.month, 1)))
    after, status = count(world, measure, basis, area, window, period, *who)
    before, status_before = count(world, measure, basis, area, window, year_earlier, *who)
    if after is None:
        return answer(None, before, None, "not_reported")
    if status_before == "not_reported" or before is None:
        return answer(None, None, None, "insufficient")
    if "provisional" in {status, status_before}:  # not over: up to the same day of both years, or not at all
        day = last_day_to_compare(world, area, window, end, who[0])
        if day is None or status_before != "ok":
            return answer(None, None, None, "insufficient")
        a_year_ago = end_of_month(date(day.year - 1, day.month, 1))
        if day != end_of_month(day):
            a_year_ago = a_year_ago.replace(day=min(day.day, a_year_ago.day))
        starts = window_start(window, end), window_start(window, year_earlier[1])
        after, before = (
            to_day(world, measure, basis, area, first, last)
            for first, last in zip(starts, (day, a_year_ago), strict=True)
        )
    if before == 0:
        return answer(after, before, None, "insufficient")
    return answer(after - before, before, float(after - before) * 100 / float(before), status)


def to_day(world: Row, measure: str, basis: str, area: str, start: date | None, day: date) -> int | Decimal:
    """A count of the part of a window up to a day: who is registered on it, what happened since the start."""
    if measure == "registered_volunteers":
        return registered_volunteers(world, area, day, "", "")
    if measure == "new_registrations":
        return new_registrations(world, area, start, day, "", "")
    if measure == "active_volunteers":
        return active_volunteers(world, area, start, day, "", "")
    if measure == "service_hours":
        return service_hours(world, area, start, day, basis, "", "")
    if measure == "service_visits":
        return service_visits(world, area, start, day, basis, "", "")
    assert measure == "activities", measure
    return activities(world, area, start, day)


def last_day_to_compare(world: Row, area: str, window: str, end: date, dimension: str) -> date | None:
    """The last day reported, where the counts of an unfinished window are kept up to it."""
    city = world["parent"].get(area, area)
    known = [world["coverage"].get((city, source)) for source in ("registrations", "service_hours")]
    day: date = min(last_on for _, last_on in filter(None, known))
    start = None if window == "rolling12" else window_start(window, end)
    if dimension or start is None or not start <= day < end:
        return None
    is_kept = day != end_of_month(day) or window in {"year", "ytd"}
    return day if is_kept else None


def answer(numerator: Any, denominator: Any, value: Any, status: str) -> Row:
    numbers = {"numerator": numerator, "denominator": denominator, "value": value}
    plain = {name: float(number) if number is not None else None for name, number in numbers.items()}
    return {**plain, "status": status}
