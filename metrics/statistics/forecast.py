"""Where a year will end, from how it has gone so far."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from metrics.statistics.arguments import (
    Numbers,
    array,
    require_confidence,
    require_fitting,
    require_not_negative,
)

MONTHS = 12
FEWEST_YEARS = 2


def outlook(
    history: ArrayLike, to_date: ArrayLike, confidence: float = 0.95
) -> tuple[Numbers, Numbers, Numbers]:
    """The year's expected total of a flow, with lower and upper prediction limits.

    Each earlier year had reached some share of its total by this month; the total so far over the typical share
    is the outlook. Shares are averaged on the log scale, and the limits are Student's t prediction limits for
    one more year (mean ± t * s * sqrt(1 + 1/years), years - 1 degrees of freedom; G. J. Hahn and W. Q. Meeker,
    Statistical Intervals, 1991), so they assume this year is shaped like the others, and are very wide for two
    or three years: with two, t is 12.7. Neither the outlook nor a limit falls below what is there already.

    Input: `history` with the earlier years' months, shape (..., years, 12), and `to_date` with this year's months
    so far, shape (..., 1 to 12); leading axes broadcast. The results have the leading shape and the unit of the
    values. A year with a missing month (nan), or with nothing by this month, is left out; fewer than two years
    left, or a missing month in this one, gives nan. After twelve months the total is known and is all three.
    Raises ValueError for other shapes, numbers below zero, or a confidence not between 0 and 1.
    """
    require_confidence(confidence)
    years, months = array(history), array(to_date)
    if years.ndim < 2 or years.shape[-1] != MONTHS:
        raise ValueError(f"history has the shape {years.shape}, expected (..., years, 12).")
    if not months.ndim or not 1 <= months.shape[-1] <= MONTHS:
        raise ValueError(f"to_date has the shape {months.shape}, expected (..., months) of 1 to 12.")
    require_fitting(years.shape[:-2], months.shape[:-1])
    require_not_negative("a month of the history", years)
    require_not_negative("a month to date", months)
    done = months.shape[-1]
    so_far = months.sum(-1)
    reached = years[..., :done].sum(-1)
    shares = np.log(_above_zero(reached) / _above_zero(years.sum(-1)))
    count = np.sum(~np.isnan(shares), axis=-1)
    enough = np.where(count >= FEWEST_YEARS, count, np.nan)
    mean = np.nansum(shares, axis=-1) / enough
    spread = np.sqrt(np.nansum((shares - mean[..., np.newaxis]) ** 2, axis=-1) / (enough - 1))
    reach = stdtrit(enough - 1, (1 + confidence) / 2) * spread * np.sqrt(1 + 1 / enough)
    if done == MONTHS:
        known = so_far + np.zeros(mean.shape)
        return known, known.copy(), known.copy()
    with np.errstate(over="ignore"):  # years that have nothing in common leave the end open: inf
        times = [np.exp(-mean + sign * reach) for sign in (0, -1, 1)]
    value, lower, upper = (np.maximum(so_far * one, so_far) for one in times)
    return value, lower, upper


def _above_zero(total: Numbers) -> Numbers:
    return np.where(total > 0, total, np.nan)
