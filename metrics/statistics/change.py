"""Why a ratio changed: its parts' own ratios, or the parts' weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.arguments import Numbers, numbers_of_each, require_not_negative


@dataclass(frozen=True)
class ChangeParts:
    """The change of a ratio, after less before, and each district's contributions; all in the ratio's unit."""

    total: Numbers  # without the last axis; the sum of all effects
    rate: Numbers  # per district: its own ratio changed
    structure: Numbers  # per district: its weight changed, its ratio being above or below the whole's


def decompose_change(
    numerator_before: ArrayLike,
    denominator_before: ArrayLike,
    numerator_after: ArrayLike,
    denominator_after: ArrayLike,
) -> ChangeParts:
    """The change of sum(numerator) / sum(denominator), split into each district's rate and structure effect.

    E. M. Kitagawa, Components of a difference between two rates, Journal of the American Statistical Association
    50, 1955, in the symmetric form that leaves no interaction over. With a district's ratio r = numerator /
    denominator, its share s = denominator / sum(denominator), the whole's ratio R, and 0, 1 for before, after:

        rate      = (s0 + s1) / 2 * (r1 - r0)
        structure = ((r0 + r1) / 2 - (R0 + R1) / 2) * (s1 - s0)

    and sum(rate) + sum(structure) = R1 - R0. Taking the whole's mean ratio off changes no sum (shares add up to
    1 both times) and makes a single district's structure effect meaningful: one with a low ratio that grows
    pulls the whole down. What floating point leaves over (about 1e-16) goes to the largest structure effect, so
    the parts add up to the total to 1e-12 of the ratios and better.

    Input: sums per district along the last axis, as many in each, any leading axes that broadcast; a district that did not exist
    before or after has zero for both its sums there, its ratio counts as unchanged, and all of its contribution
    is structure. Anything missing (nan) in a set, or a whole denominator of zero, makes all of that set nan.
    Raises ValueError for no axis, axes of different lengths, numbers below zero, or a numerator where the denominator is zero.
    """
    sums = numbers_of_each(
        "districts", numerator_before, denominator_before, numerator_after, denominator_after
    )
    if not sums[0].ndim:
        raise ValueError("the sums have no dimension, expected districts along the last axis.")
    for what, found in zip(("numerator", "denominator") * 2, sums, strict=True):
        require_not_negative(f"a {what}", found)
    (share_before, ratio_before, whole_before), (share_after, ratio_after, whole_after) = (
        _shares_and_ratios(*sums[:2]),
        _shares_and_ratios(*sums[2:]),
    )
    ratio_before, ratio_after = (
        np.where(share_before > 0, ratio_before, ratio_after),
        np.where(share_after > 0, ratio_after, ratio_before),
    )
    total = whole_after - whole_before
    middle = (whole_before + whole_after) / 2
    rate = (share_before + share_after) / 2 * (ratio_after - ratio_before)
    structure = ((ratio_before + ratio_after) / 2 - middle) * (share_after - share_before)
    left_over = total - (rate.sum(-1, keepdims=True) + structure.sum(-1, keepdims=True))
    largest = np.argmax(np.abs(structure), axis=-1, keepdims=True)
    np.put_along_axis(structure, largest, np.take_along_axis(structure, largest, -1) + left_over, -1)
    return ChangeParts(total[..., 0], rate + 0 * total, structure + 0 * total)


def _shares_and_ratios(numerator: Numbers, denominator: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Each district's share of the denominator and its ratio (0 where there is nothing), and the whole's ratio."""
    if np.any((denominator == 0) & (numerator > 0)):
        raise ValueError("a district has a numerator and a denominator of zero, expected none of both.")
    whole = denominator.sum(-1, keepdims=True)
    whole = np.where(whole > 0, whole, np.nan)
    ratio = numerator / np.where(denominator > 0, denominator, 1)
    return denominator / whole, ratio, numerator.sum(-1, keepdims=True) / whole
