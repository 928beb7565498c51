"""People with at least so many hours: counts one inside the other, and what lies between two of them.

Whoever knows how many gave two hours or more and how many ten or more knows how many gave two to ten. So an edge
divides a block of hours in two *halves*, and the one condition is asked of both (docs/disclosure.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metrics.disclosure.choose import Counts, Flags
from metrics.disclosure.grids import MONTH_SPAN, Grid
from metrics.members import hours_bands


class Split(NamedTuple):
    """An edge and the block it divides: from the hours it begins at to those it ends before (None: no end)."""

    edge: int
    low: int
    high: int | None
    made_by: tuple[int, ...]  # the edges that made the block, one inside the other


def tree(everybody: Grid, grids: Mapping[int, Grid]) -> Iterator[Split]:
    """The edges one after the other, each the one that divides its block of a city most evenly.

    Where most people give an hour or two, "ten hours and more" comes late, so that it costs small areas nothing else.
    """
    people = {0: float(everybody.values[0, 0, np.isin(moments(everybody), moments_of_any(grids))].sum())}
    people |= {edge: float(grid.values[0].sum()) for edge, grid in grids.items()}
    yield from splits(people, 0, None, ())


def splits(
    people: Mapping[int, float], low: int, high: int | None, made_by: tuple[int, ...]
) -> Iterator[Split]:
    inside = [edge for edge in sorted(people) if edge > low and (high is None or edge < high)]
    if not inside:
        return
    above = people[high] if high is not None else 0.0
    edge = max(inside, key=lambda one: min(people[low] - people[one], people[one] - above))
    yield Split(edge, low, high, made_by)
    yield from splits(people, low, edge, (*made_by, edge))
    yield from splits(people, edge, high, (*made_by, edge))


def moments(grid: Grid) -> NDArray[np.int64]:
    return grid.cells.windows * MONTH_SPAN + grid.cells.months


def moments_of_any(grids: Mapping[int, Grid]) -> NDArray[np.int64]:
    return np.unique(np.concatenate([moments(grid) for grid in grids.values()]))


class Halves(NamedTuple):
    """By area, half (fewer hours than the edge, or not) and cell: people, and those of them nobody has been told."""

    values: Counts
    unknown: Counts

    def columns(self, of_it: Flags) -> tuple[Counts, Counts]:
        """Both as tables of areas by column, at some cells."""
        areas = len(self.values) - 1
        values, unknown = (part[1:][:, :, of_it].reshape(areas, -1) for part in self)
        return values, unknown


class Known(NamedTuple):
    """A grid of totals and those of its counts nobody has been told."""

    grid: Grid
    unknown: Counts


def halves_of(grid: Grid, unknown: Counts, fewer: Known | None, more: Known | None) -> Halves:
    """The halves an edge makes of the block between a count of fewer hours and one of more (None: of nobody)."""
    here, told = grid.values[:, 0], is_told(grid.values, unknown)[:, 0]
    below, below_told = at_cells_of(grid, fewer)
    above, above_told = at_cells_of(grid, more)
    values = np.stack([below - here, here - above], axis=1)
    is_known = np.stack([below_told & told, told & above_told], axis=1)
    return Halves(values, np.where(is_known, 0.0, values))


def is_told(values: Counts, unknown: Counts) -> Flags:
    """Counts an earlier build told. A zero is no row, so whether it was told cannot be seen: no company is made of it."""
    told: Flags = (values == 0) | (unknown != values)
    return told


def at_cells_of(grid: Grid, known: Known | None) -> tuple[Counts, Flags]:
    """Another total's counts, area by cell, at the cells of a grid, and which of them were told; nobody where it has none."""
    shape = (len(grid.values), grid.values.shape[2])
    found, told = np.zeros(shape), np.ones(shape, dtype=bool)
    if known is None:
        return found, told
    mine, its = moments(grid), moments(known.grid)
    at = np.searchsorted(its, mine).clip(max=len(its) - 1)
    there = its[at] == mine
    found[:, there] = known.grid.values[:, 0, at[there]]
    told[:, there] = is_told(known.grid.values, known.unknown)[:, 0, at[there]]
    return found, told


def blocks_of(codes: Sequence[str], edges: Iterable[int]) -> NDArray[np.int64]:
    """The number of the block each band of hours lies in; anything that is no such band is in the first."""
    begins = {band.band_code: band.hours_from for band in hours_bands()}
    reached = sorted(edges)
    blocks = [sum(edge <= begins.get(code, 0) for edge in reached) for code in codes]
    return np.array(blocks, dtype=np.int64)
