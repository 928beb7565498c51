"""Every page, with data and without, in both languages, at sensible and at nonsensical addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from metrics.paths import ROOT
from tests.metrics.build_factory import small_city
from tests.pages.conftest import PAGES, RUNS_WITHIN_SECONDS, Open, text_of

CHINESE = re.compile(r"[\u3400-\u9fff]")
NEEDS_A_BUILD = ("overview", "districts", "analyses", "revisions", "drops")
PLATFORMS = ("燕赵志愿云", "志愿汇")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_page_names_its_build_and_marks_sample_data(
    name: str, lang: str, city_home: Path, open_page: Open
) -> None:
    app = open_page(name, lang=lang)
    text = text_of(app)
    assert "2024-01-15-small" in text
    assert ("示例数据" if lang == "zh" else "Sample data") in text
    assert not app.error
    assert not app.warning


def test_real_figures_carry_no_sample_mark(data_home: Path, open_page: Open) -> None:
    small_city(data_home, is_synthetic=False)
    assert "示例数据" not in text_of(open_page("overview"))


@pytest.mark.parametrize("name", NEEDS_A_BUILD)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_home_says_which_command_to_type(
    name: str, lang: str, data_home: Path, open_page: Open
) -> None:
    app = open_page(name, lang=lang)
    assert "python -m etl load" in text_of(app)
    assert not app.error


@pytest.mark.parametrize("name", ["cities", "definitions"])
def test_published_figures_and_definitions_need_no_build(name: str, data_home: Path, open_page: Open) -> None:
    text = text_of(open_page(name))
    assert "尚未发布任何数据版本" in text
    assert ("147.37万" if name == "cities" else "活跃率") in text


def test_cards_without_a_comparable_year_say_why_in_brief_and_the_table_in_full(
    city_home: Path, open_page: Open
) -> None:
    text = text_of(open_page("overview", period="2021"))
    assert "不比较：2020年未报送" in text
    assert "不与上年同期比较：2020年没有数值（未报送）。" in text
    english = text_of(open_page("overview", period="2021", lang="en"))
    assert "Not compared: 2020 not reported" in english
    assert "2020年未报送" not in text_of(open_page("overview", period="2023"))


@pytest.mark.parametrize("name", PAGES)
def test_nonsense_in_the_address_is_answered_with_a_note(name: str, city_home: Path, open_page: Open) -> None:
    nonsense = {
        "city": "999999",
        "period": "2021-Q9",
        "window": "<script>",
        "indicator": "' OR 1=1 --",
        "basis": "moon",
        "variant": "moon=full",
        "by": "shoe_size",
        "areas": "1,2",
        "area": "../1",
        "analysis": "import os",
        "group": "none",
        "count": "-1",
        "before": "2050",
        "composite": "..",
        "corrected": "1",
        "concept": "?",
        "lang": "tlh",
    }
    app = open_page(name, **nonsense)
    assert not app.error
    assert "lang=tlh" in text_of(open_page("overview", lang="tlh"))
    assert "<script>" not in "".join(str(block.proto.body) for block in app.get("html"))


def test_a_very_long_value_is_shortened_in_the_note(city_home: Path, open_page: Open) -> None:
    notes = [note.value for note in open_page("overview", city="9" * 5000).info]
    assert notes
    assert all(len(note) < 200 for note in notes)


def test_english_pages_hold_no_chinese_but_the_words_of_the_data(city_home: Path, open_page: Open) -> None:
    for name in ("overview", "districts", "analyses", "revisions"):
        text = text_of(open_page(name, lang="en"))
        for word in ("中文", *PLATFORMS):  # a platform is called what it calls itself
            text = text.replace(word, "")
        assert not CHINESE.search(text), [line for line in text.splitlines() if CHINESE.search(line)]


def test_a_new_build_is_shown_at_the_next_run(city_home: Path, open_page: Open) -> None:
    app = open_page("overview")
    small_city(city_home, build_id="2024-02-15-newer")
    app.run()
    assert "2024-02-15-newer" in text_of(app)
    assert "2024-01-15-small" not in text_of(app)


def test_a_broken_build_is_explained_without_a_traceback(city_home: Path, open_page: Open) -> None:
    (city_home / "published" / "CURRENT").write_text("gone", encoding="utf-8")
    app = open_page("overview")
    assert [error for error in app.error if "python -m etl publish" in error.value]
    assert "Traceback" not in text_of(app)


def test_a_link_to_a_page_may_be_the_server_s_very_first_request(city_home: Path) -> None:
    """Streamlit would then run the page without app.py: see frame._require_app."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=RUNS_WITHIN_SECONDS)
    app.query_params["lang"] = "en"
    app.switch_page("pages/districts.py").run()
    assert [title.value for title in app.title] == ["Districts compared"]
    assert app.get("nav") or app.session_state["filters"] == {"lang": "en"}
