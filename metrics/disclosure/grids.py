"""A build's counts as arrays: one per count, city and breakdown, its areas by its members by its cells.

The first area is the city itself; the first breakdown of a count is '' (the total, with one member).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from metrics.disclosure.cells import WINDOWS, Cells, Reported, cells_of
from metrics.disclosure.choose import Counts
from metrics.disclosure.tables import COUNTED, NOT_PEOPLE, SIDE_TABLES
from metrics.engine import insert_values
from metrics.periods import month_number

Integers = NDArray[np.int64]
MONTH_SPAN = 100_000  # window and month as one number


class NotDescribed(RuntimeError):
    """The cube gives a measure nobody has said how to protect."""


@dataclass(frozen=True)
class Place:
    """A city's areas by their numbers, the city first, and how far it has reported."""

    city: str
    areas: Integers
    reported: Reported


@dataclass(frozen=True)
class Grid:
    """The counts of one breakdown: area × member × cell; 0 where the build has no row."""

    place: Place
    dimension: str
    labels: Integers  # of the members, ascending
    cells: Cells
    values: Counts


@dataclass
class Numbering:
    """Areas, labels and measures by number, as temporary tables of the connection."""

    connection: DuckDBPyConnection
    target: str

    def __post_init__(self) -> None:
        execute = self.connection.execute
        execute(f"""
            CREATE OR REPLACE TEMP TABLE disclosure_area AS
            SELECT row_number() OVER (ORDER BY area_code) AS area_no, area_code, parent_code
            FROM {self.target}.areas""")
        sides = "".join(
            f" UNION SELECT DISTINCT '{side.dimension}', {side.member} FROM {self.target}.{side.name}"
            for side in SIDE_TABLES
            if self.has_table(side.name)
        )
        execute(f"""
            CREATE OR REPLACE TEMP TABLE disclosure_label AS
            SELECT row_number() OVER (ORDER BY dimension, member) - 1 AS label_no, dimension, member
            FROM (SELECT DISTINCT dimension, member FROM {self.target}.observations
                  UNION SELECT '', ''{sides})""")
        windows = list(enumerate(WINDOWS))
        small_table(self.connection, "disclosure_window", "window_no BIGINT, time_window VARCHAR", windows)
        measures = [(no, *key.split("/")) for no, key in enumerate(self.keys)]
        columns = "measure_no BIGINT, measure VARCHAR, basis VARCHAR"
        small_table(self.connection, "disclosure_measure", columns, measures)

    def forget(self) -> None:
        """Free the space of everything made along the way."""
        made = self.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE temporary AND starts_with(table_name, 'disclosure_')"
        ).fetchall()
        for (name,) in made:
            self.connection.execute(f"DROP TABLE temp.{name}")

    def has_table(self, name: str) -> bool:
        return name in self.tables

    @cached_property
    def tables(self) -> frozenset[str]:
        """Of the build, which gets no other ones meanwhile."""
        return self.tables_of(self.target)

    def tables_of(self, database: str) -> frozenset[str]:
        """Asked for all at once: DuckDB looks at every table it knows, each time."""
        sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND NOT temporary"
        return frozenset(name for (name,) in self.connection.execute(sql, [database]).fetchall())

    @cached_property
    def keys(self) -> list[str]:
        """Measures on a basis, first those counted and then those that only follow."""
        following = [f"{follower}/{count.basis}" for count in COUNTED for follower in count.followers]
        keys = list(dict.fromkeys([*(count.key for count in COUNTED), *following]))
        found = self.connection.execute(
            f"SELECT DISTINCT measure || '/' || basis FROM {self.target}.observations ORDER BY 1"
        ).fetchall()
        unknown = [key for (key,) in found if key not in keys and key not in NOT_PEOPLE]
        if unknown:
            raise NotDescribed(f"metrics/disclosure/tables.py does not say how to protect {unknown[0]}.")
        return keys

    @cached_property
    def dimensions(self) -> dict[int, str]:
        """The dimension of each label."""
        rows = self.connection.execute("SELECT label_no, dimension FROM disclosure_label").fetchall()
        return {int(no): dimension for no, dimension in rows}

    @cached_property
    def places(self) -> list[Place]:
        """The cities that have reported anything."""
        # Registrations and records say how far a city has come; the last activity may be long before.
        spans = self.connection.execute(f"""
            SELECT area_code, max(last_on), min(last_on) FROM {self.target}.coverage
            WHERE source <> 'activities' GROUP BY ALL ORDER BY 1""").fetchall()
        found = []
        for city, last, first_of_last in spans:
            rows = self.connection.execute(
                "SELECT area_no FROM disclosure_area WHERE area_code = $1 OR parent_code = $1 "
                "ORDER BY parent_code <> '', area_code",
                [city],
            ).fetchall()
            areas = np.array([no for (no,) in rows], dtype=np.int64)
            month = month_number(last)
            # The last day of a month is followed by the first of another.
            is_whole = month_number(type(last).fromordinal(first_of_last.toordinal() + 1)) > month
            found.append(Place(city, areas, Reported(month, is_whole)))
        return found


def small_table(
    connection: DuckDBPyConnection, name: str, columns: str, rows: Sequence[Sequence[object]]
) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    insert_values(connection, name, rows)


class CountsOfBuild:
    """All counts of a build in one read."""

    def __init__(self, numbering: Numbering, source: str) -> None:
        self.numbering = numbering
        month = "year(period_end) * 12 + month(period_end) - 1"
        joined = "JOIN disclosure_area USING (area_code) JOIN disclosure_window USING (time_window)"
        selects = [
            f"""SELECT measure_no, area_no, window_no, {month} AS month, label_no, value
                FROM {source}.observations JOIN disclosure_measure USING (measure, basis) {joined}
                JOIN disclosure_label USING (dimension, member) WHERE value IS NOT NULL"""
        ]
        for side in SIDE_TABLES:
            if numbering.has_table(side.name):  # and so has what is kept of it
                selects.append(f"""
                    SELECT {numbering.keys.index(side.count)}, area_no, window_no, {month}, label_no, value
                    FROM (SELECT area_code, {side.window} AS time_window, {side.end} AS period_end,
                                 '{side.dimension}' AS dimension, {side.member} AS member,
                                 CAST({side.value} AS DOUBLE) AS value
                          FROM {source}.{side.name}) {joined}
                    JOIN disclosure_label USING (dimension, member) WHERE value IS NOT NULL""")
        rows = numbering.connection.execute(" UNION ALL ".join(selects)).fetchnumpy()
        self.columns = {name: np.asarray(column) for name, column in rows.items()}
        order = np.lexsort((self.columns["label_no"], self.columns["measure_no"]))
        self.columns = {name: column[order] for name, column in self.columns.items()}
        self.starts = np.searchsorted(
            self.columns["measure_no"], np.arange(len(numbering.keys) + 1), side="left"
        )

    def grids(self, key: str) -> Iterator[Grid]:
        """The grids of one measure, city by city, the total first."""
        number = self.numbering.keys.index(key)
        part = slice(int(self.starts[number]), int(self.starts[number + 1]))
        found = {name: column[part] for name, column in self.columns.items()}
        dimension_of = self.numbering.dimensions
        for place in self.numbering.places:
            here = np.isin(found["area_no"], place.areas)
            mine = {name: column[here] for name, column in found.items()}
            labels = np.unique(mine["label_no"])
            for dimension in dict.fromkeys(dimension_of[int(no)] for no in labels):
                members = np.array([no for no in labels if dimension_of[int(no)] == dimension])
                of_it = np.isin(mine["label_no"], members)
                yield grid(place, dimension, members, {name: one[of_it] for name, one in mine.items()})


def grid(place: Place, dimension: str, members: Integers, rows: dict[str, NDArray]) -> Grid:
    moments, cell = np.unique(rows["window_no"] * MONTH_SPAN + rows["month"], return_inverse=True)
    cells = cells_of(moments // MONTH_SPAN, moments % MONTH_SPAN, place.reported)
    values = np.zeros((len(place.areas), len(members), len(moments)))
    sorter = np.argsort(place.areas)
    area = sorter[np.searchsorted(place.areas, rows["area_no"], sorter=sorter)]
    values[area, np.searchsorted(members, rows["label_no"]), cell] = rows["value"]
    return Grid(place, dimension, members, cells, values)
