"""Bands of peers through time, and what is missing to a target."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.arguments import Numbers, array, numbers, require_not_negative

DECILES = (10, 20, 30, 40, 50, 60, 70, 80, 90)
# A product such as 0.07 * 100 is 7.000000000000001; what lies within this of a whole number is that number (the
# second is for products so large that floating point's own step passes the first).
CRUMB, CRUMB_OF_PRODUCT = 1e-9, 1e-15


def percentile_bands(values: ArrayLike, percentiles: Sequence[float] = DECILES, axis: int = 0) -> Numbers:
    """Percentiles of the areas in each period, for the bands behind an area's line.

    Linear interpolation between areas (definition 7 of R. J. Hyndman and Y. Fan, The American Statistician 50,
    1996; numpy's and the spreadsheet's PERCENTILE.INC), as OpenPrescribing draws its deciles. Input: values with
    the areas along `axis`, and percentiles from 0 to 100, which become the first axis of the result; the other
    axes stay. Missing values (nan) are left out; a period without any value gives nan. Raises ValueError for
    percentiles outside 0 to 100 or values without dimension.
    """
    found = array(values)
    if not found.ndim:
        raise ValueError("the values have no dimension, expected areas along an axis.")
    wanted = array(percentiles)
    if not np.all((wanted >= 0) & (wanted <= 100)):
        raise ValueError(f"percentiles are {list(percentiles)}, expected numbers from 0 to 100.")
    areas = np.moveaxis(found, axis, 0)
    anyone = np.any(~np.isnan(areas), axis=0)
    # nanpercentile warns of periods without any value; they get a number here and lose it again.
    filled = np.where(anyone, areas, 0) if len(areas) else np.zeros((1, *areas.shape[1:]))
    return np.where(anyone, np.nanpercentile(filled, wanted, axis=0), np.nan)


def required_count(target_rate: ArrayLike, numerator: ArrayLike, denominator: ArrayLike) -> Numbers:
    """How many more are needed for numerator / denominator to reach the target, in whole numbers.

    The least whole n with (numerator + n) / denominator >= target, 0 where it is reached already; the
    denominator stays as it is (more active among the registered, not more registered). Input: target as a
    fraction, counts, of any shapes that broadcast; the result has the broadcast shape. A denominator of zero or
    anything missing gives nan. Raises ValueError for numbers below zero.
    """
    target, count, whole = numbers(target_rate, numerator, denominator)
    for what, found in (("target", target), ("numerator", count), ("denominator", whole)):
        require_not_negative(f"a {what}", found)
    wanted = target * np.where(whole > 0, whole, np.nan)
    return np.maximum(np.ceil(wanted - count - np.maximum(CRUMB, CRUMB_OF_PRODUCT * wanted)), 0)


def excess_count(target_rate: ArrayLike, numerator: ArrayLike, denominator: ArrayLike) -> Numbers:
    """How many fewer are needed for numerator / denominator to come down to the target, in whole numbers.

    The least whole n with (numerator - n) / denominator <= target, 0 where it is no higher already; the denominator
    stays as it is. Input: as for required_count. A denominator of zero or anything missing gives nan. Raises
    ValueError for numbers below zero.
    """
    target, count, whole = numbers(target_rate, numerator, denominator)
    for what, found in (("target", target), ("numerator", count), ("denominator", whole)):
        require_not_negative(f"a {what}", found)
    wanted = target * np.where(whole > 0, whole, np.nan)
    return np.maximum(np.ceil(count - wanted - np.maximum(CRUMB, CRUMB_OF_PRODUCT * wanted)), 0)
