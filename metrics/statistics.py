"""Statistical functions: arrays in, arrays out, each with its source.

Pure functions: nothing here knows of areas, files or builds.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Interval = tuple[NDArray[np.float64], NDArray[np.float64]]


def wilson_interval(numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95) -> Interval:
    """Lower and upper confidence limits of proportions numerator / denominator, as fractions of 1.

    Wilson's score interval without continuity correction (E. B. Wilson 1927; method 3 of R. G. Newcombe,
    Statistics in Medicine 17, 1998): it stays within 0 to 1 and holds for 0 and for very small counts,
    where the textbook interval does not. Input: counts of people, of any shapes that broadcast; both results
    have the broadcast shape. A denominator of zero, or a missing (nan) count, gives nan. Raises ValueError
    for a numerator below zero or above its denominator, or a confidence not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, expected a number between 0 and 1, such as 0.95.")
    count, people = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    )
    if np.any(count < 0) or np.any(count > people):
        raise ValueError("a proportion's numerator must lie between zero and its denominator.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(people > 0, count / people, np.nan)
        middle = share + z * z / (2 * people)
        half = z * np.sqrt(share * (1 - share) / people + z * z / (4 * people * people))
        scale = 1 + z * z / people
        lower, upper = (middle - half) / scale, (middle + half) / scale
    # At the ends the limit is exactly 0 or 1; floating point would leave a crumb such as 1e-17.
    return np.where(count == 0, share, np.maximum(lower, 0)), np.where(
        count == people, share, np.minimum(upper, 1)
    )
