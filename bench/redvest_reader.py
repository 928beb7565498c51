"""Redvest as one of the readers `bench hostile` compares: the loader itself, in a warehouse in memory.

Facts hold keys, not persons: the clean drop is loaded first, and tells which key is whom.
"""

import itertools
from datetime import date
from pathlib import Path

import duckdb

from bench.polluters.clean import CITY, Clean, Record, joined
from bench.rivals import Reading
from etl.desk import Desk, Outcome
from etl.inbox import find_drops
from etl.load import load_file, release
from etl.warehouse import create_schema

TODAY = date(2024, 6, 30)
KEPT_TABLES = ("meta", "surrogates")  # what a key means stays; all else of a drop goes before the next


class Redvest:
    """Loads one file at a time and forgets it again; keys are shared, so all files speak of the same persons."""

    def __init__(self, folder: Path, clean: Clean) -> None:
        self.folder = folder / CITY
        self.folder.mkdir(parents=True)
        self.home = folder / "home"
        self.home.mkdir()
        self.numbers = itertools.count(1)
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        create_schema(self.connection)
        self.desk = Desk(self.connection, self.home, TODAY)
        self.persons: dict[int, str] = {}
        self.activities: dict[int | None, str | None] = {None: None}
        self._learn(clean)

    def _learn(self, clean: Clean) -> None:
        outcome = self._load(self.written(joined(clean.lines())))
        truth = clean.truth()
        rows = self._facts(outcome)
        assert {row[0] for row in rows} == set(truth), "the clean drop is not loaded wholly"
        for row_no, person, activity, *_ in rows:
            self.persons[person] = truth[row_no].person
            self.activities[activity] = truth[row_no].activity

    def written(self, content: bytes) -> Path:
        path = self.folder / f"{next(self.numbers):04}.csv"
        path.write_bytes(content)
        return path

    def __call__(self, path: Path) -> Reading:
        self._forget()
        outcome = self._load(path)
        if outcome.row.status == "held":
            # A steward may release it, so what it would load then is what counts, not that somebody is asked first.
            outcome = release(self.connection, self.home, outcome.row, "bench", TODAY)
        if outcome.row.status != "loaded":
            return Reading(is_refused=True)
        by_row = {
            row_no: Record(
                self.persons.get(person, "another person"),
                self.activities.get(activity, "another activity"),
                day,
                minutes,
                status,
            )
            for row_no, person, activity, day, minutes, status in self._facts(outcome)
        }
        found = self.connection.execute(
            "SELECT DISTINCT row_no FROM quarantine WHERE drop_id = ?", [outcome.row.drop_id]
        ).fetchall()
        set_aside = frozenset(row_no for (row_no,) in found)
        return Reading(list(by_row.values()), len(set_aside), False, by_row, set_aside)

    def _load(self, path: Path) -> Outcome:
        (found,) = find_drops([path], None)
        (outcome,) = load_file(self.desk, found)
        return outcome

    def _facts(self, outcome: Outcome) -> list[tuple]:
        columns = "row_no, volunteer_key, activity_key, service_date, service_minutes, status"
        return self.connection.execute(
            f"SELECT {columns} FROM service_records WHERE drop_id = ? "
            f"UNION ALL SELECT {columns} FROM service_records_past WHERE drop_id = ?",
            [outcome.row.drop_id] * 2,
        ).fetchall()

    def _forget(self) -> None:
        tables = self.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND estimated_size > 0"
        ).fetchall()
        for (table,) in tables:
            if table not in KEPT_TABLES:
                self.connection.execute(f"DELETE FROM {table}")
