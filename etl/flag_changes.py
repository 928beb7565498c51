"""Which months' records must be looked at again because what they are held against has changed.

A register resent, or a month's new volunteers, change what is known of some persons; records of all others would
be flagged as before. So what records are held against (see flag_records.keep_lookups) stays in the warehouse as it
was when flags were last made, and only the months of the persons and activities that differ are due.
"""

from datetime import date

import duckdb

# By source: what records are held against, what it was, by which key a record names it, and what is known of it.
HELD_AGAINST = {
    "registrations": ("flag_person", "flag_seen_person", "volunteer_key", ("registered_on", "left_on")),
    "activities": (
        "flag_activity",
        "flag_seen_activity",
        "activity_key",
        ("starts_on", "ends_on", "is_cancelled", "not_service"),
    ),
}


def months_concerned(connection: duckdb.DuckDBPyConnection, source: str) -> set[date] | None:
    """First days of the months with records of a changed person or activity; None where it is not known."""
    now, seen, key, known = HELD_AGAINST[source]
    if not connection.execute(f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{seen}'").fetchall():
        return None
    # One of whom nothing is known is for a record as good as none. (EXCEPT both ways takes three times as long.)
    differ = " OR ".join(f"n.{column} IS DISTINCT FROM s.{column}" for column in known)
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE flag_changed AS
        SELECT coalesce(n.{key}, s.{key}) AS {key} FROM {now} n FULL JOIN {seen} s ON s.{key} = n.{key} WHERE {differ}""")
    found = connection.execute(f"""
        SELECT DISTINCT CAST(date_trunc('month', service_date) AS DATE)
        FROM current_service_records WHERE {key} IN (SELECT {key} FROM flag_changed)""").fetchall()
    connection.execute("DROP TABLE flag_changed")
    return {month for (month,) in found}


def remember(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Keep what records are held against as it is now, for the next time."""
    now, seen, *_ = HELD_AGAINST[source]
    connection.execute(f"CREATE OR REPLACE TABLE {seen} AS FROM {now}")
