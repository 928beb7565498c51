"""How unequally something is spread over people."""

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.arguments import Numbers, numbers_of_each, require_not_negative


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> Numbers:
    """The Gini coefficient along the last axis: 0 when all have the same, near 1 when one has everything.

    C. Gini 1912, as half the mean difference between any two people over the mean (M. G. Kendall and A. Stuart,
    The Advanced Theory of Statistics I, 1958): twice the area between the Lorenz curve and the diagonal. Not
    corrected by n / (n - 1), as a register is the population and no sample; so n people have at most (n - 1) / n.

    Input: values such as hours per person, zero or more, along the last axis, and `weights` = how many people
    have each value (a histogram gives the same result as the people one by one), of shapes that broadcast. The
    result has that shape without the last axis. A sum of zero, nobody, or anything missing gives nan. Raises
    ValueError for no axis, axes of different lengths or numbers below zero.
    """
    value, people = _ordered(values, weights)
    part = people / _above_zero(people.sum(-1, keepdims=True))
    held = value * part
    mean = _above_zero(held.sum(-1))
    below = np.cumsum(part, axis=-1) - part / 2  # share of people below, and half of those beside
    return np.maximum(2 * (held * below).sum(-1) / mean - 1, 0)


def top_share(values: ArrayLike, share: float = 0.1, weights: ArrayLike | None = None) -> Numbers:
    """The part of the total that the top `share` of people hold, as a fraction of 1, along the last axis.

    1 less the Lorenz curve at 1 - share (M. O. Lorenz, Publications of the American Statistical Association 9,
    1905). Where the border falls within a group of equal people, or within one person, that part of them counts.
    Input and errors are those of `gini`, and as there a sum of zero, nobody or anything missing gives nan; a
    share not within 0 to 1 raises ValueError.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}, expected a number from 0 to 1, such as 0.1.")
    value, people = _ordered(values, weights)
    total = _above_zero((value * people).sum(-1))
    fewest = share * people.sum(-1, keepdims=True)
    from_top = np.flip(np.cumsum(np.flip(people, -1), axis=-1), -1)  # people with this value or above it
    counted = np.clip(fewest - (from_top - people), 0, people)
    return np.minimum((value * counted).sum(-1) / total, 1)


def _ordered(values: ArrayLike, weights: ArrayLike | None) -> tuple[Numbers, Numbers]:
    """Values, least first, and the people who have each."""
    value, people = numbers_of_each("values", values, 1.0 if weights is None else weights)
    if not value.ndim:
        raise ValueError("the values have no dimension, expected people along the last axis.")
    require_not_negative("a value", value)
    require_not_negative("a weight", people)
    order = np.argsort(value, axis=-1)
    return np.take_along_axis(value, order, -1), np.take_along_axis(people, order, -1)


def _above_zero(total: Numbers) -> Numbers:
    return np.where(total > 0, total, np.nan)
