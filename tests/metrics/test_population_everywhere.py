"""A data home's own population is the one every answer is divided by and tells of; the shipped one nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from briefing.content.compose import compose
from briefing.model import Bullets
from briefing.template import load_template
from metrics.analysis.peer_rules import generated
from metrics.areas import load_areas
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.comparisons.unfinished import observed
from metrics.derived import read_derived_figures
from metrics.explain import explain
from metrics.output import explanation_text
from metrics.paths import REFERENCE
from metrics.periods import Period
from metrics.population import PopulationRow, load_population, population_for
from metrics.query import query
from metrics.reconcile.parts import check_population
from metrics.variants import Variant
from pages.components.explanation import lines
from tests.metrics.build_factory import make_build

YEAR = Period.parse("2021")
BUILT_UP = "population=built_up"
OWN = PopulationRow(
    "130202", "路南区", 2021, date(2021, 12, 31), 9000, "whole_city", "supplied_by_user", 1, "路南区统计局", "high"
)  # fmt: skip
ROWS = (
    OWN,
    replace(OWN, population=3000, scope="built_up", source="路南区住建局", certainty="medium: by mail"),
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    people = range(1, 451)
    home = make_build(
        tmp_path_factory.mktemp("own"),
        registrations=[{"volunteer_key": key, "registered_on": "2020-05-01"} for key in people],
        service_records=[
            {"volunteer_key": key, "area_code": "130202", "service_date": f"{year}-{month:02}-01"}
            for key in people
            for year in (2021, 2022)
            for month in (1, 12)
        ],
        own_population=ROWS,
    )
    found = open_build(home)
    assert found is not None
    return found


def briefed(build: Build, variant: str = "", lang: str = "zh") -> str:
    told = compose(build, "130202", YEAR, None, load_template(), lang, Variant.parse(variant))
    (section,) = [section for section in told.sections if section.key == "sources"]
    (bullets, *_) = [block for block in section.blocks if isinstance(block, Bullets)]
    return "\n".join(bullets.items)


def test_a_briefing_prints_the_population_its_rates_are_divided_by(build: Build) -> None:
    (found,) = query(build, "registered_share", "130202", YEAR)
    assert found.denominator == 9000
    assert "路南区人口：2021年 9,000 人（全市，自行提供" in briefed(build)
    assert "路南区统计局" in briefed(build)
    assert "Population of Lunan District: 9,000 in 2021 (whole city, supplied by the user" in briefed(
        build, lang="en"
    )


def test_a_briefing_in_another_definition_prints_that_population(build: Build) -> None:
    told = briefed(build, BUILT_UP)
    assert "3,000 人（建成区" in told
    assert "路南区住建局" in told


def test_a_window_up_to_a_day_is_divided_by_it(build: Build) -> None:
    (row,) = query(build, "registered_share", "130202", YEAR)
    found = observed(build, load_catalogue().indicator("registered_share"), row, YEAR, YEAR.end)
    assert found.denominator == 9000


def test_a_reconciliation_adds_it_up(build: Build) -> None:
    city = load_areas().get("130200")
    usual = check_population(replaced(build, load_population()), city, YEAR)
    own = check_population(build, city, YEAR)
    assert usual.parts_sum is not None
    assert own.parts_sum is not None
    assert own.parts_sum - usual.parts_sum == 9000  # nothing is shipped for it


def replaced(build: Build, population: list[PopulationRow]) -> Build:
    """The same build without the rows of its home."""
    found = Build.__new__(Build)
    found.__dict__.update(
        build.__dict__ | {"population": population, "population_for": partial(population_for, population)}
    )
    return found


def test_peer_bands_are_made_of_the_population_given_and_the_shipped_ones_of_the_shipped(
    build: Build,
) -> None:
    def bands(rows: list[PopulationRow]) -> list[str]:
        return [
            row[0]
            for row in generated("v", date(2021, 12, 31), rows)
            if row[3:] == ("130202", "population_band")
        ]

    assert bands(build.population) == ["population_band-district-0-300000"]
    assert bands(load_population()) == []  # nothing is shipped for it


def test_derived_figures_are_of_the_shipped_tables_alone() -> None:
    """What follows from printed figures is the same in every data home."""
    shipped = {row.population for row in load_population()}
    operands = [
        one for figure in read_derived_figures(REFERENCE) for one in figure.operands if one.population
    ]
    assert operands
    assert all(one.population is not None and one.population.population in shipped for one in operands)


def test_an_explanation_names_the_population_in_text_panel_and_data(build: Build) -> None:
    told = explain(build, "registered_share", "130202", YEAR, variant=BUILT_UP)
    (found,) = told["population"]
    assert {name: found[name] for name in ("population", "year", "scope", "basis", "source", "certainty")} == {
        "population": 3000, "year": 2021, "scope": "built_up", "basis": "supplied_by_user",
        "source": "路南区住建局", "certainty": "medium: by mail",
    }  # fmt: skip
    zh = "2021年 3,000 人（建成区，自行提供，截至 2021-12-31；来源：路南区住建局；可靠程度：中）"
    assert found["zh"] == zh
    assert f"人口 population: {zh}" in explanation_text(told)
    assert (
        "3,000 in 2021 (built-up area, supplied by the user, as of 2021-12-31; source: 路南区住建局; "
        "certainty: medium: by mail)"
    ) in explanation_text(told)
    assert zh in [text for _, text in lines(told, "zh")]


def test_a_figure_without_population_names_none(build: Build) -> None:
    told = explain(build, "active_rate", "130202", YEAR)
    assert told["population"] == []
    assert "人口 population" not in explanation_text(told)


def test_a_population_that_stands_in_is_named_with_its_year(build: Build) -> None:
    told = explain(build, "registered_share", "130202", Period.parse("2022"))
    assert told["status"] == {
        "code": "denominator_year",
        "zh": "人口用较早年份代替（2021年）",
        "en": f"{told['status']['en'].partition(' (')[0]} (2021)",
    }
    assert "代替没有的2022年" in told["population"][0]["zh"]
    assert "standing in for 2022" in told["population"][0]["en"]


def test_comparability_follows_the_definition(build: Build) -> None:
    usual = explain(build, "registered_share", "130202", YEAR)["comparability"]
    chosen = explain(build, "registered_share", "130202", YEAR, variant=BUILT_UP)["comparability"]
    assert usual["code"] == load_catalogue().indicator("registered_share").comparability
    assert chosen["code"] == "over_time"
    assert chosen["zh"] == "只宜与同一地区的其他时期比；只与同一口径的数比"
    assert "same definition only" in chosen["en"]
