"""The quarantine listed and exported: every line, masked, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from etl import quarantine_export
from etl.quarantine_export import HEADINGS, export, lines
from tests.commands import run
from tests.etl.desk import ADA, BEA, HOURS, REGISTER, TANGSHAN, Desk, text

WRONG = [
    f"R1,{ADA},2021-05-01,-2.5,路南区",
    f"R2,{BEA},2021-05-02,2,=HYPERLINK(1)",
    f"R3,{BEA},明天,x,路南区",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three drops, two of which have rows in quarantine."""
    directory = tmp_path_factory.mktemp("quarantine")
    folder = directory / TANGSHAN
    folder.mkdir()
    (folder / "-1+1.csv").write_text(text(HOURS, *WRONG), encoding="utf-8")
    (folder / "2.csv").write_text(text(REGISTER, f"{ADA},欧阳修远,路南区,2021-01-01,正常"), encoding="utf-8")
    (folder / "3.csv").write_text(text(REGISTER, f"{BEA},欧阳修远,火星区,2021-01-01,正常"), encoding="utf-8")
    run("etl", "load", folder, home=directory / "home").require(1)
    return directory / "home"


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_the_list_counts_by_drop_and_check_and_says_each_reason_in_both_languages(home: Path) -> None:
    told = run("etl", "quarantine", home=home).require()
    assert "    1  hours_not_negative                1  时长是负数 / negative hours  -1+1.csv" in told.out
    assert "第 2 行，列“服务时长（D 列）”：时长“-2.5”是负数" in told.out
    assert "row 2, column area: area '火星区' is not known" in told.out
    assert ADA not in told.out
    assert BEA not in told.out


def test_a_drop_and_a_check_choose(home: Path) -> None:
    def chosen(*arguments: object) -> list[tuple[int, int, str]]:
        found = run("etl", "quarantine", *arguments, "--json", home=home).require().json()["quarantine"]
        return [(line["drop_id"], line["row_no"], line["check_name"]) for line in found]

    assert chosen() == [
        (1, 2, "hours_not_negative"),
        (1, 3, "area_known"),
        (1, 4, "value_readable"),
        (1, 4, "value_readable"),
        (3, 2, "area_known"),
    ]
    assert chosen(3) == [(3, 2, "area_known")]
    assert chosen("--check", "area_known") == [(1, 3, "area_known"), (3, 2, "area_known")]
    assert chosen(1, "--check", "area_known") == [(1, 3, "area_known")]
    assert chosen(2) == []


def test_nothing_in_quarantine_is_said(home: Path) -> None:
    told = run("etl", "quarantine", 2, home=home).require()
    assert "No row is quarantined." in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([9], "There is no drop 9"),
        (["--check", "area_know"], "There is no check called 'area_know'"),
        (["--export", "x.pdf"], "x.pdf: expected a name that ends in .csv or .xlsx."),
        (["--export", "nowhere/x.csv"], "x.csv: cannot be written (No such file or directory)."),
        (["--export", "nowhere/x.xlsx"], "x.xlsx: cannot be written"),
    ],
)
def test_a_wrong_call_is_answered_with_a_sentence(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[Any], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("etl", "quarantine", *arguments, home=home).require(2)
    assert sentence in result.err
    assert list(tmp_path.iterdir()) == []


def test_an_exported_csv_has_every_line_and_nothing_that_runs(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "隔离.csv"
    run("etl", "quarantine", "--export", path, home=home).require()
    found = read_csv(path)
    assert tuple(found[0]) == HEADINGS
    assert [(row["报送编号"], row["行号"], row["检查项"], row["原值（已打码）"]) for row in found] == [
        ("1", "2", "hours_not_negative", "-2.5"),
        ("1", "3", "area_known", "'=************(13)"),
        ("1", "4", "value_readable", "明*(2)"),
        ("1", "4", "value_readable", "*"),
        ("3", "2", "area_known", "火星区"),
    ]
    assert [row["列"] for row in found] == [
        *("服务时长（D 列）", "服务地区（E 列）", "服务日期（C 列）", "服务时长（D 列）", "所属区县（C 列）")
    ]
    assert {row["文件"] for row in found} == {"'-1+1.csv", "3.csv"}
    assert all(row["怎么改"] for row in found)
    assert not [cell for row in found for cell in row.values() if cell[:1] in "=+@" and cell]


def test_an_exported_workbook_has_every_line_with_numbers_as_numbers(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    run("etl", "quarantine", 1, "--export", path, home=home).require()
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("隔离").to_python()
    assert tuple(header) == HEADINGS
    place = header.index("原值（已打码）")
    assert [row[place] for row in rows] == [-2.5, "=************(13)", "明*(2)", "*"]


def test_a_sheet_that_cannot_hold_all_says_so(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine_export, "MOST_ROWS", 3)
    path = tmp_path / "q.xlsx"
    told = run("etl", "quarantine", "--export", path, home=home).require().err
    assert "A sheet does not hold all 5 lines; export to .csv for all of them." in told
    assert len(CalamineWorkbook.from_path(path).get_sheet_by_name("隔离").to_python()) == 3


def test_a_list_too_long_for_the_screen_is_cut_and_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.commands.quarantine.LISTED", 2)
    told = run("etl", "quarantine", home=home).require()
    assert told.out.count("  第 ") == 2
    assert "The first 2 lines only" in told.err


def test_an_export_that_fails_leaves_the_file_that_was_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = desk.load(text(HOURS, *WRONG))
    path = tmp_path / "q.csv"
    export(desk.connection, path, drop.row.drop_id, None)
    before = path.read_bytes()
    monkeypatch.setattr(quarantine_export, "safe_row", lambda row: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(desk.connection, path, drop.row.drop_id, None)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["q.csv"]


def test_lines_come_in_blocks(desk: Desk) -> None:
    drop = desk.load(text(HOURS, WRONG[0]))
    desk.connection.execute(
        f"INSERT INTO quarantine SELECT {drop.row.drop_id}, i, 'area_known', NULL, '', '。', '.' FROM range(10, 12_010) r(i)"
    )
    assert sum(1 for _ in lines(desk.connection, drop.row.drop_id, None)) == 12_001


def test_an_export_takes_the_place_of_an_export_and_of_no_other_file(home: Path, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"隔离.{ending}"
        for _ in range(2):
            run("etl", "quarantine", "--export", path, home=home).require()
    drop = home.parent / TANGSHAN / "2.csv"
    before = drop.read_bytes()
    told = run("etl", "quarantine", "--export", drop, home=home).require(2).err
    assert "2.csv: there is such a file, which was not exported by this program" in told
    told = run("etl", "quarantine", "--export", home / "drops" / "q.csv", home=home).require(2).err
    assert "it would lie among the drops" in told
    assert drop.read_bytes() == before
