"""The one pass over service records that the flags share, a block of months at a time.

`keep_lookups` makes what records are held against; `keep_block` then scans the records of a block once: every
condition becomes a bit of a number, and what is flagged across records is found in tables made from the same
scan, each only when a check due names it (where nothing needs all records side by side, from the facts instead,
which the view `flag_fact` shows with the same columns but bits):

* flag_record   one row per record that was not rejected: person_day, supplier, activity_key, day, times, bits
* flag_night    the next person-days of sessions that end after midnight
* flag_session  the records of person-days with several (or after a night): minutes_of_day, is_repeat
* flag_timed    of those, sessions with times, once each: busy_before, busy_at_night (end of the latest earlier one)
* flag_crowd    one row per supplier, activity and day: how many records, their least and greatest minutes
* flag_alike    records of activity-days on which everyone has the same round hours
* flag_batch    records alike to the minute, far beyond the supplier's ordinary day of the month

A condition may speak of the columns of a record and of: was_there (hours served, not awarded), has_times,
registered_on, left_on (of the person, over all platforms), starts_on, ends_on, is_cancelled, not_service (of
the activity), late_after, doubtful_after (deadline of recording).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import duckdb

from etl import remarks
from etl.sql import only_row
from etl.working_days import deadlines

# A record falls in its person-day: a number, and the next one is the same person's next day.
PERSON_DAY = "volunteer_key * 100000 + (service_date - DATE '1900-01-01')"
LONGEST_SESSION = "INTERVAL 24 HOUR"  # what is longer is no session but the days of an activity
MADE = ("flag_candidate", "flag_now", "flag_person_changed", "flag_activity_changed", "flag_deadline",
        "flag_supplier", "flag_record", "flag_night", "flag_session", "flag_timed", "flag_voided", "flag_crowd",
        "flag_alike", "flag_batch", "flag_found", "flag_void", "flag_new_day")  # fmt: skip
# What these hold of a record is decided by its person's records of the day and of the night before.
OF_PERSON_DAYS = {"flag_session", "flag_timed"}

JOINS = {
    "{flag_person} p USING (volunteer_key)": ("registered_on", "left_on"),
    "flag_activity a USING (activity_key)": ("starts_on", "ends_on", "is_cancelled", "not_service"),
    "flag_deadline w ON w.day = coalesce(CAST(r.ended_at AS DATE), r.service_date)": (
        "late_after",
        "doubtful_after",
    ),
}
# A day without a time is read as midnight: two midnights say nothing of the hours between.
HAS_TIMES = (
    "(started_at IS NOT NULL AND ended_at IS NOT NULL AND "
    "(started_at <> CAST(started_at AS DATE) OR ended_at <> CAST(ended_at AS DATE)))"
)
IS_SESSION = f"ended_at > started_at AND ended_at <= started_at + {LONGEST_SESSION}"


def keep_lookups(connection: duckdb.DuckDBPyConnection, thresholds: Mapping[str, int]) -> None:
    """Suppliers and deadlines as records are held against them; persons and activities: see flag_changes."""
    remarks.keep_void(connection)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE flag_supplier AS
        SELECT drop_id, dense_rank() OVER (ORDER BY coalesce(supplier, '')) AS supplier FROM drops""")
    first, last, last_end = only_row(
        connection, "SELECT min(service_date), max(service_date), max(ended_at)::DATE FROM service_records"
    )
    table = []
    if first is not None:
        until = min(max(last, last_end or last), last + timedelta(days=366))
        table = list(deadlines(first, until, thresholds["recorded_within_working_days"]))
    # Not through an Arrow table: made from Python's dates it would load pandas, which nothing else here needs.
    names = ("day", "late_after", "doubtful_after")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE flag_deadline AS
        SELECT {", ".join(f"unnest(?::DATE[]) AS {name}" for name in names)}""",
        [[getattr(one, name) for one in table] for name in names],
    )


def keep_block(
    connection: duckdb.DuckDBPyConnection,
    first: date,
    until: date,
    conditions: Sequence[str],
    queries: Sequence[str],
    thresholds: Mapping[str, int],
    of_days: str = "",
) -> None:
    """Scan the records from `first` to before `until`: make flag_record and the tables that `queries` name.

    Unless one of these needs all records, only those with a bit set are kept. `of_days` names a table of person-days:
    then all records of these are kept and no others, and queries may name only what is made of person-days.
    """
    made_from = _tables(first, thresholds)
    needed = " ".join(queries)
    for name, sql in reversed(made_from.items()):  # what a table needed is made from is needed too
        needed += sql if _names(needed, name) else ""
    is_whole = not of_days and any(
        _names(" ".join(queries), name) for name in ("flag_record", *OF_PERSON_DAYS)
    )
    facts = f"""
        FROM current_service_records r JOIN flag_supplier USING (drop_id) {{joins}}
        WHERE r.status <> 'rejected' AND r.service_date >= DATE '{first}' AND r.service_date < DATE '{until}'"""
    told = f"supplier, r.evidence <> 'honorary' AS was_there, {HAS_TIMES} AS has_times"
    shown = f"""drop_id, row_no, service_date AS day, {PERSON_DAY} AS person_day, supplier, activity_key,
               started_at, ended_at, service_minutes, was_there, has_times"""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW flag_fact AS SELECT {shown} FROM (SELECT r.*, {told} {facts.format(joins='')})"
    )
    if is_whole or of_days or conditions:
        bits = " + ".join(
            f"CASE WHEN {condition} THEN {1 << place} ELSE 0 END"
            for place, condition in enumerate(conditions)
        )
        seen, joins, persons = facts, _joins(conditions), "flag_person"
        if of_days:  # of few persons, so that those of the others are not laid out to be looked up
            seen += f" AND {PERSON_DAY} IN (FROM {of_days})"
            persons = (
                f"(FROM flag_person WHERE volunteer_key IN (SELECT person_day // 100000 FROM {of_days}))"
            )
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE flag_record AS
            SELECT {shown}, bits
            FROM (SELECT *, CAST({bits or "0"} AS INTEGER) AS bits
                  FROM (SELECT r.*, {told} {_looked_up(conditions)} {seen.format(joins=joins.format(flag_person=persons))}))
            WHERE {"true" if is_whole or of_days else "bits <> 0"}""")
    for name, sql in made_from.items():
        if _names(needed, name):
            rows = "flag_record" if is_whole else "flag_fact"
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql.format(rows=rows)}")


def is_of_person_days(queries: Sequence[str]) -> bool:
    """Whether nothing but the records of a person's day (and night) decides what SQL over these tables flags in it."""
    return all(set(re.findall(r"\bflag_\w+", sql)) <= OF_PERSON_DAYS for sql in queries)


def _names(text: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None


def _joins(conditions: Sequence[str]) -> str:
    """Only what is asked about is looked up."""
    said = " ".join(conditions)
    needed = [join for join, columns in JOINS.items() if any(_names(said, column) for column in columns)]
    return " ".join(f"LEFT JOIN {join}" for join in needed)


def _looked_up(conditions: Sequence[str]) -> str:
    joined = _joins(conditions)
    return "".join(f", {name}" for join, names in JOINS.items() if join in joined for name in names)


def _tables(first: date, thresholds: Mapping[str, int]) -> dict[str, str]:
    """SQL of each table, in the order of making; {rows} are all records, as flag_record or flag_fact has them."""
    before = first - timedelta(days=1)
    return {
        # Sessions that end on the next day, by that day; also those that began before the block. They are few.
        "flag_night": f"""
            SELECT person_day + 1 AS person_day, max(ended_at) AS busy_at_night
            FROM (SELECT person_day, ended_at FROM {{rows}}
                  WHERE was_there AND has_times AND {IS_SESSION} AND ended_at > day + 1
                  UNION ALL
                  SELECT {PERSON_DAY}, ended_at FROM current_service_records
                  WHERE service_date = DATE '{before}' AND status <> 'rejected' AND evidence <> 'honorary'
                  AND {HAS_TIMES} AND {IS_SESSION} AND ended_at > service_date + 1)
            GROUP BY 1""",
        "flag_session": """
            SELECT *, sum(service_minutes) OVER (PARTITION BY person_day) AS minutes_of_day,
                   row_number() OVER (PARTITION BY person_day, activity_key, start,
                                      CASE WHEN start IS NULL THEN service_minutes END
                                      ORDER BY drop_id, row_no) > 1 AS is_repeat
            FROM (SELECT *, nullif(started_at, CAST(day AS TIMESTAMP)) AS start FROM flag_record)
            WHERE was_there AND person_day IN
            (SELECT person_day FROM flag_record WHERE was_there GROUP BY person_day HAVING count(*) > 1
             UNION ALL SELECT person_day FROM flag_night)""",
        "flag_timed": f"""
            SELECT s.*, n.busy_at_night,
                   max(ended_at) OVER (PARTITION BY person_day ORDER BY started_at, ended_at, drop_id, row_no
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_before
            FROM flag_session s LEFT JOIN flag_night n USING (person_day)
            WHERE has_times AND {IS_SESSION} AND NOT is_repeat""",
        "flag_voided": "SELECT r.* FROM {rows} r SEMI JOIN flag_void USING (drop_id, row_no)",
        "flag_crowd": """
            SELECT supplier, activity_key, day, count(*) AS n, min(service_minutes) AS least,
                   max(service_minutes) AS most
            FROM {rows} WHERE was_there GROUP BY supplier, activity_key, day""",
        "flag_alike": f"""
            WITH alike AS (
                SELECT activity_key, day FROM flag_crowd WHERE activity_key IS NOT NULL
                GROUP BY activity_key, day
                HAVING sum(n) >= {thresholds["same_hours_records"]} AND min(least) = max(most)
                AND min(least) > 0 AND min(least) % {thresholds["round_minutes"]} = 0)
            SELECT r.* FROM {{rows}} r JOIN alike USING (activity_key, day) WHERE r.was_there""",
        "flag_batch": f"""
            WITH ordinary AS (
                SELECT supplier, date_trunc('month', day) AS month, median(n) AS n
                FROM (SELECT supplier, day, sum(n) AS n FROM flag_crowd GROUP BY supplier, day)
                GROUP BY 1, 2 HAVING count(*) >= {thresholds["ordinary_days"]}
            ), spikes AS (
                SELECT c.supplier, c.activity_key, c.day,
                       greatest({thresholds["batch_records"]}, {thresholds["batch_times_ordinary"]} * o.n) AS few
                FROM flag_crowd c JOIN ordinary o
                ON o.supplier = c.supplier AND o.month = date_trunc('month', c.day) WHERE c.n >= few)
            SELECT r.* FROM {{rows}} r JOIN spikes s
            ON s.supplier = r.supplier AND s.day = r.day AND s.activity_key IS NOT DISTINCT FROM r.activity_key
            WHERE r.was_there
            QUALIFY count(*) OVER (PARTITION BY r.supplier, r.activity_key, r.day, r.started_at, r.ended_at,
                                   r.service_minutes) >= s.few""",
    }


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Free the space of everything made here."""
    connection.execute("DROP VIEW IF EXISTS temp.flag_fact")
    for name in MADE:
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
