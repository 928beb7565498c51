"""The panel behind a figure, on the pages, in both languages; and what is missing, beside the figures."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.comparisons import compare
from metrics.explain import explain
from metrics.periods import Period
from metrics.query import query
from pages.components import beside, downloads, explanation
from pages.i18n import translations
from tests.lacking_city import MISSING_EN, MISSING_ZH, lacking_city
from tests.pages.conftest import Open, text_of
from tests.pages.test_address import address

PANEL_TITLES = {
    ("overview", "zh"): "这个数字从哪里来",
    ("overview", "en"): "Where this figure comes from",
    ("districts", "zh"): "数字从哪里来",
    ("districts", "en"): "Where a figure comes from",
}


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("name", "lang"), list(PANEL_TITLES))
def test_the_panel_says_what_the_command_says(name: str, lang: str, city_home: Path, open_page: Open) -> None:
    app = open_page(name, lang=lang, period="2023", indicator="active_rate")
    assert PANEL_TITLES[name, lang] in [block.label for block in app.expander]
    text = flat(text_of(app))
    build = open_build(city_home)
    assert build is not None
    told = explain(build, "active_rate", "130200", Period.parse("2023"))
    for key in ("sentence", "question", "formula", "calculation"):
        assert flat(told[key][lang]) in text, key
    for part in (*told["claims"][lang], *told["completeness"][lang], *told["caveats"][lang]):
        assert flat(part) in text
    assert told["comparison"]["year_earlier"][lang] in text
    assert f"{told['interval']['text'][lang]} (" in text
    assert told["definition_digest"] in text
    assert told["drops"][0]["file_name"] in text
    assert ("示例数据" if lang == "zh" else "Sample data") in text


def test_the_panel_holds_a_figure_against_whatever_is_chosen(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", period="2023", indicator="active_rate", lang="zh")
    build = open_build(city_home)
    assert build is not None
    now = query(build, "active_rate", "130200", Period.parse("2023"))[0]
    before, earlier, peers = compare(build, now, ["previous", "year_earlier", "peer:same_type"])
    shown = text_of(app)
    assert flat(before.text("zh")) in flat(shown)
    assert flat(earlier.text("zh")) in flat(shown)
    app.button_group(key="beside_130200_zh").set_value(["peer:same_type"]).run()
    assert flat(f"- {peers.text('zh')}") in flat(text_of(app))
    assert flat(before.text("zh")) not in flat(text_of(app))


def test_own_lists_that_cannot_be_read_leave_the_shipped_groups(city_home: Path) -> None:
    assert beside.usable_home() == city_home
    (city_home / "peer_groups.toml").write_text("[[group", encoding="utf-8")
    assert beside.usable_home() is None


@pytest.mark.parametrize(("lang", "label"), [("zh", "目标"), ("en", "Target")])
def test_the_panel_says_whether_a_target_is_met(
    city_home: Path, monkeypatch: pytest.MonkeyPatch, lang: str, label: str
) -> None:
    build = open_build(city_home)
    assert build is not None
    told = explain(build, "active_rate", "130200", Period.parse("2023"))
    assert told["target"] is None
    told["target"] = {"zh": "60%（规划）：已达到", "en": "60% (plan): met"}
    monkeypatch.setattr(explanation, "_", translations(lang).gettext)
    assert (label, told["target"][lang]) in explanation.lines(told, lang)


def test_a_district_can_be_chosen_and_is_held_against_its_city(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", period="2023", indicator="active_rate")
    (choice,) = [box for box in app.selectbox if box.key == "explained_area"]
    choice.select("130203").run()
    assert not app.exception
    text = flat(text_of(app))
    build = open_build(city_home)
    assert build is not None
    told = explain(build, "active_rate", "130203", Period.parse("2023"))
    assert told["comparison"]["city"]["zh"] in text
    assert all(flat(claim) in text for claim in told["claims"]["zh"])


def test_many_districts_at_once_come_with_a_warning_of_chance(city_home: Path, open_page: Open) -> None:
    assert "仅因偶然而显得不同" in text_of(open_page("districts", period="2023", indicator="active_rate"))


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lacking_city(tmp_path_factory.mktemp("lacking"))


@pytest.mark.parametrize("name", ["overview", "districts"])
@pytest.mark.parametrize(("lang", "sentence"), [("zh", MISSING_ZH), ("en", MISSING_EN)])
def test_a_page_with_provisional_figures_names_who_has_not_reported(
    name: str, lang: str, sentence: str, lacking: Path, data_home: Path, open_page: Open
) -> None:
    shutil.copytree(lacking, data_home, dirs_exist_ok=True)
    question = {"city": "130200", "period": "2021-02", "indicator": "service_hours", "basis": "service"}
    assert f"※ {sentence}" in text_of(open_page(name, lang=lang, **question))


def test_whole_figures_need_no_such_note(city_home: Path, open_page: Open) -> None:
    assert "尚未报来" not in text_of(open_page("districts", period="2023"))


def test_a_figure_of_another_definition_leads_to_its_rows(city_home: Path, open_page: Open) -> None:
    app = open_page("overview", period="2023", indicator="active_rate", variant="active=clocked")
    links = [one.proto for one in app.get("page_link") if "追溯" in one.proto.label]
    assert links
    assert all("variant=active%3Dclocked" in one.query_string for one in links)


def test_a_figure_is_compared_with_periods_freely_chosen(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", period="2023", indicator="active_rate")
    build = open_build(city_home)
    assert build is not None
    now = query(build, "active_rate", "130200", Period.parse("2023"))[0]
    older = Period.parse("2021")
    (found,) = compare(build, now, (), chosen=[older])
    assert flat(found.text("zh")) not in flat(text_of(app))
    app.multiselect(key="against_zh").select("2021").run()
    assert address(app)["against"] == "2021"
    assert flat(f"- {found.text('zh')}") in flat(text_of(app))
    again = open_page("overview", period="2023", against="2021", lang="en")
    assert flat(found.text("en")) in flat(text_of(again)), "the address carries the choice"


def test_a_period_of_another_length_or_none_is_told_kindly(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", period="2023", against="2021,2021-Q3,soon")
    (note,) = [note.value for note in app.info if "against=2021,2021-Q3,soon" in note.value]
    assert "2021-Q3、soon 在这里不可用，已略去" in note
    assert "默认值" not in note, "2021 is kept"
    assert address(app)["against"] == "2021"
    app.button_group(key="period_kind_zh").select("quarter").run()
    assert "against" not in address(app)
    assert not [note for note in app.info if "against" in note.value]


@pytest.mark.parametrize(("asked", "note"), [("soon", "已改为默认值"), ("2021,2021", ""), ("2021,2022", "")])
def test_the_note_about_chosen_periods_says_what_is_done(
    asked: str, note: str, city_home: Path, open_page: Open
) -> None:
    told = [one.value for one in open_page("districts", period="2023", against=asked).info]
    assert [note in one for one in told if "against" in one] == ([True] if note else [])


def test_no_more_periods_than_can_be_chosen_are_taken_from_the_address(
    city_home: Path, open_page: Open
) -> None:
    months = [f"2023-{month:02}" for month in range(1, 9)]
    app = open_page("districts", period="2023-12", against=",".join(months))
    assert address(app)["against"] == ",".join(months[:6])
    assert [one.value for one in app.info if "只显示前 6 个" in one.value]


def test_downloads_name_the_periods_compared_with(
    city_home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, str] = {}

    def noted(build: Build, rows: object, selection: str, name: str, *label: str) -> None:
        told[name] = selection

    monkeypatch.setattr(downloads, "observations", noted)
    for page in ("overview", "districts"):
        open_page(page, period="2023", against="2022,2021")
        assert told[page].endswith(" · 对比 2022年、2021年")
