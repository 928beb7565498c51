"""What `status` tells beside the ledger: interrupted work, held drops, leftovers, a build left behind."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import journal
from etl.journal import KEPT, Writer
from tests.commands import run
from tests.etl.desk import ADA, REGISTER, TANGSHAN, text

DIED = {"pid": 7, "doing": "load", "since": "2024-06-30 08:00:00"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "drops" / TANGSHAN).mkdir(parents=True)
    return tmp_path / "home"


def status(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = run("etl", "status", "--json", home=home).require().json()
    return found


def die(home: Path, **changed: object) -> None:
    """Leave what a writer that was killed leaves: its name in the lock file and no lock on it."""
    (home / "warehouse.lock").write_text(json.dumps(DIED | changed))


def test_an_interrupted_load_is_told_until_a_load_has_run_to_its_end(home: Path) -> None:
    die(home)
    for _ in range(2):
        (told,) = status(home)["interrupted"]
        assert told == {**DIED, "finished_at": None}
    sentences = run("etl", "status", home=home).require().err
    assert "2024-06-30 08:00:00 开始的载入中断了" in sentences
    assert "run load again to finish" in sentences
    run("etl", "load", "--check", home=home).require()
    assert len(status(home)["interrupted"]) == 1, "a dry run makes up for nothing"
    run("etl", "load", home=home).require()
    after = status(home)
    assert after["interrupted"] == []
    assert after["interruptions"][0]["finished_at"] is not None
    assert "此后的载入或发布已于" in run("etl", "status", home=home).require().err


@pytest.mark.parametrize("command", ["status", "trace", "facts", "load --check"])
def test_a_killed_reader_is_nothing_to_tell(home: Path, command: str) -> None:
    die(home, doing=command)
    assert status(home)["interrupted"] == []


def test_the_same_death_is_noted_once_and_only_the_latest_are_kept(home: Path) -> None:
    for pid in [*range(KEPT + 5), KEPT + 4]:
        die(home, pid=pid)
        journal.keep(home)
    assert [one.pid for one in journal.read(home)] == list(range(5, KEPT + 5))


def test_a_withdrawal_is_made_up_for_by_another_or_by_publishing_not_by_a_load(home: Path) -> None:
    die(home, doing="withdraw")
    journal.keep(home)
    journal.finished(home, "load")
    assert "2024-06-30 08:00:00 开始的撤回或恢复报送中断了" in run("etl", "status", home=home).require().err
    assert journal.read(home) == [Writer(7, "withdraw", DIED["since"])]  # type: ignore[arg-type]
    journal.finished(home, "publish")
    assert journal.read(home)[0].finished_at is not None


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"pid": 1}', "null"])
def test_a_torn_lock_or_journal_hides_nothing_else(home: Path, torn: str) -> None:
    (home / "warehouse.lock").write_text(torn)
    (home / "interrupted.json").write_text(torn)
    assert status(home)["interrupted"] == []


def test_what_killed_processes_left_is_counted_and_cleared_by_the_next_writer(home: Path) -> None:
    (home / ".staging").mkdir()
    (home / ".staging" / "张三丰.csv").write_text("12345")
    (home / "published").mkdir()
    (home / "published" / ".20240630-080000-deadbeef.building").write_text("1")
    found = run("etl", "status", "--json", home=home).require()
    kinds = {left["kind"]: (left["files"], left["bytes"]) for left in found.json()["leftovers"]}
    assert kinds == {"staging": (1, 5), "building": (1, 1)}
    assert "张三丰" not in found.out
    run("etl", "publish", home=home).require()
    assert status(home)["leftovers"] == []


def test_held_drops_the_last_load_and_a_build_left_behind_are_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = home / "drops" / TANGSHAN / "1.csv"
    drop.write_text(text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"), encoding="utf-8")
    run("etl", "load", home=home).require()
    before = status(home)
    assert (before["held"], before["build_is_current"]) == ([], True)
    assert before["last_load"] is not None

    def full(*arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)  # the lock's words have no room
        assert status(home) == before
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("UPDATE drops SET status = 'held'")
    after = status(home)
    assert (after["held"], after["build_is_current"]) == ([1], False)
    told = run("etl", "status", home=home).require().err
    assert "1 次报送暂缓，等待放行：第 1 号。" in told
    listed = run("etl", "status", home=home).require().out
    assert "1 行等待放行 rows wait  130200" in listed
    assert "= 0 + 0" not in listed
    assert "run python -m etl publish" in told


def test_the_table_shows_who_sent_a_drop_which_part_it_was_and_that_nothing_of_it_counts(home: Path) -> None:
    folder = home / "drops" / TANGSHAN / "志愿汇"
    folder.mkdir()
    with zipfile.ZipFile(folder / "5月.zip", "w") as made:
        made.writestr("甲.csv", text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
        made.writestr("乙.csv", text(REGISTER, f"{ADA},某某,火星区,2021-05-01,正常"))
    run("etl", "load", home=home).require(1)
    first, second = run("etl", "status", home=home).require().out.splitlines()
    assert first.endswith("志愿汇  5月.zip［甲.csv］")
    assert second.endswith("志愿汇  5月.zip［乙.csv］  ［未采纳任何一行 not one row was taken］")
