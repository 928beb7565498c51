"""Who is linked to whom: found out once for a publishing, instead of once for every look at the facts.

The view `links` is right at any time, and costs two groupings of the whole register each time it is read. Nearly
always nothing that is stored goes by a number a register has told the owner of; then the facts are their own
current rows.
"""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, nullcontext

import duckdb

from etl import prints
from etl.fact_tables import sql_current
from etl.prints import FACT_PRINT
from etl.source import Source, load_sources
from etl.sql import only_row, transaction
from metrics.cube.places import listed


@contextmanager
def links_at_hand(connection: duckdb.DuckDBPyConnection, fewest: int | None = None) -> Iterator[None]:
    """Inside, `links` is a small temporary table of the links that facts use; where a source has none of them, its
    view of current rows is a plain one. The facts must not change meanwhile."""
    made = ["TABLE temp.number_used", "TABLE temp.links"]
    is_large = prints.is_large(connection, fewest)
    try:
        with prints.at_hand(connection) if is_large else nullcontext():
            (_find_numbers_in_new_drops if is_large else _find_numbers)(connection)
            # An empty answer to the first question saves the second, which is the dear one.
            scope = "WHERE key IN (SELECT key FROM number_used)"
            if not only_row(connection, "SELECT count(*) FROM number_used")[0]:
                scope = "LIMIT 0"
            connection.execute(f"CREATE TEMP TABLE links AS SELECT key, linked_key FROM links {scope}")
            for source in _personal():
                sql = f"SELECT count(*) FROM {source.table} f JOIN links l ON l.key = f.volunteer_key"
                if not only_row(connection, sql)[0]:
                    plain = sql_current(source, is_linked=False)
                    connection.execute(f"CREATE OR REPLACE TEMP VIEW current_{source.table} AS {plain}")
                    made.append(f"VIEW temp.current_{source.table}")
            yield
    finally:
        for one in made:
            connection.execute(f"DROP {one.split()[0]} IF EXISTS {one.split()[1]}")


def _find_numbers(connection: duckdb.DuckDBPyConnection, drops: Mapping[str, str] | None = None) -> None:
    """number_used: the keys of numbers that stored facts go by; of some drops, by source SQL for their numbers."""
    numbers = "SELECT {} FROM surrogates WHERE kind = 'number'"
    least, most = only_row(connection, numbers.format("min(key), max(key)"))
    # Keys are given in turn, so most persons' lie beside those of numbers: a look at the range leaves few to look up.
    candidates = " UNION ALL ".join(
        f"""
        SELECT volunteer_key AS key FROM {source.table}
        WHERE volunteer_key BETWEEN {least or 0} AND {most or 0}
        AND {"true" if drops is None else f"drop_id IN ({drops[source.name]})"}"""
        for source in _personal()
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE number_candidate AS {candidates}")
    used = f"{numbers.format('key')} AND key IN (FROM number_candidate)"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE number_used AS {used}")
    connection.execute("DROP TABLE temp.number_candidate")


def _find_numbers_in_new_drops(connection: duckdb.DuckDBPyConnection) -> None:
    """As _find_numbers, passing over drops whose rows went by no number before and are the same still.

    `number_print` holds the fingerprints of before, and whether rows of the drop went by numbers.
    """
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'number_print'").fetchall():
        connection.execute(
            f"CREATE TABLE number_print AS SELECT *, true AS by_number FROM {FACT_PRINT} LIMIT 0"
        )
    drops = {}
    for source in _personal():
        asked = f"""
            SELECT DISTINCT drop_id FROM {FACT_PRINT} ANTI JOIN (SELECT * FROM number_print WHERE NOT by_number) n
            USING (source, month, drop_id, rows, print, sha256) WHERE source = '{source.name}'"""
        drops[source.name] = ", ".join(str(one) for (one,) in connection.execute(asked).fetchall()) or "NULL"
    if set(drops.values()) == {"NULL"}:
        connection.execute("CREATE OR REPLACE TEMP TABLE number_used (key BIGINT)")
        return
    _find_numbers(connection, drops)
    using = " UNION ALL ".join(
        f"""SELECT '{source.name}' AS source, drop_id FROM {source.table} f
        WHERE drop_id IN ({drops[source.name]}) AND volunteer_key IN (SELECT key FROM number_used)"""
        for source in _personal()
    )
    if not only_row(connection, "SELECT count(*) FROM number_used")[0]:
        using = "SELECT '' AS source, 0 AS drop_id LIMIT 0"
    with transaction(connection):
        connection.execute(f"""
            CREATE OR REPLACE TABLE number_print AS
            SELECT p.*, u.source IS NOT NULL AS by_number
            FROM {FACT_PRINT} p LEFT JOIN (SELECT DISTINCT * FROM ({using})) u USING (source, drop_id)""")


def _personal() -> list[Source]:
    return [source for source in load_sources().values() if _is_personal(source)]


def _is_personal(source: Source) -> bool:
    return any(column.name == "volunteer_key" for column in source.fact_columns)


def months_of_linked(
    connection: duckdb.DuckDBPyConnection, source: Source, drops: Set[int], links: str
) -> set[int]:
    """Running numbers of the months in which some drops have rows of persons who are known by a number, too.

    Such a row may stand in for one of before that was sent under the other key; so its month has not merely grown.
    `links` is SQL for a relation of key and linked_key.
    """
    if not drops or not connection.execute(f"SELECT 1 FROM {links} LIMIT 1").fetchall():
        return set()
    found = connection.execute(f"""
        SELECT DISTINCT year(f.{source.day}) * 12 + month(f.{source.day}) - 1
        FROM {source.table} f LEFT JOIN {links} l ON l.key = f.volunteer_key
        WHERE f.drop_id IN {listed(drops)}
        AND coalesce(l.linked_key, f.volunteer_key) IN (SELECT linked_key FROM {links})""").fetchall()
    return {month for (month,) in found}
