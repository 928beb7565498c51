"""A watched inbox: what has arrived wholly is loaded once, and nothing stops the watch."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import watch as watching
from etl.inbox import Found, find_drops
from etl.loading import load_paths
from etl.messages import Refusal
from etl.warehouse import open_warehouse
from etl.watch import Watcher, is_arriving, watch
from metrics.build import current_build_id
from tests.commands import REPOSITORY, run
from tests.etl.desk import ADA, BEA, REGISTER, TANGSHAN, text

TODAY = date(2024, 6, 30)


@pytest.fixture
def watcher(tmp_path: Path) -> Watcher:
    return Watcher(tmp_path / "home", tmp_path / "inbox")


def put(watcher: Watcher, content: str, name: str = "1.csv") -> Path:
    path = watcher.inbox / TANGSHAN / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def statuses(watcher: Watcher) -> list[str] | None:
    """What one look did: the status of each drop it took, None when it took none."""
    report = watcher.look(TODAY)
    return report and [outcome.row.status for outcome in report.outcomes]


def test_a_file_is_taken_when_it_has_stood_still_and_only_once(watcher: Watcher) -> None:
    assert statuses(watcher) is None
    path = put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    assert statuses(watcher) is None
    path.write_text(
        text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常", f"{BEA},某某,路南区,2021-05-01,正常")
    )
    assert statuses(watcher) is None, "it was still being written"
    assert statuses(watcher) == ["loaded"]
    assert statuses(watcher) is None


def test_a_refused_file_is_told_once_and_looked_at_again_when_it_changes(watcher: Watcher) -> None:
    path = put(watcher, "今天天气很好\n")
    assert [statuses(watcher) for _ in range(3)] == [None, ["refused"], None]
    path.write_text(text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"), encoding="utf-8")
    assert [statuses(watcher) for _ in range(3)] == [None, ["loaded"], None]


def test_a_watch_killed_before_publishing_writes_the_receipts_when_begun_again(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill leaves behind: the drop is in the ledger, no build and no receipt were written."""
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    (found,) = find_drops([watcher.inbox], None)
    load_paths(watcher.home, [found], today=TODAY, and_publish=False)
    for receipt in (watcher.home / "receipts").iterdir():
        receipt.unlink()
    again = Watcher(watcher.home, watcher.inbox)
    again.look(TODAY)
    again.look(TODAY)
    assert {path.suffix for path in (watcher.home / "receipts").iterdir()} == {".txt", ".xlsx"}
    assert current_build_id(watcher.home)
    again = Watcher(watcher.home, watcher.inbox)
    assert [again.look(TODAY) for _ in range(3)] == [None] * 3


def test_what_is_no_drop_by_its_name_is_told_once_and_a_pipe_stops_nothing(
    watcher: Watcher, capsys: pytest.CaptureFixture[str]
) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    put(watcher, "Rar!", "三月.rar")
    put(watcher, "x", ".hidden")
    os.mkfifo(watcher.inbox / TANGSHAN / "pipe.csv")
    assert [statuses(watcher) for _ in range(3)] == [None, ["loaded"], None]
    told = capsys.readouterr().err
    assert told.count("没有读 pipe.csv、三月.rar") == 1
    assert "hidden" not in told


def test_a_watch_begun_again_does_not_repeat_why_a_file_was_refused_but_tells_of_news(
    watcher: Watcher, capsys: pytest.CaptureFixture[str]
) -> None:
    put(watcher, "今天天气很好\n")
    assert [statuses(watcher) for _ in range(2)] == [None, ["refused"]]
    assert "没有任何可识别的列名" in capsys.readouterr().err
    again = Watcher(watcher.home, watcher.inbox)
    assert [statuses(again) for _ in range(3)] == [None, ["refused"], None]
    told = capsys.readouterr().err
    assert "收件目录里有 1 个文件以前已拒收，至今未改" in told
    assert "1 files in the inbox were refused before" in told
    assert "没有任何可识别的列名" not in told
    put(again, "身份证号,姓名,爱好\n1,2,3\n")
    assert [statuses(again) for _ in range(2)] == [None, ["refused"]]
    assert "缺少必需的列" in capsys.readouterr().err


def test_a_watch_that_was_stopped_goes_on_where_it_was_without_reading_what_is_in(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    assert [statuses(watcher) for _ in range(2)] == [None, ["loaded"]]
    offered = spy(monkeypatch)
    again = Watcher(watcher.home, watcher.inbox)
    assert [statuses(again) for _ in range(3)] == [None, None, None]
    assert offered == [[]], "at a start it looks only whether everything is published"
    put(again, text(REGISTER, f"{BEA},某某,路南区,2021-05-01,正常"))
    assert [statuses(again) for _ in range(2)] == [None, ["loaded"]], "the same name with other bytes"


def test_what_a_stopped_watch_had_not_published_is_published_at_the_next_start(watcher: Watcher) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    load_paths(watcher.home, find_drops([watcher.inbox], None), today=TODAY, and_publish=False)
    assert current_build_id(watcher.home) is None
    assert statuses(watcher) == []
    assert current_build_id(watcher.home) is not None


@pytest.mark.parametrize(
    ("name", "arriving"),
    [
        ("1.csv", False), ("2021.05.csv", False), ("1.csv.part", True), ("1.part.csv", True), ("1.CSV.TMP", True),
        ("~$报表.xlsx", True), (".~lock.1.csv#", True), (".1.csv.x7Gh", True), ("1.csv.crdownload", True),
    ],
)  # fmt: skip
def test_names_of_files_that_are_still_being_written(name: str, arriving: bool) -> None:
    assert is_arriving(Path(name)) is arriving


def test_a_file_renamed_into_place_is_taken_from_every_suppliers_folder(watcher: Watcher) -> None:
    content = text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常")
    written = put(watcher, content, "平台甲/1.part.csv")
    put(watcher, content.replace(ADA, BEA), "平台乙/1.csv")
    assert statuses(watcher) is None
    written.rename(written.with_name("1.csv"))
    report = watcher.look(TODAY)
    assert report is not None
    assert [outcome.row.supplier for outcome in report.outcomes] == ["平台乙"]
    report = watcher.look(TODAY)
    assert report is not None
    assert [outcome.row.supplier for outcome in report.outcomes] == ["平台甲"]


def test_a_file_that_cannot_be_handled_stays_behind_alone_and_is_tried_ever_more_rarely(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, person in enumerate((ADA, BEA), 1):
        put(watcher, text(REGISTER, f"{person},某某,路南区,2021-05-01,正常"), f"{number}.csv")
    bad = put(watcher, text(REGISTER, f"{ADA},某某,路北区,2021-05-01,正常"), "1x.csv")
    offered = spy(monkeypatch, RuntimeError("张三丰"), bad)
    assert [statuses(watcher) for _ in range(2)] == [None, ["loaded", "loaded"]]
    tried = []
    for look in range(3, 24):
        offered.clear()
        watcher.look(TODAY)
        tried += [look] if [bad] in offered else []
    assert tried == [3, 5, 9, 17]
    assert "RuntimeError" in (told := capsys.readouterr().err)
    assert "张三丰" not in told
    bad.write_text(text(REGISTER, f"{ADA},某某,古冶区,2021-05-01,正常"), encoding="utf-8")
    monkeypatch.undo()
    assert [statuses(watcher) for _ in range(3)] == [None, ["loaded"], None], "it changed: tried at once"


def test_a_drop_refused_because_the_secret_was_missing_is_tried_again(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDVEST_SECRET")
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    assert [statuses(watcher) for _ in range(2)] == [None, ["loaded"]]
    away = (watcher.home / "secret.key").rename(watcher.home / "away")
    put(watcher, text(REGISTER, f"{BEA},某某,路南区,2021-05-01,正常"), "2.csv")
    assert [statuses(watcher) for _ in range(3)] == [None, ["refused"], None]
    away.rename(watcher.home / "secret.key")
    assert [statuses(watcher) for _ in range(2)] == [["loaded"], None]


def test_a_watch_told_to_stop_ends_between_two_drops_and_the_next_one_goes_on(watcher: Watcher) -> None:
    for number, person in enumerate((ADA, BEA), 1):
        put(watcher, text(REGISTER, f"{person},某某,路南区,2021-05-01,正常"), f"{number}.csv")
    answers = iter([False, True])
    watcher.stopping = lambda: next(answers)
    assert [statuses(watcher) for _ in range(2)] == [None, ["loaded"]]
    again = Watcher(watcher.home, watcher.inbox)
    assert [statuses(again) for _ in range(2)] == [None, ["loaded"]]


def test_a_round_that_fails_is_told_and_the_next_one_tried(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    failures = iter([Refusal("被占用", "in use"), duckdb.IOException("张三丰"), duckdb.IOException("张三丰")])
    real = watching.load_paths

    def load_paths(*arguments: Any, **options: Any) -> Any:
        for failure in failures:
            raise failure
        return real(*arguments, **options)

    monkeypatch.setattr(watching, "load_paths", load_paths)
    watch(watcher.home, watcher.inbox, 0, lambda: False, rounds=5, sleep=lambda seconds: None)
    told = capsys.readouterr().err
    assert "in use" in told
    assert "这一轮没有完成（IOException），改为逐个处理：1.csv。" in told
    assert "这一轮没有完成（IOException），稍后再试：1.csv。" in told
    assert "张三丰" not in told
    assert "1 accepted" in told.split("trying again later")[1]


def test_only_an_interrupted_load_is_told_to_be_unfinished(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    watch(watcher.home, watcher.inbox, 60, lambda: False, sleep=interrupt)
    assert "已停止守候；没有未完成的报送。" in capsys.readouterr().err
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    monkeypatch.setattr(watching, "load_paths", interrupt)
    call = ("watch", "--inbox", watcher.inbox, "--every", "0", "--rounds", "2")
    told = run("etl", *call, home=watcher.home).require(1).err
    assert "已中断；未完成的报送没有载入。" in told
    assert "没有未完成的报送" not in told


def test_the_command_looks_as_often_as_it_is_told(watcher: Watcher) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    call = ("watch", "--inbox", watcher.inbox, "--every", "0", "--rounds", "2")
    told = run("etl", *call, home=watcher.home).require().err
    assert "Watching" in told
    assert "Published build" in told


def test_a_real_watch_ends_at_once_when_asked_and_a_killed_one_is_made_up_for(watcher: Watcher) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    command = [
        sys.executable,
        "-m",
        "etl",
        "watch",
        "--inbox",
        str(watcher.inbox),
        "--data",
        str(watcher.home),
    ]
    told = ""
    with subprocess.Popen(
        [*command, "--every", "0.05"], cwd=REPOSITORY, stderr=subprocess.PIPE, encoding="utf-8"
    ) as first:
        assert first.stderr is not None
        while "1.csv：读取" not in told:
            told += first.stderr.readline()
        first.kill()  # the drop is in; whether it is published too depends on the machine
    put(watcher, text(REGISTER, f"{BEA},某某,路南区,2021-05-01,正常"), "2.csv")
    with subprocess.Popen(
        [*command, "--every", "60"], cwd=REPOSITORY, stderr=subprocess.PIPE, encoding="utf-8"
    ) as second:
        assert second.stderr is not None
        assert "正在守候" in second.stderr.readline()
        second.terminate()
        rest = second.stderr.read()
        assert second.wait(timeout=30) == 0, rest
    assert "Stopped as asked" in rest
    last = Watcher(watcher.home, watcher.inbox)
    last.look(TODAY)
    report = last.look(TODAY)
    assert report is not None
    # The first drop is looked at again where the kill left it without a receipt.
    assert [one.row.file_name for one in report.outcomes if not one.repeated] == ["2.csv"]
    drops = run("etl", "status", "--json", home=watcher.home).require().json()
    assert [(drop["file_name"], drop["rows_accepted"]) for drop in drops["drops"]] == [
        ("1.csv", 1),
        ("2.csv", 1),
    ]
    assert (drops["build_is_current"], drops["interrupted"]) == (True, [])


def test_a_watch_that_waits_for_another_writer_ends_within_seconds_when_asked(watcher: Watcher) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    command = [sys.executable, "-m", "etl", "watch", "--every", "0.05"]
    command += ["--inbox", str(watcher.inbox), "--data", str(watcher.home)]
    with (
        open_warehouse(watcher.home, "load"),
        subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, encoding="utf-8") as waiting,
    ):
        assert waiting.stderr is not None
        while "The warehouse is in use" not in waiting.stderr.readline():
            assert waiting.poll() is None
        waiting.terminate()
        _, rest = waiting.communicate(timeout=30)
    assert waiting.returncode == 0, rest
    assert "No longer waiting, as asked." in rest
    assert "Stopped as asked" in rest
    assert "This round was not finished" not in rest


def spy(
    monkeypatch: pytest.MonkeyPatch, failure: Exception | None = None, on: Path | None = None
) -> list[list[Path]]:
    """The files each load was offered, as far as it took them; it fails on one of them."""
    offered: list[list[Path]] = []
    real = watching.load_paths

    def load_paths(home: Path, found: Iterable[Found], **options: Any) -> Any:
        offered.append([])

        def given() -> Iterator[Found]:
            for one in found:
                offered[-1].append(one.path)
                if failure is not None and one.path == on:
                    raise failure
                yield one

        return real(home, given(), **options)

    monkeypatch.setattr(watching, "load_paths", load_paths)
    return offered


def test_a_link_to_itself_stops_no_look(watcher: Watcher) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    watcher.look(TODAY)
    assert statuses(watcher) == ["loaded"]
    loop = watcher.inbox / "loop.csv"
    loop.symlink_to(loop)
    put(watcher, text(REGISTER, f"{BEA},某某,路南区,2021-05-01,正常"), "2.csv")
    again = Watcher(watcher.home, watcher.inbox)
    again.look(TODAY)
    assert statuses(again) == ["loaded"]
