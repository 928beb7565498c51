"""Draw a town: who registered, who served when, and what the tables of a build say about it.

    TOWN = Town(
        registrations=\"\"\"
            person | area   | registered_on | left_on
            Ada    | 130204 | 2021-01-01    |
        \"\"\",
        service=\"\"\"
            person | served_on
            Ada    | 2021-03-01 2021-05-01
        \"\"\",
    )

    def test_something(told: Told) -> None:
        told.shows(\"\"\"
            measure           | area   | period  | value
            lapsed_volunteers | 130204 | 2021-04 | 1
        \"\"\")

Every test is told twice: by `naive`, which counts the drawn rows with loops, and by a build, to which the drawn
rows of all towns went as drops. So each town has districts of its own, and nothing is asked about the city.

Registrations may have the columns volunteer_number, platform and left_on, service records the columns hours,
evidence, status and area; `served_on` lists days, each of which is a record (of an hour unless drawn otherwise),
and 2021-01-01..2021-01-05 stands for five of them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from metrics.periods import Period
from tests import naive_facts
from tests.against_naive import PARENT
from tests.against_tables import LAST_END, Asked, Numbers, Part, Parts, boring_parts
from tests.drops import id_number
from tests.spec.drawn import read_table

STOCKS = ("registered_volunteers", "sleeping_")


@dataclass(frozen=True)
class Town:
    """What is drawn; registrations that come in several drops are drawn as a tuple, earliest first."""

    registrations: str | tuple[str, ...]
    service: str

    def drops(self) -> list[list[dict[str, Any]]]:
        """The registrations of each drop, as naive reads them."""
        drawings = (self.registrations,) if isinstance(self.registrations, str) else self.registrations
        return [
            [self.registration(row, drop, row_no) for row_no, row in enumerate(read_table(drawing))]
            for drop, drawing in enumerate(drawings)
        ]

    @property
    def districts(self) -> list[str]:
        return sorted({row["area"] for row in self.drawn_rows() if row.get("area")})

    @property
    def code(self) -> str:
        """The first district drawn: what makes this town's people and records other ones than another's."""
        first = self.registrations if isinstance(self.registrations, str) else self.registrations[0]
        return read_table(first)[0]["area"]

    def id_number(self, name: str) -> str | None:
        """A synthetic one for a name; nothing for nobody. Everybody in a town is born on the same day."""
        names = sorted({row["person"] for row in self.drawn_rows()} - {""})
        born = date(1990, 1, 1) + timedelta(days=int(self.code[-3:]))
        return id_number(born, 2 * names.index(name) + 2) if name else None

    def drawn_rows(self) -> list[dict[str, str]]:
        drawings = (self.registrations,) if isinstance(self.registrations, str) else self.registrations
        return [row for drawing in (*drawings, self.service) for row in read_table(drawing)]

    def registration(self, row: dict[str, str], drop: int, row_no: int) -> dict[str, Any]:
        left_on = row.get("left_on")
        return {
            "drop": drop,
            "row": row_no,
            "id_number": self.id_number(row["person"]),
            "volunteer_number": row.get("volunteer_number") or None,
            "platform": row.get("platform", ""),
            "area": row["area"],
            "gender": None,
            "birth_date": None,
            "registered_on": date.fromisoformat(row["registered_on"]),
            "has_left": bool(left_on),
            "left_on": date.fromisoformat(left_on) if left_on else None,
        }

    def records(self) -> list[dict[str, Any]]:
        """The service records, as naive reads them."""
        days = [(row, day) for row in read_table(self.service) for day in days_of(row["served_on"])]
        return [
            {
                "drop": 100,
                "row": number,
                "id_number": self.id_number(row["person"]),
                "volunteer_number": row.get("volunteer_number") or None,
                "platform": row.get("platform", ""),
                "record_id": f"{self.code}-{number}",
                "activity_id": None,
                "area": row.get("area") or None,
                "drop_area": "U130200",
                "service_date": day,
                "start_at": None,
                "hours": Decimal(row.get("hours") or 1),
                "status": row.get("status") or "通过",
                "evidence": row.get("evidence") or "unknown",
            }
            for number, (row, day) in enumerate(days)
        ]


def days_of(drawn: str) -> list[date]:
    """Days divided by blanks; 2021-01-01..2021-01-05 are five."""
    days = []
    for text in drawn.split():
        first, _, last = text.partition("..")
        start = date.fromisoformat(first)
        length = (date.fromisoformat(last) - start).days + 1 if last else 1
        days += [start + timedelta(days=number) for number in range(length)]
    return days


class Told:
    """What somebody says about a town; `parts_of` answers with all parts of one figure."""

    def parts_of(self, asked: Asked) -> Parts:
        raise AssertionError("nobody tells anything")

    def shows(self, drawing: str) -> None:
        """The drawn counts of measures; columns window, basis, by and member where they are needed."""
        self.compare(drawing, [self.observation(row) for row in read_table(drawing)])

    @staticmethod
    def observation(row: dict[str, str]) -> tuple[Asked, Part, Numbers]:
        period = Period.parse(row["period"])
        window = "stock" if row["measure"].startswith(STOCKS) else row.get("window") or period.kind
        figure = (row["measure"], row.get("basis") or "residence", row.get("by", ""), window)
        asked = Asked("observations", *figure, row["area"], period.end)
        return asked, row.get("member", ""), (float(row["value"]),)

    def shows_bands(self, drawing: str) -> None:
        """People and hours by the hours a band begins at; a band that is not drawn holds nobody."""
        rows = []
        for row in read_table(drawing):
            period = Period.parse(row["period"])
            asked = Asked("hours_bands", "", "", "", row["window"], row["area"], period.end)
            rows.append((asked, int(row["hours_from"]), (float(row["people"]), float(row["hours"]))))
        self.compare(drawing, rows, is_complete=True)

    def shows_cohorts(self, drawing: str) -> None:
        """Who is left of a quarter's registrations at the end of another; no other cohort has anybody then."""
        rows = []
        for row in read_table(drawing):
            asked = Asked("cohorts", "", "", "", "quarter", row["area"], Period.parse(row["quarter"]).end)
            cohort = Period.parse(row["cohort"]).start
            rows.append((asked, cohort, (float(row["registered"]), float(row["active"]))))
        self.compare(drawing, rows, is_complete=True)

    def shows_days(self, drawing: str) -> None:
        """Visits and hours of days; the other days of their months have none."""
        rows = []
        for row in read_table(drawing):
            day = date.fromisoformat(row["day"])
            asked = Asked("days", "", "", "", "month", row["area"], naive_facts.end_of_month(day))
            rows.append((asked, day, (float(row["visits"]), float(row["hours"]))))
        self.compare(drawing, rows, is_complete=True)

    def compare(
        self, drawing: str, rows: list[tuple[Asked, Part, Numbers]], is_complete: bool = False
    ) -> None:
        wrong = []
        for (asked, part, numbers), drawn in zip(rows, read_table(drawing), strict=True):
            found = self.parts_of(asked).get(part, (0.0,) * len(numbers))
            if None in found or found != pytest.approx(numbers, rel=1e-9):
                wrong.append(f"drawn {drawn}\nfound {found}")
        if is_complete:
            drawn_parts = {(asked, part) for asked, part, _ in rows}
            for asked in {asked for asked, _, _ in rows}:
                surplus = [part for part in self.parts_of(asked) if (asked, part) not in drawn_parts]
                wrong += [f"not drawn: {asked} {part} {self.parts_of(asked)[part]}" for part in surplus]
        assert not wrong, "\n".join(["not as drawn:", *wrong])


class ToldByNaive(Told):
    def __init__(self, town: Town) -> None:
        registrations = [row for rows in town.drops() for row in rows]
        self.world = naive_facts.prepare(registrations, town.records(), [], {}, PARENT)

    def parts_of(self, asked: Asked) -> Parts:
        return boring_parts(self.world, asked)


class ToldByBuild(Told):
    def __init__(self, tables: dict[Asked, Parts]) -> None:
        self.tables = tables

    def parts_of(self, asked: Asked) -> Parts:
        return self.tables.get(asked, {})


def write_drops(towns: list[Town], directory: Path) -> list[Path]:
    """The drawn rows of all towns: one drop of registrations for each that somebody drew, one of service."""
    taken = [district for town in towns for district in town.districts]
    assert len(taken) == len(set(taken)), f"two towns share a district: {sorted(taken)}"
    several = [town.drops() for town in towns]
    drops: list[tuple[str, list[dict[str, Any]]]] = []
    for number in range(max(len(rows) for rows in several)):
        rows = [row for town in several if number < len(town) for row in town[number]]
        drops.append((f"{number}-registrations.csv", rows))
    records = [row for town in towns for row in town.records()]
    # Somebody serves elsewhere on the last day that is asked about: a build has no windows of later years.
    last = {"record_id": "last", "service_date": LAST_END, "area": "130229", "id_number": None}
    last["volunteer_number"] = "nobody"
    drops.append(("9-service.csv", [*records, {**records[0], **last}]))
    return [write_drop(directory / "130200" / name, rows) for name, rows in drops]


def write_drop(path: Path, rows: list[dict[str, Any]]) -> Path:
    """English headers; a blank where naive reads that there is nothing, or that nothing is known."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dropped = {"drop", "row", "drop_area", "gender", "birth_date", "start_at", "activity_id"}
    with path.open("w", encoding="utf-8", newline="") as file:
        texts = [written(row) for row in rows]
        writer = csv.DictWriter(
            file, [name for name in texts[0] if name not in dropped], extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(texts)
    return path


def written(row: dict[str, Any]) -> dict[str, str]:
    texts = {name: "" if value is None else str(value) for name, value in row.items()}
    if "has_left" in texts:
        texts["status"] = "注销" if row["has_left"] else "正常"
        del texts["has_left"]
    else:
        texts["service_hours"] = texts.pop("hours")
        texts["evidence"] = "" if row["evidence"] == "unknown" else row["evidence"]
    return texts
