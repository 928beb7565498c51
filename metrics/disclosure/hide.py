"""Withhold cells in a build: their value becomes NULL, also where it is zero and there was no row.

A zero left standing beside withheld counts would tell that those are not zero.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from duckdb import DuckDBPyConnection

from metrics.disclosure.choose import Flags
from metrics.disclosure.grids import Grid, Numbering
from metrics.disclosure.tables import SIDE_TABLES


class Hidden(NamedTuple):
    """Cells of one grid of a measure to withhold (area × member × cell)."""

    key: str
    grid: Grid
    mask: Flags


def hide(numbering: Numbering, hidden: Iterable[Hidden]) -> None:
    connection, target = numbering.connection, numbering.target
    parts = [numbered(numbering.keys.index(key), grid, mask) for key, grid, mask in hidden if mask.any()]
    if not parts:
        return
    columns = ("measure_no", "area_no", "window_no", "month", "label_no")
    cells = {name: np.concatenate([part[no] for part in parts]) for no, name in enumerate(columns)}
    connection.register("disclosure_cells", cells)
    sides = sorted({side.dimension for side in SIDE_TABLES})
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE disclosure_hidden AS
        SELECT measure, basis, area_code, time_window,
               last_day(make_date(month // 12, month % 12 + 1, 1)) AS period_end, dimension, member
        FROM disclosure_cells JOIN disclosure_measure USING (measure_no) JOIN disclosure_area USING (area_no)
        JOIN disclosure_window USING (window_no) JOIN disclosure_label USING (label_no)""")
    connection.unregister("disclosure_cells")
    keys = ("measure", "basis", "area_code", "time_window", "period_end", "dimension", "member")
    apart = "dimension NOT IN (" + ", ".join(f"'{dimension}'" for dimension in sides) + ")"
    withhold(connection, f"{target}.observations", ("value",), tuple((key, key) for key in keys), apart)
    for side in SIDE_TABLES:
        if numbering.has_table(side.name):
            measure, basis = side.count.split("/")
            where = f"dimension = '{side.dimension}' AND measure = '{measure}' AND basis = '{basis}'"
            withhold(connection, f"{target}.{side.name}", side.columns, side.keys, where)


def withhold(
    connection: DuckDBPyConnection,
    table: str,
    columns: tuple[str, ...],
    keys: tuple[tuple[str, str], ...],
    where: str,
) -> None:
    """Set columns of a table to NULL at the hidden cells, adding rows for those that have none."""
    source = (
        f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in keys)} FROM disclosure_hidden WHERE {where}"
    )
    same = " AND ".join(f"CAST(t.{name} AS VARCHAR) = CAST(h.{name} AS VARCHAR)" for name, _ in keys)
    if table.endswith(".observations"):
        same = " AND ".join(f"t.{name} = h.{name}" for name, _ in keys)
    names = ", ".join(name for name, _ in keys)
    connection.execute(
        f"UPDATE {table} t SET {', '.join(f'{column} = NULL' for column in columns)} "
        f"FROM ({source}) h WHERE {same}"
    )
    connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM ({source}) h "
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {same}) ORDER BY ALL"
    )


def numbered(measure_no: int, grid: Grid, mask: Flags) -> tuple[np.ndarray, ...]:
    area, member, cell = np.nonzero(mask)
    return (
        np.full(len(area), measure_no),
        grid.place.areas[area],
        grid.cells.windows[cell],
        grid.cells.months[cell],
        grid.labels[member],
    )
