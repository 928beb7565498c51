"""Visits by kind of day: what months, quarters and years of an area and of its city give away together.

Of two kinds one is the total less the other. So all that is withheld of Saturdays is a network: every month stands
in two sums, of its area's quarter and of all areas' month; a quarter in those of its area's months and year. Think of
it as flowing from years to quarters to months, and from there through the city's own months, quarters and years back:
what is withheld, and was never told, can change where the flow can, along a cycle, the other days changing by as many
the other way. One more Saturday visit takes somebody of the other days, one less somebody of Saturdays; where the
total is withheld as well, whole visits of one kind can move. A count on no such cycle can be computed.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from metrics.disclosure.cells import WINDOWS, YEAR
from metrics.disclosure.choose import Flags
from metrics.disclosure.recovered import Edge, Found, Told, at_cells, bridges, moment_of


class Movable(NamedTuple):
    """Counts of one kind (area × cell) that may be one more, or one less, for all anybody knows."""

    up: Flags
    down: Flags


def told_by_kinds(of: Told, total: Told, told_zeros: Flags) -> Iterator[Found]:
    """Small counts by kind of day that sums over areas, months, quarters and years give away."""
    sought = sought_of(of)
    if not sought.any():
        return
    grid = of.grid
    free, there = of.mask & ~of.told & ~told_zeros, grid.values > 0
    open_total = at_cells(total, total.open, grid)
    exchanged = Movable(*np.zeros((2, *free[:, 0].shape), dtype=bool))
    if len(grid.labels) == 2:
        both = free.all(axis=1)
        exchanged = Movable(both & there[:, 1], both & there[:, 0])
    for year in np.unique(grid.cells.years[sought.any(axis=(0, 1))]):
        of_year = grid.cells.years == year
        for member in range(len(grid.labels)):
            ways = [exchanged if member == 0 else Movable(exchanged.down, exchanged.up)]
            moved = free[:, member] & open_total
            ways.append(Movable(moved, moved & there[:, member]))
            fixed = sought[:, member] & of_year
            for movable in ways:
                fixed = fixed_of(of, Movable(movable.up & of_year, movable.down & of_year), fixed)
            for area, cell in np.argwhere(fixed):
                moment = moment_of(grid, int(cell))
                yield Found(moment, int(area), member, min(moment[1] + 1, YEAR))


def sought_of(of: Told) -> Flags:
    """Small counts of months, quarters and years, and the larger ones of the same lines that they could come from."""
    windows = np.array([WINDOWS.index(name) for name in ("month", "quarter", "year")])
    counted = np.isin(of.grid.cells.windows, windows)
    sought = of.sought & of.open & counted
    both = of.open.all(axis=1, keepdims=True) & counted
    for moment in {moment_of(of.grid, int(cell)) for cell in np.flatnonzero(of.sought.any(axis=(0, 1)))}:
        here = (of.grid.cells.years == moment[0]) & (of.grid.cells.levels == moment[1])
        has_small = (of.sought & here).any(axis=(1, 2), keepdims=True)
        sought = sought | (both & has_small & here)
    return sought


def fixed_of(of: Told, movable: Movable, sought: Flags) -> Flags:
    """Of counts sought (area × cell) of a year those no cycle of movable ones leads through."""
    cells = of.grid.cells
    places: dict[tuple[int, int], Edge] = {}
    for area, cell in np.argwhere(movable.up | movable.down):
        window, month = WINDOWS[int(cells.windows[cell])], int(cells.months[cell])
        line = int(area)
        if window == "month":
            edge: Edge = ((line, month // 3), ("month", month))
        elif window == "quarter" and month % 3 == 2:
            edge = ((line, "year"), (line, month // 3))
        elif window == "year" and month % 12 == 11:
            edge = ("root", (line, "year"))
        else:
            continue
        places[line, int(cell)] = edge if line else edge[::-1]
    fixed = sought.copy()
    both_ways = [place for place in places if movable.up[place] and movable.down[place]]
    for place, is_bridge in zip(both_ways, bridges([places[place] for place in both_ways]), strict=True):
        fixed[place] &= is_bridge
    leads: dict[object, list[tuple[tuple[int, int], object]]] = {}
    for place, (one, other) in places.items():
        if movable.up[place]:
            leads.setdefault(one, []).append((place, other))
        if movable.down[place]:
            leads.setdefault(other, []).append((place, one))
    for area, cell in np.argwhere(fixed):
        place = (int(area), int(cell))
        if place not in places:
            continue
        one, other = places[place]
        fixed[place] = not (
            (movable.up[place] and is_reached(leads, other, one, place))
            or (movable.down[place] and is_reached(leads, one, other, place))
        )
    return fixed


def is_reached(
    leads: dict[object, list[tuple[tuple[int, int], object]]],
    begin: object,
    end: object,
    but: tuple[int, int],
) -> bool:
    """Whether a way leads from one node to another, but not by one place."""
    seen, open_ = {begin}, [begin]
    while open_:
        for place, node in leads.get(open_.pop(), ()):
            if place == but or node in seen:
                continue
            if node == end:
                return True
            seen.add(node)
            open_.append(node)
    return False
