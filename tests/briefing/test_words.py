"""Templates, words and punctuation: data that people edit, read strictly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.template import FOLDER, TemplateNotKnown, load_template, template_names
from briefing.typography import full_width
from briefing.words import read_words
from metrics.definitions import DefinitionFault
from metrics.paths import ROOT

OVERVIEW = (FOLDER / "overview.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", template_names())
def test_every_template_can_be_read(name: str) -> None:
    template = load_template(name)
    assert template.indicators
    assert set(template.trend_points) == {"month", "quarter", "year"}


def test_an_unknown_template_is_refused_with_the_nearest() -> None:
    with pytest.raises(TemplateNotKnown, match="Did you mean 'overview'"):
        load_template("overveiw")


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("[trend]", "[trends]", "Did you mean 'trend'"),
        ('"active_volunteers", ', '"active_voluntears", ', "Did you mean 'active_volunteers'"),
        ("year = 5", "year = 5.5", "expected a whole number"),
        ("{area}志愿", "志愿", "expected a text that says"),
        ('charts = ["active_rate", "hours_per_registered"]', "charts = []", "at least one indicator"),
    ],
)
def test_a_fault_in_a_template_names_its_place(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert right in OVERVIEW
    (tmp_path / "broken.toml").write_text(OVERVIEW.replace(right, wrong), encoding="utf-8")
    with pytest.raises(DefinitionFault, match=f"broken.toml.*{fault}"):
        load_template("broken", tmp_path)


def test_both_languages_of_a_word_take_the_same_values() -> None:
    for key, texts in read_words().items():
        zh, en = (sorted(re.findall(r"\{(\w+)\}", texts[lang])) for lang in ("zh", "en"))
        assert zh == en, key


def test_every_word_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "briefing").rglob("*.py"))
    built = {"column", "source", "rose", "fell", "above", "below", "general", "level"}
    unused = [key for key in read_words() if f'"{key}"' not in code and key.split("_")[0] not in built]
    assert unused == []


@pytest.mark.parametrize(
    ("half", "full"),
    [
        ("活跃率为 67.9%(3,393 / 5,000),95% 区间", "活跃率为 67.9%\uff083,393 / 5,000\uff09\uff0c95% 区间"),
        ("未报送; 没有分母", "未报送\uff1b没有分母"),
        ("(2023年)", "\uff082023年\uff09"),
        ("时间 8:30,共 1,234 人", "时间 8:30\uff0c共 1,234 人"),
        ("来源 communique 2023; county table", "来源 communique 2023; county table"),
        ("plain, (English) text", "plain, (English) text"),
    ],
)
def test_marks_beside_chinese_are_full_width(half: str, full: str) -> None:
    assert full_width(half) == full
    assert full_width(full) == full
