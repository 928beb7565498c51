"""What records are held against, and which months' records must be looked at again because it has changed.

A register resent, or a month's new volunteers, change what is known of some persons; records of all others would
be flagged as before. So persons and activities stay in the warehouse as records were last held against them, and
only the months of those that differ are due.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

import duckdb

from etl.sql import keep_value, only_row
from metrics.cube.places import in_months
from metrics.periods import month_number

LINKS = "flags_links"  # the row of `meta` that says whose numbers were known when persons were last gathered


@dataclass(frozen=True)
class HeldAgainst:
    """A lasting table of one row per key; whoever is only `several` is no other than before."""

    table: str
    key: str
    known: tuple[str, ...]  # what records are held against
    view: str  # the facts it is made of
    day: str  # the day by which their months are noted; the table holds each key's first
    several: str  # condition: facts of other days may be behind the row, too
    select: str  # SQL of its rows as the facts have them, with {where} for a condition


HELD_AGAINST = {
    "registrations": HeldAgainst(
        "flag_person",
        "volunteer_key",
        ("registered_on", "left_on"),
        "current_registrations",
        "registered_on",
        "several",
        """
        SELECT volunteer_key, min(registered_on) AS registered_on,
               CASE WHEN bool_and(has_left AND left_on IS NOT NULL) THEN max(left_on) END AS left_on,
               count(*) > 1 AS several
        FROM current_registrations WHERE {where} GROUP BY volunteer_key""",
    ),
    "activities": HeldAgainst(
        "flag_activity",
        "activity_key",
        ("starts_on", "ends_on", "is_cancelled", "not_service"),
        "current_activities",
        "starts_on",
        "false",
        """
        SELECT activity_key, starts_on, ends_on, is_cancelled, not_service FROM current_activities WHERE {where}""",
    ),
}


def is_kept(connection: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Whether the table is there; not in a warehouse of before."""
    sql = "SELECT 1 FROM duckdb_tables() WHERE table_name = ?"
    return bool(connection.execute(sql, [HELD_AGAINST[source].table]).fetchall())


def renew(connection: duckdb.DuckDBPyConnection, source: str, months: Set[date] | None) -> None:
    """Make a source's table what the facts say; table `<table>_changed` then holds the keys that differ.

    `months` are those whose facts have changed; None: all, or it is not known.
    """
    held = HELD_AGAINST[source]
    whose = _links(connection) if source == "registrations" else ""
    known = connection.execute("SELECT value FROM meta WHERE key = ?", [LINKS]).fetchall()
    where, kept = "true", f"FROM {held.table}"
    if not is_kept(connection, source):
        kept = f"FROM ({held.select.format(where='false')})"
    elif months is not None and (source != "registrations" or known == [(whose,)]):
        # Keys with a row in those months, now or then: who had several may have had it beside their first.
        dated = in_months(held.day, map(month_number, months))
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE flag_candidate AS
            SELECT {held.key} FROM {held.view} WHERE {dated}
            UNION SELECT {held.key} FROM {held.table} WHERE {held.several} OR {dated}""")
        where = f"{held.key} IN (FROM flag_candidate)"
        kept += f" WHERE {where}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE flag_now AS {held.select.format(where=where)}")
    # One of whom nothing is known is for a record as good as none. (EXCEPT both ways takes three times as long.)
    differ = " OR ".join(f"n.{column} IS DISTINCT FROM k.{column}" for column in held.known)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {held.table}_changed AS
        SELECT coalesce(n.{held.key}, k.{held.key}) AS {held.key}
        FROM flag_now n FULL JOIN ({kept}) k ON k.{held.key} = n.{held.key} WHERE {differ}""")
    if where == "true":
        connection.execute(f"CREATE OR REPLACE TABLE {held.table} AS FROM flag_now")
    else:
        connection.execute(f"DELETE FROM {held.table} WHERE {where}")
        connection.execute(f"INSERT INTO {held.table} FROM flag_now")
    if source == "registrations":
        keep_value(connection, "meta", LINKS, whose)


def months_concerned(connection: duckdb.DuckDBPyConnection, source: str) -> set[date]:
    """First days of the months with records of the persons or activities that renewing found changed."""
    held = HELD_AGAINST[source]
    found = connection.execute(f"""
        SELECT DISTINCT CAST(date_trunc('month', service_date) AS DATE)
        FROM current_service_records WHERE {held.key} IN (FROM {held.table}_changed)""").fetchall()
    return {month for (month,) in found}


def _links(connection: duckdb.DuckDBPyConnection) -> str:
    """Whose each number is; where that has changed, rows of any month may be another person's."""
    number, digest = only_row(
        connection, "SELECT count(*), sum(CAST(hash(key, linked_key) AS HUGEINT)) FROM links"
    )
    return f"{number} {digest}"
