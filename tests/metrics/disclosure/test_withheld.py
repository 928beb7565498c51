"""What a reader of a public build sees: suppressed where few people are counted, and figures everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from metrics.analysis.registry import ANALYSES, Call, analyse
from metrics.build import Build, open_build
from metrics.disclosure.report import withheld
from metrics.explain import explain
from metrics.export import says_something
from metrics.observation import Observation
from metrics.periods import Period
from metrics.query import query
from metrics.refusals import Refused
from tests.metrics.disclosure.town import CITY, LEAVES, Published, Town

JANUARY, YEAR = Period.parse("2021-01"), Period.parse("2021")
FIRST, SECOND, THIRD, FOURTH = LEAVES[:4]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Two years; in January 2021 five people were active in one area, in April nobody, else enough everywhere."""
    town = Town()
    keys = {
        area: town.register(area, people, 0) for area, people in zip(LEAVES, (60, 70, 80, 90), strict=False)
    }
    for month in range(24):
        for area, registered in keys.items():
            town.serve(registered[: {0: 5, 3: 0}.get(month, 30) if area == FIRST else 30], month)
    return Published(tmp_path_factory.mktemp("withheld")).publish(town)


@pytest.fixture(scope="module")
def build(published: Published) -> Build:
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


# What findings call counts of people or visits; other numbers are of areas, months, ranks.
OF_PEOPLE = {"people", "registered", "active", "new", "returning", "reactivated", "active_before", "lapsed", "left",
             "visits", "saturday_visits", "week_visits", "numerator",
             "denominator", "so_far", "by_month", "whole", "expected_count"}  # fmt: skip


def small_counts(found: object, name: str = "") -> Iterator[tuple[str, float]]:
    """Every count of 1 to 9 in a finding, by its field."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from small_counts(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from small_counts(value, name)
    elif isinstance(found, int | float) and name in OF_PEOPLE and 0 < found < 10:
        yield name, found


def told_by_analyses(build: Build) -> set[tuple[str, str, float]]:
    told = set()
    for name in ANALYSES:
        for area, period in product((CITY, FIRST), (JANUARY, YEAR)):
            try:
                found = analyse(name, Call(build, area, period, "active_rate"))
            except Refused:
                continue  # of a district or a month not every analysis is made
            told |= {(name, *one) for one in small_counts(found.as_dict())}
    return told


def test_no_analysis_tells_a_small_count(build: Build, published: Published) -> None:
    assert told_by_analyses(build) == set()
    internal = open_build(published.directory / "internal", published.truths[0].stem)
    assert internal is not None
    assert {one[:2] for one in told_by_analyses(internal)} >= {("flows", "active"), ("needed", "numerator")}
