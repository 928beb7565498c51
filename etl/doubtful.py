"""Rows just stored of which it is doubtful what they are: record numbers used anew, sessions not told apart."""

import duckdb

from etl import facts
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


def not_told_apart(
    connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int
) -> list[tuple[int, int]]:
    """Take out rows of a drop that say something else of the same person, day and activity as an earlier one.

    Without a number and a time nobody can say whether it is the same service put right or another one; taken for
    the former, hours would be lost. Gives (row, the row it cannot be told from). After find_versions.
    """
    if "session_key" not in source.key:
        return []
    said = facts.said_columns(source)
    found = connection.execute(f"""
        SELECT row_no, first_row FROM (
            SELECT row_no, min(row_no) OVER same AS first_row,
                   {said} IS DISTINCT FROM first_value({said}) OVER (same ORDER BY row_no) AS differs
            FROM {source.table}
            WHERE drop_id = {drop_id} AND NOT has_record_id AND started_at IS NULL AND record_key IN (FROM contested)
            WINDOW same AS (PARTITION BY record_key))
        WHERE differs ORDER BY row_no""").fetchall()
    if found:
        connection.execute(
            f"DELETE FROM {source.table} WHERE drop_id = {drop_id} AND row_no IN (SELECT unnest(?))",
            [[row_no for row_no, _ in found]],
        )
    return found
