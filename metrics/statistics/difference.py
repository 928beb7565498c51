"""Whether two figures differ: an interval of their difference, from their own intervals alone."""

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.arguments import Interval, numbers

Limits = tuple[ArrayLike, ArrayLike]


def difference_interval(
    first: ArrayLike, first_limits: Limits, second: ArrayLike, second_limits: Limits
) -> Interval:
    """Lower and upper limit of first − second, from each one's value and (lower, upper).

    Recovered variances (G. Y. Zou and A. Donner, Statistics in Medicine 27, 2008); with Wilson limits it is method
    10 of R. G. Newcombe, Statistics in Medicine 17, 1998. The limits keep the lopsidedness of the two intervals, and
    the confidence is theirs. The two are taken to be independent; the same people counted in both years make them
    move together, and the interval then errs on the wide side. Input: values and limits in one unit, of any shapes
    that broadcast, which the result has; anything missing (nan) gives nan. Raises ValueError for a value outside
    its limits.
    """
    low, high = first_limits
    other_low, other_high = second_limits
    one, lower, upper, two, lower_two, upper_two = numbers(first, low, high, second, other_low, other_high)
    for value, least, most in ((one, lower, upper), (two, lower_two, upper_two)):
        # A value on its limit may lie a rounding error outside it.
        slack = 1e-9 * np.maximum(np.abs(value), 1)
        if np.any(value < least - slack) or np.any(value > most + slack):
            raise ValueError("a value lies outside its limits, expected lower <= value <= upper.")
    difference = one - two
    below = np.sqrt((one - lower) ** 2 + (upper_two - two) ** 2)
    above = np.sqrt((upper - one) ** 2 + (two - lower_two) ** 2)
    return difference - below, difference + above
