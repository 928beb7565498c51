"""Others at work: files that go away or grow, files nobody may read, two loaders at once, readers meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import load as loading_a_drop
from etl.inbox import find_drops
from etl.loading import Report, load_paths
from etl.warehouse import open_warehouse
from metrics.build import open_build
from metrics.periods import Period
from metrics.query import query
from tests.commands import REPOSITORY, run
from tests.etl.crash.forge import Forge
from tests.etl.desk import ADA, BEA, CAI, DAN, REGISTER, TANGSHAN, text

TODAY = date(2024, 6, 30)
MONTH = Period.parse("2021-05")


def register(*persons: str) -> str:
    return text(REGISTER, *(f"{person},某某,路南区,2021-05-01,正常" for person in persons))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox" / TANGSHAN
    folder.mkdir(parents=True)
    for name, person in (("1.csv", ADA), ("2.csv", BEA), ("3.csv", CAI)):
        (folder / name).write_text(register(person), encoding="utf-8")
    return folder


def load(inbox: Path, told: list[str] | None = None, named: Sequence[str] = ()) -> Report:
    """Load everything in the inbox (or files of it by name), publishing nothing; sentences go to `told`."""
    heard = told if told is not None else []
    found = find_drops([inbox / name for name in named] or [inbox.parent], None)
    home = inbox.parent.parent / "home"
    return load_paths(home, found, today=TODAY, tell=lambda one: heard.append(str(one)), and_publish=False)


def fates(report: Report) -> list[tuple[str, str]]:
    return [(outcome.row.file_name, outcome.row.status) for outcome in report.outcomes]


ALL_BUT_THE_SECOND = [("1.csv", "loaded"), ("2.csv", "refused"), ("3.csv", "loaded")]


# --- files that change


def test_a_file_that_goes_away_between_listing_and_reading_stops_nobody(inbox: Path) -> None:
    told: list[str] = []
    found = find_drops([inbox.parent], None)
    (inbox / "2.csv").unlink()
    report = load_paths(
        inbox.parent.parent / "home",
        found,
        today=TODAY,
        tell=lambda one: told.append(str(one)),
        and_publish=False,
    )
    assert fates(report) == ALL_BUT_THE_SECOND
    assert any("2.csv" in sentence for sentence in told)


def change_while_reading(monkeypatch: pytest.MonkeyPatch, path: Path, change: Any) -> None:
    """Do something to a file when its bytes have been surveyed and its rows are about to be read."""
    real = loading_a_drop.screen

    def screen(connection: Any, drop: Any, *arguments: Any, **options: Any) -> Any:
        if drop.path == path:
            change()
        return real(connection, drop, *arguments, **options)

    monkeypatch.setattr(loading_a_drop, "screen", screen)


def test_a_file_that_goes_away_while_it_is_read_stops_nobody(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_while_reading(monkeypatch, inbox / "2.csv", (inbox / "2.csv").unlink)
    told: list[str] = []
    assert fates(load(inbox, told)) == ALL_BUT_THE_SECOND
    assert not any(BEA in sentence for sentence in told)


@pytest.mark.parametrize("more", [register(ADA, BEA, CAI), register(CAI), ""])
def test_a_file_that_is_written_while_it_is_read_is_refused_and_loaded_when_it_stands_still(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    """Otherwise the ledger would give the digest of other bytes than those that were loaded."""
    with monkeypatch.context() as meanwhile:
        change_while_reading(
            meanwhile, inbox / "2.csv", lambda: (inbox / "2.csv").write_text(more, encoding="utf-8")
        )
        assert fates(load(inbox)) == ALL_BUT_THE_SECOND
    (inbox / "2.csv").write_text(register(BEA, DAN), encoding="utf-8")
    outcome = load(inbox).outcomes[1]
    assert (outcome.row.status, outcome.row.rows_accepted, outcome.repeated) == ("loaded", 2, False)


# --- files nobody may read


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with Forge(tmp_path_factory.mktemp("forge")) as server:
        yield server


def test_a_file_that_may_not_be_read_is_told_and_the_others_are_loaded(forge: Forge, inbox: Path) -> None:
    (inbox / "2.csv").chmod(0)
    home = inbox.parent.parent / "home"
    ended = forge.run("load", inbox.parent, "--json", "--data", home, without_privileges=True)
    (inbox / "2.csv").chmod(0o600)
    assert ended.code == 1
    assert "Traceback" not in ended.said
    drops = run("etl", "status", "--json", home=home).require().json()["drops"]
    assert [(drop["file_name"], drop["status"]) for drop in drops] == ALL_BUT_THE_SECOND
    assert "2.csv" in ended.said


def test_a_broken_medium_is_told_and_the_others_are_loaded(inbox: Path) -> None:
    (inbox / "2.csv").unlink()
    (inbox / "2.csv").symlink_to("/proc/self/mem")  # opens well, and reading it is an input/output error
    assert fates(load(inbox, named=("1.csv", "2.csv", "3.csv"))) == ALL_BUT_THE_SECOND


# --- others at work


def test_two_loaders_of_the_same_folder_load_every_drop_once(inbox: Path) -> None:
    home = inbox.parent.parent / "home"
    command = [sys.executable, "-m", "etl", "load", str(inbox.parent), "--data", str(home)]
    both = [
        subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, encoding="utf-8") for _ in range(2)
    ]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum(one.count("The warehouse is in use") for one in told) <= 1
    assert sum(one.count("the same bytes as drop") for one in told) == 3
    status = run("etl", "status", "--json", home=home).require().json()
    assert [drop["rows_accepted"] for drop in status["drops"]] == [1, 1, 1]
    assert (status["build_is_current"], status["interrupted"], status["leftovers"]) == (True, [], [])


def test_a_reader_gets_whole_answers_all_the_while(inbox: Path) -> None:
    """One question after the other while three loads and publishes go by: every answer is one build's."""
    home = inbox.parent.parent / "home"
    load_one = [sys.executable, "-m", "etl", "load", "--data", str(home)]
    run("etl", "load", inbox / "1.csv", home=home).require()
    heard: list[tuple[str, float | None]] = []
    for name in ("2.csv", "3.csv"):
        with subprocess.Popen(
            [*load_one, str(inbox / name)], cwd=REPOSITORY, stderr=subprocess.DEVNULL
        ) as loader:
            while loader.poll() is None:
                build = open_build(home)
                assert build is not None
                answer = query(build, "registered_volunteers", TANGSHAN, MONTH)[0]
                assert answer.build_id == build.build_id
                if (build.build_id, answer.numerator) not in heard:
                    heard.append((build.build_id, answer.numerator))
        assert loader.returncode == 0
    last = open_build(home)
    assert last is not None
    heard.append((last.build_id, query(last, "registered_volunteers", TANGSHAN, MONTH)[0].numerator))
    figures = list(dict.fromkeys(heard))
    assert [numerator for _, numerator in figures] == [1, 2, 3]
    assert len({build_id for build_id, _ in figures}) == 3


def test_a_status_that_will_not_wait_tells_who_is_at_work_and_what_is_published(inbox: Path) -> None:

    home = inbox.parent.parent / "home"
    run("etl", "load", inbox / "1.csv", home=home).require()
    with open_warehouse(home, "load"):
        found = run("etl", "status", "--no-wait", "--json", home=home).require().json()
        told = run("etl", "status", "--no-wait", home=home).require()
    assert [drop["file_name"] for drop in found["drops"]] == ["1.csv"]
    assert found["writing"]["doing"] == "load"
    assert "is doing 'load' since" in told.err


@pytest.mark.parametrize("begun", [0, 1, 4096, 12287])
def test_a_file_of_which_only_the_beginning_was_written_is_begun_again(tmp_path: Path, begun: int) -> None:
    """What a kill left while DuckDB was writing the headers of a new file; `.new` is what one leaves now."""
    whole = tmp_path / "whole.duckdb"
    duckdb.connect(str(whole)).close()
    for name in ("warehouse.duckdb", ".warehouse.duckdb.new"):
        (tmp_path / name).write_bytes(whole.read_bytes()[:begun])
    for _again in range(2):
        with open_warehouse(tmp_path, "test") as connection:
            connection.execute("INSERT INTO meta VALUES ('a mark', 'kept')")
    with open_warehouse(tmp_path, "test") as connection:
        marks = connection.execute("SELECT value FROM meta WHERE key = 'a mark'").fetchall()
    assert marks == [("kept",), ("kept",)]
    assert not (tmp_path / ".warehouse.duckdb.new").exists()
