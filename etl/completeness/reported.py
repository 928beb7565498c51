"""What each drop reported of which area and month: counted once, and kept for months that have not changed.

Grain of the table `reported`: one row per drop, area and month its rows are about. `rows` counts all of them,
also those another drop has since repeated or replaced, which are no less reported; `in_force` counts those that
stand. Registers are counted in force only: a register sent whole every month leaves its repeats in the past.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from etl import fact_tables
from etl.source import Source, load_sources
from etl.sql import keep_value, only_row, transaction
from metrics.cube.places import in_months
from metrics.periods import month_number

BASIS = "reported_basis"  # the row of `meta` that says by which SQL `reported` was counted
RECORDS = "service_hours"  # the one kind of which there are too many rows to count all of them each time
PLACES = "reported_place"  # the area of each activity as the records of it were counted
LISTS = "activities"  # what the areas of records are looked up in


@dataclass(frozen=True)
class Received:
    """A drop in force, as the ledger has it."""

    drop_id: int
    source: str
    supplier: str  # '' where nobody is named
    area_code: str | None  # the area it is about, when it is about one
    received_on: date
    first_on: date | None
    last_on: date | None
    is_replacing: bool = False  # of the months it is about, only what it holds counts


@dataclass(frozen=True)
class Reported:
    """Rows of one drop about one area and month (a running number)."""

    drop_id: int
    area_code: str
    month: int
    rows: int
    in_force: int
    first_on: date
    last_on: date


def refresh(connection: duckdb.DuckDBPyConnection, touched: Mapping[str, set[date]] | None = None) -> None:
    """Bring `reported` up to date with the facts, in one transaction.

    `touched` holds, by source, the first days of the months whose facts have changed since it was last brought
    up to date; None means everything.
    """
    with transaction(connection):
        _refresh(connection, touched)


def _refresh(connection: duckdb.DuckDBPyConnection, touched: Mapping[str, set[date]] | None) -> None:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS reported (
            source VARCHAR NOT NULL, drop_id INTEGER NOT NULL, area_code VARCHAR, month DATE NOT NULL,
            "rows" BIGINT NOT NULL, in_force BIGINT NOT NULL, first_on DATE NOT NULL, last_on DATE NOT NULL)""")
    counting = {name: _sql_for(source) for name, source in load_sources().items()}
    basis = hashlib.sha256("\n".join(counting.values()).encode()).hexdigest()
    known = connection.execute("SELECT value FROM meta WHERE key = ?", [BASIS]).fetchall()
    if known != [(basis,)]:
        touched = None
        keep_value(connection, "meta", BASIS, basis)
    moved = set[date]() if touched is not None and not touched.get(LISTS) else _months_of_moved(connection)
    for name, source in load_sources().items():
        scope, kept = "true", "true"
        if touched is not None and not (name == RECORDS and moved is None):
            # A register's or an activity's area is its own: what is noted of its months is all that can have changed.
            firsts = set(touched.get(name, ())).union(moved if name == RECORDS and moved else ())
            if not firsts:
                continue
            months = [month_number(month) for month in firsts]
            scope, kept = in_months(source.day, months), in_months("month", months)
        connection.execute(f"DELETE FROM reported WHERE source = '{name}' AND {kept}")
        connection.execute(f"INSERT INTO reported {counting[name].format(scope=scope)}")


def _months_of_moved(connection: duckdb.DuckDBPyConnection) -> set[date] | None:
    """First days of the months with records that are counted where an activity took place which has moved, come or
    gone since it was last asked; None the first time, when all are to be counted."""
    now = "SELECT activity_key, CAST(area_code AS VARCHAR) AS area_code FROM activities"
    if not connection.execute(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{PLACES}'").fetchall():
        connection.execute(f"CREATE TABLE {PLACES} AS {now}")
        return None
    (moved,) = only_row(
        connection,
        f"""
        CREATE OR REPLACE TEMP TABLE reported_moved AS
        SELECT coalesce(a.activity_key, b.activity_key) AS activity_key
        FROM ({now}) a FULL JOIN {PLACES} b ON b.activity_key = a.activity_key
        WHERE a.activity_key IS NULL OR b.activity_key IS NULL OR a.area_code IS DISTINCT FROM b.area_code""",
    )
    found = []
    if moved:
        source = load_sources()[RECORDS]
        records = " UNION ALL ".join(
            f"SELECT {source.day} AS day FROM {table} WHERE area_code IS NULL AND activity_key IN (FROM reported_moved)"
            for table in (source.table, fact_tables.past(source))
        )
        found = connection.execute(f"""
            SELECT DISTINCT CAST(date_trunc('month', day) AS DATE) FROM ({records}) WHERE day IS NOT NULL""").fetchall()
        connection.execute(f"DELETE FROM {PLACES} WHERE activity_key IN (FROM reported_moved)")
        connection.execute(f"INSERT INTO {PLACES} {now} WHERE activity_key IN (FROM reported_moved)")
    connection.execute("DROP TABLE temp.reported_moved")
    return {month for (month,) in found}


def _sql_for(source: Source) -> str:
    """SQL counting a source's rows, with {scope} for a condition over its day.

    A record's area is where it was, else where its activity was, else what its drop is about.
    """
    day = f"f.{source.day}"
    tables = [(source.table, 1)] + ([(fact_tables.past(source), 0)] if source.name != "registrations" else [])
    names = {column.name for column in source.fact_columns}
    area, join = "f.area_code", ""
    if "drop_area_code" in names:
        area = "coalesce(f.area_code, a.area_code, f.drop_area_code)"
        join = "LEFT JOIN activities a ON a.activity_key = f.activity_key"
    columns = ", ".join(
        sorted(names & {"area_code", "drop_area_code", "activity_key"} | {source.day, "drop_id"})
    )
    rows = " UNION ALL ".join(
        f"SELECT {columns}, {stands} AS stands FROM {table} WHERE {source.day} IS NOT NULL AND {{scope}}"
        for table, stands in tables
    )
    return f"""
        SELECT '{source.name}', f.drop_id, {area} AS area, CAST(date_trunc('month', {day}) AS DATE) AS month,
               count(*), sum(stands), min({day}), max({day})
        FROM ({rows}) f {join} GROUP BY f.drop_id, area, month"""


def read(connection: duckdb.DuckDBPyConnection) -> tuple[list[Received], list[Reported]]:
    """Drops in force and what they reported."""
    drops = connection.execute("""
        SELECT drop_id, source, coalesce(supplier, ''), area_code, CAST(coalesce(received_at, loaded_at) AS DATE),
               first_on, last_on, coalesce(replaces, '') <> ''
        FROM drops WHERE status = 'loaded' AND coalesce(received_at, loaded_at) IS NOT NULL ORDER BY drop_id
        """).fetchall()
    counted = connection.execute("""
        SELECT r.drop_id, r.area_code, year(r.month) * 12 + month(r.month) - 1, r."rows", r.in_force, r.first_on,
               r.last_on
        FROM reported r JOIN drops d USING (drop_id)
        WHERE d.status = 'loaded' AND r.area_code IS NOT NULL ORDER BY ALL""").fetchall()
    return [Received(*row) for row in drops], [Reported(*row) for row in counted]
