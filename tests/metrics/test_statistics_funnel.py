"""Funnel limits and over-dispersion against published tables, scipy and statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from metrics.statistics import funnel_limits, overdispersion


def interpolated_by_counting(probability: float, below: list[float]) -> float:
    """Spiegelhalter's interpolation, by walking through the whole numbers."""
    events = next(number for number, share in enumerate(below) if share >= probability)
    before = below[events - 1] if events else 0.0
    return max(events - (below[events] - probability) / (below[events] - before), 0.0)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 300), st.floats(0.01, 0.99), st.sampled_from([0.8, 0.95, 0.998]))
def test_proportion_limits_are_the_interpolated_binomial_ones(
    people: int, average: float, confidence: float
) -> None:
    below = stats.binom.cdf(np.arange(people + 1), people, average).tolist()
    expected = [
        interpolated_by_counting(end, below) / people for end in ((1 - confidence) / 2, (1 + confidence) / 2)
    ]
    found = funnel_limits(people, average, confidence=confidence)
    np.testing.assert_allclose(np.array(found), expected, atol=1e-7)


@settings(deadline=None, max_examples=40)
@given(st.floats(0.1, 200), st.floats(0.05, 5))
def test_rate_limits_are_the_interpolated_poisson_ones(size: float, average: float) -> None:
    below = stats.poisson.cdf(np.arange(1500), size * average).tolist()
    expected = [interpolated_by_counting(end, below) / size for end in (0.025, 0.975)]
    np.testing.assert_allclose(np.array(funnel_limits(size, average, "rate", 0.95)), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("events", "confidence", "population", "limit_per_100000"),
    [
        # Public Health England's funnel plot tool for rates: where its lower limits pass through whole numbers of
        # events, around an average of 116.1720835 per 100,000 and with three years of data.
        (1, 0.95, 1598.675694, 20.85059119),
        (2, 0.95, 2072.984403, 32.15975314),
        (4, 0.95, 2938.625247, 45.37269033),
        (1, 0.998, 2649.348525, 12.58170943),
        (4, 0.998, 4244.895077, 31.41027773),
    ],
)
def test_lower_rate_limits_pass_through_the_published_points(
    events: int, confidence: float, population: float, limit_per_100000: float
) -> None:
    lower, _ = funnel_limits(3 * population, 116.1720835e-5, "rate", confidence)
    assert 1e5 * lower == pytest.approx(limit_per_100000, rel=1e-5)
    assert lower * 3 * population == pytest.approx(events, rel=1e-5)


def test_limits_of_large_areas_are_the_textbook_ones() -> None:
    lower, upper = funnel_limits([1_000_000], 0.3)
    half = np.array([[1.959964], [3.090232]]) * np.sqrt(0.3 * 0.7 / 1_000_000)
    np.testing.assert_allclose(lower, 0.3 - half, atol=1e-6)
    np.testing.assert_allclose(upper, 0.3 + half, atol=1e-6)


def test_limits_draw_together_with_size_and_998_lies_outside_95() -> None:
    lower, upper = funnel_limits([50, 500, 5000, 50000], 0.2)
    assert lower.shape == upper.shape == (2, 4)
    assert (np.diff(lower) > 0).all()
    assert (np.diff(upper) < 0).all()
    assert (lower[1] < lower[0]).all()
    assert (upper[1] > upper[0]).all()


def test_overdispersed_limits_of_large_areas_are_spiegelhalters() -> None:
    size, tau_squared = 1_000_000, 0.02**2
    lower, upper = funnel_limits(size, 0.3, confidence=0.95, overdispersion=tau_squared)
    half = 1.959964 * np.sqrt(0.3 * 0.7 / size + tau_squared)
    np.testing.assert_allclose([lower, upper], [0.3 - half, 0.3 + half], rtol=1e-4)


def test_without_any_tau_squared_limits_are_the_exact_ones() -> None:
    exact = funnel_limits([10, 40, 900], 0.3)
    for given_tau in (0.0, 1e-15):
        np.testing.assert_allclose(
            funnel_limits([10, 40, 900], 0.3, overdispersion=given_tau), exact, rtol=1e-9
        )


def test_auto_takes_the_tau_squared_of_the_areas() -> None:
    count, size = np.array([20, 80, 45, 130, 30]), np.array([200, 210, 220, 400, 190])
    estimated = overdispersion(count, size, 0.25).tau_squared
    assert estimated > 0
    np.testing.assert_array_equal(
        funnel_limits(size, 0.25, overdispersion="auto", numerator=count),
        funnel_limits(size, 0.25, overdispersion=estimated),
    )


def test_limits_stay_possible_and_nothing_has_none() -> None:
    lower, upper = funnel_limits([1, 2, 0, np.nan], 0.02, confidence=0.998, overdispersion=0.1)
    assert lower[:2].tolist() == [0, 0]
    assert upper[:2].tolist() == [1, 1]
    assert np.isnan(lower[2:]).all()
    assert np.isnan(upper[2:]).all()


@pytest.mark.parametrize(("average", "kind"), [(0, "proportion"), (1, "proportion"), (0, "rate")])
def test_an_average_without_chance_has_no_funnel(average: float, kind: str) -> None:
    assert np.unique(funnel_limits([5, 50], average, kind, overdispersion=0.01)).tolist() == [average]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(100, 9000)), min_size=3, max_size=30))
def test_tau_squared_is_that_of_dersimonian_and_laird(areas: list[tuple[int, int]]) -> None:
    count, size = np.array(areas, dtype=float).T
    average = count.sum() / size.sum()
    found = overdispersion(count, size, winsorise=0)
    with np.errstate(all="ignore"):  # it also computes what areas that do not differ leave undefined
        library = combine_effects(count / size, average * (1 - average) / size, method_re="dl")
    # With every variance taken at the average, the weighted mean is the average and Cochran's Q is areas * phi.
    assert found.phi == pytest.approx(library.q / len(areas), rel=1e-6, abs=1e-9)
    assert found.tau_squared == pytest.approx(max(library.tau2, 0), rel=1e-6, abs=1e-12)


def test_areas_that_differ_by_chance_only_have_a_phi_of_one() -> None:
    size = np.full(5000, 400)
    count = np.random.default_rng(3).binomial(size, 0.3)
    assert overdispersion(count, size, winsorise=0).phi == pytest.approx(1, abs=0.05)


def test_tau_squared_finds_the_variance_between_areas() -> None:
    chance = np.random.default_rng(4)
    size = chance.integers(500, 5000, 4000)
    count = chance.poisson(size * chance.normal(0.3, 0.03, 4000))
    found = overdispersion(count, size, kind="rate", winsorise=0)
    assert np.sqrt(found.tau_squared) == pytest.approx(0.03, rel=0.05)
    assert found.areas == 4000


def test_one_area_that_stands_out_is_drawn_in() -> None:
    size = np.full(20, 1000)
    count = np.array([200 + 3 * number for number in range(-9, 10)] + [900])
    drawn_in, as_found = (overdispersion(count, size, 0.2, winsorise=share) for share in (0.1, 0))
    scores = np.sort((count / 1000 - 0.2) / np.sqrt(0.2 * 0.8 / 1000))
    scores[:2] = np.quantile(scores, 0.1)
    scores[18:] = np.quantile(scores, 0.9)
    assert as_found.phi > 100
    assert drawn_in.phi < 2
    assert drawn_in.phi == pytest.approx(np.mean(scores**2), rel=0.05)


def test_areas_without_people_are_left_out_and_one_area_says_nothing() -> None:
    assert overdispersion([5, 9, 0, np.nan], [50, 60, 0, 70]) == overdispersion([5, 9], [50, 60])
    alone = overdispersion([5], [50])
    assert np.isnan([alone.phi, alone.tau_squared]).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"kind": "ratio"}, "kind is 'ratio', expected one of proportion, rate"),
        ({"average": 1.2}, "the average is 1.2, expected a proportion from 0 to 1"),
        ({"average": -0.1}, "the average is -0.1, expected a proportion"),
        ({"denominator": -5}, "a denominator is -5"),
        ({"overdispersion": -0.1}, "tau² is -0.1"),
        ({"overdispersion": "auto"}, "'auto' without numerators"),
        ({"overdispersion": "yes", "numerator": [1]}, "overdispersion is 'yes', expected None"),
        ({"confidence": (0.95, 99.8)}, r"such as 0\.95"),
    ],
)
def test_funnel_limits_say_what_they_refuse(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        funnel_limits(**{"denominator": 10, "average": 0.2, **arguments})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"numerator": [[1, 2]]}, "2 dimensions, expected one entry per area"),
        ({"winsorise": 0.5}, "winsorise is 0.5"),
        ({"numerator": [-1, 2]}, "a numerator is -1"),
        ({"denominator": [9, -9]}, "a denominator is -9"),
        ({"kind": "ratio"}, "kind is 'ratio'"),
    ],
)
def test_overdispersion_says_what_it_refuses(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        overdispersion(**{"numerator": [1, 2], "denominator": [9, 9], **arguments})
