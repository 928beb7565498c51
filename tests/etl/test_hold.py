"""A suspicious drop waits until somebody lets it pass by name; a correction is made while a drop is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.build import open_build
from tests.commands import run
from tests.drops import id_number
from tests.etl.desk import ADA, BEA, HOURS, TANGSHAN, TODAY, Desk, text
from tests.etl.test_corrections import BY_VALUE, LEFT_OUT, declare


def month(number: int, rows: int, hours: str = "2", area: str = "路南区") -> str:
    return text(
        HOURS,
        *(
            f"{number}-{row},{id_number(TODAY.replace(year=1980), row % 900)},2021-{number:02}-05,{hours},{area}"
            for row in range(rows)
        ),
    )


@pytest.fixture(scope="module")
def held_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a loaded month and a held one with six times the rows."""
    directory = tmp_path_factory.mktemp("hold")
    folder = directory / TANGSHAN / "志愿汇"
    folder.mkdir(parents=True)
    for name, content in (("5.csv", month(5, 150)), ("6.csv", month(6, 900))):
        (folder / name).write_text(content, encoding="utf-8")
    result = run("etl", "load", directory, "--json", home=directory / "home").require(1)
    assert [row["status"] for row in result.json()["drops"]] == ["loaded", "held"]
    return directory / "home"


def test_a_held_drop_is_nothing_in_the_facts_and_says_why(desk: Desk) -> None:
    desk.load(month(5, 150), supplier="志愿汇")
    before = desk.facts()
    drop = desk.load(month(6, 900), supplier="志愿汇")
    row = desk.row(drop)
    assert (row.status, row.rows_read, row.rows_accepted, row.rows_quarantined) == ("held", 900, 0, 0)
    assert row.note_en.startswith("rows rose: 150 in drop 1 (01.csv), 900 now")
    assert row.note_zh.startswith("行数增加：第 1 号报送（01.csv）为 150，这一次为 900")
    assert desk.facts() == before
    assert desk.query("SELECT DISTINCT drop_id FROM profiles") == [(1,)]


def corrected(rows: int, hours: str = "3") -> str:
    """Some rows of May once more, with other hours."""
    return month(5, rows, hours)


@pytest.mark.parametrize("rows", [1, 20, 110])
def test_a_list_of_corrected_rows_is_loaded_however_short(desk: Desk, rows: int) -> None:
    desk.load(month(5, 400), supplier="志愿汇")
    drop = desk.load(corrected(rows), supplier="志愿汇")
    assert (drop.row.status, drop.row.rows_superseding) == ("loaded", rows)


def test_few_rows_that_are_new_or_replace_the_month_or_have_another_unit_are_held(desk: Desk) -> None:
    desk.load(month(5, 400), supplier="志愿汇")
    assert desk.load(month(6, 20), supplier="志愿汇").row.note_en.startswith("rows fell: 400 in drop 1")
    replacing = desk.load(corrected(20), supplier="志愿汇", replace="month")
    assert replacing.row.note_en.startswith("rows fell: 400 in drop 1")
    assert "hours a row on average" in desk.load(corrected(20, "20"), supplier="志愿汇").row.note_en
    assert "hours a row on average" in desk.load(corrected(110, "20"), supplier="志愿汇").row.note_en


def test_another_supplier_starts_afresh(desk: Desk) -> None:
    desk.load(month(5, 150), supplier="志愿汇")
    assert desk.load(month(6, 900), supplier="燕赵志愿云").row.status == "loaded"


def test_a_dry_run_tells_of_the_hold_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / TANGSHAN / "志愿汇"
    folder.mkdir(parents=True)
    for name, content in (("5.csv", month(5, 150)), ("6.csv", month(6, 900))):
        (folder / name).write_text(content, encoding="utf-8")
    home = tmp_path / "home"
    run("etl", "load", folder / "5.csv", "--supplier", "志愿汇", home=home).require()
    told = run("etl", "load", folder / "6.csv", "--supplier", "志愿汇", "--check", home=home).require(1)
    assert "6.csv: held, none of its 900 rows is in" in told.err
    assert [row["drop_id"] for row in run("etl", "status", "--json", home=home).json()["drops"]] == [1]


def test_a_file_that_is_held_is_not_told_to_be_the_same_as_before_only(held_home: Path) -> None:
    file = held_home.parent / TANGSHAN / "志愿汇" / "6.csv"
    told = run("etl", "load", file, "--supplier", "志愿汇", "--check", home=held_home).require(1).err
    assert "内容与第 2 号报送（6.csv）相同，仍在暂缓，一行也没有计入。暂缓的原因：行数增加" in told
    assert "核实后放行：python -m etl release 2 --by 姓名" in told
    assert "未作改动" not in told


def test_what_would_be_set_aside_after_a_release_is_told_with_the_reasons(desk: Desk) -> None:
    desk.load(month(5, 150), supplier="志愿汇")
    drop = desk.load(month(6, 900) + "x,y,z,1,路南区\n", supplier="志愿汇")
    assert desk.row(drop).status == "held"
    assert desk.row(drop).note_zh.endswith("；放行后，901 行中有 1 行将进入隔离区")
    assert desk.row(drop).note_en.endswith("; once released, 1 of its 901 rows go into quarantine")


def test_releasing_needs_a_held_drop_and_a_name(held_home: Path) -> None:
    told = run("etl", "release", 1, "--by", "李科长", home=held_home).require(2).err
    assert "第 1 号报送的状态是“已载入”，只有“暂缓”的可以放行。" in told
    assert "Drop 1 is loaded; only a held one can be released." in told
    assert "There is no drop 7" in run("etl", "release", 7, "--by", "李科长", home=held_home).require(2).err
    assert "--by: expected the name" in run("etl", "release", 2, "--by", " ", home=held_home).require(2).err
    assert "usage" in run("etl", "release", 2, home=held_home).require(2).err


def test_a_released_drop_counts_and_the_ledger_says_who_and_why(held_home: Path) -> None:
    first = open_build(held_home)
    assert first is not None
    result = run(
        "etl", "release", 2, "--by", "李科长 13987650421", "--reason", "六月有赛会", home=held_home
    ).require()
    assert "Drop 2 has been released." in result.err
    build = open_build(held_home)
    assert build is not None
    assert build.build_id != first.build_id
    row = build.drops()[1]
    assert (row["status"], row["rows_accepted"], row["released_by"]) == ("loaded", 900, "李科长 ***********")
    assert row["note_zh"] == "由 李科长 *********** 放行：六月有赛会"
    assert row["note_en"] == "released by 李科长 ***********: 六月有赛会"
    receipt = next((held_home / "receipts").glob("2-*.txt")).read_text(encoding="utf-8-sig")
    assert "处理结果：已接收" in receipt


def test_corrections_are_made_while_a_drop_is_loaded(tmp_path: Path) -> None:
    home = tmp_path / "home"
    declare(home, BY_VALUE, LEFT_OUT.replace('sha256 = "DIGEST"', 'file_name = "5月*"').replace(
        'numbers = ["4-5"]', "numbers = [4]").replace("rows = 2, column", "rows = 1, column"))  # fmt: skip
    folder = tmp_path / TANGSHAN
    folder.mkdir()
    rows = [f"R1,{ADA},2021-05-01,2,火星区", f"R2,{BEA},2021-05-02,3,火星区", f"R3,{ADA},2021-05-03,2,路南区"]
    (folder / "5月.csv").write_text(text(HOURS, *rows), encoding="utf-8")
    (row,) = run("etl", "load", folder, "--json", home=home).require().json()["drops"]
    assert (row["rows_read"], row["rows_accepted"], row["rows_quarantined"]) == (3, 2, 1)
    (line,) = run("etl", "quarantine", "--json", home=home).require().json()["quarantine"]
    assert (line["row_no"], line["check_name"], line["masked_value"]) == (
        4,
        "left_out_by_correction",
        "test-rows",
    )
    listed = run("etl", "corrections", "--json", home=home).require().json()["corrections"]
    assert [one["applied"] for one in listed] == [[{"drop_id": 1, "rows": 2}], [{"drop_id": 1, "rows": 1}]]


def test_a_drop_that_no_longer_needs_its_correction_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    declare(home, BY_VALUE)
    folder = tmp_path / TANGSHAN
    folder.mkdir()
    (folder / "5月.csv").write_text(text(HOURS, f"R1,{ADA},2021-05-01,2,滦州市"), encoding="utf-8")
    (row,) = run("etl", "load", folder, "--json", home=home).require(1).json()["drops"]
    assert row["status"] == "refused"
    assert row["note_en"].startswith(
        "5月.csv: correction 'luanzhou' (2021.toml) does not fit the file: expected 2 rows, found 0."
    )
    assert row["note_zh"].startswith("5月.csv：更正“luanzhou”（2021.toml）与文件不符：应有 2 行，实有 0 行")


def test_nothing_is_loaded_while_a_correction_cannot_be_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    declare(home, BY_VALUE.replace("why", "wy"))
    path = tmp_path / "5月.csv"
    path.write_text(text(HOURS, f"R1,{ADA},2021-05-01,2,滦州市"), encoding="utf-8")
    assert "did you mean 'why'?" in run("etl", "load", path, home=home).require(2).err
    assert not (home / "warehouse.duckdb").exists()
