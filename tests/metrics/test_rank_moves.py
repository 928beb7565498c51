"""Ranks held against each other: ties take several places, and a move is what every order of them has in common."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import kendalltau

from metrics.rank_moves import Move, moves, nearest_place, places_of, tau_b


def orders(ranks: dict[str, int]) -> list[tuple[str, ...]]:
    """Every order of the areas in which none stands before one of a better rank."""
    return [order for order in permutations(ranks) if list(map(ranks.get, order)) == sorted(ranks.values())]


@pytest.mark.parametrize("seed", range(5))
def test_tau_b_with_ties_is_that_of_scipy(seed: int) -> None:
    first, second = np.random.default_rng(seed).integers(1, 6, (2, 12)).tolist()
    names = [str(number) for number in range(12)]
    expected = kendalltau(first, second).statistic
    assert tau_b(
        dict(zip(names, first, strict=True)), dict(zip(names, second, strict=True))
    ) == pytest.approx(expected)
    assert tau_b(dict.fromkeys(names, 1), dict(zip(names, second, strict=True))) is None


@pytest.mark.parametrize("seed", range(8))
def test_an_area_moves_as_far_as_it_does_however_ties_are_told_apart(seed: int) -> None:
    values = np.random.default_rng(seed).integers(1, 4, (2, 5)).tolist()
    before, after = (dict(zip("abcde", row, strict=True)) for row in values)
    for move in moves(before, after, list("abcde")):
        first, second = (
            {order.index(move.area_code) for order in orders(ranks)} for ranks in (before, after)
        )
        assert move.distance == min(abs(one - other) for one in first for other in second)
        assert (move.before, move.after) == tuple((min(one) + 1, max(one) + 1) for one in (first, second))


def test_ranks_are_among_the_areas_asked_for() -> None:
    before, after = {"a": 1, "b": 2, "c": 3, "d": 4}, {"a": 3, "b": 1, "c": 1, "d": 4}
    assert moves(before, after, ["a", "c", "d"]) == [
        Move("a", (1, 1), (2, 2)), Move("c", (2, 2), (1, 1)), Move("d", (3, 3), (3, 3)),
    ]  # fmt: skip
    assert places_of({"a": 1, "b": 2, "c": 2}) == {"a": (1, 1), "b": (2, 3), "c": (2, 3)}


@pytest.mark.parametrize(
    ("usual", "found", "place"),
    [((5, 5), (3, 5), 5), ((6, 6), (3, 5), 5), ((2, 2), (3, 5), 3),
     ((3, 5), (5, 5), 3), ((3, 5), (6, 7), 6), ((3, 5), (1, 2), 2)],
)  # fmt: skip
def test_the_nearest_place_of_a_tie(usual: tuple[int, int], found: tuple[int, int], place: int) -> None:
    assert nearest_place(usual, found) == place
