"""Draw a case: tables in, a question, the expected numbers.

    city.registrations(\"\"\"
        person | area   | registered_on | left_on
        Ada    | 130202 | 2021-03-31    |
    \"\"\")
    city.shows(\"\"\"
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2021-03 | 1
    \"\"\")

Tables of drops have the English headers of the contracts. `person` is a shorthand for id_number: a name stands
for a synthetic ID number (a woman born on 1 January 1990 unless the table says otherwise in the columns sex and
born, which never reach the file). In an expected table `-` means: there is no value. Parts of a breakdown are
asked for by the columns `by` (district, gender, age_band) and `part` (the child's area code, or the member).
"""

from __future__ import annotations

import csv
import itertools
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics.build import open_build
from metrics.periods import Period
from metrics.query import query
from tests.commands import Result, load, run
from tests.drops import id_number

QUESTION = ("indicator", "area", "period", "window", "basis", "by", "part")


def read_table(drawing: str) -> list[dict[str, str]]:
    """Rows of a drawn table: the first line is the header, `|` divides, blank lines are skipped."""
    lines = [line for line in drawing.splitlines() if line.strip()]
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
    for row in rows:
        assert len(row) == len(header), f"{len(header)} columns drawn, but a row has {len(row)}: {row}"
    return [dict(zip(header, row, strict=True)) for row in rows]


class Sent:
    """A drop that was drawn; its ledger row can be looked up by column (which makes the city receive it)."""

    def __init__(self, city: City, name: str) -> None:
        self.city = city
        self.name = name

    def __getitem__(self, column: str) -> Any:
        self.city.receive()
        return self.city.ledger[self.name][column]


class City:
    """A data home of its own, fed with drawn drops.

    Drops wait until something is asked and are then loaded by one command, in the order drawn: most of the time
    of a load goes into publishing.
    """

    def __init__(self, directory: Path) -> None:
        self.home = directory / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.directory = directory / "drops"
        self.people: dict[str, str] = {}
        self.numbers = itertools.count(1)
        self.waiting: list[Path] = []
        self.ledger: dict[str, dict[str, Any]] = {}

    # --- in

    def registrations(self, drawing: str, about: str = "130200") -> Sent:
        return self.send("registrations", drawing, about)

    def service_hours(self, drawing: str, about: str = "130200") -> Sent:
        return self.send("service_hours", drawing, about)

    def activities(self, drawing: str, about: str = "130200") -> Sent:
        return self.send("activities", drawing, about)

    def send(self, source: str, drawing: str, about: str) -> Sent:
        """Write a drawn drop; `about` is the code its folder is named after ('' for none)."""
        rows = [self.with_identity(row) for row in read_table(drawing)]
        path = self.directory / about / f"{next(self.numbers):02}-{source}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        self.waiting.append(path)
        return Sent(self, path.name)

    def receive(self) -> None:
        """Load the drops that wait."""
        if self.waiting:
            answer = load(self.home, *self.waiting)
            self.ledger |= {row["file_name"]: row for row in answer["drops"]}
            self.waiting = []

    def with_identity(self, row: dict[str, str]) -> dict[str, str]:
        """The row with `person`, `sex` and `born` replaced by an ID number."""
        written = {name: cell for name, cell in row.items() if name not in {"person", "sex", "born"}}
        if "person" not in row:
            return written
        name = row["person"]
        if name and name not in self.people:
            born = date.fromisoformat(row.get("born") or "1990-01-01")
            self.people[name] = id_number(born, 2 * len(self.people) + 2 + (row.get("sex") == "man"))
        return {"id_number": self.people.get(name, ""), **written}

    def withdraw(self, drop: Sent) -> Result:
        return run("etl", "withdraw", drop["drop_id"], "--reason", "a spec", home=self.home).require()

    # --- out

    def shows(self, drawing: str) -> None:
        """Ask each row's question and compare all rows with the drawing at once."""
        self.receive()
        drawn = read_table(drawing)
        found = [self.answer(row) for row in drawn]
        wrong = [
            f"drawn {row}\nfound {answer}"
            for row, answer in zip(drawn, found, strict=True)
            if answer != self.expected(row)
        ]
        assert not wrong, "\n".join(["not as drawn:", *wrong])

    def answer(self, row: dict[str, str]) -> dict[str, Any]:
        build = open_build(self.home)
        assert build is not None, "nothing was published"
        by = row.get("by") or None
        observations = query(
            build,
            row["indicator"],
            row["area"],
            Period.parse(row["period"]),
            window=row.get("window") or None,
            basis=row.get("basis") or None,
            by=by,
        )
        part = row.get("part", "")
        (observation,) = [
            seen
            for seen in observations
            if not by or part == (seen.area_code if by == "district" else seen.member)
        ]
        asked = {name: row[name] for name in QUESTION if name in row}
        columns = [name for name in row if name not in QUESTION]
        return asked | {name: getattr(observation, name) for name in columns}

    def expected(self, row: dict[str, str]) -> dict[str, Any]:
        return {name: self.expected_cell(name, cell) for name, cell in row.items()}

    @staticmethod
    def expected_cell(name: str, cell: str) -> Any:
        if name in QUESTION or name == "status":
            return cell
        if cell == "-":
            return None
        return pytest.approx(float(cell), rel=1e-3 if name == "value" else 1e-9)  # values are drawn rounded
