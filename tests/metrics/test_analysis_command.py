"""python -m metrics analyse: the list, every analysis as table and JSON, and calls that are wrong."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from metrics.analysis.command import OPTION_NAMES
from metrics.analysis.registry import ANALYSES
from tests.commands import Result, run
from tests.metrics.analysis_factory import fill
from tests.metrics.build_factory import small_city

Metrics = Callable[..., Result]
CALLS = {
    "peers": ("130202", "--indicator", "active_rate"),
    "bands": ("130202", "--indicator", "active_rate", "--count", "3", "--group", "same_type"),
    "outlook": ("130200", "--indicator", "hours_per_registered"),
    "needed": ("130202", "--indicator", "active_rate", "--target", "90"),
    "distribution": ("130200",),
    "retention": ("130200", "--count", "4"),
    "flows": ("130200",),
    "sleeping": ("130200",),
    "seasonality": ("130200",),
    "level_changes": ("130200", "--indicator", "service_hours", "--basis", "service"),
    "age_standardised": ("130200", "--indicator", "active_rate"),
    "ranking": ("130200", "--indicator", "active_rate"),
    "verdicts": ("130200", "--indicator", "active_rate", "--correct"),
    "funnel": ("130200", "--indicator", "ever_active_rate"),
    "composite": ("130200", "--composite", "vitality"),
    "decomposition": ("130200", "--indicator", "active_rate", "--before", "2022"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = small_city(tmp_path_factory.mktemp("small"))
    fill(
        home,
        build_id="2024-01-15-small",
        days=[("130200", date(2023, 5, 6), 4, 9.0)],
        hours_bands=[("130200", "year", date(2023, 12, 31), "2-5", 10, 30.0)],
        cohorts=[("130200", date(2023, 1, 1), date(2023, 12, 31), 40, 10)],
    )
    return home


@pytest.fixture
def metrics(home: Path) -> Metrics:
    return lambda *arguments: run("metrics", "analyse", *arguments, home=home)


def test_the_list_names_every_analysis_and_needs_no_data(tmp_path: Path) -> None:
    rows = run("metrics", "analyse", "--format", "json", home=tmp_path).require().json()
    assert [row["name"] for row in rows] == list(ANALYSES) == list(CALLS)
    assert all(row["question"]["zh"] and row["question"]["en"] for row in rows)
    assert "综合指数" in run("metrics", "analyse", home=tmp_path).require().out


@pytest.mark.parametrize("name", ANALYSES)
def test_every_analysis_gives_a_sentence_and_its_numbers(metrics: Metrics, name: str) -> None:
    area, *options = CALLS[name]
    call = (name, "--area", area, "--period", "2023", *options)
    found = metrics(*call, "--format", "json").require().json()
    assert found["zh"].endswith("。")
    assert found["en"].endswith(".")
    assert found["build_id"] == "2024-01-15-small"
    assert {"analysis", "area_code", "status", "n"} <= found.keys()
    table = metrics(*call).require()
    assert table.out.startswith(f"{found['zh']}\n{found['en']}\n")
    assert "示例数据" in table.out
    assert "示例数据" in table.err
    words = set(table.out.split())
    assert not words & {"code", "name_zh", "name_en"}, "columns are headed in words"


@pytest.mark.parametrize("name", [name for name, one in ANALYSES.items() if "variant" in one.options])
def test_every_analysis_of_an_indicator_takes_another_definition(metrics: Metrics, name: str) -> None:
    area, *options = CALLS[name]
    asked, chosen = ["--indicator", "active_rate"], "active=clocked"
    rest = [one for one in options if one in ("--target", "90", "--before", "2022")]
    call = (name, "--area", area, "--period", "2023", *asked, *rest, "--variant", chosen)
    found = metrics(*call, "--format", "json").require().json()
    assert found["variant"] == chosen
    assert "口径：活跃＝有自动签到记录" in found["zh"]
    assert "active = a clocked record" in found["en"]
    assert "口径 definition: 活跃＝有自动签到记录 active=clocked" in metrics(*call).require().out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("peer", "--area", "130202", "--period", "2023"), "Did you mean 'peers'"),
        (("flows", "--period", "2023"), "--area is missing"),
        (("flows", "--area", "130202"), "--period is missing"),
        (("flows", "--area", "130202", "--period", "2023", "--group", "same_city"), "has no option --group"),
        (("peers", "--area", "130202", "--period", "2023"), "needs an indicator"),
        (("peers", "--area", "130202", "--period", "2023", "--indicator", "activ_rate"), "Did you mean 'active_rate'"),
        (("retention", "--area", "130202", "--period", "2023", "--count", "0"), "1 or more"),
        (("ranking", "--area", "130202", "--period", "2023", "--indicator", "active_rate"), "no areas below it"),
    ],
)  # fmt: skip
def test_a_wrong_call_says_what_can_be_asked(metrics: Metrics, call: tuple[str, ...], said: str) -> None:
    result = metrics(*call)
    assert result.code == 2
    assert said in result.err


def test_a_city_is_held_against_the_other_cities(metrics: Metrics) -> None:
    call = ("peers", "--area", "130200", "--period", "2023", "--indicator", "active_rate", "--format", "json")
    found = metrics(*call).require().json()
    assert found["group_id"] == "same_type-city"
    assert found["status"] == "insufficient"
    assert {row["status"] for row in found["rows"]} == {"not_reported"}


def test_an_own_list_is_read_from_the_home(metrics: Metrics, home: Path) -> None:
    text = '[[group]]\nid = "mine"\nname = { zh = "我的", en = "Mine" }\nareas = ["路北区", "古冶区", "开平区"]\n'
    (home / "peer_groups.toml").write_text(text, encoding="utf-8")
    call = ("peers", "--area", "130202", "--period", "2023", "--indicator", "active_rate", "--group", "mine")
    assert "3 个对比地区（我的，1 版）" in metrics(*call).require().out
    (home / "peer_groups.toml").write_text(text.replace("路北区", "路比区"), encoding="utf-8")
    result = metrics(*call)
    assert result.code == 2
    assert "路比区" in result.err
    (home / "peer_groups.toml").unlink()


def test_every_option_is_on_the_command_line() -> None:
    assert {option for one in ANALYSES.values() for option in one.options} == set(OPTION_NAMES)
