"""Members that overlap (platforms): what can be computed from them and the total, as columns to be safe as well.

Beside a member's count p there is its *rest*, total less p: people who are elsewhere only. Where no member is
missing, the *excess* (all members less the total) says how many are on several; of two members it is exactly the
people on both. Where some member is withheld nobody can compute the excess: those on it only are unknown.
"""

from typing import NamedTuple

import numpy as np

from metrics.disclosure.choose import Counts, Flags, is_small
from metrics.disclosure.grids import MONTH_SPAN, Grid


class Computable(NamedTuple):
    """Counts by area (the city first), column and cell, and those of them nobody has been told."""

    members: Counts
    rests: Counts
    excess: Counts  # one column; none where members are missing from the build
    unknown: Counts  # of all three, one after the other

    def columns(self, members: Flags) -> Flags:
        """The columns that can be computed of an area, given the members withheld in every area."""
        has_excess = not members.any()
        return np.concatenate([~members, ~members, np.full(self.excess.shape[1], has_excess)])

    @property
    def values(self) -> Counts:
        return np.concatenate([self.members, self.rests, self.excess], axis=1)


def computable(grid: Grid, unknown: Counts, total: Grid, unknown_total: Counts) -> Computable:
    """`unknown` and `unknown_total` are the counts of the two grids without those earlier builds told."""
    whole, open_whole = at_cells_of(grid, total, total.values), at_cells_of(grid, total, unknown_total)
    rests = whole - grid.values
    excess = grid.values.sum(axis=1, keepdims=True) - whole
    if (excess < 0).any():  # people on none of the members: the build gives the largest platforms only
        excess = excess[:, :0]
    # A zero is no row, so whether it was told cannot be seen: no company is made of it.
    told = (grid.values == 0) | (unknown != grid.values)
    told_whole = (whole == 0) | (open_whole != whole)
    told_excess = np.broadcast_to(told.all(axis=1, keepdims=True) & told_whole, excess.shape)
    open_rests, open_excess = np.where(told & told_whole, 0.0, rests), np.where(told_excess, 0.0, excess)
    return Computable(grid.values, rests, excess, np.concatenate([unknown, open_rests, open_excess], axis=1))


def at_cells_of(grid: Grid, total: Grid, values: Counts) -> Counts:
    """Counts of the total at the cells of a breakdown, which are among its own: somebody there is somebody."""
    moments, of_total = (one.cells.windows * MONTH_SPAN + one.cells.months for one in (grid, total))
    return values[:, :, np.searchsorted(of_total, moments)]


def members_of_city(of: Computable, of_it: Flags, forced: Flags, threshold: int) -> Flags:
    """Members the city does not show: of a small count or rest, and the smallest one if the excess is small."""
    members, rests, excess = (part[0][:, of_it] for part in (of.members, of.rests, of.excess))
    hidden: Flags = forced | (is_small(members, threshold) | is_small(rests, threshold)).any(axis=1)
    if not hidden.any() and is_small(excess, threshold).any():
        hidden = hidden.copy()
        there = np.flatnonzero(members.any(axis=1))
        hidden[there[members[there].sum(axis=1).argmin()]] = True
    return hidden
