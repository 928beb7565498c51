"""What happens to a home between builds: files withdrawn, mended and late, districts emptied, another month."""

from __future__ import annotations

from pathlib import Path
from random import Random

import duckdb

from tests.metrics.disclosure.town import LEAVES, Published, Town, day, random_town


def withdraw(town: Town, random: Random) -> None:
    """All records but a few of an area's people in a month."""
    area_of = {fact["volunteer_key"]: fact["area_code"] for fact in town.registrations}
    area = random.choice(sorted(set(area_of.values())))
    on = random.choice(sorted({fact["service_date"] for fact in town.records}))
    hit = [
        no
        for no, fact in enumerate(town.records)
        if area_of[fact["volunteer_key"]] == area and fact["service_date"] == on
    ]
    gone = set(hit[random.randrange(10) :])
    town.records = [fact for no, fact in enumerate(town.records) if no not in gone]


def mend(town: Town, random: Random) -> None:
    """A few records turn out to be of other days."""
    for fact in random.sample(town.records, min(3, len(town.records))):
        fact["service_date"] = random.choice(town.records)["service_date"]


def late(town: Town, random: Random) -> None:
    """A few people of an area served in a month that is long over."""
    area = random.choice(sorted({fact["area_code"] for fact in town.registrations}))
    keys = [fact["volunteer_key"] for fact in town.registrations if fact["area_code"] == area]
    town.serve(keys[: random.randrange(1, 9)], random.randrange(4))


def empty(town: Town, random: Random) -> None:
    """A district keeps only a few of its people."""
    area = random.choice(sorted({fact["area_code"] for fact in town.registrations}))
    keys = [fact["volunteer_key"] for fact in town.registrations if fact["area_code"] == area]
    gone = set(keys[random.randrange(1, 9) :])
    town.registrations = [fact for fact in town.registrations if fact["volunteer_key"] not in gone]
    town.records = [fact for fact in town.records if fact["volunteer_key"] not in gone]


def go_on(town: Town, random: Random) -> None:
    """Another month, with few people or many."""
    last = max(fact["service_date"] for fact in town.records)
    keys = sorted({fact["volunteer_key"] for fact in town.registrations})
    town.serve(random.sample(keys, min(len(keys), random.choice((5, 60)))), last.month)


HAPPENINGS = (withdraw, mend, late, empty, go_on)


def random_history(directory: Path, seed: int, people: int, builds: int) -> Published:
    random = Random(seed)
    town = random_town(seed, people, random.choice((3, 4)), random.choice((2, 3, 4)), ages=(None,))
    published = Published(directory).publish(town)
    for _ in range(builds - 1):
        random.choice(HAPPENINGS)(town, random)
        published.publish(town)
    return published


def three_areas() -> tuple[Town, list[list[int]]]:
    town = Town()
    return town, [town.register(area, 60, 0) for area in LEAVES[:3]]


def one_withdrawn(directory: Path) -> Published:
    """Everything of three months was told; then a file is withdrawn, and few are left in one area of February."""
    town, registered = three_areas()
    for month in range(3):
        for keys, people in zip(registered, (30, 40, 50), strict=True):
            town.serve(keys[:people], month)
    published = Published(directory).publish(town)
    gone = set(registered[0][5:])
    town.records = [
        fact
        for fact in town.records
        if fact["volunteer_key"] not in gone or fact["service_date"] != day(1, 15)
    ]
    return published.publish(town)


def third_month_small(directory: Path) -> Published:
    """January and February were told, and few serve in one area in March: the quarter would tell how many."""
    town, registered = three_areas()
    months = ((30, 40, 50), (20, 35, 50), (5, 30, 40))
    for month, active in enumerate(months):
        for area, keys, people in zip(LEAVES, registered, active, strict=False):
            town.serve(keys[:people], month, area_code=area)
        if month == 1:
            published = Published(directory).publish(town)
    return published.publish(town)


def come_and_gone(directory: Path) -> Published:
    """A file comes and is withdrawn, so that an area has the count again that it had at first; another has few now."""
    town, registered = three_areas()
    for month in range(3):
        for keys, people in zip(registered, (30, 40, 50), strict=True):
            town.serve(keys[:people], month)
    published = Published(directory).publish(town)
    before = list(town.records)
    town.serve(registered[1][40:55], 1)
    published.publish(town)
    gone = set(registered[0][3:])
    town.records = [
        fact for fact in before if fact["volunteer_key"] not in gone or fact["service_date"] != day(1, 15)
    ]
    return published.publish(town)


def exposed(published: Published) -> list[int]:
    found = []
    for path in published.builds:
        with duckdb.connect(str(path), read_only=True) as build:
            ((value,),) = build.execute(
                "SELECT value FROM manifest WHERE key = 'disclosure_exposed'"
            ).fetchall()
        found.append(int(value))
    return found
