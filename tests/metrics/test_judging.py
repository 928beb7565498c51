"""One rule of what is judged, for sentences, comparisons, verdicts, ranks and targets."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from metrics.analysis.intervals import limits_of
from metrics.analysis.needed import Goal, needed_for
from metrics.analysis.ranking import ranking_of
from metrics.analysis.verdicts import verdicts_of
from metrics.catalogue import load_catalogue
from metrics.claims import against_benchmark, on_the_year
from metrics.comparisons import between
from metrics.comparisons import with_fixed as beside_fixed
from metrics.observation import Observation
from metrics.periods import Period
from metrics.population import load_population
from metrics.targets import verdict
from tests.metrics.test_analysis_ranks import CITY, LEAVES, RATE
from tests.metrics.test_explain import observation

HOURS = load_catalogue().indicator("hours_per_registered")
BUILD = SimpleNamespace(breaks=(), population=load_population(), coverage=lambda city: {})


def hours(
    value: float,
    low: float | None,
    high: float | None,
    people: float = 400,
    area: str = LEAVES[0],
    **more: str,
) -> Observation:
    """Mean hours of so many people of an area in 2023."""
    found = observation(
        indicator="hours_per_registered", value=value, lower=low, upper=high, numerator=value * people,
        denominator=people, area_code=area,
    )  # fmt: skip
    return replace(found, **more)


def words(rows: list[Observation], whole: Observation) -> list[str]:
    return [row.verdict for row in verdicts_of(whole, rows, limits_of(rows), HOURS).rows]


CITYWIDE = hours(14.0, 13.0, 15.0, 9000, CITY)
LOW, HIGH = hours(8.0, 6.0, 10.0), hours(20.0, 17.0, 24.0)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (LOW, "worse"), (HIGH, "better"), (hours(13.0, 11.0, 16.0), "similar"),
        (replace(LOW, numerator=8.0 * 99, denominator=99.0), "not_compared"),
        (replace(LOW, numerator=8.0 * 100, denominator=100.0), "worse"),
        (replace(LOW, status="provisional"), "not_compared"),
        (replace(LOW, status="denominator_year"), "not_compared"),
    ],
)  # fmt: skip
def test_verdicts_sentences_and_comparisons_judge_the_same_hours(row: Observation, expected: str) -> None:
    assert words([row], CITYWIDE) == [expected]
    claim = against_benchmark(row, CITYWIDE, HOURS)
    assert (claim.judgement or "similar" if claim else "not_compared") == expected
    difference = between(BUILD, "benchmark", row, CITYWIDE).difference  # type: ignore[arg-type]
    assert (difference is None) == (expected == "not_compared")
    assert difference is None or difference.is_distinguishable == (expected != "similar")


def test_no_city_that_is_not_whole_is_a_benchmark_and_the_sentence_says_why() -> None:
    found = verdicts_of(replace(CITYWIDE, status="provisional"), [LOW], limits_of([LOW]), HOURS)
    assert (found.n, found.rows[0].verdict) == (0, "not_compared")
    assert "满 100 人" in found.zh
    assert "100 people and more" in found.en


@pytest.mark.parametrize(
    ("before", "direction"), [((8.5, 7.0, 11.0), "similar"), ((16.0, 13.0, 20.0), "lower"), (None, None)]
)
def test_a_year_of_hours_is_compared_as_the_sentence_compares_it(
    before: tuple[float, float, float] | None, direction: str | None
) -> None:
    year = Period.parse("2022")
    other = hours(*(before or (16.0, 13.0, 20.0)), people=400 if before else 60)
    other = replace(other, period_start=year.start, period_end=year.end)
    found = between(BUILD, "year_earlier", LOW, other)  # type: ignore[arg-type]
    claim = on_the_year(LOW, other, HOURS)
    assert claim is not None
    assert claim.is_tested == (direction is not None) == (found.difference is not None)
    if found.difference:
        assert claim.direction == direction
        assert found.difference.is_distinguishable == (direction != "similar")
        assert found.difference.text("zh") in found.text("zh")


def test_ranks_do_not_rely_on_the_interval_of_fewer_than_100_people() -> None:
    rows = [
        hours(value, value - 2, value + 2, 400, code)
        for value, code in zip((8, 12, 20), LEAVES, strict=False)
    ]
    rows.append(hours(50.0, 20.0, 90.0, 15, LEAVES[3]))
    found = ranking_of(CITY, rows, limits_of(rows), HOURS)
    assert [row.area_code for row in found.rows if row.rank] == [LEAVES[2], LEAVES[1], LEAVES[0]]
    assert "1 个地区不足 100 人，时长的平均数不排名" in found.zh
    assert "没有可排的数据" not in found.zh


@pytest.mark.parametrize(
    ("row", "target", "said", "is_tested"),
    [
        (LOW, 12.0, "not_met", True),
        (LOW, 9.0, "not_met_within_interval", True),
        (HIGH, 18.0, "met_within_interval", True),
        (replace(HIGH, denominator=15.0), 12.0, "too_few", False),
        (replace(HIGH, status="denominator_year"), 12.0, "earlier_population", False),
        (replace(HIGH, status="provisional"), 12.0, "not_final", False),
    ],
)
def test_a_target_is_judged_by_explanation_and_comparison_alike(
    row: Observation, target: float, said: str, is_tested: bool
) -> None:
    assert verdict(HOURS, row, target) == said
    difference = beside_fixed("target", row, target, "目标", "the target").difference
    assert (difference is not None) == is_tested
    assert difference is None or difference.is_distinguishable == (not said.endswith("_within_interval"))


def test_what_it_takes_says_what_the_verdict_leaves_open() -> None:
    def said(row: Observation, goal: float) -> str:
        return needed_for(row, Goal(goal, "目标", "the target"), HOURS).zh

    assert "已经达到（目标在 95% 区间内，不能排除偶然）" in said(HIGH, 18.0)
    assert said(HIGH, 12.0).endswith("已经达到。")
    assert "不能排除偶然" in said(LOW, 9.0)
    assert "不能排除偶然" not in said(LOW, 12.0)
    few = replace(HIGH, numerator=300.0, denominator=15.0)
    assert "已经达到（不足 100 人，时长的平均数不作判断）" in said(few, 12.0)


def test_a_proportion_of_an_earlier_population_is_not_judged_either() -> None:
    city = observation(indicator="active_rate", area_code=CITY, numerator=5000, denominator=10000, value=50.0)
    row = replace(
        city, area_code=LEAVES[0], numerator=900.0, denominator=1000.0, value=90.0, lower=88.0, upper=92.0
    )
    for status, expected in (("ok", "better"), ("denominator_year", "not_compared")):
        asked = replace(row, status=status)
        assert verdicts_of(city, [asked], limits_of([asked]), RATE).rows[0].verdict == expected
