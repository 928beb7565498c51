"""Random cases for comparing the cube with `naive`: the same facts as typed dicts and as drops in CSV.

`make_case(seed)` invents two cities over 30 months with everything the definitions distinguish: people who
left, left on an unknown day, left one platform and stayed on another, or joined the other one later; who
moved, registered again, or were never registered; records before registration, on the edges of periods and on
29 February, pending, rejected, of zero hours, sent twice, corrected and late; areas blank, by code, by old
code and by name; activities cancelled, moved, unheard of. A few lives are in every case, so that every state
of activity, band of hours and grade of evidence occurs: see `certain_people`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.certain_people import register_certain_people
from tests.drops import EVIDENCE, SPELLINGS, Drop, Row, Spelling, id_number

CITY, SECOND_CITY, CITY_WITHOUT_DATA = "130200", "411000", "441300"
AREAS = {city: [area for area in SPELLINGS if city[:4] in area] for city in (CITY, SECOND_CITY)}
EARLIEST_REGISTRATION, FIRST_DAY, LAST_DAY = date(2019, 1, 15), date(2020, 1, 1), date(2022, 6, 30)
PLATFORMS = ["燕赵志愿云", "志愿汇", ""]
EDGES = [
    *(date(2020, 1, 1), date(2020, 2, 29), date(2020, 3, 1), date(2020, 3, 31), date(2020, 4, 1)),
    *(date(2020, 12, 31), date(2021, 1, 1), date(2021, 2, 28), date(2021, 6, 30), date(2021, 7, 1)),
    *(date(2021, 12, 31), date(2022, 1, 1)),
]
HOURS = [Decimal(text) for text in ("0.25", "0.5", "1", "1.5", "2", "2", "3.75", "6")]
START_TIMES = [None, None, "08:30", "09:00", "14:00"]


@dataclass
class Case:
    """Drops in the order in which they are meant to come."""

    seed: int
    drops: list[Drop]

    def write(self, directory: Path) -> list[Path]:
        """Write every drop; the paths come in the drops' order."""
        spelling = Spelling(Random(self.seed))
        return [drop.write(directory, spelling) for drop in self.drops]

    def facts(self, order: dict[str, int]) -> dict[str, list[Row]]:
        """The typed rows of the drops named in `order`, which gives each its number; by source."""
        found: dict[str, list[Row]] = {"registrations": [], "service_hours": [], "activities": []}
        for drop in self.drops:
            if drop.name in order:
                numbered = enumerate(drop.rows)
                found[drop.source] += [
                    {**row, "drop": order[drop.name], "row": row_no} for row_no, row in numbered
                ]
        return found


def make_case(seed: int, people: int = 60, records: int = 400) -> Case:
    """One case; the same seed gives the same case."""
    city = CityLife(Random(seed), people, records)
    early, late = (
        Drop("01-register.csv", "registrations", CITY),
        Drop("07-register.csv", "registrations", CITY),
    )
    # No folder says which city this one is about: the areas in its rows do.
    inferred = Drop("02-platform.csv", "registrations", is_english=True, encoding="utf-8-sig", delimiter="\t")
    second = Drop("03-register.csv", "registrations", SECOND_CITY, encoding="gb18030")
    activities = Drop("04-activities.csv", "activities", CITY)
    second_activities = Drop("04-activities-xuchang.csv", "activities", SECOND_CITY)
    late_activities = Drop("08-activities.csv", "activities", CITY, encoding="gb18030")
    hours = Drop("05-hours.csv", "service_hours", CITY)
    minutes = Drop("06-minutes.csv", "service_hours", CITY, in_minutes=True, delimiter=";")
    second_hours = Drop("06-hours-xuchang.csv", "service_hours", SECOND_CITY, is_english=True)
    late_hours = Drop("09-hours.csv", "service_hours", CITY, encoding="gb18030")

    city.hold_activities(activities, second_activities, late_activities)
    city.register_people(early, inferred, second, late)
    city.serve(hours, minutes, second_hours)
    city.correct(hours, minutes, late_hours)
    register_certain_people(city, early, late, hours)
    city.anchor(CITY, early, hours, activities)
    city.anchor(SECOND_CITY, second, second_hours, second_activities)
    early.spoiled = spoiled_registrations(early.rows[0])
    hours.spoiled = spoiled_records(hours.rows[0])
    drops = [early, inferred, second, activities, second_activities, hours, minutes, second_hours]
    return Case(seed, [*drops, late, late_activities, late_hours])


def spoiled_registrations(like: Row) -> list[tuple[Row, dict[str, str]]]:
    """Registrations that must be quarantined, each for one reason."""
    stranger = {**like, "id_number": id_number(date(1990, 1, 1), 999), "volunteer_number": None}
    wrong_digit = stranger["id_number"][:17] + ("0" if stranger["id_number"][17] != "0" else "1")
    return [
        (stranger, {"所属区县": "没有这个区"}),
        (stranger, {"注册日期": "2021-02-30"}),
        (stranger, {"身份证号": wrong_digit}),
        (stranger, {"身份证号": "", "志愿者编号": ""}),
    ]


def spoiled_records(like: Row) -> list[tuple[Row, dict[str, str]]]:
    """Service records that must be quarantined, each for one reason."""
    unlike = {**like, "record_id": "spoiled"}
    return [
        (unlike, {"服务地区": "没有这个区"}),
        (unlike, {"服务日期": "2021-13-01"}),
        (unlike, {"服务时长": "-2"}),
        (unlike, {"服务时长": "几小时"}),
    ]


class CityLife:
    """Draws people, what they register, what they do, and how it is corrected afterwards."""

    def __init__(self, random: Random, people: int, records: int) -> None:
        self.random = random
        self.record_count = records
        self.people_count = people
        self.people: list[Row] = []
        self.activity_ids: list[str] = []

    # --- small draws

    def day(self) -> date:
        """A day of the span, every fourth one on the edge of a period."""
        if self.random.random() < 0.25:
            return self.random.choice(EDGES)
        return FIRST_DAY + timedelta(days=self.random.randrange((LAST_DAY - FIRST_DAY).days + 1))

    def registration_day(self) -> date:
        """Some register before the first hours were ever recorded."""
        return self.day() if self.random.random() < 0.6 else EARLIEST_REGISTRATION + timedelta(days=200)

    def area(self, city: str = CITY) -> str:
        return self.random.choice(AREAS[city])

    def person(self, city: str, platform: str | None = None, has_id: bool = True) -> Row:
        """Somebody new. Who has no ID number has a volunteer number, and perhaps no known gender or birth."""
        sequence = len(self.people) + 1
        birth = date(
            self.random.randrange(1935, 2013), self.random.randrange(1, 13), self.random.randrange(1, 28)
        )
        is_male = self.random.random() < 0.5
        has_number = not has_id or self.random.random() < 0.4
        person = {
            "id_number": id_number(birth, 2 * sequence + is_male) if has_id else None,
            "volunteer_number": f"V{sequence:05d}" if has_number else None,
            "platform": self.random.choice(PLATFORMS) if platform is None else platform,
            "gender": self.random.choice([None, "male" if is_male else "female"]),
            "birth_date": self.random.choice([None, birth]),
            "area": self.area(city),
            "city": city,
        }
        self.people.append(person)
        return person

    # --- registrations

    def register(self, drop: Drop, person: Row, **changed: Any) -> Row:
        """One registration row of a person."""
        row = {
            "registered_on": self.registration_day(),
            "has_left": False,
            "left_on": None,
            **person,
            **changed,
        }
        del row["city"]
        drop.rows.append(row)
        return row

    def register_people(self, early: Drop, inferred: Drop, second: Drop, late: Drop) -> None:
        """Every kind of life in turn; the last drop then repeats part of the first, as whole registers do."""
        lives = [
            *(self.stays, self.leaves, self.leaves_on_an_unknown_day, self.is_on_two_platforms),
            *(self.changes_platform, self.moves, self.registers_again, self.has_only_a_number),
            self.never_registers,
        ]
        for position in range(self.people_count):
            if position % 6 == 5:
                person = self.person(SECOND_CITY)
                row = self.register(second, person)
                if self.random.random() < 0.3:  # moves to the first city
                    self.register(late, person, registered_on=row["registered_on"], area=self.area())
            else:
                lives[position % len(lives)](self.random.choice([early, inferred]), inferred, late)
        late.rows += [dict(row) for row in early.rows if self.random.random() < 0.5]
        early.rows += [dict(row) for row in early.rows if self.random.random() < 0.1]
        # At least one area names the city of the drop without a folder.
        self.register(inferred, self.person(CITY), area="130202")

    def stays(self, drop: Drop, *_: Drop) -> None:
        self.register(drop, self.person(CITY))

    def leaves(self, drop: Drop, _: Drop, late: Drop) -> None:
        """Registered in one drop, gone in a later one."""
        person = self.person(CITY)
        row = self.register(drop, person)
        self.register(
            late, person, registered_on=row["registered_on"], **self.gone_after(row["registered_on"])
        )

    def leaves_on_an_unknown_day(self, drop: Drop, *_: Drop) -> None:
        self.register(drop, self.person(CITY), has_left=True)

    def is_on_two_platforms(self, drop: Drop, other: Drop, _: Drop) -> None:
        """Left on one, in force on the other; both rows may say different districts."""
        person = self.person(CITY, platform="燕赵志愿云")
        joined = self.registration_day()
        self.register(drop, person, registered_on=joined, **self.gone_after(joined))
        self.register(other, {**person, "platform": "志愿汇"}, area=self.area())

    def changes_platform(self, drop: Drop, other: Drop, _: Drop) -> None:
        """Leaves one platform in 2020 and joins another in 2021: nobody's volunteer in between."""
        person = self.person(CITY, platform="")
        days = {"registered_on": date(2019, 5, 5), "left_on": self.random.choice(EDGES[:5])}
        self.register(drop, person, has_left=True, **days)
        self.register(other, {**person, "platform": "志愿汇"}, registered_on=self.random.choice(EDGES[6:]))

    def moves(self, drop: Drop, _: Drop, late: Drop) -> None:
        """The later row says another district, or none."""
        person = self.person(CITY)
        row = self.register(drop, person)
        self.register(late, person, registered_on=row["registered_on"], area=self.area())

    def registers_again(self, drop: Drop, _: Drop, late: Drop) -> None:
        """Left, and registered again on the same platform: the later row stands for both."""
        person = self.person(CITY)
        self.register(drop, person, registered_on=date(2019, 9, 9), **self.gone_after(date(2019, 9, 9)))
        self.register(late, person, registered_on=self.day())

    def has_only_a_number(self, drop: Drop, *_: Drop) -> None:
        self.register(drop, self.person(CITY, has_id=False))

    def never_registers(self, *_: Drop) -> None:
        self.person(CITY)

    def gone_after(self, joined: date) -> Row:
        left_on = max(self.day(), joined + timedelta(days=1))
        return {"has_left": True, "left_on": min(left_on, LAST_DAY)}

    # --- activities

    def hold_activities(self, early: Drop, second: Drop, late: Drop) -> None:
        """Some are cancelled or moved later, some arrive only after the hours served in them, one never."""
        for position in range(24):
            drop, city = [(early, CITY), (early, CITY), (second, SECOND_CITY), (late, CITY)][position % 4]
            row = {
                "activity_id": f"A{position:03d}",
                "area": self.area(city),
                "starts_on": self.day(),
                "is_cancelled": self.random.random() < 0.15,
            }
            drop.rows.append(row)
            if drop is early and self.random.random() < 0.4:
                corrected = [{"area": self.area()}, {"starts_on": self.day()}, {"is_cancelled": True}]
                late.rows.append({**row, **self.random.choice(corrected)})
            self.activity_ids.append(row["activity_id"])
        self.activity_ids.append("A-unheard-of")

    # --- service records

    def serve(self, hours: Drop, minutes: Drop, second: Drop) -> None:
        """Records of everybody, registered or not, whatever the day; a few people do most of the work."""
        for position in range(self.record_count):
            person = self.people[int(len(self.people) * self.random.random() ** 2)]
            drop = second if person["city"] == SECOND_CITY else self.random.choice([hours, minutes])
            by_number = person["id_number"] is None or (
                person["volunteer_number"] is not None and self.random.random() < 0.5
            )
            drop.rows.append(
                {
                    "id_number": None if by_number else person["id_number"],
                    "volunteer_number": person["volunteer_number"] if by_number else None,
                    "platform": person["platform"],
                    "record_id": None if drop is minutes else f"R{position:05d}",
                    "activity_id": self.random.choice([None, self.random.choice(self.activity_ids)]),
                    "area": self.random.choice([None, None, self.area(person["city"]), self.area(CITY)]),
                    "drop_area": f"U{drop.folder}",
                    "service_date": self.day(),
                    "start_at": self.random.choice(START_TIMES),
                    "hours": Decimal(0) if self.random.random() < 0.05 else self.random.choice(HOURS),
                    "status": self.random.choice(["通过"] * 8 + ["", "待审", "驳回"]),
                    "evidence": self.random.choice(["clocked", "clocked", *EVIDENCE]),
                }
            )

    def correct(self, hours: Drop, minutes: Drop, late: Drop) -> None:
        """Later drops repeat records, change hours, status and day, and bring records of long ago."""
        sent = hours.rows + minutes.rows
        for row in self.random.sample(sent, len(sent) // 6):
            if row["record_id"]:
                changes = [{}, {"hours": self.random.choice(HOURS)}, {"status": "驳回"}, {"status": "通过"}]
                changes += [{"service_date": self.day()}, {"area": self.area()}]
                changes.append({"evidence": self.random.choice(list(EVIDENCE))})
            else:  # without a record number, the day and the start are what it is known by
                changes = [{}, {"hours": self.random.choice(HOURS)}, {"status": "驳回"}]
            late.rows.append({**row, **self.random.choice(changes)})
        for drop in (hours, minutes):
            for row in self.random.sample(drop.rows, len(drop.rows) // 16):
                drop.rows.append({**row, "hours": self.random.choice([row["hours"], Decimal("4.5")])})
        for position in range(len(sent) // 20):
            fresh = {
                "record_id": f"L{position:05d}",
                "service_date": self.day(),
                "drop_area": f"U{late.folder}",
            }
            late.rows.append({**self.random.choice(hours.rows), **fresh})

    # --- what makes the first and last month of both cities certain

    def anchor(self, city: str, register: Drop, hours: Drop, activities: Drop) -> None:
        """Plain rows on the first and last days, so that every source of a city covers the same months."""
        area = AREAS[city][0]
        for day in (EARLIEST_REGISTRATION, LAST_DAY - timedelta(days=3)):
            person = self.person(city)
            self.register(register, person, registered_on=day, area=area)
            for service_date in (FIRST_DAY, LAST_DAY - timedelta(days=2)):
                hours.rows.append(
                    {
                        "id_number": person["id_number"],
                        "volunteer_number": None,
                        "platform": person["platform"],
                        "record_id": f"anchor-{city}-{day}-{service_date}",
                        "activity_id": None,
                        "area": area,
                        "drop_area": f"U{city}",
                        "service_date": service_date,
                        "start_at": None,
                        "hours": Decimal(2),
                        "status": "通过",
                        "evidence": "clocked",
                    }
                )
        for starts_on in (FIRST_DAY, LAST_DAY - timedelta(days=1)):
            activity = {"area": area, "starts_on": starts_on, "is_cancelled": False}
            activities.rows.append({"activity_id": f"anchor-{city}-{starts_on}", **activity})
