"""A build in which some rows are written by hand: what a test needs to be there, whatever the cube computes."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from metrics.build import Build, current_build_id, open_build

COLUMNS = "area_code VARCHAR, time_window VARCHAR, period_end DATE, band VARCHAR, people BIGINT, hours DOUBLE"
# measure, basis, area, window, last day, dimension, member, value (None: suppressed)
Row = Sequence[str | float | date | None]


def fill(home: Path, observations: Iterable[Row] = (), hours_bands: Iterable[Row] = ()) -> Build:
    """Put rows in place of those of the same measure, basis, window and dimension; gives the build."""
    path = home / "published" / f"{current_build_id(home)}.duckdb"
    with duckdb.connect(str(path)) as build:
        for row in observations:
            measure, basis, area, window, day, dimension, member, value = row
            build.execute(
                "DELETE FROM observations WHERE measure = ? AND basis = ? AND area_code = ? AND time_window = ? "
                "AND period_end = ? AND dimension = ? AND member = ?",
                [measure, basis, area, window, day, dimension, member],
            )
            if value != 0:  # no row is zero
                build.execute("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(row))
        build.execute(f"CREATE TABLE IF NOT EXISTS hours_bands ({COLUMNS})")
        rows = list(hours_bands)
        if rows:
            build.execute("DELETE FROM hours_bands")
        for row in rows:
            build.execute("INSERT INTO hours_bands VALUES (?, ?, ?, ?, ?, ?)", list(row))
    opened = open_build(home)
    assert opened is not None
    return opened
