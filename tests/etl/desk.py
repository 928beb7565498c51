"""A steward's desk for tests: a folder for drops, a warehouse in memory, and what became of each drop.

Loading here takes a fifth of the time `python -m etl load` takes, because nothing is published and no file is
opened; tests of the command itself use tests.commands.
"""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from etl import ledger
from etl.desk import Desk as LoadingDesk
from etl.desk import Outcome
from etl.inbox import Found, find_drops
from etl.ledger import LedgerRow
from etl.load import load_file
from etl.replay import replay
from etl.warehouse import create_schema
from etl.withdraw import withdraw
from tests.drops import id_number

TODAY = date(2024, 6, 30)
TANGSHAN = "130200"
ADA, BEA, CAI, DAN = (id_number(date(1990, 3, 7), sequence) for sequence in (2, 4, 6, 8))

REGISTER = "身份证号,姓名,所属区县,注册日期,状态"
HOURS = "记录编号,身份证号,服务日期,服务时长,服务地区"
ACTIVITIES = "活动编号,活动名称,所属区县,开始时间,状态"

VIEWS = ("current_registrations", "current_service_records", "current_activities")


def text(header: str, *rows: str) -> str:
    """A drop's text: header and rows, one line each."""
    return "\n".join([header, *rows]) + "\n"


class Desk:
    """Where drops are put and loaded; one warehouse, kept until the test ends."""

    def __init__(self, directory: Path, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self.home = directory / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.inbox = directory / "inbox"
        self.connection = connection or duckdb.connect(":memory:", config={"threads": 1})
        create_schema(self.connection)
        self.numbers = itertools.count(1)

    def put(self, content: str | bytes, name: str = "", folder: str = TANGSHAN) -> Path:
        """Write a drop; `folder` is the area code its folder is named after ('' for none)."""
        path = self.inbox / folder / (name or f"{next(self.numbers):02}.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, content: str | bytes, name: str = "", folder: str = TANGSHAN, **options: Any) -> Outcome:
        """Put a drop and load it."""
        return self.load_path(self.put(content, name, folder), **options)

    def load_path(self, path: Path, **options: Any) -> Outcome:
        (found,) = find_drops([path], options.pop("area", None), options.pop("supplier", None))
        return self.load_found(found, **options)

    def load_found(self, found: Found, **options: Any) -> Outcome:
        desk = LoadingDesk(self.connection, self.home, options.pop("today", TODAY), **options)
        (outcome,) = load_file(desk, found)
        return outcome

    def withdraw(self, drop: Outcome) -> None:
        withdraw(self.connection, drop.row, "测试", "a test")

    def replay(self, drop: Outcome) -> LedgerRow:
        """Replay a drop and give its ledger row as it is then."""
        replay(self.connection, self.home, self.row(drop), TODAY)
        return self.row(drop)

    def row(self, drop: Outcome) -> LedgerRow:
        """The ledger row of a drop as it is now."""
        (row,) = ledger.read(self.connection, "drop_id = ?", [drop.row.drop_id])
        return row

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def facts(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every view the cube reads."""
        return {view: self.query(f"SELECT * FROM {view} ORDER BY ALL") for view in VIEWS}

    def reasons(self, drop: Outcome) -> list[tuple[int, str, str | None]]:
        """(row, check, column) of every reason in the quarantine."""
        return self.query(
            "SELECT row_no, check_name, column_name FROM quarantine "
            f"WHERE drop_id = {drop.row.drop_id} ORDER BY ALL"
        )


def sentences(drop: Outcome) -> str:
    """All that a person is told about a drop, in both languages."""
    return "\n".join(str(told) for told in drop.told)


def plain(told: str) -> str:
    """A sentence with punctuation in half width: for tests of what is told, not of how it is typeset."""
    return told.translate(str.maketrans("，：；（）", ",:;()"))
