"""Confidence intervals of counts: proportions (Wilson) and rates (Byar, exact Poisson for small counts)."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri

from metrics.statistics.arguments import (
    Interval,
    Numbers,
    numbers,
    require_confidence,
    require_not_negative,
    require_positive,
    two_sided_z,
)

# Below this count Byar's approximation leaves the exact limits in the second digit, so the exact ones are used.
FEWEST_FOR_BYAR = 10


def wilson_interval(numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95) -> Interval:
    """Lower and upper confidence limits of proportions numerator / denominator, as fractions of 1.

    Wilson's score interval without continuity correction (E. B. Wilson 1927; method 3 of R. G. Newcombe,
    Statistics in Medicine 17, 1998): it stays within 0 to 1 and holds for 0 and for very small counts,
    where the textbook interval does not. Input: counts of people, of any shapes that broadcast; both results
    have the broadcast shape. A denominator of zero, or a missing (nan) count, gives nan. Raises ValueError
    for a numerator below zero or above its denominator, or a confidence not between 0 and 1.
    """
    z = two_sided_z(confidence)
    count, people = numbers(numerator, denominator)
    if np.any(count < 0) or np.any(count > people):
        raise ValueError("a proportion's numerator must lie between zero and its denominator.")
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


def byar_interval(
    count: ArrayLike, denominator: ArrayLike, confidence: float = 0.95, multiplier: float = 1
) -> Interval:
    """Lower and upper confidence limits of rates multiplier * count / denominator.

    Byar's approximation to the Poisson limits (N. E. Breslow and N. E. Day, Statistical Methods in Cancer
    Research II, 1987, page 69), and below a count of 10 the exact limits from the chi-square distribution
    (F. Garwood, Biometrika 28, 1936): the rule of PHEindicatormethods and Fingertips. Input: counts of events
    that happen independently of one another, and what they are counted per (people, person-years), of any shapes
    that broadcast; the limits have the broadcast shape and are in events per `multiplier` of the denominator.
    For hours use hours_interval: one person's hours are not independent events. A denominator of zero, or
    anything missing (nan), gives nan. Raises ValueError for a count or denominator below zero, a multiplier not
    above zero, or a confidence not between 0 and 1.
    """
    require_positive("multiplier", multiplier)
    events, per = numbers(count, denominator)
    require_not_negative("a count", events)
    require_not_negative("a denominator", per)
    scale = multiplier / np.where(per > 0, per, np.nan)
    lower, upper = poisson_limits(events, confidence)
    return lower * scale, upper * scale


def poisson_limits(events: Numbers, confidence: float) -> Interval:
    """Limits of the expected number behind a counted number: exact below 10, Byar's from there on."""
    few, many = exact_poisson_limits(events, confidence), byar_limits(events, confidence)
    small = events < FEWEST_FOR_BYAR
    return np.where(small, few[0], many[0]), np.where(small, few[1], many[1])


def byar_limits(events: Numbers, confidence: float) -> Interval:
    """Byar's limits of an expected number, for any counted number above zero (nan for zero's lower limit)."""
    z = two_sided_z(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = events * np.maximum(1 - 1 / (9 * events) - z / (3 * np.sqrt(events)), 0) ** 3
    more = events + 1
    return lower, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def exact_poisson_limits(events: Numbers, confidence: float) -> Interval:
    """Garwood's exact limits of an expected number; the lower limit of zero is zero."""
    require_confidence(confidence)
    tail = (1 - confidence) / 2
    lower = np.where(events > 0, chdtri(2 * np.where(events > 0, events, 1), 1 - tail) / 2, events)
    return lower, chdtri(2 * events + 2, tail) / 2
