"""Hours per person by band, cohorts of registration, days of service: the tables beside the observations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.naive.activity import days_served, served_within
from tests.naive.counting import counted_records, is_registered
from tests.naive.windows import window_start
from tests.naive_facts import Row

# Hours at which a band begins; it ends where the next one begins. Nobody with no hours is in a band.
HOURS_EDGES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 600, 1000, 1500]
SATURDAY = 5  # Monday is 0


def hours_by_person(world: Row, area: str, start: date | None, end: date) -> dict[str, Decimal]:
    """The counted hours in the window of every person of active_volunteers."""
    hours: dict[str, Decimal] = {}
    for record in counted_records(world, area, start, end, "residence", "", ""):
        hours[record["person"]] = hours.get(record["person"], Decimal(0)) + record["hours"]
    return hours


def service_hours_squared(world: Row, area: str, start: date | None, end: date) -> Decimal:
    """Each person's hours in the window squared, then added."""
    return sum((hours**2 for hours in hours_by_person(world, area, start, end).values()), Decimal(0))


def hours_band(hours: Decimal) -> int:
    """The hours at which a person's band begins: the greatest edge not above their hours."""
    return max(edge for edge in HOURS_EDGES if edge <= hours)


def hours_bands(world: Row, area: str, window: str, end: date) -> dict[int, tuple[int, Decimal]]:
    """(people, hours) by the hours at which the band begins; bands of nobody are left out."""
    bands: dict[int, tuple[int, Decimal]] = {}
    for hours in hours_by_person(world, area, window_start(window, end), end).values():
        people, so_far = bands.get(hours_band(hours), (0, Decimal(0)))
        bands[hours_band(hours)] = (people + 1, so_far + hours)
    return bands


def has_at_least(hours: Decimal, edge: int) -> bool:
    return hours >= edge


def active_from(world: Row, area: str, start: date | None, end: date, edge: int) -> int:
    """People of active_volunteers who gave at least so many hours in the window."""
    return sum(has_at_least(hours, edge) for hours in hours_by_person(world, area, start, end).values())


def hours_of_active_from(world: Row, area: str, start: date | None, end: date, edge: int) -> Decimal:
    """All hours that those people gave in the window."""
    given = hours_by_person(world, area, start, end).values()
    return sum((hours for hours in given if has_at_least(hours, edge)), Decimal(0))


def quarter_of(day: date) -> date:
    """The first day of the quarter a day lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def cohort(world: Row, area: str, cohort_start: date, quarter_end: date) -> tuple[int, int]:
    """Of those who registered in a quarter: (still registered, active in the quarter) at a quarter's end."""
    days = days_served(world)
    registered = active = 0
    for name, person in world["persons"].items():
        if quarter_of(person["registered_on"]) != cohort_start:
            continue
        if is_registered(world, person, area, quarter_end):
            registered += 1
            active += served_within(days.get(name, []), quarter_of(quarter_end), quarter_end)
    return registered, active


def day_of_service(world: Row, area: str, day: date) -> tuple[int, Decimal]:
    """(visits, hours) of the counted records of a day, by place of service."""
    records = counted_records(world, area, day, day, "service", "", "")
    return len(records), sum((record["hours"] for record in records), Decimal(0))


def kind_of_day(day: date) -> str:
    """saturday, or other: every other day of the week, whatever holiday it is."""
    return "saturday" if day.weekday() == SATURDAY else "other"


def day_kinds(world: Row, area: str, window: str, end: date) -> dict[str, int]:
    """Visits of a window by kind of day, by place of service; kinds without a visit are left out."""
    kinds: dict[str, int] = {}
    for record in counted_records(world, area, window_start(window, end), end, "service", "", ""):
        kind = kind_of_day(record["service_date"])
        kinds[kind] = kinds.get(kind, 0) + 1
    return kinds
