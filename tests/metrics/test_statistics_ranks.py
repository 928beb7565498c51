"""Rank intervals against probabilities that can be worked out, and against ranking draw by draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.statistics import rank_intervals, ranks

areas_strategy = st.lists(st.tuples(st.integers(0, 50), st.floats(0, 10)), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("apart", "told_apart"),
    # The difference of two values with standard errors of 1 has one of 1.414: 2.772 lies at 97.5 %.
    [(2.6, False), (2.95, True)],
)
def test_two_areas_are_told_apart_where_the_normal_distribution_says_so(
    apart: float, told_apart: bool
) -> None:
    assert stats.norm.cdf(2.772 / np.sqrt(2)) == pytest.approx(0.975, abs=1e-4)
    found = rank_intervals([apart, 0], [1, 1], draws=40_000)
    assert found.rank.tolist() == [1, 2]
    assert found.lower.tolist() == [1, 2 if told_apart else 1]
    assert found.upper.tolist() == [1 if told_apart else 2, 2]
    assert found.tier.tolist() == [1, 2 if told_apart else 1]


def test_intervals_are_those_of_ranking_each_draw_by_itself() -> None:
    value, error = np.array([5.0, 4.2, 4.0, 1.0, 3.9]), np.array([0.8, 0.5, 0.1, 2.0, 0.3])
    found = rank_intervals(value, error, draws=20_000, confidence=0.8)
    drawn = np.random.default_rng(99).normal(value, error, (20_000, 5))
    ranked = stats.rankdata(-drawn, method="min", axis=1)
    lower, upper = np.quantile(ranked, [0.1, 0.9], axis=0, method="inverted_cdf")
    assert found.lower.tolist() == lower.tolist()
    assert found.upper.tolist() == upper.tolist()


def test_counts_are_drawn_from_jeffreys_beta() -> None:
    found = rank_intervals(numerator=[30, 45, 20], denominator=[100, 90, 100], draws=20_000, confidence=0.9)
    drawn = stats.beta([30.5, 45.5, 20.5], [70.5, 45.5, 80.5]).rvs((20_000, 3), random_state=5)
    ranked = stats.rankdata(-drawn, axis=1)
    assert found.rank.tolist() == [2, 1, 3]
    assert found.lower.tolist() == np.quantile(ranked, 0.05, axis=0, method="inverted_cdf").tolist()
    assert found.upper.tolist() == np.quantile(ranked, 0.95, axis=0, method="inverted_cdf").tolist()


@settings(deadline=None, max_examples=40)
@given(areas_strategy, st.booleans())
def test_ranks_are_those_of_scipy_and_lie_within_their_intervals(
    areas: list[tuple[int, float]], highest_first: bool
) -> None:
    value, error = np.array(areas, dtype=float).T
    found = rank_intervals(value, error, draws=200, highest_first=highest_first)
    expected = stats.rankdata(-value if highest_first else value, method="min")
    assert found.rank.tolist() == expected.tolist()
    assert (found.lower >= 1).all()
    assert (found.lower <= found.rank).all()
    assert (found.rank <= found.upper).all()
    assert (found.upper <= len(areas)).all()


@settings(deadline=None, max_examples=40)
@given(areas_strategy, st.integers(0, 1000))
def test_the_order_of_areas_does_not_matter(areas: list[tuple[int, float]], seed: int) -> None:
    value, error = np.array(sorted(set(areas)), dtype=float).T
    order = np.random.default_rng(seed).permutation(len(value))
    one, other = (
        rank_intervals(*pair, draws=100, seed=seed) for pair in ((value, error), (value[order], error[order]))
    )
    assert other.lower.tolist() == one.lower[order].tolist()
    assert other.upper.tolist() == one.upper[order].tolist()
    assert other.tier.tolist() == one.tier[order].tolist()


def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    value, error = np.linspace(0, 1, 60), np.full(60, 0.3)
    first, again, other = (rank_intervals(value, error, seed=seed, draws=300) for seed in (7, 7, 8))
    assert first.lower.tolist() == again.lower.tolist()
    assert first.upper.tolist() == again.upper.tolist()
    assert (first.lower != other.lower).any()


def test_exact_values_have_exact_ranks_and_equal_ones_share_the_least() -> None:
    found = rank_intervals([7, 9, 7, 1], [0, 0, 0, 0], draws=50)
    for part in (found.rank, found.lower, found.upper):
        assert part.tolist() == [2, 1, 2, 4]
    assert found.tier.tolist() == [2, 1, 2, 3]


def test_a_tier_ends_with_the_first_whose_interval_does_not_reach_the_leaders() -> None:
    found = rank_intervals([10, 9.9, 5, 4.9, 4.8, 0], [0.3, 0.3, 0.3, 0.3, 0.3, 0.1])
    assert found.tier.tolist() == [1, 1, 2, 2, 2, 3]


def test_areas_without_a_value_have_no_rank_and_take_none() -> None:
    found = rank_intervals([3, np.nan, 1, 2], [0.1, 0.1, 0.1, np.nan])
    assert np.isnan(found.rank).tolist() == np.isnan(found.tier).tolist() == [False, True, False, True]
    assert found.rank[[0, 2]].tolist() == [1, 2]
    nobody = rank_intervals(numerator=[0, 1], denominator=[0, 2])
    assert np.isnan(nobody.lower).tolist() == [True, False]
    assert np.isnan(rank_intervals([np.nan], [1]).rank).all()


def test_memory_is_bounded_by_drawing_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(ranks, "DRAWN_AT_A_TIME", 25)
    monkeypatch.setattr(
        ranks,
        "_normal",
        lambda value, error: lambda chance, times: drawn.append(times) or np.tile(value, (times, 1)),
    )
    found = rank_intervals([3, 2, 1, 0], [1, 1, 1, 1], draws=20)
    assert drawn == [6, 6, 6, 2]
    assert found.upper.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "either values and standard_errors, or numerator and denominator"),
        ({"values": [1]}, "either values and standard_errors"),
        ({"values": [1], "standard_errors": [1], "denominator": [3]}, "either values and standard_errors"),
        ({"values": [[1]], "standard_errors": [[1]]}, "2 dimensions, expected one entry per area"),
        ({"values": [1], "standard_errors": [-1]}, "a standard error is -1"),
        ({"numerator": [3], "denominator": [2]}, "between zero and its denominator"),
        ({"values": [1], "standard_errors": [1], "draws": 0}, "draws is 0"),
        ({"values": [1], "standard_errors": [1], "confidence": 95}, r"such as 0\.95"),
    ],
)
def test_ranks_say_what_they_refuse(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        rank_intervals(**arguments)
