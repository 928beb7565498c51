"""Funnel limits: how far an area's rate may lie from the average by chance, for its size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtrik, betainc, pdtr, pdtrik

from metrics.statistics.arguments import (
    Interval,
    Numbers,
    numbers,
    numbers_of_each,
    require_confidence,
    require_not_negative,
    require_positive,
)

KINDS = ("proportion", "rate")


@dataclass(frozen=True)
class Overdispersion:
    """How much more areas differ than chance explains: phi is 1 and tau_squared 0 when they do not."""

    phi: float  # mean squared z-score, outlying z-scores drawn in
    tau_squared: float  # variance between areas, in squared units of the rate
    areas: int  # how many areas it was estimated from


def funnel_limits(
    denominator: ArrayLike,
    average: float,
    kind: str = "proportion",
    confidence: float | Sequence[float] = (0.95, 0.998),
    overdispersion: float | str | None = None,
    numerator: ArrayLike | None = None,
    whole_numbers: bool = False,
) -> Interval:
    """Lower and upper control limits of a funnel plot around an average, at each size of denominator.

    D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24, 2005:
    exact binomial (kind "proportion") or Poisson (kind "rate") limits, interpolated between whole numbers as in
    its appendix A.1.1. With over-dispersion their distance from the average is widened by sqrt(1 + tau²/s²), s the
    standard error by chance: for large denominators that is his additive random-effects limit
    average ± z * sqrt(s² + tau²), and without any tau² it leaves the exact limits as they are.

    Interpolated limits are for drawing: they pass within a person of the last number that chance explains, on
    either side of it. With `whole_numbers` the limits are at that number itself: more than the upper (fewer than
    the lower) has a probability of at most (1 - confidence) / 2, and a number at the limit lies inside.

    Input: `denominator` of any shape (whole people for proportions); `average` as a fraction (or events per
    denominator); `confidence` one number, or several, which become the first axis of the limits: (0.95, 0.998)
    gives z of 1.96 and 3.09; `overdispersion` None, a tau² (as from `overdispersion`), or "auto" to estimate it
    from `numerator` and `denominator` (one entry per area). Limits are in the unit of the average, within 0 to 1
    for proportions and never below 0. A denominator of zero, or anything missing, gives nan. Raises ValueError
    for an unknown kind, an average that cannot be one, a denominator or tau² below zero, or "auto" without
    numerators.
    """
    [size] = numbers(denominator)
    _require_kind(kind, average)
    require_not_negative("a denominator", size)
    tau_squared = _tau_squared(overdispersion, numerator, size, average, kind)
    levels = np.atleast_1d(np.asarray(confidence, dtype=np.float64))
    size = np.where(size > 0, size, np.nan)
    variance = _variance(size, average, kind)
    # An average of 0 or 1 leaves nothing to chance, and nothing to widen.
    widen = np.sqrt(1 + tau_squared / np.where(variance > 0, variance, np.inf))
    lower, upper = [], []
    for level in levels:
        require_confidence(level)
        low, high = (
            _quantile(end, size, average, kind, whole_numbers) / size
            for end in ((1 - level) / 2, (1 + level) / 2)
        )
        lower.append(np.maximum(average + (low - average) * widen, 0))
        upper.append(np.minimum(average + (high - average) * widen, 1 if kind == "proportion" else np.inf))
    if np.ndim(confidence) == 0:
        return lower[0], upper[0]
    return np.stack(lower), np.stack(upper)


def overdispersion(
    numerator: ArrayLike,
    denominator: ArrayLike,
    average: float | None = None,
    kind: str = "proportion",
    winsorise: float = 0.1,
) -> Overdispersion:
    """How much more areas differ than chance explains, robustly against a few that really stand out.

    D. J. Spiegelhalter, Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14,
    2005: z-scores against the average, the lowest and highest tenth set to the value at that tenth (winsorised),
    phi their mean square, and tau² by the moments of R. DerSimonian and N. Laird (Controlled Clinical Trials 7,
    1986): (areas * phi - (areas - 1)) / (sum of w - sum of w² / sum of w), w = 1/s², never below zero.

    Input: one entry per area, one-dimensional; `average` defaults to the sum of numerators over the sum of
    denominators; `winsorise` is the share drawn in at each end, 0 for none. Areas with a denominator of zero or
    anything missing are left out; with fewer than two areas, or an average without chance variation (0, or 1 for
    proportions), phi and tau² are nan. Raises ValueError for shapes that differ or have several dimensions,
    numbers below zero, an unknown kind, or a winsorise outside 0 to 0.5.
    """
    count, size = numbers_of_each("areas", numerator, denominator)
    if count.ndim != 1:
        raise ValueError(f"numerators have {count.ndim} dimensions, expected one entry per area.")
    if not 0 <= winsorise < 0.5:
        raise ValueError(f"winsorise is {winsorise}, expected a share from 0 to below 0.5, such as 0.1.")
    require_not_negative("a numerator", count)
    require_not_negative("a denominator", size)
    there = (size > 0) & ~np.isnan(count)
    count, size = count[there], size[there]
    if average is None:
        average = float(count.sum() / size.sum()) if len(size) else np.nan
    if len(size) < 2 or not _variance(np.ones(1), average, kind)[0] > 0:
        return Overdispersion(np.nan, np.nan, len(size))
    _require_kind(kind, average)
    weights = 1 / _variance(size, average, kind)
    scores = (count / size - average) * np.sqrt(weights)
    scores = np.clip(scores, *np.quantile(scores, [winsorise, 1 - winsorise]))
    phi = float(np.mean(scores**2))
    excess = len(size) * phi - (len(size) - 1)
    between = excess / (weights.sum() - (weights**2).sum() / weights.sum())
    return Overdispersion(phi, max(float(between), 0.0), len(size))


def _require_kind(kind: str, average: float) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, expected one of {', '.join(KINDS)}.")
    if average < 0 or (kind == "proportion" and average > 1):
        raise ValueError(
            f"the average is {average}, expected a {kind}" + (" from 0 to 1." if average > 0 else ".")
        )


def _variance(size: Numbers, average: float, kind: str) -> Numbers:
    """Variance by chance of a proportion or rate at the average."""
    return average * (1 - average) / size if kind == "proportion" else average / size


def _tau_squared(
    given: float | str | None, numerator: ArrayLike | None, size: Numbers, average: float, kind: str
) -> float:
    if given is None:
        return 0.0
    if isinstance(given, str):
        if given != "auto" or numerator is None:
            raise ValueError(
                f"overdispersion is {given!r}"
                + (" without numerators" if numerator is None else "")
                + ", expected None, a tau² of zero or more, or 'auto' with the areas' numerators."
            )
        estimated = overdispersion(numerator, size, average, kind).tau_squared
        return 0.0 if np.isnan(estimated) else estimated
    if given:
        require_positive("tau²", given)
    return given


def _quantile(probability: float, size: Numbers, average: float, kind: str, is_whole: bool) -> Numbers:
    """The number of events at a probability, whole or interpolated between (Spiegelhalter 2005, A.1.1)."""
    between = _least if is_whole else _interpolated
    if kind == "proportion":
        people = np.rint(size)
        if average in (0, 1):
            return people * average
        near = bdtrik(probability, people, average)
        return between(probability, lambda events: _binomial_below(events, people, average), near)
    if average == 0:
        return size * 0
    expected = size * average
    return between(probability, lambda events: pdtr(events, expected), pdtrik(probability, expected))


def _binomial_below(events: Numbers, people: Numbers, average: float) -> Numbers:
    """The probability of so many events or fewer."""
    fewer = events < people
    return np.where(fewer, betainc(np.where(fewer, people - events, 1), events + 1, 1 - average), 1)


def _least(probability: float, below: Callable[[Numbers], Numbers], near: Numbers) -> Numbers:
    """r, the least number of events with below(r) >= probability; `near` lies close to it."""
    least = np.maximum(np.ceil(near) - 1, 0)
    return np.where(below(least) >= probability, least, least + 1)


def _interpolated(probability: float, below: Callable[[Numbers], Numbers], near: Numbers) -> Numbers:
    """Between r - 1 and r."""
    least = _least(probability, below, near)
    at = below(least)
    before = np.where(least > 0, below(np.maximum(least - 1, 0)), 0)
    return np.maximum(least - (at - probability) / (at - before), 0)
