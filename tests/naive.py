"""The boring second implementation: every measure and indicator again, with loops over lists of dicts.

It knows nothing of the warehouse, the cube or SQL, and takes no shortcut, so that a statistician can check it
by eye against the definitions. Where it and the cube disagree, one of them has misread a definition.

`naive_facts.prepare` decides which rows are in force and who is who; `observe` counts them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.naive_facts import Row, end_of_month

Period = tuple[date, date]

AGE_BANDS = [(0, 13), (14, 17), (18, 35), (36, 45), (46, 59), (60, 69)]
MEMBERS = {
    "gender": ["male", "female", "unknown"],
    "age_band": [f"{youngest}-{oldest}" for youngest, oldest in AGE_BANDS] + ["70+", "unknown"],
}
NOT_APPROVED = {"待审", "驳回"}

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
}
# indicator: (numerator, its basis, its window if not the asked one, denominator, in percent)
INDICATORS = {
    "registered_share": ("registered_volunteers", "residence", None, "permanent_population", True),
    "active_rate": ("active_volunteers", "residence", None, "registered_volunteers", True),
    "ever_active_rate": ("active_volunteers", "residence", "to_date", "registered_volunteers", True),
    "hours_per_registered": ("service_hours", "residence", None, "registered_volunteers", False),
    "hours_per_active": ("service_hours", "residence", None, "active_volunteers", False),
    "hours_per_resident": ("service_hours", "service", None, "permanent_population", False),
}
# When more than one thing is to be said about a value, the one further left is said.
STATUSES = ["not_reported", "insufficient", "no_denominator", "provisional", "denominator_year", "ok"]


# --- windows, areas, members ---------------------------------------------------------------------------


def window_start(window: str, end: date) -> date | None:
    """First day of the window ending on `end` (the last day of a month); None: from the beginning."""
    if window == "month":
        return date(end.year, end.month, 1)
    if window == "quarter":
        return date(end.year, end.month - 2, 1)
    if window in {"year", "ytd"}:
        return date(end.year, 1, 1)
    if window == "rolling12":
        return date(end.year, 1, 1) if end.month == 12 else date(end.year - 1, end.month + 1, 1)
    assert window == "to_date", window
    return None


def is_within(day: date, start: date | None, end: date) -> bool:
    """Both ends belong to the window."""
    return (start is None or start <= day) and day <= end


def is_in_area(code: str | None, area: str, parent: dict[str, str]) -> bool:
    """A city holds its districts, its zones and its unknown bucket; any other area holds itself."""
    return code is not None and (code == area or parent.get(code) == area)


def is_member(person: Row | None, end: date, dimension: str, member: str) -> bool:
    """Whether a person counts for a member of a dimension; who was never registered is unknown."""
    if not dimension:
        return True
    if dimension == "gender":
        return (person["gender"] if person else "unknown") == member
    return age_band(person["birth_year"] if person else None, end) == member


def age_band(birth_year: int | None, end: date) -> str:
    """Age is the year of the window's end minus the year of birth."""
    if birth_year is None or birth_year > end.year:
        return "unknown"
    for youngest, oldest in AGE_BANDS:
        if youngest <= end.year - birth_year <= oldest:
            return f"{youngest}-{oldest}"
    return "70+"


def is_in_force(person: Row, day: date) -> bool:
    """Registered and not left on that day, on one platform at least.

    Who has left on an unknown day is never counted.
    """
    for registered_on, has_left, left_on in person["spells"]:
        if registered_on <= day and not has_left:
            return True
        if registered_on <= day and left_on is not None and left_on > day:
            return True
    return False


# --- the measures of the definitions -------------------------------------------------------------------


def is_registered(world: Row, person: Row | None, area: str, end: date) -> bool:
    """Whether a person belongs to registered_volunteers(area, end)."""
    return (
        person is not None and is_in_area(person["area"], area, world["parent"]) and is_in_force(person, end)
    )


def registered_volunteers(world: Row, area: str, end: date, dimension: str, member: str) -> int:
    count = 0
    for person in world["persons"].values():
        if is_registered(world, person, area, end) and is_member(person, end, dimension, member):
            count += 1
    return count


def new_registrations(
    world: Row, area: str, start: date | None, end: date, dimension: str, member: str
) -> int:
    count = 0
    for person in world["persons"].values():
        if is_in_area(person["area"], area, world["parent"]) and is_within(
            person["registered_on"], start, end
        ):
            count += is_member(person, end, dimension, member)
    return count


def counted_records(
    world: Row, area: str, start: date | None, end: date, basis: str, dimension: str, member: str
) -> list[Row]:
    """The counted records of a window: of persons registered in the area, or served in it by whomever."""
    found = []
    for record in world["records"]:
        if record["status"] in NOT_APPROVED or record["hours"] <= 0:
            continue
        if not is_within(record["service_date"], start, end):
            continue
        person = world["persons"].get(record["person"])
        if basis == "residence":
            belongs = is_registered(world, person, area, end)
        else:
            belongs = is_in_area(record["service_area"], area, world["parent"])
        if belongs and is_member(person, end, dimension, member):
            found.append(record)
    return found


def active_volunteers(
    world: Row, area: str, start: date | None, end: date, dimension: str, member: str
) -> int:
    return len(
        {row["person"] for row in counted_records(world, area, start, end, "residence", dimension, member)}
    )


def service_hours(
    world: Row, area: str, start: date | None, end: date, basis: str, dimension: str, member: str
) -> Decimal:
    return sum(
        (row["hours"] for row in counted_records(world, area, start, end, basis, dimension, member)),
        Decimal(0),
    )


def service_visits(
    world: Row, area: str, start: date | None, end: date, basis: str, dimension: str, member: str
) -> int:
    return len(counted_records(world, area, start, end, basis, dimension, member))


def activities(world: Row, area: str, start: date | None, end: date) -> int:
    count = 0
    for row in world["activities"]:
        if is_in_area(row["area"], area, world["parent"]) and not row["is_cancelled"]:
            count += is_within(row["starts_on"], start, end)
    return count


def permanent_population(world: Row, area: str, year: int) -> tuple[int | None, int | None]:
    """(persons, the year they are of): that year's, else the nearest earlier year's, else nothing."""
    years = [known for (code, known) in world["population"] if code == area and known <= year]
    if not years:
        return None, None
    return world["population"][area, max(years)], max(years)


# --- was it reported -----------------------------------------------------------------------------------


def reported(world: Row, measure: str, basis: str, area: str, start: date, end: date) -> str:
    """ok, provisional (begun, not over yet) or not_reported, for the measure's sources in the city."""
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
    return first_said(found)


def only_basis(measure: str) -> str:
    """The basis of a measure that has one; hours and visits have two, and must be asked for with one."""
    (basis,) = [known for (name, known) in SOURCES if name == measure]
    return basis


def first_said(statuses: set[str]) -> str:
    return min(statuses, key=STATUSES.index)


# --- one observation -----------------------------------------------------------------------------------


def count(
    world: Row, measure: str, basis: str, area: str, window: str, period: Period, dimension: str, member: str
) -> tuple[int | Decimal | None, str]:
    """(count, status) of a measure; None where nothing was reported.

    A window to date has no beginning; whether it was reported is a question about its period.
    """
    period_start, end = period
    start = window_start(window, end)
    if measure == "permanent_population":
        persons, year = permanent_population(world, area, end.year)
        if persons is None:
            return None, "no_denominator"
        return persons, "ok" if year == end.year else "denominator_year"
    basis = basis or only_basis(measure)
    status = reported(world, measure, basis, area, start or period_start, end)
    if status == "not_reported":
        return None, status
    if measure == "registered_volunteers":
        return registered_volunteers(world, area, end, dimension, member), status
    if measure == "new_registrations":
        return new_registrations(world, area, start, end, dimension, member), status
    if measure == "active_volunteers":
        return active_volunteers(world, area, start, end, dimension, member), status
    if measure == "service_hours":
        return service_hours(world, area, start, end, basis, dimension, member), status
    if measure == "service_visits":
        return service_visits(world, area, start, end, basis, dimension, member), status
    assert measure == "activities", measure
    return activities(world, area, start, end), status


def observe(
    world: Row,
    name: str,
    area: str,
    window: str,
    period: Period,
    basis: str = "",
    dimension: str = "",
    member: str = "",
) -> Row:
    """numerator, denominator, value and status of a measure or an indicator.

    `period` is the first and the last day of a month, quarter or year; `window` says how it is read.
    """
    who = (dimension, member)
    if name == "registration_growth":
        return growth(world, area, window, period, who)
    if name not in INDICATORS:
        numerator, status = count(world, name, basis, area, window, period, *who)
        if status == "no_denominator":  # a population asked for itself divides nothing
            status = "not_reported"
        return answer(numerator, None, numerator, status)
    numerator_name, numerator_basis, own_window, denominator_name, is_percent = INDICATORS[name]
    numerator, numerator_status = count(
        world, numerator_name, numerator_basis, area, own_window or window, period, *who
    )
    denominator, denominator_status = count(world, denominator_name, "residence", area, window, period, *who)
    status = first_said(
        {numerator_status, denominator_status} | ({"no_denominator"} if denominator == 0 else set())
    )
    if status in {"not_reported", "no_denominator"} or numerator is None or not denominator:
        return answer(numerator, denominator, None, status)
    factor = 100 if is_percent else 1
    return answer(numerator, denominator, float(numerator) * factor / float(denominator), status)


def growth(world: Row, area: str, window: str, period: Period, who: tuple[str, str]) -> Row:
    """registration_growth: (registered(T) − registered(T − 1 year)) / registered(T − 1 year), in percent."""
    start, end = period
    year_earlier = (date(start.year - 1, start.month, 1), end_of_month(date(end.year - 1, end.month, 1)))
    after, status = count(world, "registered_volunteers", "residence", area, window, period, *who)
    before, status_before = count(
        world, "registered_volunteers", "residence", area, window, year_earlier, *who
    )
    if after is None:
        return answer(None, before, None, "not_reported")
    if status_before == "not_reported" or before is None:
        return answer(None, None, None, "insufficient")
    if before == 0:
        return answer(after, before, None, "insufficient")
    return answer(after - before, before, float(after - before) * 100 / float(before), status)


def answer(numerator: Any, denominator: Any, value: Any, status: str) -> Row:
    numbers = {"numerator": numerator, "denominator": denominator, "value": value}
    plain = {name: float(number) if number is not None else None for name, number in numbers.items()}
    return {**plain, "status": status}
