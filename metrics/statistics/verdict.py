"""An area against a benchmark, in words."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.statistics.arguments import numbers

# Polarity (what is better): the words for an interval below, holding and above the benchmark.
WORDS = {
    "higher": ("worse", "similar", "better"),
    "lower": ("better", "similar", "worse"),
    "neither": ("lower", "similar", "higher"),
}


def compare_to_benchmark(
    lower: ArrayLike, upper: ArrayLike, benchmark: ArrayLike, polarity: str, is_self: ArrayLike = False
) -> NDArray[np.str_]:
    """The word for each interval against its benchmark: better, similar, worse, higher, lower, not_compared.

    As Fingertips does (Public Health England, Technical Guide: RAG rating indicator values, 2017): a difference
    counts when the benchmark lies outside the interval; a benchmark exactly at a limit is inside. Polarity
    "higher" or "lower" says what is better; with "neither" the words judge nothing. Input: limits and benchmark
    in one unit, and `is_self` (true where the area is its own benchmark), of any shapes that broadcast; the words
    have the broadcast shape. Where anything is missing (nan), or `is_self`, the word is not_compared. Raises
    ValueError for another polarity or a lower limit above its upper one.
    """
    if polarity not in WORDS:
        raise ValueError(f"polarity is {polarity!r}, expected one of {', '.join(WORDS)}.")
    low, high, mark, own = numbers(lower, upper, benchmark, is_self)
    if np.any(low > high):
        raise ValueError("a lower limit is above its upper limit, expected lower <= upper.")
    below, similar, above = WORDS[polarity]
    unknown = np.isnan(low) | np.isnan(high) | np.isnan(mark) | (own != 0)
    return np.select([unknown, high < mark, low > mark], ["not_compared", below, above], similar)
