"""The median of peers is one number, however it is asked for: comparison, explanation, place, band, what it takes."""

from pathlib import Path

import pytest

from metrics.analysis.bands import bands
from metrics.analysis.needed import what_it_takes
from metrics.analysis.peers import peer_position
from metrics.analysis.reading import Asked
from metrics.build import Build
from metrics.comparisons import compare
from metrics.explain import explain
from metrics.periods import Period
from metrics.query import query
from tests.metrics.comparisons.town import town


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return town(tmp_path_factory.mktemp("b"))


@pytest.fixture(scope="module")
def at_a_month_s_end(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return town(tmp_path_factory.mktemp("b"), received="2023-10-31", last="2023-10-30")


def medians(
    build: Build, period: str, window: str | None = None, indicator: str = "active_rate"
) -> dict[str, float | None]:
    question = (build, Asked(indicator, window), "130202", Period.parse(period))
    now = query(build, indicator, "130202", question[3], window)[0]
    (compared,) = compare(build, now, ["peer"])
    explained = explain(build, indicator, "130202", question[3], window)["comparison"]["peers"]
    place, takes, band = peer_position(*question), what_it_takes(*question), bands(*question, count=2)
    assert {compared.status, explained["status"], place.status, takes.status, band.status} == {
        compared.status
    }
    if compared.change is not None:
        assert explained["difference"] == place.difference == compared.change.amount
        assert takes.observation.value == place.observation.value == compared.now.value
    return {
        "compare": compared.reference if compared.is_allowed else None,
        "explain": explained["value"] if compared.is_allowed else None,
        "peers": place.median if place.rank is not None else None,
        "needed": takes.goal,
        "bands": band.rows[-1].percentiles.get("p50") if place.rank is not None else None,
    }


@pytest.mark.parametrize(
    ("period", "window", "median", "status"),
    [("2023-10", None, 35.0, "ok"), ("2023-11", "month", 35.0, "provisional"), ("2023", None, 35.0, "provisional"),
     ("2023-11", "rolling12", None, "provisional"), ("2023-12", "month", None, "not_reported")],
)  # fmt: skip
def test_every_way_of_asking_gives_the_same_median(
    build: Build, period: str, window: str | None, median: float | None, status: str
) -> None:
    assert set(medians(build, period, window).values()) == {median}
    assert peer_position(build, Asked("active_rate", window), "130202", Period.parse(period)).status == status


def test_so_it_does_of_a_year_of_whole_months(at_a_month_s_end: Build) -> None:
    assert set(medians(at_a_month_s_end, "2023").values()) == {35.0}


def test_a_district_behind_the_others_is_left_out_by_every_way_of_asking(tmp_path: Path) -> None:
    """One of the peers has no record in the year: of a rate of those who serve it has none to give."""
    build = town(tmp_path)
    asked = (build, "130202", Period.parse("2023-10"))
    place = peer_position(build, Asked("hours_per_active"), *asked[1:])
    (compared,) = compare(build, query(build, "hours_per_active", *asked[1:])[0], ["peer"])
    assert compared.peers is not None
    assert tuple(row.area_code for row in place.rows if row.value is not None) == compared.peers.counted
    assert place.zh.endswith(compared.peers.left_out_told("zh") + "。")


@pytest.mark.parametrize("indicator", ["active_rate", "service_hours"])
def test_beside_an_unfinished_figure_an_explanation_has_what_the_comparison_has(
    build: Build, indicator: str
) -> None:
    """The year before up to the same day, and never the whole year under the same name."""
    period = Period.parse("2023")
    (now,) = query(build, indicator, "130202", period)
    assert now.status == "provisional"
    told = explain(build, indicator, "130202", period)["comparison"]
    seen = 0
    for name, kind in (("year_earlier", "year_earlier"), ("city", "benchmark")):
        (compared,) = compare(build, now, [kind])
        if compared.is_allowed and compared.other is not None and compared.through:
            seen += 1
            assert told[name]["value"] == compared.other.value
            assert str(compared.through[1]) in told[name]["zh"]
            assert told[name]["difference"] is None
        elif told[name] is not None and told[name]["status"] == "ok":
            assert told[name]["zh"].endswith("两者不能比较")
    assert seen
