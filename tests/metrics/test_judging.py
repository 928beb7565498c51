"""One rule of what is judged, for sentences, comparisons, verdicts, ranks and targets."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from metrics.analysis.funnel import funnel_of
from metrics.analysis.intervals import limits_of
from metrics.analysis.needed import Goal, needed_for
from metrics.analysis.ranking import ranking_of
from metrics.analysis.verdicts import verdicts_of
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.claims import against_benchmark, on_the_year
from metrics.comparisons import between
from metrics.comparisons import with_fixed as beside_fixed
from metrics.comparisons.reasons import OF_ITS_OWN_PAST, OF_ITS_SIZE, against_other_areas
from metrics.indicator import OVER_TIME
from metrics.observation import Observation
from metrics.periods import Period
from metrics.population import load_population
from metrics.sentences import status_text
from metrics.statistics import wilson_interval
from metrics.targets import verdict
from metrics.variants import indicator_of
from tests.metrics.test_analysis_ranks import CITY, LEAVES, RATE, rate
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


def with_limits(row: Observation) -> Observation:
    low, high = (100 * float(side) for side in wilson_interval(row.numerator or 0, row.denominator or 1))
    return replace(row, lower=low, upper=high)


RATES = [
    with_limits(rate(above, 1000, code)) for above, code in zip((900, 890, 500, 200), LEAVES, strict=False)
]
MEANS = [hours(v, v - 2, v + 2, 400, code) for v, code in zip((20, 19, 8, 4), LEAVES, strict=False)]
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


@pytest.mark.parametrize("status", ["provisional", "denominator_year"])
def test_figures_that_are_not_whole_are_ranked_without_ranges_and_tiers(status: str) -> None:
    for indicator, rows in ((RATE, RATES), (HOURS, MEANS)):
        unfinished = [replace(row, status=status) for row in rows]
        found = ranking_of(CITY, unfinished, limits_of(unfinished), indicator)
        assert [row.rank for row in found.rows] == [1, 2, 3, 4]
        assert {(row.rank_lower, row.rank_upper, row.tier) for row in found.rows} == {(None, None, None)}
        assert (found.has_intervals, found.tiers, found.status) == (False, None, status)
        assert "分不出" not in found.zh
        assert "不给名次范围，也不分档" in found.zh
        assert status_text(status, "zh") in found.zh
        assert "without ranges or tiers" in found.en
        assert ranking_of(CITY, rows, limits_of(rows), indicator).tiers


def test_whole_figures_are_ranked_among_themselves_and_the_unfinished_ones_named() -> None:
    rows = [*RATES[:3], replace(RATES[3], status="provisional")]
    found = ranking_of(CITY, rows, limits_of(rows), RATE)
    alone = ranking_of(CITY, rows[:3], limits_of(rows[:3]), RATE)
    assert found.rows[:3] == alone.rows
    assert (found.rows[3].area_code, found.rows[3].rank, found.rows[3].tier) == (LEAVES[3], None, None)
    assert (found.status, found.n) == ("ok", 3)
    name = load_areas().get(LEAVES[3]).area_name
    assert f"1 个地区的数不完整，不排名（{name}：未完结" in found.zh
    assert "1 area not complete and not ranked" in found.en


def test_a_funnel_says_of_no_unfinished_figure_that_it_lies_outside() -> None:
    far = [rate(990 + n, 2000, code) for n, code in enumerate(LEAVES[:15])] + [rate(1500, 2000, LEAVES[15])]
    whole = funnel_of(rate(1, 2, CITY), far, RATE)
    assert "above" in {row.place for row in whole.rows}
    unfinished = [replace(row, status="provisional") for row in far]
    found = funnel_of(replace(rate(1, 2, CITY), status="provisional"), unfinished, RATE)
    assert {row.place for row in found.rows} == {"unjudged"}
    assert (found.average, found.curve) == (whole.average, whole.curve)
    assert "不判断谁在控制限之外" in found.zh
    assert "偏高" not in found.zh
    assert "nobody is said to lie outside" in found.en
    mixed = funnel_of(
        rate(1, 2, CITY), [*far, replace(rate(2, 2000, LEAVES[16]), status="provisional")], RATE
    )
    assert (mixed.average, mixed.curve, mixed.rows[:16]) == (whole.average, whole.curve, whole.rows)
    assert (mixed.rows[16].place, mixed.rows[16].value, mixed.n) == ("unjudged", 0.1, 17)
    assert "1 个地区的数不完整，只画出，不判断" in mixed.zh


OF_A_PART = "population=built_up"
SHARES = [
    replace(
        observation(indicator="registered_share", area_code=code, numerator=10 * value, denominator=1000, value=value),
        lower=value - 1, upper=value + 1, variant=OF_A_PART,
    )
    for value, code in zip((90.0, 60.0, 30.0, 10.0), LEAVES, strict=False)
]  # fmt: skip


def test_over_the_residents_of_a_part_no_area_is_judged_beside_another_wherever_it_is_asked() -> None:
    """Peers have always been refused so: ranks, verdicts, the city beside and sentences say the same."""
    city = replace(SHARES[0], area_code=CITY, value=40.0, numerator=4000, denominator=10000)
    indicator = indicator_of(city)
    found = ranking_of(CITY, SHARES, limits_of(SHARES), indicator)
    assert [row.rank for row in found.rows] == [1, 2, 3, 4]
    assert (found.has_intervals, found.tiers) == (False, None)
    judged = verdicts_of(city, SHARES, limits_of(SHARES), indicator)
    assert {row.verdict for row in judged.rows} == {"not_compared"}
    beside = between(BUILD, "benchmark", SHARES[0], city)  # type: ignore[arg-type]
    assert [one.code for one in beside.reasons] == ["over_time_only"]
    assert against_benchmark(SHARES[0], city, indicator) is None
    for said in (found, judged, beside):
        told = (said.text("zh"), said.text("en"))
        assert "按这个定义只宜与同一地区的其他时期比" in told[0]
        assert "comparable with other periods of the same area only" in told[1]
    usual = [replace(row, variant="") for row in SHARES]
    assert ranking_of(CITY, usual, limits_of(usual), load_catalogue().indicator("registered_share")).tiers


def test_totals_are_not_judged_between_areas_and_the_reason_is_their_own() -> None:
    """'按这个定义' would say that there were another definition by which totals of areas compare."""
    volunteers = load_catalogue().indicator("registered_volunteers")
    rows = [
        observation(indicator="registered_volunteers", area_code=code, numerator=n, denominator=None, value=n)
        for n, code in zip((900, 500, 200, 40), LEAVES, strict=False)
    ]
    found = ranking_of(CITY, rows, limits_of(rows), volunteers)
    assert "总数随地区大小而不同，地区之间不凭它分高下：名次只按数值排" in found.zh
    assert (
        "a total grows with the size of an area, so areas are not judged by it: ranks are as printed"
        in found.en
    )
    assert against_other_areas(rows[0]) == OF_ITS_SIZE
    assert (against_other_areas(SHARES[0]), against_other_areas(RATES[0])) == (OF_ITS_OWN_PAST, None)


def test_its_own_past_is_what_such_a_figure_is_held_against() -> None:
    year = Period.parse("2022")
    before = replace(
        SHARES[0], period_start=year.start, period_end=year.end, value=80.0, lower=79.0, upper=81.0
    )
    found = between(BUILD, "year_earlier", SHARES[0], before)  # type: ignore[arg-type]
    assert found.change is not None
    assert found.difference is not None


def test_a_funnel_of_figures_that_no_other_area_compares_with_judges_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [rate(990 + n, 2000, code) for n, code in enumerate(LEAVES[:15])] + [rate(1900, 2000, LEAVES[15])]
    # As a definition may declare it: comparability = "over_time" in active_rate.toml.
    declared = replace(RATE, comparability=OVER_TIME)
    monkeypatch.setitem(load_catalogue().indicators, "active_rate", declared)  # type: ignore[arg-type]
    found = funnel_of(rate(1, 2, CITY), rows, declared)
    assert {row.place for row in found.rows} == {"unjudged"}
    assert "按这个定义只宜与同一地区的其他时期比：控制限照画" in found.zh


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
