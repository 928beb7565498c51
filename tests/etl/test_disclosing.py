"""Who says from how few people on a build withholds, and that a build for internal eyes says so."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from metrics.build import open_build
from metrics.disclosure import DEFAULT_THRESHOLD, threshold_of
from metrics.disclosure.settings import VARIABLE
from metrics.periods import Period
from metrics.query import query
from metrics.small_counts import nature
from tests.commands import run
from tests.drops import id_number
from tests.etl.desk import ADA, BEA, REGISTER, TANGSHAN, text

JANUARY = Period.parse("2021-01")


def drop(tmp_path: Path) -> Path:
    path = tmp_path / "inbox" / TANGSHAN / "1.csv"
    path.parent.mkdir(parents=True)
    path.write_text(
        text(REGISTER, f"{ADA},某某,路南区,2021-01-01,正常", f"{BEA},某某,路北区,2021-01-31,正常"),
        encoding="utf-8",
    )
    return path


def test_an_argument_comes_before_the_home_and_the_home_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert threshold_of(tmp_path) == 0  # as the tests' environment says
    monkeypatch.delenv(VARIABLE)
    assert threshold_of(tmp_path) == DEFAULT_THRESHOLD == 10
    (tmp_path / "disclosure.toml").write_text("threshold = 5\n")
    assert threshold_of(tmp_path) == 5
    assert threshold_of(tmp_path, 0) == 0


def test_a_public_build_withholds_and_an_internal_one_says_what_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run("etl", "load", drop(tmp_path), "--threshold", 10, home=home).require()
    public = open_build(home)
    assert public is not None
    assert not public.build_id.endswith("-internal")
    assert query(public, "registered_volunteers", TANGSHAN, JANUARY)[0].status == "suppressed"
    assert "1 至 9 人" in nature(public, "zh")
    run("etl", "publish", "--threshold", 0, home=home).require()
    internal = open_build(home)
    assert internal is not None
    assert internal.build_id.endswith("-internal")
    assert internal.is_internal
    assert query(internal, "registered_volunteers", TANGSHAN, JANUARY)[0].value == 2
    assert nature(internal, "en").startswith("For internal eyes")


def test_a_home_that_says_no_threshold_is_told_when_a_build_has_another_than_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--threshold holds for one command: a withdrawal after it must not turn the home public without a word."""
    monkeypatch.delenv(VARIABLE)
    home = tmp_path / "home"
    run("etl", "load", drop(tmp_path), "--threshold", 0, home=home).require()
    told = run("etl", "withdraw", 1, "--reason", "测试", home=home).require().err
    assert "少于 10 人的数不显示" in told
    assert "原来的版本是内部版本（门槛 0）" in told
    assert "threshold = 0" in told
    assert "The new build withholds counts of fewer than 10 people" in told
    again = run("etl", "withdraw", 1, "--undo", "--reason", "测试", home=home).require().err
    assert "disclosure.toml" not in again, "the same threshold as before needs no word"


@pytest.mark.parametrize("said_by", ["argument", "home", "environment"])
def test_a_threshold_somebody_has_said_needs_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said_by: str
) -> None:
    monkeypatch.delenv(VARIABLE)
    home = tmp_path / "home"
    run("etl", "load", drop(tmp_path), "--threshold", 0, home=home).require()
    if said_by == "home":
        (home / "disclosure.toml").write_text("threshold = 10\n")
    elif said_by == "environment":
        monkeypatch.setenv(VARIABLE, "10")
    result = run(
        "etl", "publish", *(["--threshold", 10] if said_by == "argument" else []), home=home
    ).require()
    assert "disclosure.toml" not in result.err
    public = open_build(home)
    assert public is not None
    assert public.disclosure_threshold == 10


def test_rows_reported_are_not_counted_by_district_in_public(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run("etl", "load", drop(tmp_path), "--supplier", "燕赵志愿云", "--threshold", 10, home=home).require()
    public = open_build(home)
    assert public is not None
    assert {row["rows"] for row in public.completeness()} == {None}


@pytest.mark.parametrize("written", ["threshold = -1", "threshold = 'ten'", "treshold = 5", "threshold ="])
def test_a_file_that_says_nothing_usable_is_told_and_nothing_is_published(
    tmp_path: Path, written: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "disclosure.toml").write_text(written)
    assert "disclosure.toml" in run("etl", "publish", home=home).require(1).err
    assert open_build(home) is None


def test_fewer_than_nobody_is_a_wrong_call(tmp_path: Path) -> None:
    run("etl", "publish", "--threshold", -1, home=tmp_path / "home").require(2)


def test_a_file_of_which_all_rows_lie_in_one_district_is_no_citys_file(tmp_path: Path) -> None:
    """Its folder is the city's: only its rows say that it is about a district."""
    home = tmp_path / "home"
    path = tmp_path / "inbox" / TANGSHAN / "1.csv"
    path.parent.mkdir(parents=True)
    rows = [
        f"{id_number(date(1980, 5, 6), n)},某某,路南区,2021-01-{1 + n % 28:02},正常" for n in range(1, 31)
    ]
    path.write_text(text(REGISTER, *rows), encoding="utf-8")
    run("etl", "load", path, "--threshold", 10, home=home).require()
    public = open_build(home)
    assert public is not None
    (drop,) = public.drops()
    assert (drop["area_code"], drop["rows_read"], drop["rows_accepted"]) == (TANGSHAN, None, None)
    assert (str(drop["first_on"]), str(drop["last_on"])) == ("2021-01-01", "2021-01-31")
    status = json.loads(run("etl", "status", "--json", home=home).require().out)
    assert status["drops"][0]["rows_accepted"] == 30  # the warehouse says all
    run("etl", "publish", "--threshold", 0, home=home).require()
    internal = open_build(home)
    assert internal is not None
    assert internal.drops()[0]["rows_accepted"] == 30


def test_a_current_build_of_before_such_were_refused_warns_wherever_it_speaks(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run("etl", "load", drop(tmp_path), "--threshold", 10, home=home).require()
    question = ("query", "registered_volunteers", "--area", TANGSHAN, "--period", "2021-01")
    zh, en = "有 2 个本应不显示的小数字可以从本版本推算出来", "2 small counts that should be withheld"
    assert zh not in run("metrics", *question, home=home).require().err
    assert json.loads(run("etl", "status", "--json", home=home).require().out)["build_warning"] is None
    home = Path(shutil.copytree(home, tmp_path / "before"))
    (path,) = (home / "published").glob("*.duckdb")
    with duckdb.connect(str(path)) as build:
        build.execute("UPDATE manifest SET value = '2' WHERE key = 'disclosure_exposed'")
    for call in (("metrics", *question), ("metrics", *question, "--format", "json"), ("etl", "status")):
        err = run(*call, home=home).require().err
        assert (zh in err, en in err) == (True, True), call
    told = json.loads(run("etl", "status", "--json", home=home).require().out)["build_warning"]
    assert (zh in told["zh"], en in told["en"]) == (True, True)
    assert "2 can be computed all the same" in run("metrics", *question, home=home).require().out
    run("metrics", "export", tmp_path / "out", "--format", "csv", home=home).require()
    assert "有 2 个可以推算出来" in (tmp_path / "out" / "observations.csv").read_text(encoding="utf-8-sig")
    public = open_build(home)
    assert public is not None
    assert nature(public, "en").endswith("publish again (python -m etl publish).")
