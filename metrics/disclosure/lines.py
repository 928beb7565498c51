"""What a build says it withholds (its table `disclosure`), and what earlier builds have told already.

What a public build withheld stays withheld; and a count that one published is no company for a small one later.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np

from metrics.disclosure.cells import WINDOWS, Cells
from metrics.disclosure.choose import Counts, Flags
from metrics.disclosure.decisions import Decision, Moment, Withheld
from metrics.disclosure.grids import MONTH_SPAN, Grid, Integers
from metrics.disclosure.tables import Counted
from metrics.periods import Period

# What a line says is withheld: a member of the city itself, a member in every area, an area; or an area only
# because a flow its stock changes by is withheld there.
KINDS = ("member_of_city", "member", "area", "area_by_flow")
Grids = dict[tuple[str, str, str], Grid]  # by key of the count, city and dimension


class UpTo(NamedTuple):
    """The key of a count in the table `to_day`."""

    measure: str
    basis: str
    area_code: str
    time_window: str
    period_end: date
    through_on: date


class Line(NamedTuple):
    """One row of the table `disclosure`."""

    measure: str
    basis: str
    city: str
    dimension: str
    kind: str
    code: str
    year: int
    level: int
    known_from: str  # the last public build that did not withhold it; '' for none


def lines_of(
    decision: Decision, count: Counted, names: Mapping[int, str], members: Mapping[int, str]
) -> Iterator[Line]:
    place, grid = decision.grid.place, decision.grid
    areas = [names[int(no)] for no in place.areas[1:]]
    codes = [members[int(no)] for no in grid.labels]
    for (year, level), at in sorted(decision.at.items()):
        withheld = ((at.city, codes), (at.members, codes), (at.rows, areas), (at.apart, areas))
        for kind, (flags, of) in zip(KINDS, withheld, strict=True):
            for number in np.flatnonzero(flags):
                yield Line(
                    count.measure, count.basis, place.city, grid.dimension, kind, of[number], year, level, ""
                )


def withheld_before(
    lines: Iterable[Line], grid: Grid, names: Mapping[int, str], members: Mapping[int, str]
) -> dict[Moment, Withheld]:
    """What earlier lines of the same breakdown withheld, in terms of this grid."""
    areas = {names[int(no)]: number for number, no in enumerate(grid.place.areas[1:])}
    codes = {members[int(no)]: number for number, no in enumerate(grid.labels)}
    found: dict[Moment, Withheld] = defaultdict(lambda: Withheld.nothing(len(codes), len(areas)))
    for line in lines:
        at = found[line.year, line.level]
        flags = dict(zip(KINDS, (at.city, at.members, at.rows, at.apart), strict=True))[line.kind]
        number = (areas if line.kind.startswith("area") else codes).get(line.code)
        if number is not None:
            flags[number] = True
    return dict(found)


@dataclass
class Earlier:
    """What public builds of the home have withheld and told so far; nothing where there are none."""

    build_id: str = ""
    lines: list[Line] = field(default_factory=list)
    # Of all of them, whenever that was: single days and counts up to a day, withheld by some and told by some.
    days: set[tuple[str, date]] = field(default_factory=set)
    told_days: dict[tuple[str, date], set[float]] = field(default_factory=dict)
    to_day: set[UpTo] = field(default_factory=set)
    told_to_day: dict[UpTo, set[float]] = field(default_factory=dict)
    # Nobody on a kind of day: area, window, its end and the kind.
    told_zeros: set[tuple[str, str, date, str]] = field(default_factory=set)
    told: list[Grids] = field(default_factory=list)

    def unknown(self, key: str, grid: Grid) -> Counts:
        """The counts of a grid without those an earlier public build published with the same value."""
        unknown = grid.values
        for grids in self.told:
            was = grids.get((key, grid.place.city, grid.dimension))
            if was is not None:
                unknown = np.where(as_of(was, grid) == grid.values, 0.0, unknown)
        return unknown

    def zeros_of(self, grid: Grid, names: Mapping[int, str], members: Mapping[int, str]) -> Flags:
        """Nobody on a kind of day, where earlier builds told and it is still so."""
        flags = np.zeros(grid.values.shape, dtype=bool)
        if not self.told_zeros:
            return flags
        for area, member, cell in np.argwhere(grid.values == 0):
            month = int(grid.cells.months[cell])
            end = Period.of("month", month).end
            code, label = names[int(grid.place.areas[area])], members[int(grid.labels[member])]
            flags[area, member, cell] = (
                code, WINDOWS[int(grid.cells.windows[cell])], end, label
            ) in self.told_zeros  # fmt: skip
        return flags

    def continued(self, lines: Iterable[Line]) -> list[Line]:
        """Lines with the build that told what they withhold; also those of data that went and may come back."""
        rows = {line[:-1]: line for line in self.lines}
        for line in lines:
            rows.setdefault(line[:-1], line._replace(known_from=self.build_id))
        return sorted(rows.values())


def as_of(was: Grid, grid: Grid) -> Counts:
    """Another build's counts at the cells of this grid; not a number where it had none."""
    found = np.full(grid.values.shape, np.nan)
    moments = moments_of(was.cells)
    at = np.searchsorted(moments, moments_of(grid.cells)).clip(max=max(len(moments) - 1, 0))
    there = moments[at] == moments_of(grid.cells)
    mine = np.isin(was.labels, grid.labels)
    placed = np.searchsorted(grid.labels, was.labels[mine])
    values = np.where(was.values > 0, was.values, np.nan)[:, mine][:, :, at[there]]
    columns = np.full((len(found), len(placed), len(there)), np.nan)
    columns[:, :, there] = values
    found[:, placed] = columns
    return found


def moments_of(cells: Cells) -> Integers:
    return cells.windows * MONTH_SPAN + cells.months
