"""Outlook to the year's end, many tests, bands of peers and what is missing to a target."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from metrics.statistics import (
    benjamini_hochberg,
    excess_count,
    expected_by_chance,
    outlook,
    percentile_bands,
    required_count,
)


def year_reaching(share: float, by: int, total: float = 1200) -> np.ndarray:
    """Twelve months of which the first `by` hold the share of the total."""
    return np.array([total * share / by] * by + [total * (1 - share) / (12 - by)] * (12 - by))


def test_years_of_one_shape_leave_no_doubt() -> None:
    history = [year_reaching(0.4, 6, total) for total in (600, 900, 1500)]
    value, lower, upper = outlook(history, [100] * 6)
    assert [value, lower, upper] == pytest.approx([1500] * 3)


def test_the_outlook_is_the_prediction_interval_of_log_shares() -> None:
    shares = np.array([0.35, 0.42, 0.40, 0.38])
    found = outlook([year_reaching(share, 5) for share in shares], [80] * 5, confidence=0.9)
    logs = np.log(shares)
    reach = stats.t.ppf(0.95, 3) * logs.std(ddof=1) * np.sqrt(1 + 1 / 4)
    expected = 400 / np.exp([logs.mean(), logs.mean() + reach, logs.mean() - reach])
    np.testing.assert_allclose(found, expected)


def test_prediction_limits_hold_the_next_year_as_often_as_they_say() -> None:
    chance = np.random.default_rng(12)
    shares = np.exp(chance.normal(np.log(0.4), 0.05, (4000, 4)))
    history = np.array([[year_reaching(share, 6) for share in row[:3]] for row in shares])
    _, lower, upper = outlook(history, np.repeat(100 * shares[:, 3:], 6, axis=1), confidence=0.8)
    total = 600.0
    assert np.mean((lower <= total) & (total <= upper)) == pytest.approx(0.8, abs=0.025)


@pytest.mark.parametrize(("complete", "known"), [(1, False), (2, True), (3, True)])
def test_two_complete_years_are_needed(complete: int, known: bool) -> None:
    history = np.array([year_reaching(0.3 + 0.01 * number, 3) for number in range(4)])
    history[complete:, 11] = np.nan
    found = np.array(outlook(history, [100, 100, 100]))
    assert np.isnan(found).tolist() == [not known] * 3
    if known:
        np.testing.assert_allclose(found, outlook(history[:complete], [100, 100, 100]))


def test_two_years_that_differ_say_little_and_never_less_than_is_there() -> None:
    value, lower, upper = outlook([year_reaching(0.3, 3), year_reaching(0.5, 3)], [100] * 3)
    assert lower == 300
    assert value == pytest.approx(300 / np.sqrt(0.15))
    assert upper > 20 * value


def test_a_year_with_nothing_by_this_month_is_left_out() -> None:
    years = [year_reaching(0.3, 3), year_reaching(0.4, 3)]
    silent = np.array([0.0] * 3 + [50.0] * 9)
    np.testing.assert_allclose(outlook([*years, silent], [9, 9, 9]), outlook(years, [9, 9, 9]))


def test_december_is_known_and_a_missing_month_is_not() -> None:
    history = [year_reaching(0.3, 3), year_reaching(0.4, 3)]
    assert [float(part) for part in outlook(history, np.arange(12))] == [66] * 3
    assert [float(part) for part in outlook([[np.nan] * 12], np.arange(12))] == [66] * 3
    assert np.isnan(outlook(history, [5, np.nan])).all()


def test_areas_broadcast() -> None:
    history = [year_reaching(0.3, 2), year_reaching(0.4, 2)]
    value, _, upper = outlook(history, [[1, 2], [10, 20], [0, 0]])
    assert value.shape == (3,)
    assert value[1] == pytest.approx(10 * value[0])
    assert (value[2], upper[2]) == (0, 0)


@pytest.mark.parametrize(
    ("history", "to_date", "sentence"),
    [
        (np.ones(12), [1], "expected \\(..., years, 12\\)"),
        (np.ones((2, 11)), [1], "history has the shape \\(2, 11\\)"),
        (np.ones((2, 12)), np.ones(13), "to_date has the shape \\(13,\\)"),
        (np.ones((2, 12)), 5, "expected \\(..., months\\) of 1 to 12"),
        (-np.ones((2, 12)), [1], "a month of the history is -1"),
        (np.ones((2, 12)), [-1], "a month to date is -1"),
    ],
)
def test_outlooks_say_what_they_refuse(history: np.ndarray, to_date: np.ndarray, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        outlook(history, to_date)


def test_of_twenty_areas_one_stands_out_by_chance() -> None:
    found = expected_by_chance([20, 0, 500, np.nan])
    assert found[:3].tolist() == pytest.approx([1, 0, 25])
    assert np.isnan(found[3])
    assert expected_by_chance(500, 0.998) == pytest.approx(1)
    with pytest.raises(ValueError, match="a number of tests is -1"):
        expected_by_chance(-1)


def test_adjusted_p_values_reject_what_benjamini_and_hochberg_did_in_1995() -> None:
    # Their section 3.2: fifteen hypotheses about thrombolysis, of which four are rejected at 0.05.
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    assert int((benjamini_hochberg(p_values) <= 0.05).sum()) == 4


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 99))
def test_adjusted_p_values_are_those_of_two_libraries(p_values: list[float], seed: int) -> None:
    found = benjamini_hochberg(p_values)
    np.testing.assert_allclose(found, stats.false_discovery_control(p_values), atol=1e-12)
    np.testing.assert_allclose(found, multipletests(p_values, method="fdr_bh")[1], atol=1e-12)
    order = np.random.default_rng(seed).permutation(len(p_values))
    assert benjamini_hochberg(np.array(p_values)[order]).tolist() == found[order].tolist()


def test_a_missing_p_value_is_no_test() -> None:
    found = benjamini_hochberg([[0.01, np.nan], [0.04, 0.03]])
    assert np.isnan(found).tolist() == [[False, True], [False, False]]
    assert found[~np.isnan(found)].tolist() == pytest.approx([0.03, 0.04, 0.04])
    with pytest.raises(ValueError, match="expected probabilities"):
        benjamini_hochberg([0.5, 1.1])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.lists(st.one_of(st.floats(-50, 50), st.just(np.nan)), min_size=3, max_size=3),
        min_size=1,
        max_size=9,
    )
)
def test_bands_are_the_percentiles_of_those_there(rows: list[list[float]]) -> None:
    values = np.array(rows)
    bands = percentile_bands(values, [0, 25, 50, 90, 100])
    assert bands.shape == (5, 3)
    for period in range(3):
        there = values[~np.isnan(values[:, period]), period]
        if len(there):
            np.testing.assert_allclose(bands[:, period], stats.scoreatpercentile(there, [0, 25, 50, 90, 100]))
            assert (np.diff(bands[:, period]) >= -1e-12).all()
        else:
            assert np.isnan(bands[:, period]).all()
    np.testing.assert_array_equal(percentile_bands(values.T, [0, 25, 50, 90, 100], axis=1), bands)
    np.testing.assert_array_equal(percentile_bands(values[::-1], [0, 25, 50, 90, 100]), bands)


def test_bands_are_deciles_unless_told_otherwise() -> None:
    assert percentile_bands(np.arange(101.0)).tolist() == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert np.isnan(percentile_bands(np.empty((0, 4)))).all()
    assert percentile_bands(np.empty((0, 4))).shape == (9, 4)
    with pytest.raises(ValueError, match="expected numbers from 0 to 100"):
        percentile_bands([1, 2], [50, 101])
    with pytest.raises(ValueError, match="expected areas along an axis"):
        percentile_bands(3)


@pytest.mark.parametrize(
    ("target", "numerator", "denominator", "more"),
    [
        (0.5, 49, 100, 1),
        (0.5, 50, 100, 0),
        (0.5, 51, 100, 0),
        (0.07, 0, 100, 7),  # 0.07 * 100 is 7.000000000000001 to a computer
        (1 / 3, 0, 10, 4),
        (0.13, 1_950_000, 15_000_000, 0),
        (0.13, 1_949_999, 15_000_000, 1),
        (0.07, 69_999_999_999, 10**12, 1),
        (0.07, 70_000_000_000, 10**12, 0),
        (2.5, 10, 8, 10),  # hours per person
    ],
)
def test_required_count_is_the_least_that_reaches_the_target(
    target: float, numerator: int, denominator: int, more: int
) -> None:
    assert required_count(target, numerator, denominator) == more


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.integers(0, 10**6), st.integers(1, 10**6))
def test_required_count_reaches_it_and_one_fewer_does_not(
    per_mille: int, numerator: int, denominator: int
) -> None:
    more = int(required_count(per_mille / 1000, numerator, denominator))
    assert 1000 * (numerator + more) >= per_mille * denominator
    assert more == 0 or 1000 * (numerator + more - 1) < per_mille * denominator


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.integers(0, 10**6), st.integers(1, 10**6))
def test_excess_count_comes_down_to_it_and_one_less_does_not(
    per_mille: int, numerator: int, denominator: int
) -> None:
    fewer = int(excess_count(per_mille / 1000, numerator, denominator))
    assert 1000 * (numerator - fewer) <= per_mille * denominator
    assert fewer == 0 or 1000 * (numerator - fewer + 1) > per_mille * denominator


def test_excess_count_of_nobody_is_missing() -> None:
    assert np.isnan(excess_count(0.5, [0, np.nan, 1], [0, 10, 10])).tolist() == [True, True, False]
    with pytest.raises(ValueError, match="a numerator is -1"):
        excess_count(0.5, -1, 10)


def test_required_count_of_nobody_is_missing() -> None:
    found = required_count(0.5, [0, np.nan, 1], [0, 10, 10])
    assert np.isnan(found).tolist() == [True, True, False]
    with pytest.raises(ValueError, match="a numerator is -1"):
        required_count(0.5, -1, 10)
