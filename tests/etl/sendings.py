"""Drawn drops of several suppliers, each received on a day of its own: for tests of completeness.

    sendings.send(\"\"\"
        supplier | received   | rows
        平台甲   | 2021-02-03 | 路南区 2021-01-05, 路北区 2021-01-20
    \"\"\")
    sendings.shows(\"\"\"
        supplier | area   | 2021-01  | 2021-02
        平台甲   | 路南区 | complete | absent
    \"\"\")

A row is an area and a day, `x40` behind it means forty such rows. Cells of what is shown: the state, followed by
`late` where it is; `-` where the matrix has no such month.
"""

from __future__ import annotations

import itertools
import os
from datetime import date, datetime
from typing import Any

from etl import completeness
from etl.load import Outcome
from etl.publish import publish
from metrics.areas import load_areas
from metrics.build import Build, open_build
from metrics.build_schema import TABLES
from metrics.periods import Period
from metrics.query import query
from tests.drops import id_number
from tests.etl.desk import ACTIVITIES, ADA, HOURS, REGISTER, TANGSHAN, Desk, text
from tests.spec.drawn import read_table

TODAY = date(2021, 12, 31)


def area_code(name: str) -> str:
    return load_areas().resolve(name, TANGSHAN) or TANGSHAN


class Sendings:
    """A desk to which suppliers send drawn drops, and the matrix of what came."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.numbers = itertools.count(1)

    # --- in

    def send(self, drawing: str, source: str = "service_hours", **options: Any) -> list[Outcome]:
        return [self.send_one(row, source, **options) for row in read_table(drawing)]

    def send_one(self, row: dict[str, str], source: str, **options: Any) -> Outcome:
        cells = [
            cell
            for said in row["rows"].split(",")
            for cell in [said.split(" x")[0].split()] * int([*said.split(" x"), "1"][1])
        ]
        lines = [self.line(source, *cell) for cell in cells]
        header = {"service_hours": HOURS, "activities": ACTIVITIES, "registrations": REGISTER}[source]
        path = self.desk.put(text(header, *lines), f"{next(self.numbers):05}.csv")
        moment = datetime.fromisoformat(row["received"]).timestamp()
        os.utime(path, (moment, moment))
        supplier = row["supplier"] or None
        outcome = self.desk.load_path(path, supplier=supplier, released_by="测试", **options)
        assert outcome.row.status == "loaded", outcome.told
        assert not outcome.row.rows_quarantined, self.desk.reasons(outcome)
        return outcome

    def line(self, source: str, area: str, day: str, identity: str = "") -> str:
        """One row; an identity (`#7`) makes it the same fact as another row with it."""
        number = identity or f"{next(self.numbers)}"
        area = area_code(area) if area != "?" else ""
        if source == "service_hours":
            return f"R{number},{ADA},{day},1,{area}"
        if source == "activities":
            return f"A{number},清洁家园,{area},{day},正常"
        return f"{id_number(date(1990, 1, 1), int(number.lstrip('#')) % 1000)},某某,{area},{day},正常"

    def declare(self, toml: str) -> None:
        (self.desk.home / "suppliers.toml").write_text(toml, encoding="utf-8")

    # --- out

    def build(self, today: date = TODAY) -> Build:
        publish(self.desk.connection, self.desk.home, today)
        build = open_build(self.desk.home)
        assert build is not None
        return build

    def matrix(self, today: date = TODAY) -> list[dict[str, Any]]:
        """The matrix without the work of publishing."""
        connection = self.desk.connection
        connection.execute("CREATE SCHEMA drawn")
        for table in ("completeness", "gaps"):
            connection.execute(f"CREATE TABLE drawn.{table} ({TABLES[table]})")
        completeness.refresh(connection)
        completeness.write(connection, "drawn", completeness.declared(self.desk.home), today)
        found = connection.execute("SELECT * FROM drawn.completeness ORDER BY ALL")
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        connection.execute("DROP SCHEMA drawn CASCADE")
        return rows

    def shows(self, drawing: str, today: date = TODAY, source: str = "service_hours") -> None:
        """Compare every area drawn with the matrix, and that no other area is in it."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for row in self.matrix(today):
            if row["source"] == source:
                said = row["state"] + (" late" if row["is_late"] else "")
                found.setdefault((row["supplier"], row["area_code"]), {})[f"{row['month']:%Y-%m}"] = said
        drawn = read_table(drawing)
        months = [name for name in drawn[0] if name[0].isdigit()]
        expected = {
            (row["supplier"], area_code(row["area"])): {month: row[month] for month in months}
            for row in drawn
        }
        shown = {
            place: {month: states.get(month, "-") for month in months} for place, states in found.items()
        }
        assert shown == expected


def statuses(build: Build, drawing: str, indicator: str = "service_hours", **question: Any) -> None:
    """Compare drawn statuses: the first column is the area, the others are periods."""
    drawn = read_table(drawing)
    periods = [name for name in drawn[0] if name != "area"]
    found = [
        {"area": row["area"]}
        | {
            code: query(build, indicator, area_code(row["area"]), Period.parse(code), **question)[0].status
            for code in periods
        }
        for row in drawn
    ]
    assert found == drawn
