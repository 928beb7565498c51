"""Whether a stock may be shown beside a flow that is withheld: when enough people left to hide in.

From one end to the next a stock changes by its flow less those who left, and nobody publishes who left. So an
area's flow is known to be at least the change of its stock; what is above that (its excess) can be moved between
areas and quarters as long as their sums stay. With excess e in a block areas × quarters the flow of an area lies
in an interval min(row, column, all less row, all less column) wide, of the sums of e. Where those are too few, the
stock is withheld with the flow.
"""

from typing import NamedTuple

import numpy as np

from metrics.disclosure.cells import MONTH, QUARTER, WINDOWS, YEAR
from metrics.disclosure.choose import Counts, Flags, cover, is_small
from metrics.disclosure.grids import Grid, Integers

CITY, PARTS = slice(0, 1), slice(1, None)  # the rows of a grid
LEAST = 2  # width of an interval: at least three whole numbers are possible


class Moment(NamedTuple):
    """What is withheld at a year and level."""

    year: int
    level: int
    rows: Flags  # areas of which the flow is
    rows_of_year: Flags  # and the flow of the whole year
    forced: Flags  # areas of which the stock is already


def tells_of_city(stock: Grid, flow: Grid, year: int, level: int) -> bool:
    """Whether a city's own stock would tell a flow that is withheld of the city itself.

    What its months or quarters are known to be at least adds up, where nobody left, to the quarter or year that
    is shown. A whole year is part of nothing that is.
    """
    if level != QUARTER:
        return level == MONTH
    return bool(excess_of(stock, flow, quarters_of(year), CITY).sum() < LEAST)


def apart(stock: Grid, flow: Grid, unknown: Counts, at_once: Moment, threshold: int) -> Flags:
    """Areas whose stock is withheld because their flow is."""
    year, level, rows, rows_of_year, forced = at_once
    if level == MONTH or not rows.any():
        return rows | forced
    quarters = quarters_of(year)
    excess = excess_of(stock, flow, quarters)
    small = is_small(at(flow, "quarter", quarters), threshold)
    hidden = rows & forced
    if level == QUARTER:  # the flow of the year, if it is shown, is a sum of the area's quarters
        hidden = hidden | (rows & ~rows_of_year & small.any(axis=1) & (excess.sum(axis=1) < LEAST))
    if hidden.any():
        of_it = (flow.cells.years == year) & (flow.cells.levels == level)
        among = cover(unknown[1:, 0][:, of_it][rows], hidden[rows], threshold)
        hidden[rows] = True if among is None else among
    shown = rows & ~hidden
    if shown.any() and not is_enough(excess[shown], small[shown], level):
        hidden = rows
    return forced | hidden


def is_enough(excess: Counts, small: Flags, level: int) -> bool:
    """Whether the excess of areas (by quarter) hides their small flows."""
    whole = excess.sum()
    if level == YEAR:
        return bool(whole >= LEAST)
    columns = excess.sum(axis=0)[small.any(axis=0)]
    rows = excess.sum(axis=1)
    return bool(
        (columns >= LEAST).all() and (whole - columns >= LEAST).all() and (whole - rows >= LEAST).all()
    )


def quarters_of(year: int) -> Integers:
    return year * 12 + np.array([2, 5, 8, 11])


def excess_of(stock: Grid, flow: Grid, quarters: Integers, areas: slice = PARTS) -> Counts:
    """By area and quarter: the flow above what the change of the stock says it is at least."""
    new = at(flow, "quarter", quarters, areas)
    change = at(stock, "stock", quarters, areas) - at(stock, "stock", quarters - 3, areas)
    return np.maximum(new - np.maximum(change, 0.0), 0.0)


def at(grid: Grid, window: str, months: Integers, areas: slice = PARTS) -> Counts:
    """A total's counts by area at ends of a window; 0 where there is none."""
    values = grid.values[areas, 0]
    found = np.zeros((len(values), len(months)))
    of_window = np.flatnonzero(grid.cells.windows == WINDOWS.index(window))
    ends = grid.cells.months[of_window]
    placed = np.searchsorted(ends, months).clip(max=max(len(ends) - 1, 0))
    if len(ends):
        there = ends[placed] == months
        found[:, there] = values[:, of_window[placed[there]]]
    return found
