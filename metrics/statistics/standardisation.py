"""Direct standardisation: the rate an area would have with a standard population's ages."""

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.arguments import Numbers, numbers_of_each, require_not_negative, require_positive
from metrics.statistics.intervals import poisson_limits, wilson_interval

# With fewer events in all, a standardised rate says more about a few people's ages than about the area.
FEWEST_EVENTS = 10
DRAWN_IN = 2  # people, as A. Agresti and B. A. Coull add two successes and two failures
KINDS = ("rate", "proportion")


def standardise(
    numerator: ArrayLike,
    denominator: ArrayLike,
    standard_population: ArrayLike,
    confidence: float = 0.95,
    multiplier: float = 1,
    kind: str = "rate",
) -> tuple[Numbers, Numbers, Numbers]:
    """Directly standardised values with lower and upper confidence limits; the last axis is the age band.

    The value is the sum over bands of standard share * numerator / denominator, times `multiplier`. Limits for
    kind "rate" (events, of which a person can have several): A. J. Dobson and others, Confidence intervals for
    weighted sums of Poisson parameters, Statistics in Medicine 10, 1991, with Byar's limits of the total count,
    as in PHEindicatormethods. For kind "proportion" (people of people): Wilson's limits for as many people as
    would give a plain proportion the variance found (as E. L. Korn and B. I. Graubard, Survey Methodology 24,
    1998, do for surveys). In that variance each band's proportion is drawn towards the whole's by two people, so
    that a small band in which nobody happens to be counted does not feign certainty: over seven sets of bands
    coverage was then 93.7 to 96.1 %, and without it as low as 38 %.

    Input: per band the count, what it is counted per (people) and the standard population, as many bands in
    each, of shapes that broadcast; results have that shape without the last axis. Bands with a standard
    population of zero are left out. A band that counts in the standard but has a denominator of zero or anything
    missing leaves the value unknown (nan): to leave such a band out would be another standard. Fewer than 10
    events in all, for a rate, gives nan as PHEindicatormethods does. Raises ValueError for no axis, axes of
    different lengths, numbers below zero, no standard population at all, an unknown kind, a proportion's
    numerator above its denominator, a multiplier not above zero, or a confidence not between 0 and 1.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, expected one of {', '.join(KINDS)}.")
    require_positive("multiplier", multiplier)
    count, people, standard = numbers_of_each("bands", numerator, denominator, standard_population)
    if not count.ndim:
        raise ValueError("the counts have no dimension, expected age bands along the last axis.")
    for what, found in (("numerator", count), ("denominator", people), ("standard population", standard)):
        require_not_negative(f"a {what}", found)
    if np.any(standard.sum(-1) == 0):
        raise ValueError("the standard population is zero in every band, expected people in some.")
    counts = standard != 0
    count, people = np.where(counts, count, 0), np.where(counts, people, 1)
    weight = standard / standard.sum(-1, keepdims=True) / np.where(people > 0, people, np.nan)
    limits = _rate if kind == "rate" else _proportion
    value, lower, upper = limits(count, people, weight, confidence)
    return value * multiplier, lower * multiplier, upper * multiplier


def _rate(
    count: Numbers, people: Numbers, weight: Numbers, confidence: float
) -> tuple[Numbers, Numbers, Numbers]:
    events = count.sum(-1)
    events = np.where(events >= FEWEST_EVENTS, events, np.nan)
    value = (weight * count).sum(-1) + 0 * events
    lower, upper = poisson_limits(events, confidence)
    per_event = np.sqrt((weight**2 * count).sum(-1) / events)
    return value, value + per_event * (lower - events), value + per_event * (upper - events)


def _proportion(
    count: Numbers, people: Numbers, weight: Numbers, confidence: float
) -> tuple[Numbers, Numbers, Numbers]:
    if np.any(count > people):
        raise ValueError("a proportion's numerator must lie between zero and its denominator.")
    # Rounding can lift a sum of shares a crumb above 1.
    value = np.minimum((weight * count).sum(-1), 1)
    drawn_in = (count + DRAWN_IN * value[..., np.newaxis]) / (people + DRAWN_IN)
    variance = (weight**2 * people * drawn_in * (1 - drawn_in)).sum(-1)
    # When nobody or everybody is counted there is no variance; then the bands are taken to be alike.
    alike = 1 / (weight**2 * people).sum(-1)
    effective = np.where(variance > 0, value * (1 - value) / np.where(variance > 0, variance, 1), alike)
    return (value, *wilson_interval(value * effective, effective, confidence))
