"""Months of records that have only grown since their flags were made: drops have come that nothing was known of before.

Of such a month the rows of before are what they were. What is told of one record, or of one person's day, is then the
same as before for all but the new records, whoever else is there on those persons' days, and the next day where
a new session ended after midnight. The others need not be looked at again: a month's late records are few.

That a month has merely grown is seen from fingerprints of the records (etl/prints.py), kept beside the flags and
changed in the same transaction; without them, in a small warehouse, every touched month is looked at as a whole.
"""

from dataclasses import dataclass
from datetime import date

import duckdb

from etl.flag_records import HAS_TIMES, IS_SESSION, PERSON_DAY
from etl.linking import months_of_linked
from etl.prints import FACT_PRINT
from etl.source import load_sources
from metrics.cube.places import in_months, listed
from metrics.periods import month_number, month_start

FLAG_PRINT = "flag_print"
RECORDS = "service_hours"
MOST_NEW = 1 / 3  # of a month's records: with more of them, nearly everybody's days are looked up for little


@dataclass(frozen=True)
class Grown:
    """First days of months that have only grown, and the drops that are new in them."""

    months: frozenset[date] = frozenset()
    drops: frozenset[int] = frozenset()


def keep(connection: duckdb.DuckDBPyConnection, is_large: bool) -> None:
    """Note which records the flags are of; of a small warehouse nothing is noted, nor left from a larger one."""
    connection.execute(
        f"""CREATE OR REPLACE TABLE {FLAG_PRINT} AS
        SELECT month, drop_id, rows, print, sha256 FROM {FACT_PRINT} WHERE source = '{RECORDS}'"""
        if is_large
        else f"DROP TABLE IF EXISTS {FLAG_PRINT}"
    )


def find(connection: duckdb.DuckDBPyConnection) -> Grown:
    """The months that have only grown, as far as is known. The table of fingerprints must be at hand."""
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [FLAG_PRINT]).fetchall():
        return Grown()
    now = f"SELECT month, drop_id, rows, print, sha256 FROM {FACT_PRINT} WHERE source = '{RECORDS}'"
    differing = connection.execute(f"""
        SELECT month, drop_id, rows, drop_id NOT IN (SELECT drop_id FROM {FLAG_PRINT}) AS is_new
        FROM (({now} EXCEPT FROM {FLAG_PRINT}) UNION ALL (FROM {FLAG_PRINT} EXCEPT {now}))""").fetchall()
    rows_of = dict(connection.execute(f"SELECT month, sum(rows) FROM ({now}) GROUP BY 1").fetchall())
    new: dict[int, int] = {}
    others = {month for month, _, _, is_new in differing if not is_new}
    for month, _, rows, _ in differing:
        if month is not None and month not in others:
            new[month] = new.get(month, 0) + rows
    drops = frozenset(drop_id for _, drop_id, _, is_new in differing if is_new)
    grown = {month for month, rows in new.items() if rows <= MOST_NEW * rows_of[month]}
    grown -= months_of_linked(connection, load_sources()[RECORDS], drops, "links")
    return Grown(frozenset(map(month_start, grown)), drops)


def keep_days(connection: duckdb.DuckDBPyConnection, grown: Grown) -> None:
    """Fill the temporary table `flag_new_day` with the person-days to be looked at because of new records."""
    new = f"""
        FROM current_service_records
        WHERE {in_months("service_date", map(month_number, grown.months))}
        AND drop_id IN {listed(grown.drops)} AND status <> 'rejected'"""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE flag_new_day AS
        SELECT {PERSON_DAY} AS person_day {new}
        UNION
        SELECT {PERSON_DAY} + 1 {new} AND {HAS_TIMES} AND {IS_SESSION} AND ended_at > service_date + 1""")
