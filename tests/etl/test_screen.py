"""The fast path and the careful path read the same file alike: same rows, same values, same reasons."""

from __future__ import annotations

import functools
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from etl import load as loading
from etl.reader import open_drop
from etl.screen import Screened, screen
from tests.etl.desk import ADA, BEA, CAI, TODAY, Desk

HEADER = "身份证号{0}姓名{0}所属区县{0}注册日期{0}状态{0}来源平台"
CELLS = [
    *(
        ADA,
        BEA,
        CAI,
        ADA.lower(),
        "90000019900307002X",
        "1.30202E+17",
        "张三丰",
        "路南区",
        "火星区",
        "130202",
    ),
    *(
        "2021-05-01",
        "2021/5/1",
        "2021-02-30",
        "20210501",
        "明天",
        "正常",
        "注销",
        "走了",
        "志愿汇",
        "13812345678",
    ),
    *("", " ", "\u3000", "-", "无", "0", "1e2", "NULL", "\\N", "#", "'", "''", "\\", "a;b", "a|b", "�"),
]
ODD = [
    '"',
    '""',
    '"x"',
    'x"y',
    '"x',
    '"x"y',
    '"a""b"',
    ' "x"',
    '"x" ',
    "\t",
    "a\vb",
    "\u2028",
    '"a\nb"',
    '"a\r\nb"',
    "\x00",
]
LINE_ENDS = ["\n", "\r\n", "\r"]
WIDTH = 6

regular_row = st.lists(st.sampled_from(CELLS), min_size=WIDTH, max_size=WIDTH)
odd_row = st.lists(st.sampled_from(CELLS + ODD), min_size=0, max_size=WIDTH + 3)


CONNECTION = duckdb.connect(":memory:")


def screened(path: Path, careful: bool) -> tuple[Screened, list[tuple[Any, ...]]]:
    """What came of screening, and every row of `screened` with its number."""
    found = screen(CONNECTION, open_drop(path, "registrations"), TODAY, careful)
    names = [name for name, column in found.columns.source.columns.items() if column.type != "unread"]
    rows = CONNECTION.execute(
        f"SELECT {found.row_no}, faults, {', '.join(names)}, shape_detail, cells FROM screened ORDER BY 1"
    ).fetchall()
    return found, rows


def assert_alike(path: Path) -> str:
    """Screen both ways, compare all there is, and say which path was taken when it was free to choose."""
    free, rows = screened(path, careful=False)
    careful, careful_rows = screened(path, careful=True)
    assert rows == careful_rows
    assert (free.rows, free.blank) == (careful.rows, careful.blank)
    return free.path


def write(folder: Path, rows: list[list[str]], delimiter: str, end: str, last: bool, mark: bool) -> Path:
    path = folder / "drop.csv"
    lines = [HEADER.format(delimiter), *(delimiter.join(row) for row in rows)]
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + (end.join(lines) + end * last).encode())
    return path


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(regular_row, min_size=1, max_size=40),
    delimiter=st.sampled_from([",", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    mark=st.booleans(),
)
def test_a_regular_file_takes_the_fast_path_and_is_read_as_carefully(
    tmp_path: Path, rows: list[list[str]], delimiter: str, end: str, last: bool, mark: bool
) -> None:
    assert assert_alike(write(tmp_path, rows, delimiter, end, last, mark)) == "fast"


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(st.one_of(regular_row, odd_row), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
    end=st.sampled_from(LINE_ENDS),
    last=st.booleans(),
    mark=st.booleans(),
)
@example(rows=[["   "], CELLS[:6]], delimiter=",", end="\n", last=True, mark=False)
@example(rows=[["", "", "", "", "", ""], CELLS[:6]], delimiter="\t", end="\n", last=True, mark=False)
@example(rows=[[*CELLS[:6], "", ""], CELLS[:6]], delimiter=",", end="\n", last=True, mark=False)
@example(rows=[[*CELLS[:6], "\u3000"], CELLS[:6]], delimiter=",", end="\n", last=True, mark=False)
@example(rows=[CELLS[:3], [' "x"', *CELLS[:5]]], delimiter=",", end="\n", last=True, mark=False)
@example(rows=[CELLS[:6], []], delimiter=",", end="\n", last=True, mark=False)
@example(rows=[CELLS[:6], ["a\vb", '"x"', *CELLS[:4]], []], delimiter=",", end="\n", last=False, mark=True)
def test_an_odd_file_is_read_alike_or_goes_down_the_careful_path(
    tmp_path: Path, rows: list[list[str]], delimiter: str, end: str, last: bool, mark: bool
) -> None:
    assert_alike(write(tmp_path, [*rows, CELLS[:WIDTH]], delimiter, end, last, mark))


def test_both_paths_end_in_the_same_ledger_facts_and_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = random.Random(7)
    rows = [",".join(drawn.choice(CELLS) for _ in range(WIDTH)) for _ in range(150)]
    rows += [
        f"{drawn.choice([ADA, BEA, CAI])},某某,路南区,2021-05-{day:02},正常,志愿汇" for day in range(1, 29)
    ]
    content = "\n".join([HEADER.format(","), *rows]) + "\n"
    ends = []
    for careful in (False, True):
        monkeypatch.setattr(loading, "screen", functools.partial(screen, careful=careful))
        desk = Desk(tmp_path / f"careful-{careful}")
        outcome = desk.load(content, "drop.csv")
        row = outcome.row
        counts = (
            row.rows_read,
            row.rows_accepted,
            row.rows_unchanged,
            row.rows_quarantined,
            row.rows_superseding,
        )
        ends.append((counts, desk.facts(), desk.query("SELECT * FROM quarantine ORDER BY ALL"), outcome.told))
    assert ends[0] == ends[1]
    assert all(ends[0][0][:2])


@pytest.mark.parametrize(
    "name", ["x[1].csv", "x*.csv", "x?.csv", "~x.csv", "it's.csv", "x.csv.gz", "a b;c.csv"]
)
def test_a_file_name_is_never_taken_for_a_pattern_or_a_packed_file(tmp_path: Path, name: str) -> None:
    """DuckDB would read x1.csv when asked for x[1].csv."""
    (tmp_path / "x1.csv").write_text("身份证号,注册日期\n某甲,2020-01-01\n", encoding="utf-8")
    path = tmp_path / name
    path.write_text("身份证号,注册日期\n某乙,2021-05-01\n", encoding="utf-8")
    found, rows = screened(path, careful=False)
    assert found.path == "fast"
    assert [row[2] for row in rows] == ["某乙"]


def test_a_file_named_in_gbk_is_read(tmp_path: Path) -> None:
    path = Path(str(tmp_path) + "/\udcb1\udca8\udccb\udccd.csv")
    path.write_text("身份证号,注册日期\n某乙,2021-05-01\n", encoding="utf-8")
    _, rows = screened(path, careful=False)
    assert [row[2] for row in rows] == ["某乙"]
