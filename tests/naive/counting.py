"""Who is registered, which records count, and the measures of the core definitions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.naive.members import holds, is_member
from tests.naive.windows import is_within
from tests.naive_facts import Row

NOT_APPROVED = {"待审", "驳回"}


def is_in_area(code: str | None, area: str, parent: dict[str, str]) -> bool:
    """A city holds its districts, its zones and its unknown bucket; any other area holds itself."""
    return code is not None and (code == area or parent.get(code) == area)


def is_in_force(person: Row, day: date) -> bool:
    """Registered and not left on that day, on one platform at least."""
    return holds(person["spells"], day)


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


def is_counted(record: Row) -> bool:
    """A counted record is neither pending nor rejected, and of more than zero hours."""
    return record["status"] not in NOT_APPROVED and record["hours"] > 0


def counted_records(
    world: Row, area: str, start: date | None, end: date, basis: str, dimension: str, member: str
) -> list[Row]:
    """The counted records of a window: of persons registered in the area, or served in it by whomever."""
    found = []
    for record in world["records"]:
        if not is_counted(record) or not is_within(record["service_date"], start, end):
            continue
        person = world["persons"].get(record["person"])
        if basis == "residence":
            belongs = is_registered(world, person, area, end)
        else:
            belongs = is_in_area(record["service_area"], area, world["parent"])
        if dimension == "evidence":
            belongs = belongs and record["evidence"] == member
        else:
            belongs = belongs and is_member(person, end, dimension, member)
        if belongs:
            found.append(record)
    return found


def active_volunteers(
    world: Row, area: str, start: date | None, end: date, dimension: str, member: str
) -> int:
    return len(
        {row["person"] for row in counted_records(world, area, start, end, "residence", dimension, member)}
    )


def active_clocked_volunteers(
    world: Row, area: str, start: date | None, end: date, dimension: str, member: str
) -> int:
    """Active by a record that the platform clocked itself."""
    records = counted_records(world, area, start, end, "residence", dimension, member)
    return len({row["person"] for row in records if is_clocked(row)})


def is_clocked(record: Row) -> bool:
    """Whether the platform itself kept the time."""
    return bool(record["evidence"] == "clocked")


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


def permanent_population(world: Row, area: str, year: int, part: str = "") -> tuple[int | None, int | None]:
    """(persons, the year they are of): that year's, else the nearest earlier year's, else nothing.

    Of everybody, or of a part: who lives in the built-up area, who is 16 to 70. No area's part is another's added up.
    """
    known = residents(world, area, part)
    years = [known_year for known_year in known if known_year <= year]
    if not years:
        return None, None
    return known[max(years)], max(years)


def residents(world: Row, area: str, part: str) -> dict[int, int]:
    """Persons by year, of everybody ('') or of a part of them."""
    if not part:
        return {year: persons for (code, year), persons in world["population"].items() if code == area}
    return {
        year: persons
        for (of_part, code, year), persons in world["parts_of_population"].items()
        if (of_part, code) == (part, area)
    }
