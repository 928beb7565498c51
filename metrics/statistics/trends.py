"""Whether the last five points of a series go up or down by more than chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtr

from metrics.statistics.arguments import Numbers, array, numbers

POINTS = 5
# Two gaps at most: five points over seven periods are still recent; over ten they are another story.
LONGEST_SPAN = 7
CHI_SQUARE_998 = 9.54953570608324  # 99.8 % point with one degree of freedom: 3.0902²
WIDTH_IN_STANDARD_ERRORS = 3.92  # of a 95 % interval, as Fingertips rounds it


@dataclass(frozen=True)
class Trend:
    """Direction is increasing, decreasing, no_significant_change or cannot_be_calculated (the rest is then nan)."""

    direction: str
    slope: float  # in units of the values per period
    chi_square: float  # one degree of freedom; above 9.5495 is significant at 99.8 %


CANNOT_BE_CALCULATED = Trend("cannot_be_calculated", np.nan, np.nan)


def trend(values: ArrayLike, intervals: tuple[ArrayLike, ArrayLike]) -> Trend:
    """The recent trend of one series of values, oldest first, with their 95 % intervals (lower, upper).

    The method of Fingertips (Office for Health Improvement and Disparities, Public health technical guidance:
    Trend markers): a straight line through the last five points, each weighted by 1/SE² with SE the width of its
    interval / 3.92; chi-square is the squared slope over its variance. The trend is significant when chi-square
    is above 9.5495 (99.8 %) and the slope keeps its sign when any one of the five points is left out.

    Input: values and limits of one series, one length and one unit, one place per period. Where Fingertips
    stops, this goes on as follows. Gaps: a point without value or interval (nan) is skipped and
    the others keep their places in time; the newest period must be there and the five points must lie within
    seven periods, else cannot_be_calculated. Intervals of width zero (exact values, or rounding): such a point is
    taken to be as certain as the most certain other one; when all five are exact there is no chance to test
    against, and the scatter about the line takes its place (t test with three degrees of freedom at 99.8 %,
    told as the chi-square of equal probability). Fewer than five points: cannot_be_calculated. Periods should not
    overlap (no rolling windows), or the points are not independent. Raises ValueError for several dimensions,
    lengths that differ, or a lower limit above its upper one.
    """
    value, lower, upper = _series(values, intervals)
    known = np.flatnonzero(~np.isnan(value + lower + upper))[-POINTS:]
    if len(known) < POINTS or known[-1] != len(value) - 1 or known[-1] - known[0] >= LONGEST_SPAN:
        return CANNOT_BE_CALCULATED
    value, errors = value[known], (upper - lower)[known] / WIDTH_IN_STANDARD_ERRORS
    exact = not errors.any()
    smallest = 1.0 if exact else errors[errors > 0].min()
    weights = np.where(errors > 0, errors, smallest) ** -2.0
    at = known.astype(np.float64)
    slope, variance = _line(at, value, weights)
    chi_square = _chi_square_of_scatter(at, value, slope, variance) if exact else slope**2 / variance
    without = [_line(*(np.delete(part, one) for part in (at, value, weights)))[0] for one in range(POINTS)]
    agree = all(np.sign(other) == np.sign(slope) != 0 for other in without)
    direction = "no_significant_change"
    if agree and chi_square > CHI_SQUARE_998:
        direction = "increasing" if slope > 0 else "decreasing"
    return Trend(direction, float(slope), float(chi_square))


def _series(values: ArrayLike, intervals: tuple[ArrayLike, ArrayLike]) -> tuple[Numbers, Numbers, Numbers]:
    lower, upper = intervals
    shapes = {array(part).shape for part in (values, lower, upper)}
    if len(shapes) > 1 or len(np.shape(values)) != 1:
        raise ValueError(
            f"values and limits have shapes {sorted(shapes)}, expected one series of one length."
        )
    value, low, high = numbers(values, lower, upper)
    if np.any(low > high):
        raise ValueError("a lower limit is above its upper limit, expected lower <= upper.")
    return value, low, high


def _line(at: Numbers, value: Numbers, weights: Numbers) -> tuple[float, float]:
    """Slope of the weighted line and its variance."""
    centre = (weights * at).sum() / weights.sum()
    spread = (weights * (at - centre) ** 2).sum()
    # Against the first value, so that equal values have a slope of exactly zero.
    return (weights * (at - centre) * (value - value[0])).sum() / spread, 1 / spread


def _chi_square_of_scatter(at: Numbers, value: Numbers, slope: float, variance: float) -> float:
    residual = value - value.mean() - slope * (at - at.mean())
    scatter = (residual**2).sum() / (POINTS - 2)
    if slope == 0:
        return 0.0
    # What floating point leaves of a perfect line is no scatter.
    if scatter <= (1e-12 * np.abs(value).max()) ** 2:
        return np.inf
    return float(ndtri(stdtr(POINTS - 2, -abs(slope) / np.sqrt(variance * scatter))) ** 2)
