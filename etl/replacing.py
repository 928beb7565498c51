"""Replace by period: a supplier who sends whole months again means "this is all there is of that month".

A drop loaded so says of each month it speaks of (and each area, where the scope is area+month) that earlier
rows of the same supplier and source which it does not hold are no longer true. Nothing is deleted: the pairs
are kept in `replacements`, an earlier version that a later loaded drop covers is not in force, and when that
drop is withdrawn it is again.
"""

import duckdb

from etl.ledger import LedgerRow
from etl.source import REPLACE_SCOPES, Source
from etl.sql import only_row

SUPPLIER_OF = "(SELECT coalesce(supplier, '') FROM drops d WHERE d.drop_id = {alias}.drop_id)"


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS replacements
        (drop_id INTEGER NOT NULL, source VARCHAR NOT NULL, supplier VARCHAR NOT NULL, area_code VARCHAR NOT NULL,
         month DATE NOT NULL)""")


def declare(connection: duckdb.DuckDBPyConnection, source: Source, row: LedgerRow) -> None:
    """Enter the months (and areas) a drop's good rows speak of; area '' means every area."""
    if not row.replaces:
        return
    assert row.replaces in REPLACE_SCOPES, row.replaces
    area = _area(source, "f") if row.replaces == "area+month" else "''"
    connection.execute(
        f"""
        INSERT INTO replacements
        SELECT DISTINCT {row.drop_id}, '{source.name}', ?, {area}, {_month(source, "f")}
        FROM {source.table} f WHERE f.drop_id = {row.drop_id}
        EXCEPT SELECT * FROM replacements WHERE drop_id = {row.drop_id}""",
        [row.supplier or ""],
    )


def covered_by(source: Source, drop_id: int, table: str) -> str:
    """SQL giving the record_key of every row of a fact table that a drop replaces."""
    return f"""
        SELECT f.record_key FROM {table} f JOIN replacements p
        ON p.drop_id = {drop_id} AND p.month = {_month(source, "f")} AND p.area_code IN ('', {_area(source, "f")})
        WHERE f.drop_id < {drop_id} AND p.supplier = {SUPPLIER_OF.format(alias="f")}"""


def not_replaced(connection: duckdb.DuckDBPyConnection, source: Source, alias: str) -> str:
    """SQL condition: no later drop in force covers this version's month and area."""
    sql = "SELECT count(*) FROM replacements WHERE source = ?"
    if not only_row(connection, sql, [source.name])[0]:
        return "true"
    return f"""NOT EXISTS (
        SELECT 1 FROM replacements p JOIN drops later ON later.drop_id = p.drop_id AND later.status = 'loaded'
        WHERE p.drop_id > {alias}.drop_id AND p.source = '{source.name}' AND p.month = {_month(source, alias)}
          AND p.area_code IN ('', {_area(source, alias)}) AND p.supplier = {SUPPLIER_OF.format(alias=alias)})"""


def retired(connection: duckdb.DuckDBPyConnection, source: Source, drop_id: int, table: str) -> int:
    """How many current rows a drop replaces without holding their keys itself."""
    (count,) = only_row(
        connection,
        f"""SELECT count(*) FROM ({covered_by(source, drop_id, table)})
        WHERE record_key NOT IN (SELECT record_key FROM {source.table} WHERE drop_id = {drop_id})""",
    )
    return int(count)


def _month(source: Source, alias: str) -> str:
    return f"CAST(date_trunc('month', {alias}.{source.day}) AS DATE)"


def _area(source: Source, alias: str) -> str:
    names = {column.name for column in source.fact_columns}
    last_resort = f", {alias}.drop_area_code" if "drop_area_code" in names else ""
    return f"coalesce({alias}.area_code{last_resort}, '?')"
