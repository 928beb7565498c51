"""Small made-up cities in which many counts are small, published in public and for comparison in full."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from metrics.areas import load_areas
from metrics.disclosure import control
from tests.metrics.build_factory import make_build

CITY = "371000"
LEAVES = [area.area_code for area in load_areas().children(CITY)]
DROPS = [
    {"drop_id": 1, "source": "registrations", "area_code": CITY},
    {"drop_id": 2, "source": "service_hours", "area_code": CITY},
]
Facts = list[dict[str, Any]]


def day(month: int, of_month: int = 1) -> date:
    """A day of a month counted from January 2021."""
    return date(2021 + month // 12, month % 12 + 1, of_month)


@dataclass
class Town:
    """Facts that grow from build to build."""

    registrations: Facts = field(default_factory=list)
    records: Facts = field(default_factory=list)
    files: dict[int, str] = field(default_factory=dict)  # drops of one district, by number

    def register(self, area: str, people: int, month: int, **more: Any) -> list[int]:
        first = len(self.registrations) + 1
        keys = list(range(first, first + people))
        self.registrations += [
            {"volunteer_key": key, "area_code": area, "registered_on": day(month), **more} for key in keys
        ]
        return keys

    def serve(self, keys: list[int], month: int, **more: Any) -> None:
        self.records += [{"volunteer_key": key, "service_date": day(month, 15), **more} for key in keys]

    def serve_reported_by_district(self, keys: list[int], area: str, month: int) -> None:
        """They serve in an area that sends a file a month of its own."""
        number = len(DROPS) + 1 + 12 * LEAVES.index(area) + month
        self.files[number] = area
        self.serve(keys, month, drop_area_code=area, drop_id=number)

    def ledger(self, received_at: str) -> Facts:
        """A drop for each file, with as many rows as there are facts from it."""
        places = {drop["drop_id"]: drop["area_code"] for drop in DROPS} | self.files
        drops = []
        for number, area in sorted(places.items()):
            kind, on, facts = (
                ("registrations", "registered_on", self.registrations)
                if number == 1
                else ("service_hours", "service_date", self.records)
            )
            its = [fact for fact in facts if fact.get("drop_id", 1 if number == 1 else 2) == number]
            days = sorted(date.fromisoformat(str(fact[on])) for fact in its)
            if (
                number == 1
            ):  # who registers on another platform is not new: the attack takes every row for somebody new
                firsts: dict[int, date] = {}
                for fact, on_day in zip(its, (date.fromisoformat(str(one[on])) for one in its), strict=True):
                    firsts[fact["volunteer_key"]] = min(on_day, firsts.get(fact["volunteer_key"], on_day))
                days = sorted(firsts.values())
            if days or number not in self.files:
                drops.append({
                    "drop_id": number, "source": kind, "area_code": area, "rows_read": len(days),
                    "rows_accepted": len(days), "first_on": days[0] if days else None,
                    "last_on": days[-1] if days else None, "received_at": received_at, "loaded_at": received_at,
                })  # fmt: skip
        return drops

    def publish(self, home: Path, build_id: str, threshold: int, received_at: str = "2030-01-01") -> Path:
        drops = self.ledger(received_at)
        make_build(
            home, registrations=self.registrations, service_records=self.records, drops=drops,
            build_id=build_id, threshold=threshold,
        )  # fmt: skip
        return home / "published" / f"{build_id}.duckdb"


@dataclass
class Published:
    """Builds one after the other, each also without control."""

    directory: Path
    threshold: int = 10
    received_at: str = "2030-01-01"  # before the end of the data: windows that are unfinished
    builds: list[Path] = field(default_factory=list)
    truths: list[Path] = field(default_factory=list)

    def publish(self, town: Town) -> Published:
        build_id = f"build-{len(self.builds) + 1}"
        self.truths.append(town.publish(self.directory / "internal", build_id, 0, self.received_at))
        self.builds.append(
            controlled(self.truths[-1], self.directory / "public" / "published", self.threshold)
        )
        return self

    def last_again(self, directory: Path) -> Published:
        """The same builds with the last one controlled anew, as control is by now."""
        public = directory / "public" / "published"
        public.mkdir(parents=True)
        before = [Path(shutil.copy(path, public)) for path in self.builds[:-1]]
        last = controlled(self.truths[-1], public, self.threshold)
        return replace(self, directory=directory, builds=[*before, last])


def controlled(truth: Path, folder: Path, threshold: int) -> Path:
    """A build with control from the one without: the cube is the same and takes most of the time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / truth.name
    shutil.copy(truth, path)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{path}' AS publishing")
        connection.execute("DELETE FROM publishing.manifest WHERE key LIKE 'disclosure_%'")
        control(connection, "publishing", threshold, folder, path.stem)
    return path


def random_town(
    seed: int,
    people: int,
    months: int,
    leaves: int = 5,
    ages: tuple[int | None, ...] = (None, 1950, 1985),
    leaving: float = 0.05,
    visits: tuple[int, ...] = (0, 0, 1, 2, 5),
) -> Town:
    """Areas of very different size; genders and ages some of which are rare; service at home and elsewhere."""
    random = Random(seed)
    town = Town()
    areas = LEAVES[-leaves:]
    weights = [1 / (1 + number) ** 1.3 for number in range(len(areas))]
    for _ in range(people):
        month = random.randrange(months)
        left = random.randrange(month, months) if random.random() < leaving else None
        (key,) = town.register(
            random.choices(areas, weights)[0],
            1,
            month,
            gender=random.choices(["female", "male", "unknown"], [5, 4, 0.3])[0],
            birth_year=random.choices(ages, [0.3, 2, 5][: len(ages)])[0],
            has_left=left is not None,
            left_on=None if left is None else day(left, 28),
        )
        for _ in range(random.choice(visits)):
            where = random.choices([None, *areas], [3, *weights])[0]
            town.serve([key], random.randrange(month, months), area_code=where)
    return town


def on_platforms(town: Town, seed: int, shares: dict[str, float], several: float = 0.2) -> Town:
    """Everybody on a platform by shares, some on a second one, joined or left at the same time or later."""
    random = Random(seed)
    names, weights = list(shares), list(shares.values())
    for row in list(town.registrations):
        row["platform"], other = random.choices(names, weights)[0], random.choices(names, weights)[0]
        if other != row["platform"] and random.random() < several:
            joined = row["registered_on"].replace(day=random.randrange(1, 28))
            town.registrations.append({**row, "platform": other, "registered_on": joined, "has_left": False})
    return town


def lone_small_count() -> Town:
    """Five people were active in one area in January; of the others b is the smallest."""
    town = Town()
    registered = [
        town.register(area, people, 0) for area, people in zip(LEAVES, (60, 400, 60, 60), strict=False)
    ]
    for month, active in enumerate([(5, 12, 15, 40), (20, 20, 30, 40)]):
        for keys, people in zip(registered, active, strict=True):
            town.serve(keys[:people], month)
    return town


def reported_by_district() -> Town:
    """The same, but each area sends a file of its own every month."""
    town = Town()
    for area, (in_january, in_february) in zip(LEAVES, ((5, 20), (12, 20), (15, 30), (40, 40)), strict=False):
        keys = town.register(area, 60, 0)
        town.serve_reported_by_district(keys[:in_january], area, 0)
        town.serve_reported_by_district(keys[:in_february], area, 1)
    return town


def on_days(town: Town, seed: int, saturdays: float = 0.3) -> Town:
    """The same records on all days of their months, a share of them on Saturdays."""
    random = Random(seed)
    for record in town.records:
        first = record["service_date"].replace(day=1)
        days = [first + timedelta(days=n) for n in range(28)]
        wanted = random.random() < saturdays
        record["service_date"] = random.choice([one for one in days if (one.weekday() == 5) == wanted])
    return town
