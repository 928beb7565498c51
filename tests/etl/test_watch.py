"""A watched inbox: what has arrived wholly is loaded once, and nothing stops the watch."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl import watch as watching
from etl.watch import Watcher, watch
from tests.commands import run
from tests.etl.desk import ADA, BEA, REGISTER, TANGSHAN, plain, text

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


def test_a_watch_that_was_stopped_goes_on_where_it_was(watcher: Watcher) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    assert [statuses(watcher) for _ in range(2)] == [None, ["loaded"]]
    again = Watcher(watcher.home, watcher.inbox)
    again.look(TODAY)
    report = again.look(TODAY)
    assert report is not None
    assert [outcome.repeated for outcome in report.outcomes] == [True]


def test_a_round_that_fails_is_told_and_the_next_one_tried(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    real, rounds, failures = watching.load_paths, iter(range(4)), iter([duckdb.IOException("张三丰")])

    def load_paths(*arguments: object, **options: object) -> object:
        for failure in failures:
            raise failure
        return real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "load_paths", load_paths)
    watch(watcher.home, watcher.inbox, 0, lambda: next(rounds, None) is not None, sleep=lambda seconds: None)
    told = capsys.readouterr().err
    assert plain("这一轮没有完成(IOException),稍后再试。") in plain(told)
    assert "张三丰" not in told
    assert "1 accepted" in told.split("trying again")[1]


def test_the_command_looks_as_often_as_it_is_told(watcher: Watcher) -> None:
    put(watcher, text(REGISTER, f"{ADA},某某,路南区,2021-05-01,正常"))
    call = ("watch", "--inbox", watcher.inbox, "--every", "0", "--rounds", "2")
    told = run("etl", *call, home=watcher.home).require().err
    assert "Watching" in told
    assert "Published build" in told
