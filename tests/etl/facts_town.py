"""A small town whose facts are written straight into the warehouse's tables and change at random, by seed."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import duckdb

from metrics.engine import insert_values

DISTRICTS = ("130202", "130203", "U130200", "411002")
CITIES = ("U130200", "U130200", "U411000")
PEOPLE, ACTIVITIES = 60, 15
NUMBERS = (
    1000  # key of the volunteer number of person n: NUMBERS + n; of the number without a platform: twice it
)
FIRST, MONTHS = date(2021, 11, 1), 20


class Town:
    """Each act is a drop or a withdrawal, in the form a load leaves the facts in."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, random: Random) -> None:
        self.connection = connection
        self.random = random
        self.drops = 0
        self.rows = 0

    def found(self) -> None:
        kinds = [("person" if person % 3 else "number", person) for person in range(PEOPLE)]
        self.insert(
            "surrogates",
            [{"kind": kind, "digest": str(UUID(int=key)), "key": key} for kind, key in kinds],
        )
        self.register([person for person in range(PEOPLE) if person % 4])
        self.hold_activities(range(ACTIVITIES))
        self.serve(300, lambda: self.random.randrange(MONTHS - 3))

    def live(self) -> str:
        """One to three acts; what they were."""
        acts: list[Callable[[], None]] = [
            self.serve_this_month, self.serve_this_month, self.serve_long_ago, self.correct_records,
            self.withdraw, self.newcomers, self.people_change, self.people_on_another_platform,
            self.people_migrate, self.people_leave_a_platform, self.activities_change, self.numbers_explained,
        ]  # fmt: skip
        chosen = self.random.sample(acts, self.random.choice([1, 1, 2, 3]))
        for act in chosen:
            act()
        return ", ".join(act.__name__ for act in chosen)

    # --- rows

    def drop(self, source: str) -> int:
        self.drops += 1
        row = {
            "drop_id": self.drops, "source": source, "file_name": "x.csv", "sha256": str(self.drops), "bytes": 1,
            "rows_read": 0, "rows_accepted": 0, "rows_unchanged": 0, "rows_quarantined": 0, "rows_superseding": 0,
            "rows_blank": 0, "rows_skipped": 0, "is_synthetic": False, "status": "loaded",
            "loaded_at": date(2023, 8, self.random.randrange(1, 28)),
        }  # fmt: skip
        self.insert("drops", [row])
        return self.drops

    def insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            names = f"{table} ({', '.join(rows[0])})"
            insert_values(self.connection, names, [list(row.values()) for row in rows])

    def numbered(self, drop: int, **values: Any) -> dict[str, Any]:
        self.rows += 1
        return {"drop_id": drop, "row_no": self.rows, "record_key": self.rows, **values}

    def day(self, month: int) -> date:
        year, month_no = divmod(FIRST.year * 12 + FIRST.month - 1 + month, 12)
        return date(year, month_no + 1, 1) + timedelta(days=self.random.randrange(28))

    def some(self, table: str, share: float, columns: str) -> list[tuple[Any, ...]]:
        """Some rows of a table, taken out of it."""
        rows = self.connection.execute(f"SELECT record_key, {columns} FROM {table} ORDER BY 1").fetchall()
        taken = [row for row in rows if self.random.random() < share]
        for key, *_ in taken:
            self.connection.execute(f"DELETE FROM {table} WHERE record_key = ?", [key])
        return taken

    # --- service

    def serve(self, count: int, month: Callable[[], int]) -> None:
        drop = self.drop("service_hours")
        rows = []
        for _ in range(count):
            person = int(PEOPLE * self.random.random() ** 2)
            by_number = person % 5 == 0 and self.random.random() < 0.6
            is_bare = self.random.random() < 0.3
            key = person if not by_number else NUMBERS * (2 if is_bare else 1) + person
            rows.append(self.record(drop, key, self.day(month())))
        self.insert("service_records", rows)

    def record(self, drop: int, person: int, day: date) -> dict[str, Any]:
        return self.numbered(
            drop,
            volunteer_key=person,
            activity_key=self.random.choice([None, self.random.randrange(ACTIVITIES + 5)]),
            area_code=self.random.choice([None, None, *DISTRICTS]),
            drop_area_code=self.random.choice([None, *CITIES]),
            service_date=day,
            started_at=None,
            service_minutes=self.random.choice([30, 45.5, 60, 100.25]),
            is_counted=self.random.random() < 0.9,
            evidence=self.random.choice(["clocked", "clocked", "manual", "imported", "honorary", "unknown"]),
            has_record_id=self.random.random() < 0.5,
        )

    def serve_this_month(self) -> None:
        month = MONTHS - 3 + self.random.randrange(3)
        self.serve(40, lambda: month if self.random.random() < 0.9 else month - 1)

    def serve_long_ago(self) -> None:
        self.serve(6, lambda: self.random.randrange(MONTHS))

    def correct_records(self) -> None:
        """Later versions: other days, other amounts, other persons, no longer counted."""
        drop = self.drop("service_hours")
        rows = []
        for _, person, day in self.some("service_records", 0.05, "volunteer_key, service_date"):
            other_day = self.random.choice([day, day, self.day(self.random.randrange(MONTHS))])
            rows.append(self.record(drop, self.random.choice([person, person, 3]), other_day))
        self.insert("service_records", rows)

    def withdraw(self) -> None:
        """All rows of some earlier drop are gone."""
        gone = self.random.randrange(1, self.drops + 1)
        if gone > 2:  # the town's first register and activities stay
            for table in ("registrations", "service_records", "activities"):
                self.connection.execute(f"DELETE FROM {table} WHERE drop_id = {gone}")
            self.connection.execute(f"UPDATE drops SET status = 'withdrawn' WHERE drop_id = {gone}")

    # --- people

    def register(self, people: list[int], platform: str = "a") -> None:
        drop = self.drop("registrations")
        rows = []
        for person in people:
            left = self.random.random() < 0.2
            has_number = person % 5 == 0 and self.random.random() < 0.7
            rows.append(
                self.numbered(
                    drop,
                    volunteer_key=person,
                    number_key=NUMBERS + person if has_number else None,
                    bare_number_key=2 * NUMBERS + person if has_number else None,
                    platform=platform,
                    area_code=self.random.choice(DISTRICTS),
                    gender=self.random.choice(["female", "male", "unknown"]),
                    birth_year=self.random.choice([None, 1950, 1962, 1987, 1988, 2005, 2009]),
                    registered_on=self.day(self.random.randrange(-6, MONTHS)),
                    has_left=left,
                    left_on=self.day(self.random.randrange(MONTHS)) if left and person % 3 else None,
                )
            )
        self.insert("registrations", rows)

    def newcomers(self) -> None:
        """People of whom there may have been records before."""
        known = {
            key for (key,) in self.connection.execute("SELECT volunteer_key FROM registrations").fetchall()
        }
        strangers = [person for person in range(PEOPLE) if person not in known]
        self.register(self.random.sample(strangers, min(len(strangers), 4)))

    def people_change(self) -> None:
        """They move, leave, come back, register at another time; some row no longer says anything new."""
        people = [person for _, person in self.some("registrations", 0.1, "volunteer_key")]
        self.register(sorted(set(people)))

    def people_on_another_platform(self) -> None:
        self.register(self.random.sample(range(PEOPLE), 5), platform=f"p{self.drops}")

    def people_migrate(self) -> None:
        """They leave the platform they are on and are on b from some time before or after."""
        self.register(sorted(set(self.people_leave_a_platform())), platform="b")

    def people_leave_a_platform(self) -> list[int]:
        """Later versions of some registrations, which end; whoever is on another platform stays in force there."""
        rows = self.some("registrations", 0.15, "volunteer_key, platform, area_code, registered_on")
        drop = self.drop("registrations")
        self.insert(
            "registrations",
            [
                self.numbered(
                    drop, volunteer_key=person, platform=platform, area_code=area, gender="unknown",
                    registered_on=joined, has_left=True, left_on=max(joined, self.day(self.random.randrange(MONTHS))),
                )
                for _, person, platform, area, joined in rows
            ],
        )  # fmt: skip
        return [person for _, person, *_ in rows]

    def numbers_explained(self) -> None:
        """A register tells whose some numbers are, or no longer does."""
        people = [
            person for _, person in self.some("registrations", 0.15, "volunteer_key") if person % 5 == 0
        ]
        self.register(
            sorted({*people, *self.random.sample(range(0, PEOPLE, 5), 3)}), platform=f"n{self.drops}"
        )

    # --- activities

    def hold_activities(self, keys: Any) -> None:
        drop = self.drop("activities")
        self.insert(
            "activities",
            [
                self.numbered(
                    drop,
                    activity_key=key,
                    area_code=self.random.choice(DISTRICTS),
                    starts_on=self.day(self.random.randrange(MONTHS)),
                    is_cancelled=self.random.random() < 0.2,
                )
                for key in keys
            ],
        )

    def activities_change(self) -> None:
        moved = [key for _, key in self.some("activities", 0.2, "activity_key")]
        known = self.connection.execute("SELECT activity_key FROM activities").fetchall()
        new = [key for key in range(ACTIVITIES + 5) if (key,) not in known and key not in moved]
        self.hold_activities([*moved[1:], *new[:2]])
