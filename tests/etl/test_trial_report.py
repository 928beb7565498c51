"""A dry run tells everything a load would set aside, on the screen and as a file, and changes nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from etl.advice import advice
from etl.quarantine_export import HEADINGS
from tests.commands import run
from tests.etl.desk import ADA, BEA, HOURS, REGISTER, TANGSHAN, text

# More of a kind than the screen has examples of, in two columns.
WRONG = [f"R{number},{BEA},2021-05-02,2,火星区" for number in range(5)]
WRONG += [f"R8,{BEA},明天,两,路南区", f"R9,{ADA},2021-05-03,-2,路南区"]


@pytest.fixture
def tried(tmp_path: Path) -> tuple[Path, Path]:
    """(home with a register, folder of two drops to try)."""
    home, folder = tmp_path / "home", tmp_path / TANGSHAN
    folder.mkdir()
    register = tmp_path / "名册.csv"
    register.write_text(text(REGISTER, f"{ADA},欧阳修远,路南区,2021-01-01,正常"), encoding="utf-8")
    run("etl", "load", register, "--area", TANGSHAN, home=home).require()
    good = f"R0,{ADA},2021-05-01,2,路南区"
    (folder / "=1+1.csv").write_text(text(HOURS, good, *WRONG), encoding="utf-8")
    (folder / "2.csv").write_text("今天天气很好\n", encoding="utf-8")
    return home, folder


def bytes_of(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def test_every_count_is_told_by_check_and_column(tried: tuple[Path, Path]) -> None:
    home, folder = tried
    before = bytes_of(home)
    told = run("etl", "load", folder, "--check", home=home).require(1).err
    assert bytes_of(home) == before, "a dry run changed the data home"
    title = advice("area_known").title.zh
    assert f"未通过“{title}”（area_known），列“服务地区（E 列）”：5 行。" in told
    assert "（value_readable），列“服务日期（C 列）”：1 行。" in told
    assert "（value_readable），列“服务时长（D 列）”：1 行。" in told
    assert "(hours_not_negative) failed, column service_hours: 1 rows." in told


def test_the_report_has_every_row_masked_and_nothing_that_runs(
    tried: tuple[Path, Path], tmp_path: Path
) -> None:
    home, folder = tried
    before, path = bytes_of(home), tmp_path / "报告.csv"
    told = run("etl", "load", folder, "--check", "--report", path, home=home).require(1).err
    assert bytes_of(home) == before, "a dry run changed the data home"
    assert "8 处" in told
    found = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert tuple(found[0]) == HEADINGS[1:]
    assert [(row["行号"], row["检查项"]) for row in found] == [
        *[(str(number), "area_known") for number in range(3, 8)],
        ("8", "value_readable"),
        ("8", "value_readable"),
        ("9", "hours_not_negative"),
    ]
    assert {row["文件"] for row in found} == {"'=1+1.csv"}
    assert all(row["怎么改"] and row["原因"] for row in found)
    assert not any(person in path.read_text(encoding="utf-8-sig") for person in (ADA, BEA, "欧阳修远"))


def test_a_workbook_has_a_summary_with_refused_files_besides(
    tried: tuple[Path, Path], tmp_path: Path
) -> None:
    home, folder = tried
    path = tmp_path / "报告.xlsx"
    run("etl", "load", folder, "--check", "--report", path, home=home).require(1)
    book = CalamineWorkbook.from_path(path)
    _, *rows = book.get_sheet_by_name("需要修改的行").to_python()
    assert len(rows) == 8
    summary = book.get_sheet_by_name("汇总").to_python()
    assert {str(row[0]): row[1:6] for row in summary[3:]} == {
        "=1+1.csv": ["可载入", 8, 1, 0, 7],
        "2.csv": ["已拒收", 0, 0, 0, 0],
    }


def test_the_report_of_a_drop_that_would_be_held_has_its_rows_too(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / TANGSHAN / "甲"
    folder.mkdir(parents=True)
    first = [f"A{number},{ADA},2021-05-01,2,路南区" for number in range(150)]
    (folder / "1.csv").write_text(text(HOURS, *first), encoding="utf-8")
    run("etl", "load", tmp_path / TANGSHAN, home=home).require()
    (folder / "1.csv").unlink()
    more = [f"B{number},{ADA},2021-06-01,2,路南区" for number in range(900)]
    (folder / "2.csv").write_text(text(HOURS, *more, *WRONG), encoding="utf-8")
    path = tmp_path / "报告.csv"
    told = run("etl", "load", tmp_path / TANGSHAN, "--check", "--report", path, home=home).require(1).err
    assert "暂缓" in told
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 9


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--report", "x.csv"], "--report goes with --check"),
        (["--check", "--report", "x.pdf"], "expected a name that ends in .csv or .xlsx"),
        (["--check", "--report", "nowhere/x.csv"], "x.csv: cannot be written (No such file or directory)"),
    ],
)
def test_a_wrong_call_is_answered_with_a_sentence(
    tried: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    home, folder = tried
    monkeypatch.chdir(folder.parent)
    assert said in run("etl", "load", folder, *arguments, home=home).require(2).err


def test_a_received_file_is_never_written_over(tried: tuple[Path, Path], tmp_path: Path) -> None:
    home, folder = tried
    drop, other, link = folder / "=1+1.csv", tmp_path / "名册.csv", tmp_path / "又名.csv"
    link.symlink_to(drop)
    before = {path: path.read_bytes() for path in (drop, other)}
    for path, said in (
        (drop, "=1+1.csv: this file is to be read, and cannot be written over"),
        (link, "this file is to be read"),
        (other, "名册.csv：已有这个文件，而且不是本程序导出的（或导出后改过），不会覆盖"),
        (folder.parent, "expected a name that ends in .csv or .xlsx"),
    ):
        told = run("etl", "load", drop, "--check", "--report", path, home=home).require(2).err
        assert said in told
        assert "试运行" not in told, "nothing is tried before the path is known to be good"
    for place in (folder / "报告.csv", home / "drops" / "甲" / "报告.csv"):
        told = run("etl", "load", folder, "--check", "--report", place, home=home).require(2).err
        assert "报告.csv: it would lie among the drops and be taken for one" in told
    assert {path: path.read_bytes() for path in (drop, other)} == before


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_report_takes_the_place_of_the_report_before(
    tried: tuple[Path, Path], tmp_path: Path, ending: str
) -> None:
    home, folder = tried
    path = tmp_path / f"报告.{ending}"
    run("etl", "load", folder, "--check", "--report", path, home=home).require(1)
    before = path.read_bytes()
    (folder / "=1+1.csv").write_text(text(HOURS, *WRONG[:2]), encoding="utf-8")
    run("etl", "load", folder, "--check", "--report", path, home=home).require(1)
    assert path.read_bytes() != before
