"""Ranks with their uncertainty: how far down or up an area could as well stand."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from metrics.statistics.arguments import (
    Numbers,
    numbers_of_each,
    require_confidence,
    require_not_negative,
    require_positive,
)

# So many drawn values are held at a time (8 MB); the tally of ranks takes four bytes for each pair of areas.
DRAWN_AT_A_TIME = 1_000_000

Draw = Callable[[Generator, int], Numbers]


@dataclass(frozen=True)
class Ranks:
    """One entry per area, nan where it has no value. Rank 1 is the best place."""

    rank: Numbers  # of the values as they are; equal values share the smallest rank (1, 2, 2, 4)
    lower: Numbers  # the best rank of the interval
    upper: Numbers  # the worst
    tier: Numbers  # 1, 2, …: areas of a tier cannot be told from the area that leads it


def rank_intervals(
    values: ArrayLike | None = None,
    standard_errors: ArrayLike | None = None,
    *,
    numerator: ArrayLike | None = None,
    denominator: ArrayLike | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    draws: int = 10_000,
    highest_first: bool = True,
) -> Ranks:
    """Ranks of areas, the interval each rank could as well have, and tiers that cannot be told apart.

    Simulated as in H. Goldstein and D. J. Spiegelhalter, League tables and their limitations, Journal of the
    Royal Statistical Society A 159, 1996: every area's true value is drawn `draws` times, each draw is ranked,
    and the interval holds the middle `confidence` of an area's ranks (always with the rank it has, which heavy
    shrinkage could leave outside). True values are drawn from the normal distribution of `values` and
    `standard_errors`, or for proportions from the beta distribution of `numerator` and `denominator` (with
    Jeffreys' prior of half a person each way). Tiers: areas stand in order of rank; a tier's leader is followed
    by all whose interval reaches up to the leader's interval, and the first that does not leads the next tier.

    Input: one entry per area, one-dimensional: either values and standard errors (zero: exact), or counts of
    people. `highest_first` False gives rank 1 to the lowest value. An area with anything missing, or a
    denominator of zero, has nan throughout and the others are ranked without it. The same seed gives the same
    result, whatever the order of the areas. Memory is bounded by 30 MB and four bytes per pair of areas. Raises
    ValueError when both or neither kind of input is given, for several dimensions, a standard error below zero,
    a numerator outside zero to its denominator, no draws, or a confidence not between 0 and 1.
    """
    require_confidence(confidence)
    require_positive("draws", draws)
    value, one, other, draw = _input(values, standard_errors, numerator, denominator)
    known = np.flatnonzero(~np.isnan(value))
    result = Ranks(*(np.full(len(value), np.nan) for _ in range(4)))
    if not len(known):
        return result
    sign = -1 if highest_first else 1
    # Areas are drawn in an order of their own, so that the order they came in does not matter.
    places = known[np.lexsort((other[known], one[known], sign * value[known]))]
    tally = np.zeros((len(places), len(places)), dtype=np.int32)
    chance = np.random.default_rng(seed)
    at_a_time = max(1, DRAWN_AT_A_TIME // len(places))
    for done in range(0, draws, at_a_time):
        drawn = draw(one[places], other[places])(chance, min(at_a_time, draws - done))
        _count(tally, _ranks_of(sign * drawn))
    rank = _ranks_of(sign * value[places][np.newaxis])[0]
    up_to = np.cumsum(tally, axis=1)
    tail = round((1 - confidence) / 2 * draws, 6)  # 250, not 250.00000000000023
    best = np.minimum(np.argmax(up_to >= tail, axis=1), rank)
    worst = np.maximum(np.argmax(up_to >= draws - tail, axis=1), rank)
    for part, found in zip(
        (result.rank, result.lower, result.upper, result.tier),
        (rank, best, worst, _tiers(best, worst)),
        strict=True,
    ):
        part[places] = found + 1
    return result


def _input(
    values: ArrayLike | None,
    standard_errors: ArrayLike | None,
    numerator: ArrayLike | None,
    denominator: ArrayLike | None,
) -> tuple[Numbers, Numbers, Numbers, Callable[[Numbers, Numbers], Draw]]:
    """Values, the two numbers that say how each is drawn, and how. Nan in one is nan in all."""
    if values is not None and standard_errors is not None and numerator is None and denominator is None:
        value, error = _one_per_area(values, standard_errors)
        require_not_negative("a standard error", error)
        return value + 0 * error, value, error, _normal
    if values is None and standard_errors is None and numerator is not None and denominator is not None:
        count, people = _one_per_area(numerator, denominator)
        if np.any(count < 0) or np.any(count > people):
            raise ValueError("a proportion's numerator must lie between zero and its denominator.")
        return count / np.where(people > 0, people, np.nan), count, people, _beta
    raise ValueError("expected either values and standard_errors, or numerator and denominator.")


def _one_per_area(*given: ArrayLike) -> list[Numbers]:
    arrays = numbers_of_each("areas", *given)
    if arrays[0].ndim != 1:
        raise ValueError(f"areas have {arrays[0].ndim} dimensions, expected one entry per area.")
    return arrays


def _normal(value: Numbers, error: Numbers) -> Draw:
    return lambda chance, times: chance.normal(value, error, (times, len(value)))


def _beta(count: Numbers, people: Numbers) -> Draw:
    return lambda chance, times: chance.beta(count + 0.5, people - count + 0.5, (times, len(count)))


def _ranks_of(rows: Numbers) -> np.ndarray:
    """The places, from 0, of the numbers of each row, least first; equal numbers share the least place."""
    order = np.argsort(rows, axis=1, kind="stable")
    ordered = np.take_along_axis(rows, order, axis=1)
    place = np.broadcast_to(np.arange(rows.shape[1]), rows.shape).copy()
    place[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=1), axis=1)
    return ranks


def _count(tally: np.ndarray, ranks: np.ndarray) -> None:
    """Add to the tally (area, rank) how often each area had each rank."""
    for area in range(tally.shape[0]):
        tally[area] += np.bincount(ranks[:, area], minlength=tally.shape[1]).astype(np.int32)


def _tiers(best: np.ndarray, worst: np.ndarray) -> np.ndarray:
    """The tier, from 0, of areas in order of rank."""
    tiers = np.zeros(len(best), dtype=np.int64)
    leader = 0
    for area in range(1, len(best)):
        if best[area] > worst[leader]:
            leader = area
        tiers[area] = tiers[area - 1] + (leader == area)
    return tiers
