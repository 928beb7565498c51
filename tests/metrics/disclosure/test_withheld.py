"""What a reader of a public build sees: suppressed where few people are counted, and figures everywhere else."""

from __future__ import annotations

import pytest

from metrics.build import Build, open_build
from metrics.disclosure.report import withheld
from metrics.explain import explain
from metrics.export import says_something
from metrics.observation import Observation
from metrics.periods import Period
from metrics.query import query
from tests.metrics.disclosure.town import CITY, LEAVES, Published, Town

JANUARY, YEAR = Period.parse("2021-01"), Period.parse("2021")
FIRST, SECOND, THIRD, FOURTH = LEAVES[:4]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Two years; in January 2021 five people were active in one area, in April nobody, else enough everywhere."""
    town = Town()
    keys = {
        area: town.register(area, people, 0) for area, people in zip(LEAVES, (60, 70, 80, 90), strict=False)
    }
    for month in range(24):
        for area, registered in keys.items():
            town.serve(registered[: {0: 5, 3: 0}.get(month, 30) if area == FIRST else 30], month)
    published = Published(tmp_path_factory.mktemp("withheld")).publish(town)
    opened = open_build(published.directory / "public", published.builds[0].stem)
    assert opened is not None
    return opened


def of(build: Build, indicator: str, area: str, period: Period, **more: str) -> Observation:
    (row,) = query(build, indicator, area, period, **more)
    return row


def test_a_small_count_is_withheld_with_its_rate_hours_and_interval(build: Build) -> None:
    for indicator in (
        "active_volunteers",
        "active_rate",
        "service_hours",
        "hours_per_active",
        "service_visits",
    ):
        row = of(build, indicator, FIRST, JANUARY)
        assert (row.status, row.value, row.numerator) == ("suppressed", None, None), indicator
    rate = of(build, "active_rate", FIRST, JANUARY)
    assert (rate.lower, rate.upper, rate.denominator) == (None, None, None)


def test_one_more_area_is_withheld_so_that_the_city_does_not_tell(build: Build) -> None:
    rows = query(build, "active_volunteers", CITY, JANUARY, by="district")
    hidden = {row.area_code for row in rows if row.status == "suppressed"}
    assert FIRST in hidden
    assert len(hidden) == 2
    assert of(build, "active_volunteers", CITY, JANUARY).value == 95


def test_the_months_of_that_year_are_withheld_and_its_other_quarters_and_the_year_are_not(
    build: Build,
) -> None:
    assert of(build, "active_volunteers", FIRST, Period.parse("2021-05")).status == "suppressed"
    assert of(build, "active_volunteers", FIRST, Period.parse("2021-Q2")).value == 30
    assert of(build, "active_volunteers", FIRST, YEAR).value == 30
    assert of(build, "active_volunteers", FIRST, Period.parse("2022-05")).value == 30


def test_a_zero_among_withheld_figures_is_withheld_too(build: Build) -> None:
    assert of(build, "active_volunteers", FIRST, Period.parse("2021-04")).status == "suppressed"
    zero = of(build, "new_registrations", FIRST, Period.parse("2022-01"))
    assert (zero.value, zero.status) == (0, "ok")


def test_an_export_says_that_a_figure_is_withheld(build: Build) -> None:
    assert says_something(of(build, "active_volunteers", FIRST, JANUARY))


def test_explanations_name_the_threshold_and_how_much_is_withheld(build: Build) -> None:
    told = explain(build, "active_rate", CITY, YEAR)["disclosure"]
    assert (told["threshold"], told["is_internal"]) == (10, False)
    assert "少于 10 人" in told["zh"]
    assert f"{int(build.manifest['disclosure_hidden']):,}" in told["en"]


def test_a_build_says_how_much_it_withholds(build: Build) -> None:
    assert (build.disclosure_threshold, build.is_internal) == (10, False)
    assert 0 < int(build.manifest["disclosure_hidden"]) < int(build.manifest["disclosure_cells"])
    counted = {(row["measure"], row["basis"], row["dimension"]): row for row in withheld(build)}
    active = counted["active_volunteers", "residence", ""]
    assert active["hidden"] > 0
    assert active["published"] > active["hidden"]
    assert sum(row["hidden"] for row in counted.values()) == int(build.manifest["disclosure_hidden"])
