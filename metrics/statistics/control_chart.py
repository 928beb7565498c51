"""Alerts of a sustained change in a monthly series (CUSUM)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.arguments import Numbers, array, require_positive

# Half a standard deviation of slack: the sums grow when the level has moved by more than that, which makes the
# chart quickest for a move of one standard deviation (D. C. Montgomery, 2009, chapter 9).
SLACK = 0.5


@dataclass(frozen=True)
class Cusum:
    """One entry per period, oldest first, and the alerts among them."""

    alerts: np.ndarray  # the places (from 0) of periods with an alert, ascending
    direction: np.ndarray  # per period: 1 above the target for long enough, -1 below it, 0 no alert
    target: Numbers  # the level the period was compared with
    threshold: Numbers  # how large a sum may be before it is an alert
    above: Numbers  # the sum of what lay above the target, 0 or more
    below: Numbers  # the sum of what lay below it, 0 or less


def cusum(
    values: ArrayLike,
    window: int = 12,
    sensitivity: float = 5,
    target: float | None = None,
    standard_deviation: float | None = None,
) -> Cusum:
    """Where a series has moved away from its level for long enough to be no chance.

    The tabular CUSUM (E. S. Page, Biometrika 41, 1954; D. C. Montgomery, Introduction to Statistical Quality
    Control, 2009) as OpenPrescribing uses it for its alerts. Target and standard deviation are those of the first
    `window` periods. Each period adds what it lies above target + half a standard deviation to one sum, and what
    it lies below target - half a standard deviation to another, neither crossing zero; a sum beyond `sensitivity`
    standard deviations is an alert. In the period after an alert the target is taken from the `window` periods
    before it; while the sum still grows the alert goes on with the old threshold, and otherwise the threshold is
    renewed too and the sums begin anew. With `target` and `standard_deviation` given, those hold throughout, and
    sums begin anew when an alert stops growing. Unlike OpenPrescribing sums are not rounded to two decimals
    (its values lie between 0 and 1), a series begins with its first value, and a missing period (nan) leaves the
    sums as they are and is no alert, where there the sums would begin anew. A level without any spread has a
    threshold of zero: every move from it is an alert.

    Input: one series, one value per period, oldest first, seasonless (a yearly pattern gives alerts each spring;
    use rolling years, or differences to the year before). Periods before the first value have nan. Rates of
    small numbers should be left out beforehand. Raises ValueError for several dimensions, a window below 2, a
    sensitivity not above zero, or only one of target and standard_deviation.
    """
    series = array(values)
    _require(series, window, sensitivity, target, standard_deviation)
    fixed = (
        None if target is None or standard_deviation is None else (target, standard_deviation * sensitivity)
    )
    rows = np.full((len(series), 4), np.nan)  # target, threshold, above, below
    direction = np.zeros(len(series), dtype=np.int8)
    known = np.flatnonzero(~np.isnan(series))
    level, limit, above, below = np.nan, np.nan, 0.0, 0.0
    alerted = 0
    for place in range(known[0] if len(known) else len(series), len(series)):
        first = place == known[0]
        if not np.isnan(series[place]):
            if first:
                level, limit = fixed or _level(series[place : place + window], sensitivity)
            recent = series[max(place - window, 0) : place]
            if alerted and not np.isnan(recent).all():
                level, renewed = fixed or _level(recent, sensitivity)
                higher, lower = _sums(series[place], level, limit / sensitivity, above, below)
                if not (higher > above if alerted > 0 else lower < below):
                    limit, above, below = renewed, 0.0, 0.0
            above, below = _sums(series[place], level, limit / sensitivity, above, below)
            alerted = int(above > limit) - int(below < -limit and above <= limit)
            direction[place] = alerted
        rows[place] = level, limit, above, below
    return Cusum(np.flatnonzero(direction), direction, *rows.T)


def _level(recent: Numbers, sensitivity: float) -> tuple[float, float]:
    """Target and threshold from some periods, of which one at least has a value."""
    return float(np.nanmean(recent)), float(np.nanstd(recent)) * sensitivity


def _sums(
    value: float, target: float, standard_deviation: float, above: float, below: float
) -> tuple[float, float]:
    """Both sums with one more period."""
    slack = SLACK * standard_deviation
    return max(0.0, above + value - target - slack), min(0.0, below + value - target + slack)


def _require(
    series: Numbers, window: int, sensitivity: float, target: float | None, standard_deviation: float | None
) -> None:
    if series.ndim != 1:
        raise ValueError(f"the values have {series.ndim} dimensions, expected one series.")
    if window < 2:
        raise ValueError(f"window is {window}, expected at least 2 periods.")
    require_positive("sensitivity", sensitivity)
    if (target is None) != (standard_deviation is None):
        raise ValueError("expected both target and standard_deviation, or neither.")
    if standard_deviation is not None:
        require_positive("standard_deviation", standard_deviation)
