"""Filters live in the address: defaults left out, kept across pages, independent of the language."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open


def address(app: AppTest) -> dict[str, str]:
    return {key: value[-1] if isinstance(value, list) else value for key, value in app.query_params.items()}


def test_defaults_are_left_out_of_the_address(city_home: Path, open_page: Open) -> None:
    assert address(open_page("districts")) == {}
    assert address(open_page("districts", by="district", lang="zh", city="130200")) == {}


def test_a_choice_is_written_as_a_code(city_home: Path, open_page: Open) -> None:
    app = open_page("districts")
    app.selectbox(key="indicator_zh").select("hours_per_registered").run()
    assert address(app) == {"indicator": "hours_per_registered"}


def test_a_choice_survives_another_page_and_a_reload(city_home: Path, open_page: Open) -> None:
    app = open_page("districts")
    app.selectbox(key="indicator_zh").select("hours_per_registered").run()
    app.switch_page("pages/drops.py").run()
    assert address(app)["indicator"] == "hours_per_registered"
    reloaded = open_page("districts", **address(app))
    assert reloaded.selectbox(key="indicator_zh").value == "hours_per_registered"


def test_choosing_the_default_again_clears_the_address(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", indicator="hours_per_registered")
    app.selectbox(key="indicator_zh").select("active_rate").run()
    assert address(app) == {}


def test_the_language_switch_keeps_the_filters(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", indicator="ever_active_rate", period="2022")
    app.button_group(key="lang_zh").select("en").run()
    assert address(app) == {"lang": "en", "period": "2022", "indicator": "ever_active_rate"}
    assert app.selectbox(key="indicator_en").value == "ever_active_rate"


def test_switching_to_months_goes_to_the_newest_complete_month(city_home: Path, open_page: Open) -> None:
    app = open_page("overview")
    app.button_group(key="period_kind_zh").select("month").run()
    assert address(app) == {"period": "2023-12"}


def test_a_bad_value_is_removed_from_the_address(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", indicator="nothing", period="2022")
    assert address(app) == {"period": "2022"}


def test_lines_of_districts_are_codes_joined_by_commas(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", areas="130202,130203")
    assert app.multiselect(key="areas_zh").value == ["130202", "130203"]
    app.multiselect(key="areas_zh").select("130205").run()
    assert address(app) == {"areas": "130202,130203,130205"}


def test_an_old_address_is_ignored_when_a_widget_caused_the_run(city_home: Path, open_page: Open) -> None:
    """Two quick clicks: the second arrives with the address as it was before the first."""
    app = open_page("districts")
    app.selectbox(key="indicator_zh").select("hours_per_registered").run()
    app.query_params.clear()
    app.query_params["indicator"] = "registered_share"
    app.selectbox(key="by_zh").select("gender").run()
    assert address(app) == {"indicator": "hours_per_registered", "by": "gender"}


def test_an_old_address_is_ignored_until_the_choice_has_reached_it(city_home: Path, open_page: Open) -> None:
    """A run that writes the address last may be cut short by the next click, which is about something else."""
    app = open_page("districts", indicator="registered_share")
    app.selectbox(key="indicator_zh").select("hours_per_registered").run()
    for _again in range(2):
        app.query_params["indicator"] = "registered_share"
        app.run()
        assert address(app) == {"indicator": "hours_per_registered"}
    app.run()
    app.query_params["indicator"] = "registered_share"
    app.run()
    assert address(app) == {"indicator": "registered_share"}
