"""The boring version itself, on examples small enough to compute by hand.

Eve left, Ada is on two platforms, Bob moved, Cyd lives in an unknown district, Dan was never registered.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests import naive, naive_facts
from tests.drops import id_number

PARENT = {"D1": "C", "D2": "C", "UC": "C"}
POPULATION = {("C", 2019): 1000, ("C", 2021): 2000, ("D1", 2021): 500}
ADA, BOB, CYD, DAN, EVE = (id_number(date(1980 + 10 * place, 5, 1), 10 + place) for place in range(5))


def registration(row: int, person: str, area: str, registered_on: str, **changed: Any) -> naive.Row:
    left_on = changed.pop("left_on", None)
    return {
        "drop": 1,
        "row": row,
        "id_number": person,
        "volunteer_number": None,
        "platform": "P",
        "area": area,
        "gender": None,
        "birth_date": None,
        "registered_on": date.fromisoformat(registered_on),
        "has_left": left_on is not None,
        "left_on": date.fromisoformat(left_on) if left_on else None,
        **changed,
    }


def record(row: int, person: str, service_date: str, hours: str, **changed: Any) -> naive.Row:
    return {
        "drop": 1,
        "row": row,
        "id_number": person,
        "volunteer_number": None,
        "platform": "P",
        "record_id": f"R{row}",
        "activity_id": None,
        "area": None,
        "drop_area": "UC",
        "service_date": date.fromisoformat(service_date),
        "start_at": None,
        "hours": Decimal(hours),
        "status": "通过",
        "evidence": "unknown",
        **changed,
    }


REGISTRATIONS = [
    registration(1, ADA, "D1", "2020-03-01", left_on="2020-12-31"),
    registration(2, ADA, "D2", "2021-02-01", platform="Q"),
    registration(3, BOB, "D1", "2021-01-31"),
    registration(4, BOB, "D2", "2021-01-31", drop=2),
    registration(5, CYD, "UC", "2021-01-01"),
    registration(6, EVE, "D1", "2020-01-01", left_on="2021-03-15"),
    registration(7, "", "D1", "2021-03-31", volunteer_number="7", has_left=True),  # left, nobody knows when
]
RECORDS = [
    record(1, ADA, "2021-01-31", "1.5"),  # before she was registered again
    record(2, BOB, "2021-02-01", "2", area="D1"),
    record(3, BOB, "2021-02-28", "2", status="驳回"),
    record(4, CYD, "2021-03-31", "0.5", activity_id="A1"),
    record(5, DAN, "2021-03-01", "4", area="D1"),
    record(6, EVE, "2021-03-14", "3"),
    record(7, BOB, "2021-02-02", "0"),
    record(8, CYD, "2020-12-31", "1"),
]
ACTIVITIES = [
    {
        "drop": 1,
        "row": 1,
        "activity_id": "A1",
        "area": "D2",
        "starts_on": date(2021, 3, 31),
        "is_cancelled": False,
    },
    {
        "drop": 1,
        "row": 2,
        "activity_id": "A2",
        "area": "D2",
        "starts_on": date(2021, 4, 1),
        "is_cancelled": True,
    },
]


@pytest.fixture(scope="module")
def world() -> naive.Row:
    return naive_facts.prepare(REGISTRATIONS, RECORDS, ACTIVITIES, POPULATION, PARENT)


@pytest.mark.parametrize(
    ("area", "day", "expected"),
    [
        ("C", date(2020, 12, 31), 1),  # Eve; Ada leaves on this very day
        ("C", date(2021, 1, 31), 3),  # Bob, Cyd, Eve
        ("C", date(2021, 2, 28), 4),  # and Ada again
        ("C", date(2021, 3, 31), 3),  # Eve has left
        ("D1", date(2021, 2, 28), 1),  # Eve: Bob has moved, also for the past
        ("D2", date(2021, 2, 28), 2),
        ("UC", date(2021, 2, 28), 1),
    ],
)
def test_stock_counts_who_is_in_force_on_the_last_day(
    world: naive.Row, area: str, day: date, expected: int
) -> None:
    assert naive.registered_volunteers(world, area, day, "", "") == expected


def test_registration_date_is_the_earliest_and_counts_once(world: naive.Row) -> None:
    assert naive.new_registrations(world, "C", None, date(2021, 12, 31), "", "") == 5
    assert naive.new_registrations(world, "D2", date(2020, 1, 1), date(2020, 12, 31), "", "") == 1  # Ada


def test_hours_by_residence_are_those_of_people_registered_at_the_end(world: naive.Row) -> None:
    first_quarter = (date(2021, 1, 1), date(2021, 3, 31))
    # Ada 1.5 (before registering again), Bob 2, Cyd 0.5; Eve has left, Dan never was registered.
    assert naive.service_hours(world, "C", *first_quarter, "residence", "", "") == Decimal("4.0")
    assert naive.service_visits(world, "C", *first_quarter, "residence", "", "") == 3
    assert naive.active_volunteers(world, "C", *first_quarter, "", "") == 3


def test_hours_by_service_are_of_everybody_where_it_took_place(world: naive.Row) -> None:
    first_quarter = (date(2021, 1, 1), date(2021, 3, 31))
    assert naive.service_hours(world, "C", *first_quarter, "service", "", "") == Decimal("11.0")
    # Bob's record says D1, Dan's says D1, Eve lives in D1; Ada lives in D2, Cyd's activity is held in D2.
    assert naive.service_hours(world, "D1", *first_quarter, "service", "", "") == Decimal("9")
    assert naive.service_hours(world, "D2", *first_quarter, "service", "", "") == Decimal("2.0")


def test_visits_fall_on_saturdays_or_on_other_days() -> None:
    """Saturdays of January and February 2021, one of them a working day by the calendar of holidays; and the days around."""
    days = ("2021-01-02", "2021-02-05", "2021-02-06", "2021-02-07", "2021-02-12", "2021-02-20", "2021-02-20")
    records = [record(number, DAN, day, "1", area="D1") for number, day in enumerate(days, 1)]
    records.append(record(9, DAN, "2021-02-06", "1", area="D1", status="驳回"))
    world = naive_facts.prepare([], records, [], {}, PARENT)
    end = date(2021, 2, 28)
    assert naive.day_kinds(world, "D1", "month", end) == {"saturday": 3, "other": 3}
    assert naive.day_kinds(world, "C", "ytd", end) == {"saturday": 4, "other": 3}
    assert naive.day_kinds(world, "C", "to_date", date(2021, 1, 31)) == {"saturday": 1}
    assert naive.day_kinds(world, "D2", "to_date", end) == {}


def test_members_add_up_and_strangers_are_unknown(world: naive.Row) -> None:
    window = (date(2021, 1, 1), date(2021, 3, 31))
    by_age = {
        member: naive.service_visits(world, "C", *window, "service", "age_band", member)
        for member in naive.MEMBERS["age_band"]
    }
    # Ada was born in 1980, Bob in 1990, Cyd in 2000, Eve in 2020; Dan is not in the register.
    expected = {"36-45": 1, "18-35": 2, "0-13": 1, "unknown": 1}
    assert {member: visits for member, visits in by_age.items() if visits} == expected


def test_cancelled_activities_are_not_counted(world: naive.Row) -> None:
    assert naive.activities(world, "C", date(2021, 3, 31), date(2021, 4, 30)) == 1


@pytest.mark.parametrize(
    ("window", "end", "start"),
    [
        ("month", date(2020, 2, 29), date(2020, 2, 1)),
        ("quarter", date(2020, 6, 30), date(2020, 4, 1)),
        ("year", date(2020, 12, 31), date(2020, 1, 1)),
        ("ytd", date(2020, 2, 29), date(2020, 1, 1)),
        ("rolling12", date(2020, 2, 29), date(2019, 3, 1)),
        ("rolling12", date(2020, 12, 31), date(2020, 1, 1)),
        ("to_date", date(2020, 2, 29), None),
    ],
)
def test_windows_begin_on_the_right_day(window: str, end: date, start: date | None) -> None:
    assert naive.window_start(window, end) == start


@pytest.mark.parametrize(
    ("age", "band"),
    [
        *((-1, "unknown"), (0, "0-13"), (13, "0-13"), (14, "14-17"), (17, "14-17"), (18, "18-35")),
        *((35, "18-35"), (36, "36-45"), (45, "36-45"), (46, "46-59"), (59, "46-59"), (60, "60-69")),
        *((69, "60-69"), (70, "70+"), (104, "70+")),
    ],
)
def test_age_bands_begin_and_end_where_they_say(age: int, band: str) -> None:
    assert naive.age_band(2021 - age, date(2021, 1, 31)) == band


@pytest.mark.parametrize(
    ("indicator", "area", "window", "end", "expected"),
    [
        ("registered_share", "C", "month", date(2021, 2, 28), (4, 2000, 0.2, "ok")),
        ("registered_share", "C", "month", date(2020, 12, 31), (1, 1000, 0.1, "denominator_year")),
        ("registered_share", "D2", "month", date(2021, 2, 28), (2, None, None, "no_denominator")),
        ("active_rate", "C", "quarter", date(2021, 3, 31), (3, 3, 100.0, "ok")),
        ("active_rate", "D1", "quarter", date(2021, 3, 31), (0, 0, None, "no_denominator")),
        ("active_rate", "C", "year", date(2021, 12, 31), (3, 3, 100.0, "provisional")),
        ("active_rate", "C", "month", date(2021, 4, 30), (None, 3, None, "not_reported")),
        ("ever_active_rate", "UC", "month", date(2021, 2, 28), (1, 1, 100.0, "ok")),
        ("hours_per_registered", "C", "quarter", date(2021, 3, 31), (4, 3, 4 / 3, "ok")),
        ("registration_growth", "C", "month", date(2021, 2, 28), (3, 1, 300.0, "ok")),
        ("registration_growth", "C", "month", date(2020, 6, 30), (None, None, None, "insufficient")),
        ("activities", "C", "quarter", date(2021, 3, 31), (1, None, 1, "provisional")),  # from March on
        ("activities", "C", "month", date(2021, 2, 28), (None, None, None, "not_reported")),
    ],
)
def test_an_observation_carries_counts_value_and_status(
    world: naive.Row, indicator: str, area: str, window: str, end: date, expected: tuple[Any, ...]
) -> None:
    start = naive.window_start(window, end)
    assert start is not None
    found = naive.observe(world, indicator, area, window, (start, end))
    assert tuple(found.values()) == pytest.approx(expected, nan_ok=True)


def test_a_volunteer_number_belongs_to_the_person_registered_with_it() -> None:
    registrations = [registration(1, ADA, "D1", "2020-01-01", volunteer_number="77")]
    records = [
        record(1, "", "2020-05-01", "1", volunteer_number="77"),
        record(2, "", "2020-05-02", "1", volunteer_number="77", platform="another platform"),
    ]
    world = naive_facts.prepare(registrations, records, [], {}, PARENT)
    assert naive.service_visits(world, "C", None, date(2020, 5, 31), "residence", "", "") == 1


@pytest.mark.parametrize(("other", "visits"), [(None, 2), (BOB, 1)])
def test_a_number_without_a_platform_is_that_of_the_only_person_who_has_it(
    other: str | None, visits: int
) -> None:
    registrations = [registration(1, ADA, "D1", "2020-01-01", volunteer_number="77")]
    if other:
        registrations.append(registration(2, other, "D1", "2020-01-01", volunteer_number="77", platform="Q"))
    records = [
        record(1, "", "2020-05-01", "1", volunteer_number="77"),
        record(2, "", "2020-05-02", "1", volunteer_number="77", platform=""),
    ]
    world = naive_facts.prepare(registrations, records, [], {}, PARENT)
    assert naive.service_visits(world, "C", None, date(2020, 5, 31), "residence", "", "") == visits


def test_a_repeated_row_does_not_become_the_latest() -> None:
    registrations = [
        registration(1, ADA, "D1", "2020-01-01"),
        registration(2, ADA, "D2", "2020-01-01", platform="Q"),
        registration(1, ADA, "D1", "2020-01-01", drop=2),
    ]
    world = naive_facts.prepare(registrations, [], [], {}, PARENT)
    assert naive.registered_volunteers(world, "D2", date(2020, 1, 31), "", "") == 1


def test_a_record_without_a_number_is_known_by_person_activity_day_and_start() -> None:
    plain = {"record_id": None, "start_at": "09:00"}
    records = [
        record(1, ADA, "2020-05-01", "1", **plain),
        record(2, ADA, "2020-05-01", "3", **plain),
        record(3, ADA, "2020-05-01", "5", **{**plain, "start_at": "14:00"}),
        record(4, ADA, "2020-05-01", "7", **plain, activity_id="A1"),
    ]
    hours = [row["hours"] for row in naive_facts.latest_records(records, {})]
    assert hours == [Decimal(3), Decimal(5), Decimal(7)]
