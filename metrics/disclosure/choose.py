"""Which lines of a table are withheld: pure choices over arrays, no builds and no SQL.

One condition carries everything (docs/disclosure.md): what is withheld together adds up to nothing or to at least
the threshold, column by column and cell by cell. So whatever can be computed from what is published is a count
of nobody or of enough people.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Counts = NDArray[np.float64]
# How many members, the smallest first, are tried to be withheld in all areas so that fewer areas must be.
MEMBERS_TRIED = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24)


class Rows(NamedTuple):
    """Lines withheld, and how many cells are not protected because earlier builds told what would protect them."""

    hidden: Flags
    exposed: int


class Breakdown(NamedTuple):
    """Members withheld in every area, areas of which every member is withheld, and cells exposed (see Rows)."""

    members: Flags
    rows: Flags
    exposed: int


def is_small(values: Counts, threshold: int) -> Flags:
    return (values > 0) & (values < threshold)


def cover(unknown: Counts, hidden: Flags, threshold: int) -> Flags | None:
    """The lines with as many more as it takes for their sums to be safe; None when all together are not enough.

    `unknown` is line × column: counts of which nobody has been told. The smallest line that mends everything is
    taken, else the one that mends most.
    """
    hidden = hidden.copy()
    sums = unknown[hidden].sum(axis=0)
    while True:
        bad = is_small(sums, threshold)
        if not bad.any():
            return hidden
        missing = threshold - sums[bad]
        offered = np.minimum(unknown[:, bad], missing).sum(axis=1)
        offered[hidden] = -1
        best = offered.max(initial=-1)
        if best <= 0:
            return None
        totals = np.where(offered == best, unknown.sum(axis=1), np.inf)
        chosen = int(totals.argmin())
        hidden[chosen] = True
        sums = sums + unknown[chosen]


def choose_rows(values: Counts, unknown: Counts, forced: Flags, threshold: int) -> Rows:
    """Lines of a table (line × column) to withhold: those forced, those with a small count, and companions.

    `unknown` is the table without what earlier builds published unchanged: that is no company for a small count.
    """
    # What is unknown of a sum may be small where the sum is not.
    hidden = forced | (is_small(values, threshold) | is_small(unknown, threshold)).any(axis=1)
    if not hidden.any():
        return Rows(hidden, 0)
    covered = cover(unknown, hidden, threshold)
    if covered is not None:
        return Rows(covered, 0)
    # Earlier builds told too much of this table for anything to hide in; it is made safe by itself all the same.
    covered = cover(values, hidden, threshold)
    chosen = np.ones_like(hidden) if covered is None else covered
    return Rows(chosen, int(is_small(unknown[chosen].sum(axis=0), threshold).sum()))


def choose_breakdown(
    values: Counts,
    unknown: Counts,
    members: Flags,
    rows: Flags,
    threshold: int,
    blocks: NDArray[np.int64] | None = None,
) -> Breakdown:
    """Members and areas to withhold in a breakdown (area × member × cell), so that least is lost.

    `members` must be withheld everywhere and `rows` wholly. Members withheld together leave their sum to be
    computed in each area, so it counts as a column of its own: one for each block of members whose sum is shown
    (without blocks, all members are one).
    """
    best: Breakdown | None = None
    least = (np.inf, np.inf)
    order = [int(no) for no in np.argsort(values.sum(axis=(0, 2)), kind="stable") if not members[no]]
    needed = bool(rows.any()) or bool(is_small(values, threshold).any())
    there = values > 0
    for extra in MEMBERS_TRIED if needed else (0,):
        tried = members.copy()
        tried[order[:extra]] = True
        if extra and (extra >= len(order) or tried.sum() < 2):
            continue
        tables = (merged(values, tried, blocks), merged(unknown, tried, blocks))
        found = choose_rows(*tables, rows, threshold)
        lost = float(there[found.hidden].sum() + there[~found.hidden][:, tried].sum())
        if (found.exposed, lost) < least:
            best, least = Breakdown(tried, *found), (found.exposed, lost)
    assert best is not None
    return best


def merged(table: Counts, members: Flags, blocks: NDArray[np.int64] | None = None) -> Counts:
    """The table as it can be computed: columns of members that are shown, and the sum of the others of each block."""
    columns = [table[:, ~members]]
    if blocks is None:
        blocks = np.zeros(len(members), dtype=np.int64)
    for block in np.unique(blocks[members]):
        columns.append(table[:, members & (blocks == block)].sum(axis=1, keepdims=True))
    return np.concatenate(columns, axis=1).reshape(len(table), -1)
