"""Small counts that what earlier builds told would give away, and what must be withheld so that it does not.

A table with its sums is a network: every count stands in two sums, that of its area and that of its member (or, of
what adds up over time, of its quarter and of its month). A count withheld of which earlier builds told nothing is an
edge between the two. It can be computed exactly when it is a bridge: when nothing else unknown leads back.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metrics.disclosure.cells import WINDOWS, YEAR
from metrics.disclosure.choose import Flags, is_small
from metrics.disclosure.decisions import Decision, Moment, Withheld
from metrics.disclosure.grids import MONTH_SPAN, Grid

Edge = tuple[object, object]


class Found(NamedTuple):
    """A small count that can be computed: a cell of a breakdown, by area (0 is the city) and member."""

    moment: Moment
    area: int
    member: int
    level: int  # from which on more must be withheld: its own, or a coarser one that tells by adding up


class Told(NamedTuple):
    """A decided grid with what of it is withheld, what an earlier build told, and what nobody may compute."""

    grid: Grid
    mask: Flags
    told: Flags
    sought: Flags

    @property
    def known(self) -> Flags:
        return ~self.mask | self.told

    @property
    def open(self) -> Flags:
        """Counts of somebody that nobody was told; a zero is no row, so nobody is no company."""
        return self.mask & ~self.told & (self.grid.values > 0)


def told_of(
    decision: Decision,
    adds_over_time: bool,
    demanded: Mapping[Moment, Withheld],
    threshold: int,
) -> Told:
    """Sought are small counts, and what is withheld so that those cannot be computed."""
    grid = decision.grid
    mask = decision.mask(grid, adds_over_time)
    sought = is_small(grid.values, threshold)
    if demanded:
        sought = sought | Decision(grid, decision.unknown, dict(demanded)).mask(grid, adds_over_time=False)
    return Told(grid, mask, (decision.unknown != grid.values) & (grid.values > 0), sought & mask)


def bridges(edges: list[Edge]) -> list[bool]:
    """Of each edge whether nothing else leads from one of its ends to the other."""
    at: dict[object, list[tuple[int, object]]] = {}
    for number, (one, other) in enumerate(edges):
        at.setdefault(one, []).append((number, other))
        at.setdefault(other, []).append((number, one))
    is_bridge = [False] * len(edges)
    order: dict[object, int] = {}
    low: dict[object, int] = {}
    for start in at:
        if start in order:
            continue
        order[start] = low[start] = len(order)
        path = [(start, -1, iter(at[start]))]
        while path:
            node, came_by, rest = path[-1]
            step = next(rest, None)
            if step is None:
                path.pop()
                if path:
                    before = path[-1][0]
                    low[before] = min(low[before], low[node])
                    is_bridge[came_by] = low[node] > order[before]
                continue
            number, to = step
            if number == came_by:
                continue
            if to in order:
                low[node] = min(low[node], order[to])
            else:
                order[to] = low[to] = len(order)
                path.append((to, number, iter(at[to])))
    return is_bridge


def in_table(of: Told, total: Told | None) -> Iterator[Found]:
    """Small counts of a breakdown (or of a total) that the sums of the same window and end give away."""
    told = (of.mask & of.told).any(axis=(0, 1))
    if total is not None:
        told = told | at_cells(total, total.mask & total.told, of.grid).any(axis=0)
    looked_at: Flags = np.asarray(told & of.sought.any(axis=(0, 1)))
    open_, sought = of.open, of.sought
    open_total = at_cells(total, total.open, of.grid) if total is not None else None
    for cell in np.flatnonzero(looked_at):
        places = [(int(area), int(member)) for area, member in np.argwhere(open_[:, :, cell])]
        if open_total is None:
            edges: list[Edge] = [("sum", "rest") for _ in places]
        else:
            edges = [(("area", area), ("member", member)) for area, member in places]
            edges += [(("area", int(area)), ("member", -1)) for area in np.flatnonzero(open_total[:, cell])]
        moment = moment_of(of.grid, int(cell))
        for (area, member), is_bridge in zip(places, bridges(edges), strict=False):
            if is_bridge and sought[area, member, cell]:
                yield Found(moment, area, member, moment[1])


def at_cells(of: Told, flags: Flags, grid: Grid) -> Flags:
    """Flags of a total (area × cell) at the cells of another grid; nothing where it has none."""
    mine, its = moments_of(grid), moments_of(of.grid)
    at = np.searchsorted(its, mine).clip(max=max(len(its) - 1, 0))
    return np.asarray(flags[:, 0][:, at] & (its[at] == mine)[None])


def over_time(of: Told, total: Told | None) -> Iterator[Found]:
    """Small months and quarters of what adds up over time that quarters, years and all time give away.

    Of a total the parts are the areas of a city, of a breakdown the members of the city itself: areas show members
    at every level or at none.
    """
    if not (of.mask & of.told).any():
        return
    if total is None:
        parts, whole = part_of(of, slice(1, None), 0), part_of(of, slice(0, 1), 0)
    else:
        parts, whole = part_of(of, 0, slice(None)), part_of(total, slice(0, 1), 0)
    for year in np.unique(of.grid.cells.years[(of.mask & of.told).any(axis=(0, 1))]):
        edges: list[Edge] = []
        about: list[tuple[int, int, int] | None] = []
        for line in (*parts, *whole):
            for level, number, edge in line.edges(int(year)):
                edges.append(edge)
                about.append((line.number, level, number) if line.sought[number] else None)
        for what, is_bridge in zip(about, bridges(edges), strict=True):
            if is_bridge and what is not None:
                number, level, _ = what
                area, member = (number, 0) if total is None else (0, number)
                yield Found((int(year), level), area, member, min(level + 1, YEAR))


class Over(NamedTuple):
    """One line over time: the city's own, or that of a part."""

    grid: Grid
    number: int  # of the area or member; -1 for the whole
    open: Flags  # by cell, as is what is sought
    sought: Flags

    def edges(self, year: int) -> Iterator[tuple[int, int, Edge]]:
        """Its unknown months, quarters and year as edges between the sums they stand in."""
        cells = self.grid.cells
        for number in np.flatnonzero(self.open & (cells.years == year)):
            window, month = WINDOWS[int(cells.windows[number])], int(cells.months[number])
            here = (self.number, month // 3)
            level = int(cells.levels[number])
            if window == "month":
                yield level, int(number), ((*here, "quarter"), (month, "all"))
            elif window == "quarter" and month % 3 == 2:
                yield level, int(number), ((*here, "quarter"), (self.number, "year"))
            elif window == "year" and month % 12 == 11:
                yield level, int(number), ((self.number, "year"), "root")


def part_of(of: Told, areas: slice | int, members: slice | int) -> list[Over]:
    both = [np.atleast_2d(flags[areas, members]) for flags in (of.open, of.sought)]
    first = -1 if areas == slice(0, 1) else 1 if isinstance(areas, slice) else 0
    return [Over(of.grid, first + number, *flags) for number, flags in enumerate(zip(*both, strict=True))]


def in_columns(of: Told) -> Iterator[Found]:
    """Small counts of members that overlap: each is a table of its own, of areas that add up to a city."""
    looked_at = of.sought.any(axis=0) & (of.open.sum(axis=0) == 1)
    for member, cell in np.argwhere(looked_at):
        (area,) = np.flatnonzero(of.open[:, member, cell])
        if of.sought[area, member, cell]:
            level = int(of.grid.cells.levels[cell])
            yield Found(moment_of(of.grid, cell), int(area), int(member), level)


def between(more: Told, fewer: Told, member: int, threshold: int) -> Iterator[tuple[Found, bool]]:
    """Small differences of a total and a part of it both of which are known; and whether the part was told."""
    there = np.isin(moments_of(fewer.grid), moments_of(more.grid))
    at = np.searchsorted(moments_of(more.grid), moments_of(fewer.grid)).clip(
        max=len(moments_of(more.grid)) - 1
    )
    rest = more.grid.values[:, 0][:, at] - fewer.grid.values[:, member]
    is_known = more.known[:, 0][:, at] & fewer.known[:, member] & there[None]
    for area, cell in np.argwhere(is_small(rest, threshold) & is_known):
        level = int(fewer.grid.cells.levels[cell])
        found = Found(moment_of(fewer.grid, cell), int(area), member, level)
        yield found, bool(fewer.told[area, member, cell])


def moment_of(grid: Grid, cell: int) -> Moment:
    return int(grid.cells.years[cell]), int(grid.cells.levels[cell])


def moments_of(grid: Grid) -> NDArray[np.int64]:
    return grid.cells.windows * MONTH_SPAN + grid.cells.months
