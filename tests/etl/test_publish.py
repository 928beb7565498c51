"""Publishing: beside, verified, switched last; readers are never blocked and never see half a build."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import publish as publishing
from etl import warehouse
from etl.verify import BuildRefused, verify
from etl.warehouse import open_warehouse
from metrics.build import Build, current_build_id, open_build, published_build_ids
from metrics.disclosure import Summary
from metrics.periods import Period
from metrics.query import query
from tests.commands import REPOSITORY, run
from tests.etl.desk import ADA, BEA, CAI, HOURS, REGISTER, TANGSHAN, text

JANUARY = Period.parse("2021-01")


def put(folder: Path, name: str, *lines: str) -> Path:
    path = folder / TANGSHAN / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(*lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one build: two people in two districts, one record, a row in quarantine."""
    directory = tmp_path_factory.mktemp("made")
    put(
        directory / "inbox",
        "1.csv",
        REGISTER,
        f"{ADA},某某,路南区,2021-01-01,正常",
        f"{BEA},某某,路北区,2021-01-31,正常",
    )
    put(directory / "inbox", "2.csv", HOURS, f"R1,{ADA},2021-01-05,2,", f"R2,{ADA},2021-01-31,3,火星区")
    run("etl", "load", directory / "inbox", home=directory / "home").require()
    return directory / "home"


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def registered(build: Build | None) -> float | None:
    assert build is not None
    return query(build, "registered_volunteers", TANGSHAN, JANUARY)[0].numerator


def one_more(home: Path) -> Path:
    return put(home.parent / "inbox", "more.csv", REGISTER, f"{CAI},某某,古冶区,2021-01-15,正常")


def builds(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "published").iterdir())


# --- switching


@pytest.mark.parametrize(
    "step",
    ["compute", "verify", "switch_current"],
)
def test_a_crash_at_any_step_leaves_the_old_build_current_and_the_next_try_clears_up(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = current_build_id(home)
    with monkeypatch.context() as broken:

        def crash(*arguments: object, **options: object) -> None:
            assert current_build_id(home) == before, f"CURRENT was switched before {step}"
            raise KeyboardInterrupt

        broken.setattr(publishing, step, crash)
        result = run("etl", "publish", home=home).require(1)
    assert "Interrupted" in result.err
    assert current_build_id(home) == before
    assert registered(open_build(home)) == 2
    after = run("etl", "publish", home=home).require().out.strip()
    assert current_build_id(home) == after != before
    assert [name for name in builds(home) if name.startswith(".")] == []


def test_leftovers_of_a_process_that_was_killed_are_cleared(home: Path) -> None:
    for name in (".20200101-000000-deadbeef.building", ".20200101-000000-deadbeef.building.wal"):
        (home / "published" / name).write_bytes(b"half a build")
    run("etl", "publish", home=home).require()
    assert [name for name in builds(home) if name.startswith(".")] == []


def test_a_reader_keeps_its_build_and_the_next_question_gets_the_new_one(home: Path) -> None:
    old = open_build(home)
    assert registered(old) == 2
    run("etl", "load", one_more(home), home=home).require()
    assert registered(old) == 2
    new = open_build(home)
    assert registered(new) == 3
    assert old is not None
    assert registered(open_build(home, old.build_id)) == 2


def test_every_build_stays_and_ids_sort_by_age(home: Path) -> None:
    made = [str(current_build_id(home))]
    made.append(run("etl", "publish", home=home).require().out.strip())
    assert len(set(made)) == 2
    assert published_build_ids(home) == sorted(made)
    assert made[-1] == current_build_id(home)


def test_builds_of_one_second_and_of_a_clock_put_back_sort_by_age(home: Path) -> None:
    made = [published_build_ids(home)[-1]]
    with open_warehouse(home, "test") as connection:
        for threshold in (
            0,
            10,
            0,
            10,
            0,
        ):  # marked by turns, so that one second's would not sort by themselves
            made.append(publishing.publish(connection, home, date.today(), threshold=threshold))
    assert made == published_build_ids(home)
    shutil.copy(
        home / "published" / f"{made[-1]}.duckdb", home / "published" / "20991231-235959-0-internal.duckdb"
    )
    (home / "published" / "somebody's own.duckdb").write_bytes(b"")
    with open_warehouse(home, "test") as connection:
        build_id = publishing.publish(connection, home, date.today(), threshold=0)
    assert build_id.startswith("21000101-000000-")
    assert build_id == published_build_ids(home)[-1]


def test_an_empty_warehouse_can_be_published(tmp_path: Path) -> None:
    build_id = run("etl", "publish", home=tmp_path / "home").require().out.strip()
    build = open_build(tmp_path / "home")
    assert build is not None
    assert (build.build_id, build.drops(), build.cities_with_data()) == (build_id, [], [])
    assert not build.is_synthetic


def test_a_folder_of_refused_files_only_is_published_with_its_ledger(tmp_path: Path) -> None:
    put(tmp_path / "inbox", "1.csv", "今天天气很好")
    run("etl", "load", tmp_path / "inbox", home=tmp_path / "home").require(1)
    build = open_build(tmp_path / "home")
    assert build is not None
    assert [row["status"] for row in build.drops()] == ["refused"]


def test_a_build_of_sample_data_says_so(tmp_path: Path) -> None:
    put(tmp_path / "inbox", "1.csv", f"{REGISTER},数据性质", f"{ADA},某某,路南区,2021-01-01,正常,示例数据")
    run("etl", "load", tmp_path / "inbox", home=tmp_path / "home").require()
    build = open_build(tmp_path / "home")
    assert build is not None
    assert build.is_synthetic


def test_a_build_holds_the_ledger_without_paths_and_quarantine_as_counts(home: Path) -> None:
    build = open_build(home)
    assert build is not None
    assert [(row["file_name"], row["rows_read"]) for row in build.drops()] == [("1.csv", 2), ("2.csv", 2)]
    assert "path" not in build.drops()[0]
    (quality,) = build.quality()
    assert (quality["drop_id"], quality["check_name"], quality["rows"]) == (2, "area_known", 1)
    assert "火星区" not in str(quality)
    assert quality["message_zh"] == "地区“…”无法识别，应为本市区县的名称或六位区划代码。"


# --- verifying


def test_a_right_build_is_verified(home: Path) -> None:
    verify(home / "published" / f"{current_build_id(home)}.duckdb")


OF_CITY = "area_code = '130200' AND measure ="
OF_DISTRICT = "area_code = '130202' AND measure ="


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            f"UPDATE observations SET value = value + 1 WHERE {OF_CITY} 'registered_volunteers'",
            "registered_volunteers",
        ),
        (f"DELETE FROM observations WHERE {OF_DISTRICT} 'registered_volunteers'", "registered_volunteers"),
        (f"DELETE FROM observations WHERE {OF_CITY} 'service_hours'", "service_hours"),
        (
            f"UPDATE observations SET value = value + 0.01 WHERE {OF_DISTRICT} 'service_hours'",
            "service_hours",
        ),
        ("UPDATE drops SET rows_quarantined = 0 WHERE drop_id = 2", "drop 2: its rows do not add up"),
    ],
)
def test_a_build_that_contradicts_itself_is_refused(home: Path, damage: str, told: str) -> None:
    path = home / "published" / f"{current_build_id(home)}.duckdb"
    copy = Path(shutil.copy(path, home / "damaged.duckdb"))
    with duckdb.connect(str(copy)) as connection:
        connection.execute(damage)
    with pytest.raises(BuildRefused, match=told):
        verify(copy)


def test_a_refused_build_is_told_and_the_old_one_stays(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = current_build_id(home), publishing.compute

    def compute(connection: duckdb.DuckDBPyConnection, target: str, *, today: date) -> Any:
        summary = real(connection, target, today=today)
        connection.execute(f"DELETE FROM {target}.observations WHERE area_code = '130202'")
        return summary

    with monkeypatch.context() as broken:
        broken.setattr(publishing, "compute", compute)
        result = run("etl", "load", one_more(home), home=home).require(1)
    assert "新版本自相矛盾，未发布，仍用原版本" in result.err
    assert "The new build contradicts itself, not published" in result.err
    assert "the city is not the sum of its parts" in result.err
    assert current_build_id(home) == before
    # The drop itself is in; the next load makes up for the build.
    assert run("etl", "load", one_more(home), "--json", home=home).require().json()["build_id"] != before
    assert registered(open_build(home)) == 3


# --- one writer at a time


def test_a_second_writer_waits_and_says_who_holds_the_warehouse(home: Path) -> None:
    waiting = [sys.executable, "-m", "etl", "status", "--data", str(home)]
    with open_warehouse(home, "load"):
        second = subprocess.Popen(
            waiting, cwd=REPOSITORY, stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert second.stderr is not None
        told = second.stderr.readline() + second.stderr.readline()
        assert second.poll() is None
    out, _ = second.communicate(timeout=60)
    assert "数据仓库正被占用：进程" in told
    assert "doing 'load' since" in told
    assert (second.returncode, "1.csv" in out) == (0, True)


def test_a_writer_that_waited_long_enough_gives_up_with_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "WAIT_SECONDS", 0.1)
    with open_warehouse(home, "load"):
        result = run("etl", "publish", home=home).require(1)
        dry = run("etl", "load", one_more(home), "--check", home=home).require(1)
    assert "After 0.1 s the warehouse is still in use" in result.err
    assert "数据仓库仍被占用" in dry.err


def test_a_lock_that_a_killed_process_left_behind_holds_nothing(home: Path) -> None:
    (home / "warehouse.lock").write_text('{"pid": 1, "doing": "load", "since": "2020-01-01 00:00:00"}')
    run("etl", "publish", home=home).require()
    assert (home / "warehouse.lock").read_text() == ""


def test_a_reader_is_not_blocked_while_a_load_holds_the_warehouse(home: Path) -> None:
    with open_warehouse(home, "load") as connection:
        connection.execute("BEGIN TRANSACTION")
        connection.execute("DELETE FROM registrations")
        question = (
            "query",
            "registered_volunteers",
            "--area",
            TANGSHAN,
            "--period",
            "2021-01",
            "--format",
            "json",
        )
        (row,) = run("metrics", *question, home=home).require().json()
        connection.execute("ROLLBACK")
    assert row["value"] == 2


def test_a_warehouse_of_another_version_is_left_alone(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    for arguments in (["load", one_more(home)], ["load", one_more(home), "--check"], ["publish"]):
        result = run("etl", *arguments, home=home).require(1)
        assert "The warehouse has schema version 99, this program needs 2" in result.err


# --- counts that earlier builds give away


def test_a_build_that_would_give_small_counts_away_is_not_published(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = current_build_id(home), publishing.control

    def control(connection: duckdb.DuckDBPyConnection, target: str, threshold: int, *more: Any) -> Summary:
        summary = real(connection, target, threshold, *more)
        return replace(summary, exposed=2) if threshold else summary

    monkeypatch.setattr(publishing, "control", control)
    result = run("etl", "load", one_more(home), "--threshold", "10", home=home).require(1)
    assert "没有发布：" in result.err
    assert "2 counts of 1 to 9 could still be computed" in result.err
    assert "Traceback" not in result.err
    assert current_build_id(home) == before
    assert [name for name in builds(home) if name.endswith("building")] == [], "nothing of it stays beside"
    internal = run("etl", "publish", "--threshold", "0", home=home).require().out.strip()
    assert internal.endswith("-internal")
    assert registered(open_build(home)) == 3, "the drop is in"
