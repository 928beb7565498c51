"""A held drop that is sent back never comes in, and no later load finds its file again."""

from __future__ import annotations

from pathlib import Path

from metrics.build import open_build
from tests.commands import run
from tests.etl.desk import TANGSHAN
from tests.etl.test_hold import month


def held(tmp_path: Path) -> tuple[Path, Path]:
    """(home, inbox folder) of a loaded month and a held one."""
    home = tmp_path / "home"
    folder = home / "drops" / TANGSHAN / "志愿汇"
    folder.mkdir(parents=True)
    for name, content in (("5.csv", month(5, 150)), ("6.csv", month(6, 900))):
        (folder / name).write_text(content, encoding="utf-8")
    run("etl", "load", home=home).require(1)
    return home, folder


def test_a_drop_sent_back_is_refused_with_both_reasons_and_its_file_is_put_aside(tmp_path: Path) -> None:
    home, folder = held(tmp_path)
    run("etl", "refuse", 2, "--by", "李科长 13987650421", "--reason", "重复导出", home=home).require()
    build = open_build(home)
    assert build is not None
    row = build.drops()[1]
    assert (row["status"], row["rows_read"]) == ("refused", 0)
    assert row["note_zh"].startswith("由 李科长 *********** 退回：重复导出；暂缓的原因：行数增加")
    assert not (folder / "6.csv").exists()
    assert (home / "drops" / ".refused" / TANGSHAN / "志愿汇" / "6.csv").is_file()
    # The supplier learns why, and not from whom.
    receipt = next((home / "receipts").glob("2-*.txt")).read_text(encoding="utf-8-sig")
    assert "原因：退回：重复导出；暂缓的原因：行数增加" in receipt.replace("\n", "").replace(" ", "")
    assert "李科长" not in receipt
    again = run("etl", "load", "--json", home=home).require().json()
    assert [row["repeated"] for row in again["drops"]] == [True]


def test_only_a_held_drop_is_sent_back_by_somebody_for_a_reason(tmp_path: Path) -> None:
    home, folder = held(tmp_path)
    told = run("etl", "refuse", 1, "--by", "李科长", "--reason", "x", home=home).require(2).err
    assert "第 1 号报送的状态是“已载入”，只有“暂缓”的可以退回。" in told
    assert "Drop 1 is loaded; only a held one can be sent back." in told
    assert (
        "expected a name" in run("etl", "refuse", 2, "--by", "李", "--reason", " ", home=home).require(2).err
    )
    assert (folder / "6.csv").is_file()
