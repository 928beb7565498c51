"""What a build says it withholds (its table `disclosure`), and what earlier builds have told already.

What a public build withheld stays withheld; and a count that one published is no company for a small one later.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np

from metrics.disclosure.cells import Cells
from metrics.disclosure.choose import Counts
from metrics.disclosure.decisions import Decision, Moment, Withheld
from metrics.disclosure.grids import MONTH_SPAN, CountsOfBuild, Grid, Integers, Numbering
from metrics.disclosure.tables import Counted

# What a line says is withheld: a member of the city itself, a member in every area, an area; or an area only
# because a flow its stock changes by is withheld there.
KINDS = ("member_of_city", "member", "area", "area_by_flow")
Grids = dict[tuple[str, str, str], Grid]  # by key of the count, city and dimension


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
    days: set[tuple[str, object]] = field(default_factory=set)  # withheld
    told_days: dict[tuple[str, object], int] = field(default_factory=dict)
    told: list[Grids] = field(default_factory=list)

    def unknown(self, key: str, grid: Grid) -> Counts:
        """The counts of a grid without those an earlier public build published with the same value."""
        unknown = grid.values
        for grids in self.told:
            was = grids.get((key, grid.place.city, grid.dimension))
            if was is not None:
                unknown = np.where(as_of(was, grid) == grid.values, 0.0, unknown)
        return unknown

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


def read_earlier(numbering: Numbering, folder: Path, build_id: str) -> Earlier:
    """What the last public build before this one withheld, and what it and those before it told."""
    connection = numbering.connection
    for path in sorted(folder.glob("[!.]*.duckdb"), reverse=True):
        if path.stem == build_id or not attached(connection, path):
            continue
        try:
            if not is_public(connection, numbering):
                continue
            lines = [Line(*row) for row in connection.execute("SELECT * FROM earlier.disclosure").fetchall()]
            days: dict[tuple[str, object], int | None] = {}
            if numbering.has_table("days", "earlier"):
                rows = connection.execute(
                    "SELECT area_code, service_date, visits FROM earlier.days"
                ).fetchall()
                days = {(city, day): visits for city, day, visits in rows}
            told = [grids_of(numbering, None)]
        finally:
            connection.execute("DETACH earlier")
        told += told_before(numbering, folder, lines)
        told_days = {key: visits for key, visits in days.items() if visits is not None}
        return Earlier(path.stem, lines, set(days) - set(told_days), told_days, told)
    return Earlier()


def told_before(numbering: Numbering, folder: Path, lines: Iterable[Line]) -> Iterator[Grids]:
    """What builds told of lines that later ones withheld, as far as those builds are still there."""
    years: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        years[line.known_from].append(line.year)
    for known_from in sorted(set(years) - {""}):
        path = folder / f"{known_from}.duckdb"
        if path.is_file() and attached(numbering.connection, path):
            try:
                yield grids_of(numbering, (min(years[known_from]), max(years[known_from])))
            finally:
                numbering.connection.execute("DETACH earlier")


def grids_of(numbering: Numbering, years: tuple[int, int] | None) -> Grids:
    counts = CountsOfBuild(numbering, "earlier", years)
    return {
        (key, grid.place.city, grid.dimension): grid for key in numbering.keys for grid in counts.grids(key)
    }


def attached(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS earlier (READ_ONLY)")
    except duckdb.Error:
        return False  # not a build, or one that cannot be read any more
    return True


def is_public(connection: duckdb.DuckDBPyConnection, numbering: Numbering) -> bool:
    if not (numbering.has_table("disclosure", "earlier") and numbering.has_table("manifest", "earlier")):
        return False
    rows = connection.execute(
        "SELECT value FROM earlier.manifest WHERE key = 'disclosure_threshold'"
    ).fetchall()
    return bool(rows) and int(rows[0][0]) > 0
