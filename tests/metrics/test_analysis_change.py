"""Bands through time, the outlook, what it takes, and where a change comes from."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from metrics.analysis.bands import PercentileBands, bands_of
from metrics.analysis.decomposition import decomposition, decomposition_of
from metrics.analysis.needed import Goal, catalogue_goal, goal_from, needed_for, what_it_takes
from metrics.analysis.peer_groups import PeerGroup
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.analysis.year_end import EarlierYear, outlook_of, year_end
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.indicator import Target
from metrics.observation import Observation
from metrics.periods import Period
from metrics.series_breaks import SeriesBreak
from tests.metrics.analysis_factory import fill, observed, one_person_home, stood
from tests.metrics.build_factory import small_city

RATE = load_catalogue().indicator("active_rate")
HOURS = load_catalogue().indicator("service_hours")
GROUP = PeerGroup("test", "1", date(2020, 1, 1), "own_list", (), ("测试组", "the test group"))
LEAVES = [area.area_code for area in load_areas().children("130200") if area.level != "unknown"]
MONTHS = [f"2023-{month:02d}" for month in range(1, 7)]


def course(area: str, values: list[float | None]) -> list[Observation]:
    return [observed(value, area, period=month) for value, month in zip(values, MONTHS, strict=True)]


def banded(own: list[Observation], peers: list[list[Observation]]) -> PercentileBands:
    found = [stood(row, [one[at] for one in peers], GROUP) for at, row in enumerate(own)]
    return bands_of(MONTHS, found, GROUP, RATE)


@pytest.mark.parametrize(("peers", "names"), [(2, 0), (3, 3), (9, 3), (10, 11), (11, 11)])
def test_few_peers_have_few_percentiles(peers: int, names: int) -> None:
    own = course(LEAVES[0], [50.0] * 6)
    found = banded(own, [course(LEAVES[n + 1], [10.0 * n] * 6) for n in range(peers)])
    assert [len(row.percentiles) for row in found.rows] == [names] * 6
    assert (found.status == "insufficient") == (names == 0)


def test_bands_are_the_percentiles_of_pandas_and_leave_gaps() -> None:
    chance = np.random.default_rng(1)
    table = pd.DataFrame(chance.uniform(0, 100, (12, 6)))
    table.iloc[3, 2] = np.nan
    peers = [
        course(LEAVES[n + 1], [None if pd.isna(v) else float(v) for v in table.iloc[n]]) for n in range(12)
    ]
    found = banded(course(LEAVES[0], [60.0] * 5 + [None]), peers)
    for month, row in enumerate(found.rows):
        assert row.peers == table[month].count()
        for name, value in row.percentiles.items():
            assert value == pytest.approx(table[month].quantile(int(name[1:]) / 100))
    assert (found.status, found.rows[-1].value) == ("not_reported", None)
    assert "不与百分位带比较" in found.zh


def test_the_sentence_says_where_the_line_lies() -> None:
    peers = [course(LEAVES[n + 1], [10.0 * n] * 6) for n in range(11)]  # 0, 10 … 100
    found = banded(course(LEAVES[0], [49.0, 50.0, 51.0, 60.0, 70.0, 75.0]), peers)
    assert "达到第 75 百分位；6 期中有 4 期高于中位数" in found.zh
    assert "below the 10th percentile" in banded(course(LEAVES[0], [1.0] * 6), peers).en


def earlier(*shares: float) -> list[EarlierYear]:
    return [EarlierYear(2022 - n, 100 * s, 100.0, "ok", True) for n, s in reversed(list(enumerate(shares)))]


def june(count: float | None, status: str | None = None) -> Observation:
    return observed(
        count, indicator="service_hours", period="2023-06", numerator=count, window="ytd", status=status
    )


def test_an_outlook_is_the_mean_share_on_the_log_scale() -> None:
    shares = np.array([0.4, 0.5, 0.45])
    found = outlook_of(june(90.0), earlier(*shares), [], HOURS)
    logs = np.log(shares)
    reach = stats.t.ppf(0.975, 2) * logs.std(ddof=1) * np.sqrt(1 + 1 / 3)
    assert found.expected == pytest.approx(90 / np.exp(logs.mean()))
    assert found.lower == pytest.approx(max(90 / np.exp(logs.mean() + reach), 90))
    assert found.upper == pytest.approx(90 / np.exp(logs.mean() - reach))
    assert (found.status, found.n) == ("ok", 3)
    assert "3 个完整年份前 6 个月" in found.zh


@pytest.mark.parametrize("reached", [None, 80.0, 90.0, 120.0, 900.0])
def test_a_year_ends_no_lower_than_what_has_been_reached(reached: float | None) -> None:
    """90 by the end of June; with July, which still runs, there may be more than the lower limit already."""
    plain = outlook_of(june(90.0), earlier(0.4, 0.5, 0.45), [], HOURS)
    found = outlook_of(june(90.0), earlier(0.4, 0.5, 0.45), [], HOURS, reached)
    for name in ("expected", "lower", "upper", "expected_count", "lower_count", "upper_count"):
        assert getattr(found, name) == max(getattr(plain, name), reached or 0.0)
    assert found.so_far == 90.0


def test_what_the_running_month_has_brought_is_below_no_limit(tmp_path: Path) -> None:
    counts = {
        "2021-06": 50.0,
        "2021-12": 100.0,
        "2022-06": 51.0,
        "2022-12": 100.0,
        "2023-06": 60.0,
        "2023-07": 500.0,
        "2023-12": 500.0,  # up to 20 July
    }
    build = fill(
        one_person_home(tmp_path, last="2023-07-20", today=date(2023, 7, 21)),
        observations=[
            ("service_hours", "130202", "ytd", Period.parse(month).end, "", "", value)
            for month, value in counts.items()
        ],
    )
    asked = Asked("service_hours", basis="residence")
    by_june = year_end(build, asked, "130202", Period.parse("2023-06"))
    assert by_june.lower is not None
    assert 60 <= by_june.lower < 500
    for period in ("2023-07", "2023"):
        found = year_end(build, asked, "130202", Period.parse(period))
        assert (found.month, found.so_far, found.lower) == (6, 60.0, max(by_june.lower, 500.0))
        assert "500小时" in found.zh


def test_two_years_that_have_nothing_in_common_leave_the_end_open() -> None:
    found = outlook_of(june(90.0), earlier(1e-30, 1.0), [], HOURS)
    assert found.upper is None
    assert "预测区间从 90小时 起，没有上限）" in found.zh
    assert "prediction interval from 90 h, no upper limit)" in found.en
    assert outlook_of(june(90.0), earlier(0.001, 1.0), [], HOURS).upper is not None


@pytest.mark.parametrize(("years", "status"), [(1, "insufficient"), (2, "ok"), (3, "ok")])
def test_an_outlook_needs_two_complete_years(years: int, status: str) -> None:
    found = outlook_of(june(90.0), earlier(*[0.5] * years), [], HOURS)
    assert found.status == status
    assert (found.expected is None) == (status == "insufficient")
    if years == 1:
        assert "完整的往年只有 1 个" in found.zh


MOVED = SeriesBreak(
    date(2022, 3, 1), "130200", ("service_hours",), "platform_migration", "换平台。", "Moved.", "t"
)


def test_an_outlook_is_refused_across_a_break_and_for_what_is_hidden() -> None:
    broken = outlook_of(june(90.0), earlier(0.5, 0.5), [MOVED], HOURS)
    assert (broken.status, broken.expected) == ("series_break", None)
    assert "2022-03-01" in broken.zh
    hidden = outlook_of(june(None, "suppressed"), earlier(0.5, 0.5), [], HOURS)
    assert (hidden.status, hidden.so_far, hidden.expected) == ("suppressed", None, None)


def test_a_rate_never_ends_above_a_hundred_percent() -> None:
    now = observed(60.0, period="2023-06", numerator=60.0, denominator=100.0, window="ytd")
    found = outlook_of(now, earlier(0.4, 0.9), [], RATE)
    assert (found.upper, found.upper_count) == (100.0, 100.0)


def test_an_outlook_is_read_from_the_cube(tmp_path: Path) -> None:
    counts = {"2021-06": 40.0, "2021-12": 100.0, "2022-06": 60.0, "2022-12": 120.0, "2023-06": 90.0}
    build = fill(
        one_person_home(tmp_path),
        observations=[
            ("service_hours", "130202", "ytd", Period.parse(month).end, "", "", value)
            for month, value in counts.items()
        ],
    )
    asked = Asked("service_hours", basis="residence")
    found = year_end(build, asked, "130202", Period.parse("2023-06"))
    assert [(row.year, row.by_month, row.whole) for row in found.rows] == [
        (2021, 40.0, 100.0), (2022, 60.0, 120.0),
    ]  # fmt: skip
    assert found.expected == pytest.approx(90 / np.sqrt(0.4 * 0.5))


def test_a_declared_break_is_read_from_the_build(tmp_path: Path) -> None:
    build = fill(
        one_person_home(tmp_path),
        series_breaks=[
            ("130200", "service_hours", date(2022, 5, 1), "platform_migration", "换平台", "moved", "t")
        ],
        observations=[
            ("service_hours", "130202", "ytd", Period.parse(month).end, "", "", 10.0)
            for month in ("2021-06", "2021-12", "2022-06", "2022-12", "2023-06")
        ],
    )
    asked = Asked("service_hours", basis="residence")
    assert year_end(build, asked, "130202", Period.parse("2023-06")).status == "series_break"
    split = decomposition(build, Asked("active_rate"), "130200", Period.parse("2022"))
    assert (split.status, split.change) == ("series_break", None)


@pytest.mark.parametrize("indicator", ["registered_volunteers", "registration_growth", "ever_active_rate"])
def test_stocks_and_what_is_counted_to_date_have_no_outlook(tmp_path: Path, indicator: str) -> None:
    with pytest.raises(AnalysisRefused, match="does not grow from 1 January"):
        year_end(fill(one_person_home(tmp_path)), Asked(indicator), "130202", Period.parse("2023-06"))


def active(above: float, below: float) -> Observation:
    return observed(100 * above / below, period="2023-06", numerator=above, denominator=below, window="ytd")


GOAL = Goal(20.0, "目标", "the target")


@pytest.mark.parametrize(("above", "needed"), [(199, 1), (200, 0), (201, 0), (140, 60)])
def test_how_many_more_people_a_target_takes(above: float, needed: float) -> None:
    found = needed_for(active(above, 1000), GOAL, RATE)
    assert (found.needed, found.direction, found.months_left) == (needed, "more" if needed else "", 6)
    assert ("已经达到" in found.zh) == (not needed)


def test_people_counted_once_over_months_are_not_divided_by_months() -> None:
    found = needed_for(active(140, 1000), GOAL, RATE)
    assert (found.needed_per_month, found.per_month_so_far) == (None, None)
    assert "每月" not in found.zh


def test_what_is_added_over_months_and_what_stands_are_told_by_the_month() -> None:
    per_10k = load_catalogue().indicator("new_registrations_per_10k")
    row = {"period": "2023-06", "window": "ytd", "denominator": 10_000.0}
    found = needed_for(observed(12.0, numerator=12.0, indicator=per_10k.id, **row), GOAL, per_10k)
    assert (found.needed, found.needed_per_month, found.per_month_so_far) == (8, 8 / 6, 2)
    assert "其余 6 个月平均每月 1.3人（今年以来每月 2.0）" in found.zh
    cut = observed(12.0, numerator=12.0, indicator=per_10k.id, status="provisional", **row)
    assert needed_for(cut, GOAL, per_10k).per_month_so_far is None
    share = load_catalogue().indicator("registered_share")
    found = needed_for(observed(14.0, numerator=1400.0, indicator=share.id, **row), GOAL, share)
    assert (found.needed, found.needed_per_month, found.per_month_so_far) == (600, 100, None)


@pytest.mark.parametrize(("above", "fewer"), [(199, 0), (200, 0), (201, 1), (260, 60)])
def test_where_lower_is_better_it_takes_fewer(above: float, fewer: float) -> None:
    lapsed = load_catalogue().indicator("lapsed_rate")
    row = observed(
        above / 10, period="2023-06", numerator=above, denominator=1000.0, indicator=lapsed.id, window="month"
    )
    found = needed_for(row, GOAL, lapsed)
    assert (found.needed, found.direction) == (fewer, "fewer" if fewer else "")
    assert ("已经达到" in found.zh, "which is reached" in found.en) == (not fewer, not fewer)
    assert (f"还要减少 {fewer:.0f}人" in found.zh) == bool(fewer)
    assert (f"{fewer:.0f} fewer people are needed" in found.en) == bool(fewer)


@pytest.mark.parametrize(
    ("above", "needed", "direction", "zh"),
    [(150, 50, "more", "比照它少 50人"), (200, 0, "", "两者相当"), (230, 30, "fewer", "比照它多 30人")],
)
def test_where_neither_is_better_nothing_is_reached(
    above: float, needed: float, direction: str, zh: str
) -> None:
    share = load_catalogue().indicator("new_registration_share")
    row = observed(
        above / 10, period="2023", numerator=above, denominator=1000.0, indicator=share.id, window="year"
    )
    found = needed_for(row, GOAL, share)
    assert (found.needed, found.direction) == (needed, direction)
    assert zh in found.zh
    assert "达到" not in found.zh
    assert "reached" not in found.en


def test_the_worst_of_its_peers_has_not_reached_their_median(tmp_path: Path) -> None:
    small_city(tmp_path)
    rows = [
        ("sleeping_12m_volunteers", code, "stock", date(2023, 6, 30), "", "", float(asleep))
        for asleep, code in enumerate(LEAVES)
    ] + [
        ("registered_volunteers", code, "stock", date(2023, 6, 30), "", "", 100.0) for code in LEAVES
    ]  # fmt: skip
    build = fill(tmp_path, build_id="2024-01-15-small", observations=rows)
    asked = Asked("sleeping_share_12m")
    worst = what_it_takes(build, asked, LEAVES[-1], Period.parse("2023-06"))
    assert worst.goal is not None
    assert (worst.direction, worst.needed) == ("fewer", np.ceil(len(LEAVES) - 1 - worst.goal))
    assert "已经达到" in what_it_takes(build, asked, LEAVES[0], Period.parse("2023-06")).zh


@pytest.mark.parametrize(
    ("target", "is_refused"), [("100", False), ("100.1", True), ("-1", True), ("nan", True)]
)
def test_no_proportion_passes_a_hundred_per_cent(tmp_path: Path, target: str, is_refused: bool) -> None:
    small_city(tmp_path)
    build = fill(tmp_path, build_id="2024-01-15-small")
    question = (build, Asked("active_rate"), "130202", Period.parse("2023-06"), target)
    if not is_refused:
        assert what_it_takes(*question).goal == 100
        return
    with pytest.raises(AnalysisRefused) as refusal:
        what_it_takes(*question)
    assert "目标" in str(refusal.value)


def test_hours_are_needed_for_hours_per_head() -> None:
    own = observed(1.5, indicator="hours_per_registered", period="2023", numerator=1500.0, denominator=1000.0)
    found = needed_for(
        own, Goal(2.0, "目标", "the target"), load_catalogue().indicator("hours_per_registered")
    )
    assert (found.needed, found.needed_per_month, found.months_left) == (500, None, 0)
    assert "还差 500小时" in found.zh
    assert "今年以来" not in found.zh  # the year is over


def test_what_is_hidden_or_has_no_peers_takes_nothing_that_could_be_told() -> None:
    hidden = needed_for(observed(None, status="suppressed"), Goal(20.0, "目标", "the target"), RATE)
    assert (hidden.needed, hidden.status) == (None, "suppressed")
    assert needed_for(active(1, 2), None, RATE).status == "insufficient"


def test_the_peers_median_can_be_the_goal(tmp_path: Path) -> None:
    small_city(tmp_path)
    build = fill(tmp_path, build_id="2024-01-15-small")
    found = what_it_takes(build, Asked("active_rate"), "130202", Period.parse("2023-06"))
    rows = Asked("active_rate", "ytd").children(build, "130200", Period.parse("2023-06"))
    others = pd.Series([float(row.value or 0) for row in rows if row.area_code != "130202"])
    assert found.goal == pytest.approx(others.median())
    assert found.observation.window == "ytd"


def test_the_target_of_the_definition_can_be_the_goal() -> None:
    targets = (Target(50.0, 2020, None, "", "", "规划"), Target(60.0, 2020, 2022, "", "", "旧规划"))
    indicator = replace(RATE, targets=targets)
    row = active(30, 100)
    assert catalogue_goal(row, indicator).value == 50.0
    assert "规划" in catalogue_goal(row, indicator).zh
    for refused, asked in ((row, RATE), (replace(row, variant="active=clocked"), indicator)):
        with pytest.raises(AnalysisRefused, match="no target in force"):
            catalogue_goal(refused, asked)


def test_a_standard_can_be_the_goal_when_it_is_about_the_indicator() -> None:
    share = load_catalogue().indicator("registered_share")
    assert goal_from("civilized-city-registered-share", share).value == 8.0
    assert goal_from("13.5", share).value == 13.5
    for text in ("civilized-city-registered-share", "much"):
        with pytest.raises(AnalysisRefused, match="neither a number nor a standard"):
            goal_from(text, RATE)


def city_and_leaves(
    before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]
) -> tuple[list[Observation], list[list[Observation]]]:
    leaves = [
        [
            observed(100 * a / b if b else None, code, period=year, numerator=a, denominator=b, status="ok")
            for code, (a, b) in found.items()
        ]
        for year, found in (("2022", before), ("2023", after))
    ]
    wholes = []
    for year, rows in zip(("2022", "2023"), leaves, strict=True):
        above, below = (
            sum(float(getattr(row, side)) for row in rows) for side in ("numerator", "denominator")
        )
        wholes.append(
            observed(100 * above / below, "130200", period=year, numerator=above, denominator=below)
        )
    return wholes, leaves


def test_a_change_that_is_all_structure() -> None:
    # Both districts keep their rates (10 %, 50 %); the active one grows from a half to three quarters: 30 % to 40 %.
    before = {"130202": (10.0, 100.0), "130203": (50.0, 100.0)}
    after = {"130202": (10.0, 100.0), "130203": (150.0, 300.0)}
    found = decomposition_of(*city_and_leaves(before, after), RATE)
    assert (found.change, found.rate, found.structure) == (
        pytest.approx(10),
        pytest.approx(0),
        pytest.approx(10),
    )
    assert "各区县比重的变化贡献 +10.00 个百分点" in found.zh


@pytest.mark.parametrize("seed", range(5))
def test_effects_add_up_to_the_change_exactly(seed: int) -> None:
    chance = np.random.default_rng(seed)
    sums = []
    for _ in range(2):
        below = chance.integers(1, 5000, len(LEAVES)).astype(float)
        above = np.floor(below * chance.uniform(0, 1, len(LEAVES)))
        sums.append({code: (a, b) for code, a, b in zip(LEAVES, above, below, strict=True)})
    found = decomposition_of(*city_and_leaves(*sums), RATE)
    assert found.rate is not None
    assert found.structure is not None
    assert found.rate + found.structure == pytest.approx(found.change, abs=1e-12)
    assert sum(row.total for row in found.rows) == pytest.approx(found.change, abs=1e-9)
    table = pd.DataFrame([[*sums[0][c], *sums[1][c]] for c in LEAVES], columns=["a0", "b0", "a1", "b1"])
    share0, share1 = table["b0"] / table["b0"].sum(), table["b1"] / table["b1"].sum()
    by_hand = 100 * ((share0 + share1) / 2 * (table["a1"] / table["b1"] - table["a0"] / table["b0"])).sum()
    assert found.rate == pytest.approx(by_hand)


def test_nothing_is_split_when_a_leaf_is_hidden_or_the_leaves_do_not_add_up() -> None:
    wholes, leaves = city_and_leaves(
        {"130202": (10.0, 100.0), "130203": (50.0, 100.0)}, {"130202": (20.0, 100.0), "130203": (50.0, 100.0)}
    )
    hidden = [leaves[0], [observed(None, "130202", denominator=100.0, status="suppressed"), leaves[1][1]]]
    found = decomposition_of(wholes, hidden, RATE)
    assert (found.status, found.rate, found.rows) == ("suppressed", None, ())
    assert "路南区" in found.zh
    short = decomposition_of(wholes, [rows[:1] for rows in leaves], RATE)
    assert (short.status, short.structure) == ("insufficient", None)
    assert "do not add up" in short.en


def test_a_small_city_is_split_over_all_its_leaves(tmp_path: Path) -> None:
    small_city(tmp_path)
    build = fill(tmp_path, build_id="2024-01-15-small")
    found = decomposition(build, Asked("active_rate"), "130200", Period.parse("2023"))
    assert found.period_before == "2022"
    assert sum(row.total for row in found.rows) == pytest.approx(found.change)


@pytest.mark.parametrize(
    ("indicator", "before", "window", "said"),
    [
        ("service_hours", "2022", None, "no ratio"),
        ("active_rate", "2024", None, "two windows of one length"),
        ("active_rate", "2022-Q1", None, "two windows of one length"),
    ],
)
def test_a_change_between_unlike_windows_is_refused(
    tmp_path: Path, indicator: str, before: str, window: str | None, said: str
) -> None:
    build = fill(one_person_home(tmp_path))
    with pytest.raises(AnalysisRefused, match=said):
        decomposition(build, Asked(indicator, window), "130200", Period.parse("2023"), Period.parse(before))


TWO = ({"130202": (10.0, 100.0), "130203": (50.0, 100.0)}, {"130202": (20.0, 100.0), "130203": (50.0, 100.0)})


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("status", ["provisional", "denominator_year"])
def test_what_is_not_whole_is_not_subtracted(side: int, status: str) -> None:
    wholes, leaves = city_and_leaves(*TWO)
    assert decomposition_of(wholes, leaves, RATE).change == pytest.approx(5)
    wholes[side] = replace(wholes[side], status=status)
    found = decomposition_of(wholes, leaves, RATE)
    assert (found.status, found.change, found.rate, found.structure) == ("insufficient", None, None, None)
    assert (found.rows, found.before, found.after) == ((), wholes[0].value, wholes[1].value)
    assert f"：{wholes[side].period.label('zh')}" in found.zh
    assert "只有完整的数才相减，不作分解" in found.zh
    assert "only complete figures are subtracted, so the change is not split" in found.en
    assert "影响最大" not in found.zh


def test_a_district_that_is_not_whole_is_named_and_nothing_is_split() -> None:
    wholes, leaves = city_and_leaves(*TWO)
    leaves[1][0] = replace(leaves[1][0], status="provisional")
    found = decomposition_of(wholes, leaves, RATE)
    assert (found.status, found.change, found.rows) == ("insufficient", None, ())
    assert "路南区" in found.zh
    assert "路北区" not in found.zh


def test_hours_of_few_people_are_not_subtracted() -> None:
    mean = load_catalogue().indicator("hours_per_registered")
    wholes, leaves = city_and_leaves(*TWO)
    assert decomposition_of(wholes, leaves, mean).status == "ok"
    wholes[0] = replace(wholes[0], denominator=99.0)
    found = decomposition_of(wholes, leaves, mean)
    assert (found.status, found.change) == ("insufficient", None)
    assert "不足 100 人" in found.zh


def test_a_year_that_is_not_over_is_not_split(tmp_path: Path) -> None:
    build = fill(one_person_home(tmp_path, last="2023-11-20"))
    found = decomposition(build, Asked("active_rate"), "130200", Period.parse("2023"))
    assert (found.status, found.change, found.rows) == ("insufficient", None, ())
    assert "：2023年未完结" in found.zh
