"""The verified badge: a review is of one wording, and lapses when the definition or its measures change."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from metrics.catalogue import FOLDER, Catalogue, load_catalogue, read_catalogue
from metrics.definitions import DefinitionFault
from metrics.output import verified_text
from metrics.reviews import ReviewRefused, read_reviews, record
from tests.commands import run

DAY = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the definitions in which only the active rate has been reviewed."""
    copy = tmp_path / "metrics"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "cube", "__pycache__"))
    (copy / "reviews.toml").unlink(missing_ok=True)
    record(copy, "active_rate", load_catalogue().indicator("active_rate").meaning, "analyst", DAY)
    return copy


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def verified(catalogue: Catalogue) -> set[str]:
    return {entry.id for entry in catalogue.all() if entry.is_verified}


def test_only_what_was_reviewed_is_verified(folder: Path) -> None:
    catalogue = read_catalogue(folder)
    assert verified(catalogue) == {"active_rate"}
    assert verified_text(catalogue.indicator("active_rate")) == "已核定 verified (analyst 2026-11-22)"
    assert verified_text(catalogue.indicator("registered_share")) == "未核定 not verified"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("indicators/active_rate.toml", "decimals = 1", "decimals = 2"),
        ("measures.toml", "期末在册、且窗口内至少有一条", "窗口内至少有两条"),
    ],
)
def test_a_changed_definition_or_measure_loses_the_badge(folder: Path, file: str, old: str, new: str) -> None:
    replace(folder / file, old, new)
    entry = read_catalogue(folder).indicator("active_rate")
    assert not entry.is_verified
    assert verified_text(entry) == "核定后有改动 changed since (analyst 2026-11-22)"
    record(folder, "active_rate", entry.meaning, "data steward", date(2026, 12, 1))
    assert read_catalogue(folder).indicator("active_rate").is_verified
    assert read_reviews(folder)["active_rate"].by == "data steward"


def test_another_indicator_s_change_leaves_the_badge(folder: Path) -> None:
    replace(folder / "indicators/hours_per_active.toml", "decimals = 2", "decimals = 1")
    assert verified(read_catalogue(folder)) == {"active_rate"}


def test_a_review_of_nothing_is_refused_with_the_nearest_name(folder: Path) -> None:
    replace(folder / "reviews.toml", "[active_rate]", "[actve_rate]")
    with pytest.raises(DefinitionFault, match="no indicator called 'actve_rate'"):
        read_catalogue(folder)
    replace(folder / "reviews.toml", "digest =", "digets =")
    with pytest.raises(DefinitionFault, match="unknown key 'digets'"):
        read_catalogue(folder)


@pytest.mark.parametrize("role", ["", " ", 'x"', "a\nb", "1"])
def test_a_reviewer_is_a_role_on_one_line(folder: Path, role: str) -> None:
    with pytest.raises(ReviewRefused):
        record(folder, "active_rate", "abc", role, DAY)


def test_the_command_records_a_review(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.commands.FOLDER", folder)
    result = run("metrics", "review", "registered_share", "--by", "分析员").require()
    assert "分析员" in result.err
    assert verified(read_catalogue(folder)) == {"active_rate", "registered_share"}
    run("metrics", "review", "registered_shar", "--by", "分析员").require(2)
