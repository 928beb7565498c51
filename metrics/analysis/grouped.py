"""Inequality from grouped figures: people and hours per band give bounds, not a point.

Each band is known by its people, their hours and its edges. Within a band the hours are least unequal when all give
the band's mean, and most unequal when all stand at one edge or the other; every true distribution lies between
(J. L. Gastwirth, The estimation of the Lorenz curve and Gini index, Review of Economics and Statistics 54, 1972).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from metrics.statistics import gini, top_share


@dataclass(frozen=True)
class Group:
    """People of one band and the hours they gave together; no upper edge for the last band."""

    people: float
    hours: float
    hours_from: float
    hours_below: float | None

    @property
    def mean(self) -> float:
        return self.hours / self.people

    @property
    def upper(self) -> float:
        return inf if self.hours_below is None else self.hours_below


@dataclass(frozen=True)
class Bounds:
    """The least and the most a number can be."""

    lower: float
    upper: float


def filled(groups: Sequence[Group]) -> list[Group]:
    """The bands somebody is in, the fewest hours first. Raises ValueError for hours their band cannot hold."""
    kept = sorted((group for group in groups if group.people > 0), key=lambda group: group.hours_from)
    for group in kept:
        # Sums of many fractions are off by a crumb; a band's mean is never off by a millionth.
        crumb = 1e-6 * max(1.0, group.mean)
        if not group.hours_from - crumb <= group.mean <= group.upper + crumb:
            raise ValueError(
                f"{group.people:g} people gave {group.hours:g} hours, expected a mean from {group.hours_from:g} "
                f"to {group.upper:g}."
            )
    return kept


def gini_bounds(groups: Sequence[Group]) -> Bounds | None:
    """Bounds of the Gini coefficient of hours per person (0: all give the same; towards 1: one gives all).

    None when nobody is in any band, or nobody gave anything.
    """
    kept = filled(groups)
    people, hours = sum(group.people for group in kept), sum(group.hours for group in kept)
    if not hours:
        return None
    lower = float(gini(*at_the_means(kept)))
    within = sum(group.people**2 * most_within(group) for group in kept)
    return Bounds(lower, min(1.0, lower + within / (people * hours)))


def at_the_means(groups: Sequence[Group]) -> tuple[list[float], list[float]]:
    """Hours and people when all of a band give its mean: the least unequal that can be."""
    return [group.mean for group in groups], [group.people for group in groups]


def most_within(group: Group) -> float:
    """The most half the mean difference within a band can be, in hours: everybody at one edge or the other."""
    above = max(0.0, group.mean - group.hours_from)
    if group.hours_below is None:
        return above  # the limit for an upper edge far away
    return above * max(0.0, group.hours_below - group.mean) / (group.hours_below - group.hours_from)


def top_share_bounds(groups: Sequence[Group], share: float = 0.1) -> Bounds | None:
    """Bounds of the share of all hours given by that share of people who gave most; None as for gini_bounds."""
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}, expected a part such as 0.1.")
    kept = filled(groups)
    people, hours = sum(group.people for group in kept), sum(group.hours for group in kept)
    if not hours:
        return None
    means, weights = at_the_means(kept)
    lower = float(top_share(means, share, weights))
    wanted, above = share * people, 0.0
    for group in reversed(kept):
        if wanted >= group.people:
            wanted, above = wanted - group.people, above + group.hours
            continue
        # Within the band that is cut: as many as possible at its upper edge.
        rest = group.people - wanted
        most = min(wanted * group.upper if wanted else 0.0, group.hours - rest * group.hours_from)
        return Bounds(lower, max(lower, min(1.0, (above + most) / hours)))
    return Bounds(lower, lower)


def median_group(groups: Sequence[Group]) -> Group | None:
    """The band the median person is in: the first that brings half of the people or more; None for nobody."""
    kept = filled(groups)
    half, passed = sum(group.people for group in kept) / 2, 0.0
    for group in kept:
        passed += group.people
        if passed >= half:
            return group
    return None
