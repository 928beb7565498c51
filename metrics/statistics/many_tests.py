"""Many comparisons at once: how many stand out by chance, and which still do."""

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.arguments import Numbers, numbers, require_confidence, require_not_negative


def expected_by_chance(tests: ArrayLike, confidence: float = 0.95) -> Numbers:
    """How many of so many tests stand out on average when nothing is behind any of them.

    tests * (1 - confidence), whether or not the tests depend on one another: of 20 areas compared at 95 % one is
    expected to stand out. Input: numbers of tests of any shape, which the result has; nan gives nan. Raises
    ValueError for a number below zero or a confidence not between 0 and 1.
    """
    require_confidence(confidence)
    [count] = numbers(tests)
    require_not_negative("a number of tests", count)
    return count * (1 - confidence)


def benjamini_hochberg(p_values: ArrayLike) -> Numbers:
    """P-values adjusted so that of those below q, a share of q at most is expected to be there by chance.

    Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57, 1995: each p-value times the
    number of tests over its rank, and no larger than the adjusted value of any larger p-value. Input: the
    p-values of one family of tests, of any shape, which the result has; nan is no test and stays nan. Raises
    ValueError for numbers outside 0 to 1.
    """
    [given] = numbers(p_values)
    if np.any((given < 0) | (given > 1)):
        raise ValueError("a p-value lies outside 0 to 1, expected probabilities.")
    flat = given.ravel()
    there = np.flatnonzero(~np.isnan(flat))
    order = there[np.argsort(flat[there])]
    scaled = flat[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted = np.full(flat.shape, np.nan)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return adjusted.reshape(given.shape)
