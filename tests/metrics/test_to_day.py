"""The table to_day against a naive recount: loops over facts, days compared as days."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from metrics.areas import load_areas
from metrics.build import Build, open_build
from metrics.like_for_like import cuts
from tests.metrics.build_factory import make_build

CITY = "130200"
AREAS = ("130202", "130203", "U130200")
FIRST = date(2021, 11, 1)


def opened(home: Path, **facts: Any) -> Build:
    build = open_build(make_build(home, **facts))
    assert build is not None
    return build


def table(build: Build) -> dict[tuple[Any, ...], float]:
    rows = build.rows("SELECT * FROM to_day")
    found = {tuple(row[:-1]): row[-1] for row in rows}
    assert len(found) == len(rows), "a value is given twice"
    return found


class Town:
    """Invented people who leave, come back, have two registrations, serve before they register or elsewhere."""

    def __init__(self, seed: int, today: date) -> None:
        self.random, self.today = Random(seed), today
        self.days = (today - FIRST).days + 12  # some facts are dated after the day, as mistakes are
        self.registrations = [row for key in range(1, 61) for row in self.registrations_of(key)]
        self.activities = [
            {
                "activity_key": key,
                "area_code": self.area(),
                "starts_on": self.day(),
                "is_cancelled": key % 7 == 0,
            }
            for key in range(1, 41)
        ]
        self.records = [self.record() for _ in range(500)]
        # Something of every kind lies in the month of the day.
        self.registrations.append(self.registration(99, registered_on=today.replace(day=1)))
        self.records.append({**self.record(), "service_date": today.replace(day=1)})
        self.activities.append({**self.activities[0], "activity_key": 99, "starts_on": today.replace(day=1)})

    def day(self) -> date:
        """Days of the months that are cut are more frequent."""
        if self.random.random() < 0.4:
            month = self.random.choice([0, 1, 3, 12])
            return self.today - timedelta(days=round(30.4 * month) + self.random.randrange(-12, 25))
        return FIRST + timedelta(days=self.random.randrange(self.days))

    def area(self) -> str:
        return self.random.choice(AREAS)

    def registration(self, key: int, **more: Any) -> dict[str, Any]:
        row = {
            "volunteer_key": key,
            "area_code": self.area(),
            "registered_on": self.day(),
            "has_left": False,
            "left_on": None,
        }
        return row | more

    def registrations_of(self, key: int) -> Iterator[dict[str, Any]]:
        for platform in ("a", "b", "c")[: self.random.choice([1, 1, 1, 2, 3])]:
            has_left = self.random.random() < 0.4
            left_on = self.day() if has_left and self.random.random() < 0.9 else None
            yield self.registration(key, platform=platform, has_left=has_left, left_on=left_on)

    def record(self) -> dict[str, Any]:
        return {
            "volunteer_key": self.random.randrange(1, 64),  # the last are not registered
            "activity_key": self.random.choice([None, self.random.randrange(1, 45)]),
            "area_code": self.random.choice([None, *AREAS]),
            "service_date": self.day(),
            "service_minutes": self.random.choice([15, 40, 90, 100]),
            "is_counted": self.random.random() < 0.9,
        }

    def facts(self) -> dict[str, Any]:
        return {
            "registrations": self.registrations,
            "service_records": self.records,
            "activities": self.activities,
        }


def is_in_force(row: dict[str, Any], day: date) -> bool:
    return row["registered_on"] <= day and (
        not row["has_left"] or (row["left_on"] is not None and row["left_on"] > day)
    )


def place_of(record: dict[str, Any], activities: dict[int, str], home: str | None) -> str | None:
    """The activity's area, else the record's, else the person's; an unknown one lets the next speak."""
    candidates = [activities.get(record["activity_key"]), record["area_code"], home]
    known = [area for area in candidates if area and not area.startswith("U")]
    return known[0] if known else next((area for area in candidates if area), None)


def last_known_day(town: Town, received: date) -> date:
    """Records come in days later: what came on a day is compared up to the last record in its month."""
    activities = {row["activity_key"]: row["area_code"] for row in town.activities}
    homes = {row["volunteer_key"]: row["area_code"] for row in town.registrations}
    days = [
        row["service_date"]
        for row in town.records
        if row["is_counted"]
        and row["service_date"] <= received
        and row["service_date"] >= received.replace(day=1)
        and place_of(row, activities, homes.get(row["volunteer_key"]))
    ]
    return max(days, default=received)


def recount(town: Town, day: date) -> dict[tuple[Any, ...], float]:
    """Everything to_day should hold, without zeros."""
    found: dict[tuple[Any, ...], float] = {}
    registrations: dict[int, list[dict[str, Any]]] = {}
    for row in town.registrations:
        registrations.setdefault(row["volunteer_key"], []).append(row)
    homes = {key: rows[-1]["area_code"] for key, rows in registrations.items()}
    activities = {row["activity_key"]: row["area_code"] for row in town.activities}
    for one in cuts(day):
        start, end = one.period.start, one.through_on

        def add(
            measure: str, basis: str, area: str | None, amount: float, one: Any = one, end: date = end
        ) -> None:
            for code in (area, CITY) if area else ():
                key = (measure, basis, code, one.period.kind, one.period.end, end)
                found[key] = found.get(key, 0) + amount

        in_force = {key for key, rows in registrations.items() if any(is_in_force(row, end) for row in rows)}
        for key in in_force:
            add("registered_volunteers", "residence", homes[key], 1)
        for key, rows in registrations.items():
            if start <= min(row["registered_on"] for row in rows) <= end:
                add("new_registrations", "residence", homes[key], 1)
        counted = [row for row in town.records if row["is_counted"] and start <= row["service_date"] <= end]
        for key in {row["volunteer_key"] for row in counted} & in_force:
            add("active_volunteers", "residence", homes[key], 1)
        for row in counted:
            places = [("service", place_of(row, activities, homes.get(row["volunteer_key"])))]
            if row["volunteer_key"] in in_force:
                places.append(("residence", homes[row["volunteer_key"]]))
            for basis, area in places:
                add("service_hours", basis, area, row["service_minutes"] / 60)
                add("service_visits", basis, area, 1)
        for row in town.activities:
            if not row["is_cancelled"] and start <= row["starts_on"] <= end:
                add("activities", "service", row["area_code"], 1)
    return found


@pytest.mark.parametrize("today", ["2023-11-15", "2024-03-30", "2024-02-28", "2023-10-30", "2024-01-01"])
@pytest.mark.parametrize("seed", [1, 2])
def test_to_day_agrees_with_a_naive_recount(tmp_path: Path, today: str, seed: int) -> None:
    day = date.fromisoformat(today)
    town = Town(seed, day)
    expected = recount(town, last_known_day(town, day))
    found = table(opened(tmp_path, today=day, **town.facts()))
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-9), key


def test_parts_add_up_to_the_city(tmp_path: Path) -> None:
    found = table(opened(tmp_path, today=date(2023, 11, 15), **Town(3, date(2023, 11, 15)).facts()))
    leaves = {leaf.area_code for leaf in load_areas().children(CITY)}
    for (measure, basis, area, *window), value in found.items():
        if area == CITY:
            parts = sum(found.get((measure, basis, leaf, *window), 0) for leaf in leaves)
            assert parts == pytest.approx(value)


@pytest.mark.parametrize(
    ("today", "expected"), [("2023-11-29", True), ("2023-11-30", False), ("2023-12-01", True)]
)
def test_nothing_is_kept_where_the_last_day_ends_a_month(tmp_path: Path, today: str, expected: bool) -> None:
    day = date.fromisoformat(today)
    assert bool(table(opened(tmp_path, today=day, **Town(1, day).facts()))) is expected


def test_activities_reported_less_far_are_left_out(tmp_path: Path) -> None:
    town = Town(1, date(2023, 11, 15))
    drops = [
        {"drop_id": 1, "source": "registrations", "area_code": CITY, "received_at": "2023-11-15"},
        {"drop_id": 2, "source": "service_hours", "area_code": CITY, "received_at": "2023-11-15"},
        {"drop_id": 3, "source": "activities", "area_code": CITY, "received_at": "2023-11-14"},
    ]
    found = table(opened(tmp_path, today=date(2023, 11, 20), drops=drops, **town.facts()))
    assert {key[0] for key in found} >= {"registered_volunteers", "service_visits"}
    assert "activities" not in {key[0] for key in found}
    assert max(key[5] for key in found) == date(2023, 11, 15)
