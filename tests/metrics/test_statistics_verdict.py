"""Verdicts against a benchmark, and trends, against Fingertips' published ones and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.statistics import compare_to_benchmark, trend, trends, wilson_interval

OPPOSITE = {"better": "worse", "worse": "better", "similar": "similar", "not_compared": "not_compared"}


@pytest.mark.parametrize(
    ("polarity", "words"),
    [
        ("higher", ["worse", "similar", "similar", "similar", "better"]),
        ("lower", ["better", "similar", "similar", "similar", "worse"]),
        ("neither", ["lower", "similar", "similar", "similar", "higher"]),
    ],
)
def test_a_benchmark_at_a_limit_is_inside(polarity: str, words: list[str]) -> None:
    # The interval moves up past a benchmark of 10: just below, touching, holding, touching, just above.
    lower = np.array([7.999, 8.0, 9.0, 10.0, 10.001])
    assert compare_to_benchmark(lower, lower + 2, 10.0, polarity)[1:].tolist() == words[1:]
    assert compare_to_benchmark(lower, lower + 1.999, 10.0, polarity)[0] == words[0]


def test_an_area_is_not_compared_with_itself_nor_with_nothing() -> None:
    words = compare_to_benchmark(
        [1, 1, np.nan, 1, 1],
        [2, 2, 2, np.nan, 2],
        [5, np.nan, 5, 5, 5],
        "higher",
        [True, False, False, False, False],
    )
    assert words.tolist() == ["not_compared"] * 4 + ["worse"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=20), st.floats(0, 100))
def test_the_other_polarity_says_the_opposite(limits: list[tuple[float, float]], benchmark: float) -> None:
    lower, upper = np.sort(np.array(limits), axis=1).T
    higher, lower_is_better = (
        compare_to_benchmark(lower, upper, benchmark, polarity) for polarity in ("higher", "lower")
    )
    assert [OPPOSITE[word] for word in higher] == lower_is_better.tolist()


def test_areas_and_benchmarks_broadcast() -> None:
    assert compare_to_benchmark([[1], [4]], [[2], [6]], [0, 5, 9], "neither").tolist() == [
        ["higher", "lower", "lower"],
        ["higher", "similar", "lower"],
    ]


def test_verdicts_say_what_they_refuse() -> None:
    with pytest.raises(ValueError, match="polarity is 'up', expected one of higher, lower, neither"):
        compare_to_benchmark(1, 2, 3, "up")
    with pytest.raises(ValueError, match="a lower limit is above its upper limit"):
        compare_to_benchmark(2, 1, 3, "higher")


# Fingertips (Office for Health Improvement and Disparities), England or Yorkshire and the Humber, oldest first, with
# the trend its website showed: counts and denominators for the first two, values with limits for the others.
OVER_65 = (
    [10588957, 10547929, 10851467, 11034431, 11246440],
    [60458658, 60744002, 61625745, 62418295, 63227624],
)
DIABETES = ([3455176, 3491868, 3625401, 3774801, 3938080], [48783947, 49122259, 49956777, 50649129, 51441896])
MMR = ([57274, 55865, 53681, 51767, 53185], [61834, 60511, 59074, 57508, 59028])
SIGHT_LOSS = (
    [2.935, 1.93028, 2.7567, 2.8701, 3.0121],
    ([2.7841, 1.8085, 2.6113, 2.7225, 2.8616], [3.0919, 2.058, 2.9082, 3.0237, 3.1683]),
)


@pytest.mark.parametrize(("counts", "people", "direction"), [(*DIABETES, "increasing"), (*MMR, "decreasing")])
def test_trends_of_proportions_are_those_fingertips_shows(
    counts: list[int], people: list[int], direction: str
) -> None:
    values = np.array(counts) / people
    assert trend(values, wilson_interval(counts, people)).direction == direction


def test_a_trend_of_rates_is_that_fingertips_shows() -> None:
    assert trend(*SIGHT_LOSS).direction == "increasing"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 20)), min_size=5, max_size=12),
)
def test_the_line_is_the_weighted_least_squares_one(points: list[tuple[float, float]]) -> None:
    value, width = np.array(points).T
    found = trend(value, (value - width / 2, value + width / 2))
    errors = width[-5:] / 3.92
    line = sm.WLS(value[-5:], sm.add_constant(np.arange(5.0)), weights=errors**-2).fit(cov_type="fixed scale")
    assert found.slope == pytest.approx(line.params[1], abs=1e-7)
    assert found.chi_square == pytest.approx((line.params[1] / line.bse[1]) ** 2, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("step", "direction"),
    [(-1e-9, "increasing"), (0.0, "no_significant_change"), (1e-9, "no_significant_change")],
)
def test_the_threshold_must_be_passed_not_met(
    step: float, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = np.arange(5.0)
    limits = (value - 1.96, value + 1.96)
    # Equal errors of 1 and places 0 to 4: the slope of 1 has a variance of 1/10, so chi-square is 10.
    found = trend(value, limits).chi_square
    assert found == pytest.approx(10)
    monkeypatch.setattr(trends, "CHI_SQUARE_998", found + step)
    assert trend(value, limits).direction == direction


@pytest.mark.parametrize(
    ("chi_square", "direction"), [(9.5494, "no_significant_change"), (9.5496, "increasing")]
)
def test_the_threshold_is_that_of_998_per_mille(chi_square: float, direction: str) -> None:
    value = np.sqrt(chi_square / 10) * np.arange(5)
    assert trend(value, (value - 1.96, value + 1.96)).direction == direction
    assert stats.chi2.isf(0.002, 1) == pytest.approx(trends.CHI_SQUARE_998, abs=1e-9)


def test_one_point_must_not_make_the_trend() -> None:
    value = np.array([10.0, 9.0, 8.0, 7.0, 30.0])
    found = trend(value, (value - 0.1, value + 0.1))
    assert found.chi_square > 1000
    assert found.slope > 0
    assert found.direction == "no_significant_change"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(-50, 50), min_size=5, max_size=8), st.floats(0.01, 30))
def test_a_mirrored_series_has_the_opposite_trend(values: list[float], width: float) -> None:
    value = np.array(values)
    one = trend(value, (value - width, value + width))
    other = trend(-value, (-value - width, -value + width))
    mirrored = {"increasing": "decreasing", "decreasing": "increasing"}
    assert other.direction == mirrored.get(one.direction, one.direction)
    assert other.slope == pytest.approx(-one.slope)


RISING = np.arange(10.0)


@pytest.mark.parametrize(
    ("missing", "direction"),
    [
        ([], "increasing"),
        ([7], "increasing"),
        ([6, 7], "increasing"),  # five points in seven periods
        ([5, 6, 7], "cannot_be_calculated"),  # in eight
        ([9], "cannot_be_calculated"),  # the newest is not there
        ([0, 1, 2, 3, 4], "increasing"),
        ([0, 1, 2, 3, 4, 5], "cannot_be_calculated"),  # four points
    ],
)
def test_gaps_are_skipped_while_the_points_are_recent(missing: list[int], direction: str) -> None:
    value = RISING.copy()
    value[missing] = np.nan
    found = trend(value, (RISING - 0.5, RISING + 0.5))
    assert found.direction == direction
    if direction == "increasing":
        assert found.slope == pytest.approx(1)  # places in time are kept


def test_a_point_without_an_interval_is_a_gap() -> None:
    lower = RISING - 0.5
    lower[8] = np.nan
    assert trend(RISING, (lower, RISING + 0.5)) == trend(
        np.where(RISING == 8, np.nan, RISING), (lower, RISING + 0.5)
    )


def test_an_exact_point_is_as_certain_as_the_most_certain_other() -> None:
    value, half = np.array([1.0, 2.0, 2.5, 4.0, 4.5]), np.array([0.4, 0.2, 0.0, 0.3, 0.5])
    stated = np.array([0.4, 0.2, 0.2, 0.3, 0.5])
    found, expected = (trend(value, (value - width, value + width)) for width in (half, stated))
    assert (found.slope, found.chi_square) == pytest.approx((expected.slope, expected.chi_square))


def test_exact_values_are_judged_by_their_scatter() -> None:
    straight, scattered = np.array([3.0, 5.0, 7.0, 9.0, 11.0]), np.array([3.0, 6.0, 6.5, 9.0, 11.0])
    assert trend(straight, (straight, straight)).direction == "increasing"
    assert trend(straight, (straight, straight)).chi_square == np.inf
    found = trend(scattered, (scattered, scattered))
    line = sm.OLS(scattered, sm.add_constant(np.arange(5.0))).fit()
    assert found.chi_square == pytest.approx(stats.chi2.isf(line.pvalues[1], 1), rel=1e-6)
    assert (found.direction == "increasing") == (line.pvalues[1] < 0.002)


def test_equal_exact_values_have_no_trend() -> None:
    found = trend(np.full(5, 0.1), (np.full(5, 0.1), np.full(5, 0.1)))
    assert (found.direction, found.slope, found.chi_square) == ("no_significant_change", 0, 0)


def test_trends_say_what_they_refuse() -> None:
    with pytest.raises(ValueError, match="expected one series of one length"):
        trend([1, 2, 3], ([1, 2], [1, 2]))
    with pytest.raises(ValueError, match="expected one series"):
        trend(np.ones((2, 5)), (np.ones((2, 5)), np.ones((2, 5))))
    with pytest.raises(ValueError, match="a lower limit is above its upper limit"):
        trend([1, 2, 3], ([1, 2, 4], [1, 2, 3]))
