"""Only sourced thresholds are switched on; everything else waits, blank, for somebody with the document."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from metrics.paths import REFERENCE
from metrics.reference import ReferenceFault
from metrics.standards import Standard, load_standards, read_standards


def by_id(standard_id: str) -> Standard:
    return next(standard for standard in load_standards() if standard.standard_id == standard_id)


def test_what_is_on_has_a_threshold_and_a_source() -> None:
    switched_on = [standard for standard in load_standards() if standard.is_on]
    assert len(switched_on) == 14
    for standard in switched_on:
        assert standard.threshold is not None
        assert standard.source
        assert standard.certainty in ("found", "printed")


def test_what_could_not_be_confirmed_is_blank_and_off() -> None:
    unconfirmed = [standard for standard in load_standards() if standard.certainty == "unconfirmed"]
    assert [standard.standard_id for standard in unconfirmed] == [
        "civilized-city-registered-share-built-up",
        "civilized-city-ever-active-rate",
        "civilized-city-hours-per-registered",
        "beijing-hours",
        "beijing-participation",
    ]
    for standard in unconfirmed:
        assert (standard.threshold, standard.source, standard.is_on) == (None, "", False)
        assert standard.is_met_by(100) is None


def test_the_sourced_thresholds_are_these() -> None:
    assert {standard.standard_id: standard.threshold for standard in load_standards() if standard.is_on} == {
        "civilized-city-registered-share": 8,
        "registered-volunteer-hours": 20,
        "registered-volunteer-age": 14,
        "record-within-working-days": 10,
        "certificate-publicity-days": 7,
        "star-1": 100,
        "star-2": 300,
        "star-3": 600,
        "star-4": 1000,
        "star-5": 1500,
        "station-six-items": 6,
        "yantai-teams-county": 17,
        "yantai-teams-town": 5,
        "yantai-teams-village": 3,
    }


def test_the_built_up_item_asks_for_a_built_up_denominator() -> None:
    assert by_id("civilized-city-registered-share").denominator_scope == "whole"
    assert by_id("civilized-city-registered-share-built-up").denominator_scope == "built_up"


@pytest.mark.parametrize(("value", "is_met"), [("7.99", False), ("8", True), ("8.01", True)])
def test_a_lower_limit_is_met_from_the_threshold_on(value: str, is_met: bool) -> None:
    assert by_id("civilized-city-registered-share").is_met_by(Decimal(value)) is is_met


@pytest.mark.parametrize(("days", "is_met"), [(9, True), (10, True), (11, False)])
def test_an_upper_limit_is_met_up_to_the_threshold(days: int, is_met: bool) -> None:
    assert by_id("record-within-working-days").is_met_by(days) is is_met


def test_every_item_can_be_read_in_both_languages() -> None:
    for standard in load_standards():
        for lang in ("zh", "en"):
            assert standard.name(lang)
            assert standard.item(lang)
        assert (standard.name("en") + standard.item("en") + standard.unit_name("en")).isascii()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(REFERENCE / "standards.csv", tmp_path / "standards.csv")
    return tmp_path


def edit(path: Path, found: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert found in text
    path.write_text(text.replace(found, replacement, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("found", "replacement", "message"),
    [
        (">=,8,%", ">=,,%", r"row 2, column threshold: found nothing, expected a number because is_on is true"),
        ("built_up,,unconfirmed,false", "built_up,,unconfirmed,true", r"row 3, column threshold: found nothing"),
        (">=,,%,built_up", ">=,99,%,built_up", r"row 3, column certainty: .*a number from memory is no standard"),
        (">=,8,%", "=>,8,%", r"row 2, column comparator: found '=>', expected one of '<=', '>='"),
        (">=,8,%", ">=,eight,%", r"row 2, column threshold: found 'eight', expected a number"),
        ("%,whole,", "%,city,", r"row 2, column denominator_scope: found 'city', expected one of"),
        ("found,true", "found,yes", r"row 2, column is_on: found 'yes', expected one of 'false', 'true'"),
        ("registered_share,>=,8", "registration_share,>=,8", r"row 2, column concept_id: .*mean 'registered_share'"),
        ("comparator", "operator", r"row 1, column operator: unknown column"),
    ],
)  # fmt: skip
def test_a_fault_names_row_column_found_and_expected(
    folder: Path, found: str, replacement: str, message: str
) -> None:
    edit(folder / "standards.csv", found, replacement)
    with pytest.raises(ReferenceFault, match="standards.csv, " + message):
        read_standards(folder)


def test_a_threshold_that_is_on_without_a_source_is_refused(folder: Path) -> None:
    edit(folder / "standards.csv", "covid-19.chinadaily.com.cn 2015-08-31", "")
    with pytest.raises(
        ReferenceFault, match=r"column source: found nothing, expected where the threshold 7 is"
    ):
        read_standards(folder)


def test_a_user_can_fill_in_a_threshold_with_its_source(folder: Path) -> None:
    edit(
        folder / "standards.csv",
        ">=,,%,built_up,,unconfirmed,false",
        ">=,12.5,%,built_up,测评体系操作手册第3页,supplied,true",
    )
    filled = read_standards(folder)[1]
    assert (filled.threshold, filled.is_on, filled.is_met_by(Decimal("12.5"))) == (
        Decimal("12.5"),
        True,
        True,
    )
