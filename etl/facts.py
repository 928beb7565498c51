"""Facts: typed, pseudonymous rows, and which version of each is in force.

Each source has a table of current rows and one of past rows (superseded, or of withdrawn drops) with the same
columns. The current table is maintained at load time, so everything that reads scans plain rows; the price
is that a resent row is moved. `settle` is the one rule of succession: of all live versions of a key the one
of the latest drop, and in it the latest row, is current. Load, withdraw and replay all end in it, which is
why withdrawing restores exactly what was there before.
"""

import re
from datetime import date
from typing import Literal

import duckdb

from etl import replacing, touched
from etl.fact_tables import past
from etl.source import Source
from etl.sql import only_row

KEPT = "kept"  # the name under which a dry run has the real warehouse attached, read-only
Borrows = Literal["none", "current", "all"]  # versions a dry run fetches from there
# Each thread of a large insert leaves one row group that is not full. Checkpoints would join them and write two thirds of
# the drop once more, a tenth of a load, to save one row group of six: not worth it unless many rows were taken out.
ROW_GROUP, MANY_TAKEN_OUT = 122_880, 0.1


def insert(
    connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int, salt: str, rows: str, scope: str = ""
) -> int:
    """Add a drop's resolved rows as current ones and say how many; `rows` is SQL with row_no and the sheet's columns.

    The natural key is stored as 16 bytes, which join faster than text: exactly where it is made of numbers, as a
    salted hash where it holds a text of the supplier's, which must not be legible. `scope` is what record numbers
    count within besides their platform: '' for all drops, a drop's own for numbers that begin anew in it.
    """
    values = ", ".join(
        f"CAST({column.value} AS {column.type}) AS {column.name}" for column in source.fact_columns
    )
    names = ", ".join(column.name for column in source.fact_columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP MACRO text_key(kind, one, other) AS md5_number(concat_ws('|', '{salt}', kind, one, other))"
    )
    key = source.key.replace("record_scope()", f"'{scope}'")
    (inserted,) = only_row(
        connection,
        f"INSERT INTO {source.table} (drop_id, row_no, record_key, {names}) "
        f"SELECT {drop_id}, row_no, {key}, {names} "
        f"FROM (SELECT row_no, {_key_inputs(source)}{values} FROM ({rows}))",
    )
    if inserted >= ROW_GROUP:
        connection.execute("SET max_vacuum_tasks = 0")
    return int(inserted)


# Person, activity, day and second of the day side by side: exact for keys below 2^32, and ten times as fast as a
# digest of their text. The day stands in front, so keys of one month lie together and others need not be read.
SQL_SESSION_KEY = """
    CREATE OR REPLACE TEMP MACRO session_key(person, activity, day, start) AS
        CAST((day - DATE '1900-01-01') * 131072 + coalesce(CAST(epoch(start) AS BIGINT) % 86400 + 1, 0) AS UHUGEINT)
        * 18446744073709551616 + CAST(person * 4294967296 + coalesce(activity, 0) AS UHUGEINT)"""


def _key_inputs(source: Source) -> str:
    """Columns of the drop that the key needs but the fact does not store (a record_id may hold an ID number)."""
    stored = {column.name for column in source.fact_columns}
    needed = [name for name in source.columns if name not in stored and re.search(rf"\b{name}\b", source.key)]
    return "".join(f"{name}, " for name in needed)


def borrow(
    connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int, which: Borrows = "current"
) -> None:
    """In a dry run: fetch versions of a drop's keys from the real warehouse, of keys that are not here already."""
    if which != "none":
        here = " UNION ALL ".join(f"FROM {table}" for table in (source.table, past(source)))
        of_the_drop = f"SELECT record_key FROM {source.table} WHERE drop_id = {drop_id}"
        others = f"SELECT record_key FROM ({here}) WHERE drop_id <> {drop_id}"
        _fetch(connection, source, f"{of_the_drop} EXCEPT {others}", which)


def borrow_drop(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int) -> None:
    """Before a mended file is tried: fetch every version of the keys its drop has a say in, or replaces by period."""
    if _is_kept_attached(connection):
        tables = [f"{KEPT}.{table}" for table in (source.table, past(source))]
        own = [f"SELECT record_key FROM {table} WHERE drop_id = {drop_id}" for table in tables]
        replaced = [replacing.covered_by(source, drop_id, table) for table in tables]
        _fetch(connection, source, " UNION ".join([*own, *replaced]), "all")


def _fetch(connection: duckdb.DuckDBPyConnection, source: Source, keys: str, which: Borrows) -> None:
    if not _is_kept_attached(connection):
        return
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fetched AS {keys}")
    for table in (source.table, past(source))[: 2 if which == "all" else 1]:
        connection.execute(f"""
            INSERT INTO {table} BY NAME SELECT * FROM {KEPT}.{table} WHERE record_key IN (FROM fetched)""")


def _is_kept_attached(connection: duckdb.DuckDBPyConnection) -> bool:
    sql = f"SELECT count(*) FROM duckdb_databases() WHERE database_name = '{KEPT}'"
    return bool(only_row(connection, sql)[0])


def find_versions(
    connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int, rows: str = "true"
) -> tuple[int, int]:
    """(rows unchanged, rows superseding) of a drop just inserted; leaves the keys concerned in `contested`.

    A row is unchanged when the version before it, in an earlier drop or earlier in the same one, says the
    same in every stored column.
    """
    # Nearly every drop is of a month of its own, so its keys lie together where no others do (see SQL_SESSION_KEY):
    # then only its own rows need comparing, at half the price of looking for each key among all rows.
    least, most = only_row(
        connection, f"SELECT min(record_key), max(record_key) FROM {source.table} WHERE drop_id = {drop_id}"
    )
    among = f"{source.table} WHERE record_key BETWEEN '{least or 0}'::UHUGEINT AND '{most or 0}'::UHUGEINT"
    (others,) = only_row(connection, f"SELECT count(*) FROM {among} AND drop_id <> {drop_id}")
    concerned = (
        f"record_key IN (SELECT record_key FROM {source.table} WHERE drop_id = {drop_id})"
        if others
        else f"drop_id = {drop_id}"
    )
    (contested,) = only_row(
        connection,
        f"""
        CREATE OR REPLACE TEMP TABLE contested AS
        SELECT record_key FROM {among} AND {concerned} GROUP BY record_key HAVING count(*) > 1""",
    )
    if not contested:
        return 0, 0
    said = said_columns(source)
    unchanged, superseding = only_row(
        connection,
        f"""
        SELECT count(*) FILTER (was_there AND says IS NOT DISTINCT FROM said_before),
               count(*) FILTER (was_there AND says IS DISTINCT FROM said_before)
        FROM (SELECT drop_id, row_no, {said} AS says, lag({said}) OVER versions AS said_before,
                     lag(drop_id) OVER versions IS NOT NULL AS was_there
              FROM {source.table} WHERE record_key IN (FROM contested)
              WINDOW versions AS (PARTITION BY record_key ORDER BY drop_id, row_no))
        WHERE drop_id = {drop_id} AND {rows}""",
    )
    return int(unchanged), int(superseding)


def settle(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Make the latest live version of every key in `contested` the current one.

    A version sent again unchanged is not a later one: of equal versions in a row the first stands, so a
    register sent whole every month does not overrule what another platform has said since.
    """
    current, before = source.table, past(source)
    (contested,) = only_row(connection, "SELECT count(*) FROM contested")
    if not contested:
        return
    concerned = "record_key IN (FROM contested)"
    for table in (current, before):
        touched.note(connection, source, table, concerned)
    connection.execute(f"INSERT INTO {before} SELECT * FROM {current} WHERE {concerned}")
    connection.execute(f"DELETE FROM {current} WHERE {concerned}")
    stored = "SELECT estimated_size FROM duckdb_tables() WHERE database_name = current_database() AND table_name = ?"
    (with_taken_out,) = only_row(connection, stored, [current])
    (left,) = only_row(connection, f"SELECT count(*) FROM {current}")
    if with_taken_out - left > MANY_TAKEN_OUT * left:
        connection.execute("RESET max_vacuum_tasks")
    connection.execute(f"""
        INSERT INTO {current}
        SELECT * EXCLUDE (is_repeat) FROM (
            SELECT *, lag(drop_id) OVER versions IS NOT NULL
                      AND {said_columns(source)} IS NOT DISTINCT FROM lag({said_columns(source)}) OVER versions AS is_repeat
            FROM {before} f WHERE {concerned} AND drop_id IN (SELECT drop_id FROM drops WHERE status = 'loaded')
              AND {replacing.not_replaced(connection, source, "f")}
            WINDOW versions AS (PARTITION BY record_key ORDER BY drop_id, row_no))
        WHERE NOT is_repeat
        QUALIFY row_number() OVER (PARTITION BY record_key ORDER BY drop_id DESC, row_no DESC) = 1""")
    connection.execute(f"""
        DELETE FROM {before} WHERE {concerned}
        AND (drop_id, row_no) IN (SELECT (drop_id, row_no) FROM {current} WHERE {concerned})""")


def said_columns(source: Source) -> str:
    """What a row says, for comparing versions: every stored column, the drop's place only where it is the row's."""
    names = [column.name for column in source.fact_columns if column.name != "drop_area_code"]
    if "drop_area_code" in [column.name for column in source.fact_columns]:
        names.append("CASE WHEN area_code IS NULL THEN drop_area_code END")
    return f"({', '.join(names)})"


def gather(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Lay all live versions of the keys in `contested` side by side in the current table, until `settle`."""
    live = "record_key IN (FROM contested) AND drop_id IN (SELECT drop_id FROM drops WHERE status = 'loaded')"
    connection.execute(f"INSERT INTO {source.table} SELECT * FROM {past(source)} WHERE {live}")
    connection.execute(f"DELETE FROM {past(source)} WHERE {live}")


def contest_replaced(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int) -> int:
    """Add the rows a drop replaces by period to `contested`; how many of them it does not hold itself."""
    table = source.table
    if _is_kept_attached(connection):
        # Of a key that was fetched, what is here is how it would be; of any other, what is kept there.
        here = f"SELECT record_key FROM {source.table} UNION ALL SELECT record_key FROM {past(source)}"
        there = f"FROM {KEPT}.{source.table} WHERE record_key NOT IN ({here})"
        table = f"({there} UNION ALL BY NAME FROM {source.table})"
    count = replacing.retired(connection, source, drop_id, table)
    for one in (source.table, past(source)):
        connection.execute(f"""
            INSERT INTO contested SELECT DISTINCT record_key FROM ({replacing.covered_by(source, drop_id, one)})
            WHERE record_key NOT IN (FROM contested)""")
    return count


def contest_drop(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int) -> None:
    """Put every key a drop has a say in, current or past, into `contested`."""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE contested AS
        SELECT DISTINCT record_key FROM
        (SELECT record_key FROM {source.table} WHERE drop_id = {drop_id}
         UNION ALL SELECT record_key FROM {past(source)} WHERE drop_id = {drop_id})""")
    contest_replaced(connection, source, drop_id)


def days_covered(
    connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int
) -> tuple[date | None, date | None, int]:
    """First and last day a drop's current rows speak of, and how many of them say no area in a drop that says none."""
    of_the_drop = "drop_area_code" in {column.name for column in source.fact_columns}
    nowhere = "area_code IS NULL AND drop_area_code IS NULL" if of_the_drop else "false"
    first, last, without_area = only_row(
        connection,
        f"""SELECT min({source.day}), max({source.day}), count(*) FILTER ({nowhere})
        FROM {source.table} WHERE drop_id = ?""",
        [drop_id],
    )
    return first, last, without_area
