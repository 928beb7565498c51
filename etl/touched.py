"""Which months' facts have changed since the last publish, so that publishing need not look at the others.

Table `touched(source, month)`: first days of months. More than needed is only slow, less would be wrong; so
whatever adds, moves or removes current facts notes them before and after, in the same transaction.
"""

from datetime import date

import duckdb

from etl.source import Source


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS touched (source VARCHAR NOT NULL, month DATE NOT NULL)")


def note(connection: duckdb.DuckDBPyConnection, source: Source, table: str, rows: str) -> None:
    """Note the months of the rows of a fact table for which the SQL condition `rows` holds."""
    found = connection.execute(f"""
        SELECT DISTINCT CAST(date_trunc('month', {source.day}) AS DATE)
        FROM {table} WHERE ({rows}) AND {source.day} IS NOT NULL""").fetchall()
    months = {month for (month,) in found}
    # Three small statements: EXCEPT in one takes longer to plan than all of them.
    new = sorted(months - read(connection).get(source.name, set())) if months else []
    if new:
        connection.execute("INSERT INTO touched SELECT ?, unnest(?::DATE[])", [source.name, new])


def read(connection: duckdb.DuckDBPyConnection) -> dict[str, set[date]]:
    """The months touched, by source; a source that is not there was not touched."""
    found: dict[str, set[date]] = {}
    for source, month in connection.execute("SELECT source, month FROM touched").fetchall():
        found.setdefault(source, set()).add(month)
    return found


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget them: everything noted has been published."""
    connection.execute("DELETE FROM touched")
