"""Rows just stored of which it is doubtful what they are: record numbers used anew."""

import duckdb

from etl.source import Source
from etl.sql import only_row

FEWEST_STRANGERS = 5  # fewer than these, or less than most of what is superseded, are corrections
SHARE_OF_STRANGERS = 0.8


def count_strangers(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int) -> tuple[int, bool]:
    """(rows whose record number stood for another person or another month before, whether that is too many).

    After find_versions. A list numbered from 1 every month would otherwise overrule last month's.
    """
    if "record_scope()" not in source.key:
        return 0, False
    strangers, superseding = only_row(
        connection,
        f"""
        SELECT count(*) FILTER (volunteer_key <> was OR date_trunc('month', {source.day}) <> date_trunc('month', then_on)),
               count(*)
        FROM (SELECT drop_id, volunteer_key, {source.day}, lag(drop_id) OVER versions AS before,
                     lag(volunteer_key) OVER versions AS was, lag({source.day}) OVER versions AS then_on
              FROM {source.table} WHERE record_key IN (FROM contested) AND has_record_id
              WINDOW versions AS (PARTITION BY record_key ORDER BY drop_id, row_no))
        WHERE drop_id = {drop_id} AND before < {drop_id}""",
    )
    many = strangers >= FEWEST_STRANGERS and strangers >= superseding * SHARE_OF_STRANGERS
    return int(strangers), bool(many)


def take_out(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int) -> None:
    """Remove a drop's rows that were just inserted, to insert them anew."""
    connection.execute(f"DELETE FROM {source.table} WHERE drop_id = {drop_id}")
