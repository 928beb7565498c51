"""Who comes, comes back and stays away: activity states, lapsed and sleeping volunteers.

Somebody served in an earlier window if a counted record of theirs is dated in it, registered then or not.
"""

from __future__ import annotations

from datetime import date

from tests.naive.counting import counted_records, is_counted, is_registered
from tests.naive.members import is_member
from tests.naive.windows import is_within, month_number, window_before, window_start
from tests.naive_facts import Row


def days_served(world: Row) -> dict[str, list[date]]:
    """The days of every person's counted records, wherever they served."""
    days: dict[str, list[date]] = {}
    for record in world["records"]:
        if is_counted(record):
            days.setdefault(record["person"], []).append(record["service_date"])
    return days


def served_within(days: list[date], start: date | None, end: date) -> bool:
    return any(is_within(day, start, end) for day in days)


def activity_state(days: list[date], window: str, end: date) -> str:
    """What the days of somebody who served in a window make of them: new, returning or reactivated."""
    if is_within(min(days), window_start(window, end), end):
        return "new"
    if served_within(days, *window_before(window, end)):
        return "returning"
    return "reactivated"


def active_by_state(world: Row, area: str, window: str, end: date, state: str) -> int:
    """active_volunteers of one activity state; the three add up to the total."""
    days = days_served(world)
    records = counted_records(world, area, window_start(window, end), end, "residence", "", "")
    active = {row["person"] for row in records}
    return sum(activity_state(days[person], window, end) == state for person in active)


def lapsed_volunteers(world: Row, area: str, window: str, end: date, dimension: str, member: str) -> int:
    """Registered at the end; served in the window before, and not in this one."""
    days = days_served(world)
    count = 0
    for name, person in world["persons"].items():
        if not is_registered(world, person, area, end) or not is_member(person, end, dimension, member):
            continue
        count += has_lapsed(days.get(name, []), window, end)
    return count


def has_lapsed(days: list[date], window: str, end: date) -> bool:
    served_before = served_within(days, *window_before(window, end))
    return served_before and not served_within(days, window_start(window, end), end)


def sleeping_volunteers(world: Row, area: str, months: int, end: date, dimension: str, member: str) -> int:
    """Registered at the end, and since at least so many months; not served in the last so many months."""
    days = days_served(world)
    count = 0
    for name, person in world["persons"].items():
        if not is_registered(world, person, area, end) or not is_member(person, end, dimension, member):
            continue
        count += is_old(person["registered_on"], months, end) and not served_lately(
            days.get(name, []), months, end
        )
    return count


def is_old(registered_on: date, months: int, end: date) -> bool:
    """Whether somebody registered at least so many months before the month of the end."""
    return month_number(registered_on) <= month_number(end) - months


def served_lately(days: list[date], months: int, end: date) -> bool:
    """Whether a day lies in the last so many months, the month of the end being the last of them."""
    last = month_number(end)
    return any(last - months + 1 <= month_number(day) <= last for day in days)
