"""The fast path and the careful path read the same file alike: same rows, same values, same reasons."""

from __future__ import annotations

import functools
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

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

CONNECTION = duckdb.connect(":memory:")


def screened(path: Path, careful: bool) -> tuple[Screened, list[tuple[Any, ...]]]:
    """What came of screening, and every row of `screened` with its number."""
    found = screen(CONNECTION, open_drop(path, "registrations"), TODAY, careful)
    names = [name for name, column in found.columns.source.columns.items() if column.type != "unread"]
    rows = CONNECTION.execute(
        f"SELECT {found.row_no}, faults, {', '.join(names)}, shape_detail, cells FROM screened ORDER BY 1"
    ).fetchall()
    # Blanks at the edge of a refused cell may differ: what is shown of it is trimmed.
    return found, [(*row[:-1], row[-1] and [cell and cell.strip(" ") for cell in row[-1]]) for row in rows]


def assert_alike(path: Path) -> str:
    """Screen both ways, compare all there is, and say which path was taken when it was free to choose."""
    free, rows = screened(path, careful=False)
    careful, careful_rows = screened(path, careful=True)
    assert rows == careful_rows
    assert (free.rows, free.blank) == (careful.rows, careful.blank)
    return free.path


def write(
    folder: Path, rows: list[list[str]], drawn: random.Random, ends: list[str], delimiters: str
) -> Path:
    """A drop of these rows, with a delimiter, line end, mark and last line drawn by lot."""
    path = folder / "drop.csv"
    delimiter, end = drawn.choice(delimiters), drawn.choice(ends)
    lines = [HEADER.format(delimiter), *(delimiter.join(row) for row in rows)]
    mark = drawn.choice([b"", b"\xef\xbb\xbf"])
    path.write_bytes(mark + (end.join(lines) + drawn.choice(["", end])).encode())
    return path


@pytest.mark.parametrize("seed", range(4))
def test_a_regular_file_takes_the_fast_path_and_is_read_as_carefully(tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)
    rows = [[drawn.choice(CELLS) for _ in range(WIDTH)] for _ in range(60)]
    assert assert_alike(write(tmp_path, rows, drawn, ["\n", "\r\n"], ",\t")) == "fast"


@pytest.mark.parametrize("seed", range(12))
def test_an_odd_file_is_read_alike_or_goes_down_the_careful_path(tmp_path: Path, seed: int) -> None:
    """Few odd cells in each file: one that the fast path refuses hides all others."""
    drawn = random.Random(seed)
    rows = [[drawn.choice(CELLS) for _ in range(WIDTH)] for _ in range(drawn.randrange(1, 8))]
    for _ in range(drawn.randrange(1, 4)):
        drawn.choice(rows)[drawn.randrange(WIDTH)] = drawn.choice(ODD)
    if drawn.random() < 0.4:
        row = drawn.choice(rows)
        row[:] = (
            row[: drawn.randrange(WIDTH)] if drawn.random() < 0.5 else [*row, *[""] * drawn.randrange(3), "x"]
        )
    assert_alike(write(tmp_path, [*rows, CELLS[:WIDTH]], drawn, LINE_ENDS, ",\t;|"))


@pytest.mark.parametrize(
    "line",
    [
        "   ",
        "\t\t\t",
        ",,,,,",
        "",
        f"{ADA},,,2021-05-01,,,,",
        f"{ADA},,,2021-05-01,,,\u3000",
        f"{ADA},,,2021-05-01,,,x",
        f'{ADA}, "x",,2021-05-01,,',
        f'{ADA},"x" ,,2021-05-01,,',
        f'{ADA},a\vb,"x",2021-05-01,,',
        f'{ADA},"a\nb",,2021-05-01,,',
        f'{ADA},"a,,2021-05-01,,',
        f"{ADA}\r",
    ],
)
def test_an_odd_line_among_regular_ones_is_read_alike(tmp_path: Path, line: str) -> None:
    path = tmp_path / "drop.csv"
    regular = ",".join(CELLS[:WIDTH])
    path.write_bytes("\n".join([HEADER.format(","), regular, line, regular, ""]).encode())
    assert_alike(path)


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
