"""What a build tells: every count it publishes or withholds, from all its tables, as cells of one kind."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import duckdb

from metrics.disclosure.tables import COUNTED, SIDE_TABLES

PEOPLE = tuple(dict.fromkeys(count.key for count in COUNTED))
REGISTERED, NEW = "registered_volunteers/residence", "new_registrations/residence"
ACTIVE, CLOCKED = "active_volunteers/residence", "active_clocked_volunteers/residence"
LAPSED = "lapsed_volunteers/residence"
SLEEPING = tuple(f"sleeping_{months}m_volunteers/residence" for months in (12, 24, 36))
ACTIVE_FROM = {edge: f"active_{edge}h_volunteers/residence" for edge in (1, 2, 5, 10, 20, 50, 100)}
VISITS, SERVED = "service_visits/residence", "service_visits/service"
FLOWS = (NEW, SERVED)
TO_DAY = "@"  # after the window of a cell up to a day, followed by the day


class Cell(NamedTuple):
    measure: str
    area: str
    window: str
    month: int
    dimension: str
    member: str


Table = dict[Cell, float | None]


def read(path: Path, until: int | None = None, only: Collection[str] = ()) -> Table:
    """The published counts of a build up to a month (None: all); None for one that is withheld."""
    with duckdb.connect(str(path), read_only=True) as build:
        rows = build.execute("""
            SELECT measure || '/' || basis, area_code, time_window,
                   year(period_end) * 12 + month(period_end) - 1, dimension, member, value
            FROM observations""").fetchall()
        for side in SIDE_TABLES:
            rows += build.execute(f"""
                SELECT '{side.count}', area_code, {side.window}, year({side.end}) * 12 + month({side.end}) - 1,
                       '{side.dimension}', {side.member}, CAST({side.value} AS DOUBLE)
                FROM {side.name}""").fetchall()
        rows += build.execute(f"""
            SELECT '{SERVED}', area_code, 'month', year(service_date) * 12 + month(service_date) - 1,
                   'day', CAST(service_date AS VARCHAR), CAST(visits AS DOUBLE)
            FROM days SEMI JOIN areas ON days.area_code = areas.area_code AND parent_code = ''""").fetchall()
        rows += build.execute(f"""
            SELECT measure || '/' || basis, area_code, time_window || '{TO_DAY}' || through_on,
                   year(period_end) * 12 + month(period_end) - 1, '', '', value
            FROM to_day""").fetchall()
    cells = {Cell(*key): value for *key, value in rows if key[0] in (only or PEOPLE)}
    return {cell: value for cell, value in cells.items() if until is None or cell.month <= until}


class Sent(NamedTuple):
    """A file of the ledger: what its rows are counted in, the area and months they are of, and how many they are."""

    number: int
    measure: str
    area: str
    months: tuple[int, ...]  # the first and the last have at least one of its rows
    rows: int | None  # None: withheld


def read_ledger(path: Path) -> list[Sent]:
    """Files in force that have rows, and so days; all of them say of what area they are."""
    measures = {"registrations": NEW, "service_hours": SERVED}
    with duckdb.connect(str(path), read_only=True) as build:
        found = build.execute("""
            SELECT drop_id, source, area_code, year(first_on) * 12 + month(first_on) - 1,
                   year(last_on) * 12 + month(last_on), rows_accepted, rows_read - rows_unchanged - rows_quarantined
            FROM drops WHERE status = 'loaded' AND first_on IS NOT NULL
            ORDER BY drop_id""").fetchall()
    return [
        Sent(number, measures[source], area, tuple(range(first, after)), rest if rows is None else rows)
        for number, source, area, first, after, rows, rest in found
        if source in measures
    ]


def read_zeros(path: Path) -> list[Cell]:
    """Months of areas in which every supplier is said to have reported nothing."""
    with duckdb.connect(str(path), read_only=True) as build:
        found = build.execute(f"""
            SELECT CASE source WHEN 'registrations' THEN '{NEW}' ELSE '{SERVED}' END, area_code,
                   year(month) * 12 + month(month) - 1
            FROM completeness WHERE source IN ('registrations', 'service_hours')
            GROUP BY ALL HAVING bool_and(state = 'zero') ORDER BY ALL""").fetchall()
    return [Cell(measure, area, "month", month, "", "") for measure, area, month in found]


def parents(path: Path) -> dict[str, str]:
    with duckdb.connect(str(path), read_only=True) as build:
        return dict(
            build.execute("SELECT area_code, parent_code FROM areas WHERE parent_code <> ''").fetchall()
        )
