"""Intervals of rates and of hours against published values, other libraries and measured coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from metrics.statistics import byar_interval, hours_interval, wilson_interval

confidences = st.floats(0.5, 0.999)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 5000), st.integers(1, 5000), confidences)
def test_wilson_agrees_with_statsmodels(numerator: int, more: int, confidence: float) -> None:
    people = numerator + more
    found = wilson_interval(numerator, people, confidence)
    expected = proportion_confint(numerator, people, alpha=1 - confidence, method="wilson")
    np.testing.assert_allclose(np.array(found), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("count", "confidence", "lower", "upper"),
    [
        # The values PHEindicatormethods 2.0 (Public Health England, 2023) publishes with its Byar's function.
        (65, 0.95, 50.163187710, 82.849138546),
        (1045, 0.95, 982.593201807, 1110.331212986),
        (65, 0.998, 42.880261471, 94.000290844),
        (10, 0.998, 2.916318375, 24.193724928),
    ],
)
def test_byar_gives_the_published_limits(count: int, confidence: float, lower: float, upper: float) -> None:
    np.testing.assert_allclose(byar_interval(count, 1, confidence), (lower, upper), atol=1e-9)


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    # The usual table of exact 95 % Poisson limits (E. S. Pearson and H. O. Hartley, Biometrika Tables, table 40).
    [(0, 0, 3.69), (1, 0.0253, 5.57), (2, 0.242, 7.22), (5, 1.62, 11.67), (9, 4.12, 17.08)],
)
def test_counts_below_ten_have_exact_limits(count: int, lower: float, upper: float) -> None:
    found = byar_interval(count, 1)
    assert (float(f"{found[0]:.3g}"), round(float(found[1]), 2)) == (lower, upper)


def test_byar_begins_at_a_count_of_ten() -> None:
    lower, _ = byar_interval([9, 10, 11], 1)
    exact = stats.chi2.ppf(0.025, 2 * np.array([9, 10, 11])) / 2
    assert np.isclose(lower, exact, rtol=1e-9).tolist() == [True, False, False]
    np.testing.assert_allclose(lower, exact, rtol=2e-3)


def test_a_rate_is_per_multiplier_and_per_denominator() -> None:
    per_person, per_thousand = byar_interval(20, 4000), byar_interval(20, 4000, multiplier=1000)
    np.testing.assert_allclose(per_thousand, 1000 * np.array(per_person))
    assert pytest.approx(5) == 1000 * 20 / 4000
    assert per_thousand[0] < 5 < per_thousand[1]


def test_a_rate_over_nothing_is_missing() -> None:
    lower, upper = byar_interval([3, np.nan, 0], [0, 10, np.nan])
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 3000), confidences)
def test_byar_holds_the_rate_and_rises_with_the_count(count: int, confidence: float) -> None:
    lower, upper = byar_interval([count, count + 1], 1, confidence)
    assert 0 <= lower[0] <= count <= upper[0]
    # Where the method changes from exact to Byar's (9 to 10) the limits must still rise.
    assert lower[1] > lower[0] or count == lower[1] == 0
    assert upper[1] > upper[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"count": -1, "denominator": 10}, "a count is -1, expected zero or more"),
        ({"count": 1, "denominator": -10}, "a denominator is -10, expected zero or more"),
        ({"count": 1, "denominator": 10, "multiplier": 0}, "multiplier is 0, expected a number above zero"),
        ({"count": 1, "denominator": 10, "confidence": 95}, r"such as 0\.95"),
    ],
)
def test_byar_says_what_it_refuses(arguments: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        byar_interval(**arguments)


def hours_of(volunteers: np.ndarray, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """The interval of each row of hours per person."""
    return hours_interval(
        volunteers.sum(-1),
        (volunteers**2).sum(-1),
        np.full(volunteers.shape[:-1], volunteers.shape[-1]),
        confidence,
    )


def covered(interval: tuple[np.ndarray, np.ndarray], mean: float) -> float:
    lower, upper = interval
    known = ~np.isnan(lower)
    return float(np.mean((lower[known] <= mean) & (mean <= upper[known])))


def t_interval_of(volunteers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return stats.t.interval(
        0.95, volunteers.shape[-1] - 1, volunteers.mean(-1), stats.sem(volunteers, axis=-1)
    )


@pytest.mark.parametrize(
    ("people", "at_least"), [(5, 0.80), (10, 0.82), (30, 0.91), (100, 0.935), (1000, 0.935)]
)
def test_hours_of_mostly_inactive_people_are_covered_better_than_by_t(people: int, at_least: float) -> None:
    chance = np.random.default_rng(people)
    volunteers = chance.gamma(0.5, 20, (4000, people)) * (chance.random((4000, people)) < 0.3)
    volunteers = volunteers[volunteers.any(-1)]
    chosen, textbook = covered(hours_of(volunteers), 3.0), covered(t_interval_of(volunteers), 3.0)
    assert chosen >= at_least
    assert chosen >= textbook - 0.01
    assert chosen > textbook or people == 1000


def test_hours_of_many_ordinary_people_have_nearly_the_textbook_interval() -> None:
    volunteers = np.random.default_rng(1).gamma(50, 0.2, (1, 5000))
    np.testing.assert_allclose(np.array(hours_of(volunteers)), np.array(t_interval_of(volunteers)), rtol=1e-4)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.floats(0.25, 1000), min_size=2, max_size=30),
    st.integers(0, 30),
    st.floats(0.1, 50),
    confidences,
)
def test_hours_limits_hold_the_mean_and_change_with_the_unit(
    given_hours: list[float], inactive: int, unit: float, confidence: float
) -> None:
    volunteers = np.array(given_hours + [0.0] * inactive)
    lower, upper = hours_of(volunteers, confidence)
    mean = volunteers.mean()
    assert 0 <= lower <= mean * (1 + 1e-9)
    assert upper >= mean * (1 - 1e-9) or confidence < 0.8
    np.testing.assert_allclose(
        np.array(hours_of(volunteers * unit, confidence)), [lower * unit, upper * unit], rtol=1e-4
    )


def test_hours_are_less_certain_with_more_confidence_or_fewer_people() -> None:
    widths = [
        float(upper - lower)
        for lower, upper in (
            hours_interval(300, 9000, 30, 0.998),
            hours_interval(300, 9000, 30),
            hours_interval(3000, 90000, 300),
        )
    ]
    assert widths == sorted(widths, reverse=True)


def test_hours_of_one_person_nobody_or_no_hours_are_missing() -> None:
    lower, upper = hours_interval([5, 0, 0, np.nan, 9], [25, 0, 0, 9, 41], [1, 0, 10, 3, 2])
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [True, True, True, True, False]


def test_hours_that_are_all_the_same_are_certain() -> None:
    lower, upper = hours_interval(0.1 * 7, 7 * 0.1**2, 7)
    assert lower == upper == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("hours", "squares", "people", "sentence"),
    [
        (-1, 1, 5, "a sum of hours is -1"),
        (10, -1, 5, "a sum of squares is -1"),
        (10, 50, -5, "a number of people is -5"),
        (10, 10, 5, "added up and then squared"),
    ],
)
def test_hours_say_what_they_refuse(hours: float, squares: float, people: float, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        hours_interval(hours, squares, people)
