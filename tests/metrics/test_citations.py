"""What definitions cite is told in the reader's language, and in that one only."""

import re

import pytest

from metrics.catalogue import load_catalogue
from metrics.citations import BETWEEN, cited, load_citations
from metrics.explain import explain
from metrics.indicator import Target
from metrics.output import explanation_text
from metrics.periods import Period
from pages.components import explanation
from pages.i18n import translations
from tests.metrics.analysis_factory import fill, one_person_home

ENTRIES = load_catalogue().all()
TARGETS = [target for entry in ENTRIES for target in entry.targets]
HAN, ENGLISH = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]{2,}")


def test_no_source_is_told_in_two_languages_at_once() -> None:
    zh = [entry.source_text("zh") for entry in ENTRIES] + [cited(one.source, "zh") for one in TARGETS]
    en = [entry.source_text("en") for entry in ENTRIES] + [cited(one.source, "en") for one in TARGETS]
    assert [text for text in zh if ENGLISH.search(text)] == []
    assert [text for text in en if HAN.search(text)] == []


def test_no_citation_is_left_over_and_one_without_words_stays_as_written() -> None:
    sources = [one.source for one in (*ENTRIES, *TARGETS)]
    assert load_citations().keys() <= {part for source in sources for part in source.split(BETWEEN)}
    assert cited("市文明办通知 3; analyst", "zh") == "市文明办通知 3；本项目自定"
    assert cited("市文明办通知 3; analyst", "en") == "市文明办通知 3; defined by this project"
    assert Target(1, 2020, None, "", "", "analyst").name("en") == "defined by this project"


def test_panel_and_command_tell_the_source_in_the_readers_language(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = fill(one_person_home(tmp_path_factory.mktemp("cited")))
    told = explain(build, "active_rate", "130202", Period.parse("2023"))
    zh, en = (
        "《志愿服务条例》第三十四条；各市平台通用的活跃率",
        "Regulations on Volunteer Service, article 34; the usual active",
    )
    text = explanation_text(told)
    assert f"定义来源 source: {zh}\n    {en}" in text
    for lang, said, label in (("zh", zh, "定义来源"), ("en", en, "Source of the definition")):
        monkeypatch.setattr(explanation, "_", translations(lang).gettext)
        assert dict(explanation.lines(told, lang))[label].startswith(said)
