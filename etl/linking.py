"""Who is linked to whom: found out once for a publishing, instead of once for every look at the facts.

The view `links` is right at any time, and costs two groupings of the whole register each time it is read. Nearly
always nothing that is stored goes by a number a register has told the owner of; then the facts are their own
current rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from etl.fact_tables import sql_current
from etl.source import Source, load_sources
from etl.sql import only_row


@contextmanager
def links_at_hand(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Inside, `links` is a small temporary table of the links that facts use; where a source has none of them, its
    view of current rows is a plain one. The facts must not change meanwhile."""
    personal = [source for source in load_sources().values() if _is_personal(source)]
    made = ["TABLE temp.number_used", "TABLE temp.links"]
    numbers = "SELECT key FROM surrogates WHERE kind = 'number'"
    used = " UNION ".join(
        f"SELECT DISTINCT volunteer_key AS key FROM {source.table} SEMI JOIN ({numbers}) n ON n.key = volunteer_key"
        for source in personal
    )
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE number_used AS {used}")
        # An empty answer to the first question saves the second, which is the dear one.
        scope = "WHERE key IN (SELECT key FROM number_used)"
        if not only_row(connection, "SELECT count(*) FROM number_used")[0]:
            scope = "LIMIT 0"
        connection.execute(f"CREATE TEMP TABLE links AS SELECT key, linked_key FROM links {scope}")
        for source in personal:
            sql = f"SELECT count(*) FROM {source.table} f JOIN links l ON l.key = f.volunteer_key"
            if not only_row(connection, sql)[0]:
                plain = sql_current(source, is_linked=False)
                connection.execute(f"CREATE OR REPLACE TEMP VIEW current_{source.table} AS {plain}")
                made.append(f"VIEW temp.current_{source.table}")
        yield
    finally:
        for one in made:
            connection.execute(f"DROP {one.split()[0]} IF EXISTS {one.split()[1]}")


def _is_personal(source: Source) -> bool:
    return any(column.name == "volunteer_key" for column in source.fact_columns)
