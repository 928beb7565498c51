"""Rows just stored of which it is doubtful what they are: record numbers used anew."""

import hashlib
from typing import NamedTuple

import duckdb

from etl.source import Source
from etl.sql import only_row

FEWEST_STRANGERS = 5  # fewer than these, or less than most of what is superseded, are corrections
SHARE_OF_STRANGERS = 0.8
FEWEST_OTHER_PERSONS = (
    2  # or all of them of other persons: nobody corrects who it was in each of several rows
)
# Of another supplier's numbers: who consolidates other people's lists corrects a few of them, no more.
SHARE_OF_OTHERS = 0.5

OTHERS = "coalesce(d.supplier, '') <> $supplier"  # the version before came from another supplier


class Strangers(NamedTuple):
    """Rows whose record number stood for another person or another month before."""

    rows: int
    of_others: int  # of those, rows whose number another supplier had used
    is_numbered_anew: bool  # too many for corrections
    is_of_another: bool  # the numbers are another supplier's: two lists, each numbered by itself


NONE = Strangers(0, 0, False, False)


def sql_with_before(source: Source, drop_id: int, said: tuple[str, ...], which: str = "true") -> str:
    """FROM and WHERE: a drop's contested rows, each with what (`…_before`) and whose (`d`) the version before it was.

    Only where that version is of an earlier drop; `which` chooses among all versions.
    """
    before = ", ".join(f"lag({name}) OVER versions AS {name}_before" for name in said)
    return f"""
        FROM (SELECT *, lag(drop_id) OVER versions AS before, {before}
              FROM {source.table} WHERE record_key IN (FROM contested) AND {which}
              WINDOW versions AS (PARTITION BY record_key ORDER BY drop_id, row_no)) v
        JOIN drops d ON d.drop_id = v.before
        WHERE v.drop_id = {drop_id} AND before < {drop_id}"""


def count_strangers(
    connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int, supplier: str | None
) -> Strangers:
    """After find_versions. A list numbered from 1 every month would otherwise overrule last month's, and a
    supplier's list another's."""
    if "record_scope()" not in source.key:
        return NONE
    day = source.day
    strange = (
        f"(volunteer_key <> volunteer_key_before OR "
        f"date_trunc('month', {day}) <> date_trunc('month', {day}_before))"
    )
    rows, persons, of_others, superseding, of_others_all = only_row(
        connection,
        f"""
        SELECT count(*) FILTER ({strange}), count(*) FILTER (volunteer_key <> volunteer_key_before),
               count(*) FILTER ({strange} AND {OTHERS}),
               count(*), count(*) FILTER ({OTHERS})
        {sql_with_before(source, drop_id, ("volunteer_key", day), "has_record_id")}""",
        {"supplier": supplier or ""},
    )
    is_of_another = bool(supplier) and of_others > 0 and of_others >= of_others_all * SHARE_OF_OTHERS
    many = rows >= FEWEST_STRANGERS and rows >= superseding * SHARE_OF_STRANGERS
    many = many or persons == superseding >= FEWEST_OTHER_PERSONS
    return Strangers(int(rows), int(of_others), bool(many), bool(is_of_another))


def count_reused(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int) -> int:
    """After find_versions: rows whose record number stands for another person or day further up in the same drop.

    Numbers that begin anew for each street or day in one file would leave only the last list of it.
    """
    if "record_scope()" not in source.key:
        return 0
    (rows,) = only_row(
        connection,
        f"""SELECT count(*) FROM (
                SELECT volunteer_key <> lag(volunteer_key) OVER versions
                       OR {source.day} <> lag({source.day}) OVER versions AS is_another
                FROM {source.table}
                WHERE drop_id = {drop_id} AND has_record_id AND record_key IN (FROM contested)
                WINDOW versions AS (PARTITION BY record_key ORDER BY row_no))
            WHERE is_another""",
    )
    return int(rows)


def count_namesakes(
    connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int, supplier: str | None
) -> int:
    """Persons known by a bare volunteer number only that another supplier registered otherwise, if that is most of them.

    Without a platform two suppliers' number 1 are the same person as far as anybody can tell from the number.
    """
    if "bare_number_key" not in {column.name for column in source.fact_columns}:
        return 0
    differ = "(registered_on IS DISTINCT FROM registered_on_before OR gender IS DISTINCT FROM gender_before)"
    differing, met = only_row(
        connection,
        f"""
        SELECT count(*) FILTER ({differ}), count(*)
        {sql_with_before(source, drop_id, ("registered_on", "gender"))}
          AND platform = '' AND number_key IS NULL AND bare_number_key IS NOT NULL AND {OTHERS}""",
        {"supplier": supplier or ""},
    )
    return int(differing) if differing >= met * SHARE_OF_OTHERS else 0


def has_own_numbers(connection: duckdb.DuckDBPyConnection, source: Source, supplier: str | None) -> bool:
    """Whether record numbers of an earlier drop of the supplier count by themselves."""
    sql = "SELECT count(*) FROM drops WHERE source = ? AND supplier = ? AND numbers_scope = ?"
    return bool(supplier) and bool(
        only_row(connection, sql, [source.name, supplier, scope_of_supplier(str(supplier))])[0]
    )


def scope_of_supplier(supplier: str) -> str:
    """What record numbers count within where they are known to be a supplier's own; the same in each of its drops."""
    return f"@{hashlib.sha256(supplier.encode()).hexdigest()[:16]}"


def take_out(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int) -> None:
    """Remove a drop's rows that were just inserted, to insert them anew."""
    connection.execute(f"DELETE FROM {source.table} WHERE drop_id = {drop_id}")
