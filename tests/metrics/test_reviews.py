"""The verified badge: an office's review is of one wording, belongs to one data home, and lapses with the wording."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from metrics.build import Build, open_build
from metrics.catalogue import FOLDER, load_catalogue, read_catalogue
from metrics.explain import explain
from metrics.indicator import Indicator
from metrics.offices import FILE as OFFICES_FILE
from metrics.offices import OfficesNotUsable
from metrics.output import catalogue_table, explanation_text
from metrics.periods import Period
from metrics.reviews import (
    FILE,
    ReviewRefused,
    Reviews,
    ReviewsNotUsable,
    is_verified,
    record,
    reviews_of_home,
)
from tests.commands import REPOSITORY, load, run
from tests.metrics.build_factory import make_build

DAY = date(2026, 11, 22)
OFFICE = "市文明办综合科"
ACTIVE_RATE = load_catalogue().indicator("active_rate")


def changed(folder: Path, file: str, old: str, new: str) -> Indicator:
    """The active rate as it reads when one of the definitions is changed in a copy of them."""
    copy = folder / "metrics"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "cube", "__pycache__"))
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_catalogue(copy).indicator("active_rate")


def test_only_what_was_reviewed_is_verified_and_in_that_home_only(tmp_path: Path) -> None:
    one, other = tmp_path / "tangshan", tmp_path / "yantai"
    one.mkdir()
    other.mkdir()
    record(one, ACTIVE_RATE, OFFICE, DAY)
    reviews = reviews_of_home(one)
    assert [entry.id for entry in load_catalogue().all() if is_verified(entry, reviews)] == ["active_rate"]
    assert (reviews["active_rate"].by, reviews["active_rate"].on) == (OFFICE, DAY)
    assert reviews_of_home(other) == {}
    table = catalogue_table(load_catalogue(), reviews).splitlines()
    assert [line.split()[0] for line in table if "✓" in line] == ["active_rate"]
    assert "✓" not in catalogue_table(load_catalogue(), reviews_of_home(other))


@pytest.mark.parametrize(
    ("file", "old", "new", "stays"),
    [
        ("indicators/active_rate.toml", "decimals = 1", "decimals = 2", False),
        ("measures.toml", "期末在册、且窗口内至少有一条", "窗口内至少有两条", False),
        ("indicators/hours_per_active.toml", "decimals = 2", "decimals = 1", True),
    ],
)
def test_a_changed_definition_or_measure_loses_the_badge_and_another_s_does_not(
    tmp_path: Path, file: str, old: str, new: str, stays: bool
) -> None:
    record(tmp_path, ACTIVE_RATE, OFFICE, DAY)
    now = changed(tmp_path, file, old, new)
    assert is_verified(now, reviews_of_home(tmp_path)) is stays
    record(tmp_path, now, "数据统计岗", date(2026, 12, 1))
    assert is_verified(now, reviews_of_home(tmp_path))
    assert reviews_of_home(tmp_path)["active_rate"].by == "数据统计岗"


@pytest.mark.parametrize(
    "by", [OFFICE, "综合科", "团委", "统计员", "威海市志愿服务联合会", "analyst", "data steward"]
)
def test_an_office_or_a_post_reviews(tmp_path: Path, by: str) -> None:
    assert record(tmp_path, ACTIVE_RATE, f" {by} ", DAY).by == by
    assert reviews_of_home(tmp_path)["active_rate"].by == by


@pytest.mark.parametrize(
    "by",
    ["", " ", 'x"', "a\nb", "1", "王小明", "李科员", "王处长", "Wang Xiaoming", "13800138000", "科" * 61],
)
def test_a_name_or_nothing_is_refused_and_nothing_is_written(tmp_path: Path, by: str) -> None:
    with pytest.raises(ReviewRefused) as told:
        record(tmp_path, ACTIVE_RATE, by, DAY)
    assert "不写姓名" in told.value.zh
    assert "not a name" in told.value.en
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        ("[active_rate]", "[actve_rate]", "没有指标“actve_rate”，是否指“active_rate”", "no indicator called 'actve_rate'"),
        ("digest =", "digets =", "active_rate digets", "no such key"),
        ('by = "市文明办综合科"', 'by = "王小明"', "active_rate by：写的是“王小明”，应为科室", "expected an office"),
        ("on = 2026-11-22", 'on = "2026-11-22"', "应为日期", "active_rate on: found '2026-11-22', expected a day"),
        ("on = 2026-11-22", "", "active_rate on：没有写", "active_rate on: missing"),
        ("[active_rate]", "[active_rate", "不是有效的 TOML", "is not valid TOML"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_in_both_languages(
    tmp_path: Path, old: str, new: str, zh: str, en: str
) -> None:
    record(tmp_path, ACTIVE_RATE, OFFICE, DAY)
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ReviewsNotUsable) as told:
        reviews_of_home(tmp_path)
    assert zh in told.value.zh
    assert en in told.value.en
    assert FILE in told.value.zh
    assert FILE in told.value.en


def test_where_offices_are_declared_only_they_sign_exactly(tmp_path: Path) -> None:
    record(tmp_path, ACTIVE_RATE, "综合科", DAY)
    (tmp_path / OFFICES_FILE).write_text('offices = ["市文明办综合科", "数据统计"]\n', encoding="utf-8")
    for by in ("综合科", "市文明办综合科 2", "统计员", "数据"):
        with pytest.raises(ReviewRefused) as told:
            record(tmp_path, ACTIVE_RATE, by, DAY)
        assert "一字不差：市文明办综合科、数据统计" in told.value.zh
        assert "only these offices or posts may sign" in told.value.en
    with pytest.raises(ReviewsNotUsable) as kept:
        reviews_of_home(tmp_path)
    assert "写的是“综合科”，应为 offices.toml 所列之一：市文明办综合科、数据统计" in kept.value.zh
    (tmp_path / FILE).unlink()
    assert record(tmp_path, ACTIVE_RATE, "数据统计", DAY).by == "数据统计"
    assert reviews_of_home(tmp_path)["active_rate"].by == "数据统计"


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("offices = []", "写的是“[]”"), ('offices = "综合科"', "写的是“综合科”"),
        ("offices = [3]", "写的是“3”"), ("offices = ['a\"b']", '写的是“a"b”'), ('office = ["综合科"]', "没有这个键"),
    ],
)  # fmt: skip
def test_a_list_of_offices_that_says_nothing_is_told(tmp_path: Path, text: str, zh: str) -> None:
    (tmp_path / OFFICES_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(OfficesNotUsable) as told:
        record(tmp_path, ACTIVE_RATE, OFFICE, DAY)
    assert zh in told.value.zh
    assert OFFICES_FILE in told.value.en
    assert not (tmp_path / FILE).exists()


def explained(build: Build) -> str:
    return explanation_text(explain(build, "active_rate", "130200", Period.parse("2023")))


def built(home: Path, reviews: Reviews | None) -> Build:
    make_build(
        home,
        registrations=[{"volunteer_key": 1, "registered_on": "2021-03-01"}],
        service_records=[{"volunteer_key": 1, "service_date": "2023-05-01"}],
        reviews=reviews,
    )
    build = open_build(home)
    assert build is not None
    return build


def test_a_build_tells_the_reviews_of_its_home_as_they_stood(tmp_path: Path) -> None:
    (tmp_path / "reviewed").mkdir()
    review = record(tmp_path / "reviewed", ACTIVE_RATE, OFFICE, DAY)
    reviewed = built(tmp_path / "reviewed", reviews_of_home(tmp_path / "reviewed"))
    assert f"科室核定 verified by an office: 已核定 verified ({OFFICE} 2026-11-22)" in explained(reviewed)
    other = built(tmp_path / "other", None)
    assert "科室核定 verified by an office: 未核定 not verified" in explained(other)
    # The build is of a wording that has changed since.
    old = built(tmp_path / "old", {"active_rate": replace(review, digest="0123456789ab")})
    assert f"科室核定 verified by an office: 核定后有改动 changed since ({OFFICE} 2026-11-22)" in explained(
        old
    )


def test_a_build_of_before_there_were_reviews_says_that_nobody_has(tmp_path: Path) -> None:
    home = make_build(tmp_path)
    with duckdb.connect(str(home / "published" / "2024-01-15-test.duckdb")) as build:
        build.execute("DROP TABLE reviews")
    found = open_build(home)
    assert found is not None
    assert not found.reviews


def test_the_command_records_in_the_home_and_a_publication_shows_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    load(home, REPOSITORY / "data" / "sample" / "130200")
    shipped = {path: path.read_bytes() for path in FOLDER.rglob("*.toml")}
    assert OFFICE in run("metrics", "review", "active_rate", "--by", OFFICE, home=home).require().err
    assert {path: path.read_bytes() for path in FOLDER.rglob("*.toml")} == shipped
    listed = run("metrics", "list", "--json", home=home).require().json()
    assert [row["id"] for row in listed if row["verified"]] == ["active_rate"]
    run("etl", "publish", home=home).require()
    run("metrics", "export", tmp_path / "out", "--indicator", "active_rate", home=home).require()
    assert OFFICE in (tmp_path / "out" / "definitions.csv").read_text(encoding="utf-8-sig")
    run("metrics", "review", "registered_shar", "--by", OFFICE, home=home).require(2)
    assert "不写姓名" in run("metrics", "review", "active_rate", "--by", "王小明", home=home).require(2).err
    (home / FILE).write_text("[active_rate", encoding="utf-8")
    assert "reviews.toml 不是有效的 TOML" in run("etl", "publish", home=home).require(2).err
