"""A small drop is screened as if all cells were of the common form, and again where they are not: with the same result."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import common_form
from etl import screen as screening
from etl.reader import open_drop
from etl.source import Source, load_sources
from tests.etl.desk import ADA, BEA, CAI, TODAY

# By type of column: cells of the common form, and cells that are read or refused in another way.
CELLS: dict[str, tuple[list[str], list[str]]] = {
    "id_number": ([ADA, BEA, CAI, "90000019900307002X"], [ADA.lower(), f"'{ADA}", "900000900307002", "-", "1.3E+17"]),
    "number": (["V00000001", "130202-0001"], ["V1", "不详", " V00000001 ", "1.5E+10", "九号"]),
    "text": (["V00000001"], ["合计", "无", "某某"]),
    "label": (["志愿汇平台", "志愿山东"], ["志愿汇", "platform 13812345678", "无"]),
    "code": ([], ["走了", " 正常 ", "無", "PASSED"]),
    "date": (["2021-05-01", "2021/05/02", "1988-01-01", "2035-01-01"], ["2021-5-1", "2021-02-30", "44317", "21-5-1", "明天"]),
    "datetime": (["2021-05-01 08:00", "2021/05/01 08:00:05"], ["8:30", "2021-05-01", "上午9点", "2021-05-01 8:30-11:30"]),
    "hours": (["3.5", "0", "-1", "25", " 2"], ["3小时", "1e2", "03:30", "12,34", "很久"]),
    "minutes": (["210", "0", "1500"], ["210分钟", "1e2", "3:30", "——"]),
    "count": (["20", "0"], ["20人", "1.5", "12345678", "若干"]),
    "area": (["路南区", "130202", "火星区"], ["唐山", "无", "-"]),
    "reference": (["A0000001", "ORG-00001"], ["A1", "活动一", "-", "1.5E+10"]),
    "synthetic": (["", "示例数据"], ["sample"]),
}  # fmt: skip


def write(folder: Path, source: Source, drawn: random.Random, odd: set[str], empty: bool) -> Path:
    """A drop with every column; cells of the common form but for the odd columns, some empty."""
    names = [name for name, column in source.columns.items() if column.type != "unread"]
    rows = [[source.columns[name].aliases[0] for name in names]]
    for _ in range(30):
        row = []
        for name in names:
            column = source.columns[name]
            common, others = CELLS[column.type]
            common = common or [words[0] for words in column.codes.values()]
            row.append(drawn.choice(common + (others if name in odd else []) + ([""] if empty else [])))
        rows.append(row)
    path = folder / "drop.csv"
    path.write_text(
        "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in rows)
    )
    return path


def screened(path: Path, source: str, careful: bool = False) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        found = screening.screen(connection, open_drop(path, source), TODAY, careful)
        assert found.path == ("careful" if careful else "fast")
        names = ", ".join(name for name, one in found.columns.source.columns.items() if one.type != "unread")
        select = f"SELECT {found.row_no}, faults, {names}, shape_detail, cells FROM screened ORDER BY 1"
        return connection.execute(select).fetchall()


@pytest.mark.parametrize("empty", [False, True], ids=["filled", "some empty"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", sorted(load_sources()))
def test_a_small_drop_is_screened_as_a_large_one(
    name: str, seed: int, empty: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, source = random.Random(seed), load_sources()[name]
    odd = set(drawn.sample(sorted(source.columns), seed * 2))  # none, two, four
    path = write(tmp_path, source, drawn, odd, empty)
    passes: list[set[str]] = []
    real = screening.sql_screening

    def watched(*arguments: Any) -> str:
        passes.append(set(arguments[5].names))
        return real(*arguments)

    monkeypatch.setattr(screening, "sql_screening", watched)
    small = screened(path, name)
    monkeypatch.setattr(screening, "sql_screening", real)
    with_form = {one for one, column in source.columns.items() if column.type not in ("unread", "synthetic")}
    assert passes[0] == with_form
    assert passes[-1] >= with_form - odd  # only what was odd was read again
    assert len(passes) == (1 if passes[-1] == with_form else 2)
    monkeypatch.setattr(common_form, "MOST_BYTES", 0)
    assert small == screened(path, name)
    assert [row[:-1] for row in small] == [row[:-1] for row in screened(path, name, careful=True)]
    assert any(row[1] for row in small)  # some conditions were met


def test_a_file_over_the_limit_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = load_sources()["service_hours"]
    path = write(tmp_path, source, random.Random(1), set(source.columns), False)
    real, read = screening.sql_screening, []
    monkeypatch.setattr(screening, "sql_screening", lambda *one: read.append(one[5]) or real(*one))
    for most, passes in ((path.stat().st_size, 2), (path.stat().st_size - 1, 1)):
        read.clear()
        monkeypatch.setattr(common_form, "MOST_BYTES", most)
        screened(path, "service_hours")
        assert len(read) == passes
