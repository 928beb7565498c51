"""Screen a drop: cells become typed columns, checks become bits of one number, all in one scan.

The result is the temporary view `screened` (over the table `screened_rows`): one row per row of the drop, in
file order, with the sheet's columns typed, `faults` (a bit for each failed condition, 0 for a good row) and
the cells themselves (all of the file's, in its order) only where a bit is set. ID numbers leave the scan as integers;
as text only what is no such number, what still has to be looked up (references) and names of areas and labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pyarrow as pa

from etl import common_form, corrections
from etl.checks import Columns
from etl.common_form import NONE, OTHER_FORMS, Common, all_common, condition_on_empty
from etl.corrections import Applied, Correction, Guard
from etl.id_lookup import sql_text
from etl.reader import Drop
from etl.reader.drop import is_irregular
from etl.reader.layout import sql_for_kinds
from etl.reader.lines import Counts
from etl.screening import Rule, columns_there, rules_of, sql_screening
from etl.sql import only_row
from etl.values import sql_for_absent


@dataclass(frozen=True)
class Screened:
    """What came of screening: how to number the rows, and what was met besides them."""

    columns: Columns
    rules: tuple[Rule, ...]
    row_no: str  # SQL over `screened`
    rows: int  # rows of data: neither blank nor skipped
    blank: int
    skipped: int  # titles, repeated headers, totals and signatures
    path: str  # 'fast' or 'careful'
    applied: tuple[Applied, ...] = ()  # the declared corrections that were made
    nothing_failed: bool = False  # no row has a fault
    is_synthetic: bool = False
    has_id_texts: bool = (
        False  # cells in the column of ID numbers that are not written as one, see etl/id_lookup.py
    )


@dataclass(frozen=True)
class Found:
    """What one look over the rows of `screened_rows` tells."""

    rows: int
    of_one_field: int
    failed: int  # rows with a fault
    is_synthetic: bool
    has_id_texts: bool
    others: int  # the bits of other forms than the common ones, see etl/common_form.py


def screen(
    connection: duckdb.DuckDBPyConnection,
    drop: Drop,
    today: date,
    careful: bool = False,
    repairs: Sequence[Correction] = (),
) -> Screened:
    """Fill `screened` from a drop. `careful` forces the line-by-line path (both must give the same)."""
    columns = Columns(drop.header.source, frozenset(drop.header.positions), today)
    rules = rules_of(columns, "read")
    if drop.can_be_read_fast and not careful and not repairs:
        try:
            found = _screen_fast(connection, drop, columns, rules)
        except duckdb.Error as error:
            if not is_irregular(error):
                raise
        else:
            # One field may be a short row or a line of blanks: the careful path tells them apart.
            if found.rows == drop.expected_fast_rows() and not found.of_one_field:
                # CREATE TABLE AS keeps the order of the file, so the table's own row ids number the rows.
                row_no = f"rowid + {drop.first_row_no}"
                blank = drop.survey.trailing_blank_lines
                screened = Screened(columns, rules, row_no, found.rows, blank, 0, "fast")
                return _without_furniture(connection, drop, _with(screened, found))
    screened = _screen_carefully(connection, drop, columns, rules, repairs)
    return _without_furniture(connection, drop, _with(screened, _look(connection, columns)))


def _with(screened: Screened, found: Found) -> Screened:
    return replace(
        screened,
        nothing_failed=not found.failed,
        is_synthetic=found.is_synthetic,
        has_id_texts=found.has_id_texts,
    )


def _screen_fast(
    connection: duckdb.DuckDBPyConnection, drop: Drop, columns: Columns, rules: tuple[Rule, ...]
) -> Found:
    """Fill `screened` by DuckDB's own reader."""
    is_small = drop.survey.size <= common_form.MOST_BYTES
    common = all_common(columns, columns_there(drop, columns)) if is_small else NONE
    while True:
        asked = [_left(connection, columns, rule, common) for rule in rules]
        select = sql_screening(drop, columns, asked, drop.fast_relation(), "", common)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE screened_rows AS {select}")
        _show_all_columns(connection, drop, columns, "rowid")
        found = _look(connection, columns, common)
        if not found.others:
            return found
        common = common.without(found.others)


def _left(connection: duckdb.DuckDBPyConnection, columns: Columns, rule: Rule, common: Common) -> Rule | None:
    """What of a rule is to be asked where all cells of the common columns are empty or have a value; None: nothing."""
    name = rule.failure.column
    if name not in common.names or not rule.failure.without_value:
        return rule
    condition = condition_on_empty(connection, columns, name, rule.failure.condition)
    return replace(rule, failure=replace(rule.failure, condition=condition)) if condition else None


def _look(connection: duckdb.DuckDBPyConnection, columns: Columns, common: Common = NONE) -> Found:
    """Look over `screened_rows`. One marked row makes the whole drop a sample: better a real drop refused than a
    sample believed.
    """
    marked = " OR ".join(
        name for name, one in columns.source.columns.items() if one.type == "synthetic" and columns.has(name)
    )
    return Found(
        *only_row(
            connection,
            f"""SELECT count(*), count(*) FILTER (shape_detail = '1'), count(*) FILTER (faults <> 0),
                  coalesce(bool_or({marked or "false"}), false),
                  {"count(id_text) > 0" if columns.has("id_number") else "false"},
                  {f"coalesce(bit_or({OTHER_FORMS}), 0)" if common.names else "0"} FROM screened_rows""",
        )
    )


def _without_furniture(connection: duckdb.DuckDBPyConnection, drop: Drop, screened: Screened) -> Screened:
    """Tell rows that are no data from rows that failed; leaves them in `furniture(row_no, kind)`.

    Only rows that failed a check are asked, so a row that could be data is never taken for a total. From the
    header of another table on, every row is set aside: its cells stand under headers that are not theirs.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE furniture (row_no BIGINT, kind VARCHAR)")
    if screened.nothing_failed:
        return replace(screened, skipped=len(drop.titles))
    failed = f"SELECT {screened.row_no} AS row_no, cells FROM screened WHERE faults <> 0"
    kinds = sql_for_kinds(drop.header, failed, drop.width)
    connection.execute(f"INSERT INTO furniture SELECT row_no, kind FROM ({kinds}) WHERE kind IS NOT NULL")
    _decide_days_alone(connection, screened)
    (other,) = only_row(connection, "SELECT min(row_no) FROM furniture WHERE kind = 'other_header'")
    if other is not None:
        bit = next(
            1 << index for index, rule in enumerate(screened.rules) if rule.check.name == "second_table"
        )
        connection.execute(
            f"UPDATE screened_rows SET faults = {bit}, shape_detail = NULL WHERE {screened.row_no} >= {other}"
        )
        connection.execute(
            "DELETE FROM furniture WHERE kind = 'other_header' OR (row_no > ? AND kind <> 'blank')", [other]
        )
    blank, skipped = only_row(
        connection,
        "SELECT count(*) FILTER (kind = 'blank'), count(*) FILTER (kind <> 'blank') FROM furniture",
    )
    return replace(
        screened,
        rows=screened.rows - blank - skipped,
        blank=screened.blank + blank,
        skipped=skipped + len(drop.titles),
    )


def _decide_days_alone(connection: duckdb.DuckDBPyConnection, screened: Screened) -> None:
    """A row that holds a day and nothing else is a signature's where no record follows, else a record without the rest."""
    (days,) = only_row(connection, "SELECT count(*) FROM furniture WHERE kind = 'day_alone'")
    if not days:
        return
    (last,) = only_row(
        connection,
        f"""SELECT coalesce(max({screened.row_no}), 0) FROM screened
        WHERE {screened.row_no} NOT IN (SELECT row_no FROM furniture)""",
    )
    connection.execute("DELETE FROM furniture WHERE kind = 'day_alone' AND row_no < ?", [last])
    connection.execute("UPDATE furniture SET kind = 'signature' WHERE kind = 'day_alone'")


def write_skipped(
    connection: duckdb.DuckDBPyConnection, drop_id: int, drop: Drop, screened: Screened
) -> None:
    """Enter where the rows that are no data stood."""
    if screened.skipped:
        connection.execute(
            "INSERT INTO skipped SELECT ?, row_no, kind FROM furniture WHERE kind <> 'blank'", [drop_id]
        )
        for row_no, kind in drop.titles:
            connection.execute("INSERT INTO skipped VALUES (?, ?, ?)", [drop_id, row_no, kind])


def write_skipped_since(connection: duckdb.DuckDBPyConnection, drop_id: int, rows: str) -> tuple[int, int]:
    """(blank, skipped) of some rows that were taken for data before; enters where the skipped ones stand."""
    blank, skipped = only_row(
        connection,
        f"""SELECT count(*) FILTER (kind = 'blank'), count(*) FILTER (kind <> 'blank') FROM furniture
        WHERE row_no IN ({rows})""",
    )
    connection.execute(
        f"INSERT INTO skipped SELECT ?, row_no, kind FROM furniture WHERE kind <> 'blank' AND row_no IN ({rows})",
        [drop_id],
    )
    return int(blank), int(skipped)


def _screen_carefully(
    connection: duckdb.DuckDBPyConnection,
    drop: Drop,
    columns: Columns,
    rules: tuple[Rule, ...],
    repairs: Sequence[Correction],
) -> Screened:
    counts = Counts()
    created = False
    guard = Guard(drop, list(repairs))
    relation = (
        corrections.relation("SELECT * FROM batch", drop, list(repairs)) if repairs else "SELECT * FROM batch"
    )
    for batch in drop.batches(counts):
        connection.register("batch", pa.Table.from_batches([batch]))
        if repairs:
            guard.look(connection, "SELECT * FROM batch")
        select = sql_screening(drop, columns, rules, relation, "row_no,")
        verb = "INSERT INTO screened_rows" if created else "CREATE OR REPLACE TEMP TABLE screened_rows AS"
        connection.execute(f"{verb} {select}")
        connection.unregister("batch")
        created = True
    applied = tuple(guard.require()) if repairs else ()
    if not created:
        empty = pa.table(
            {"row_no": pa.array([], pa.int64())}
            | {
                n: pa.array([], pa.string())
                for n in ("shape", "shape_detail", *(f"c{i}" for i in range(drop.width)))
            }
        )
        connection.register("batch", empty)
        select = sql_screening(drop, columns, rules, "SELECT * FROM batch", "row_no,")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE screened_rows AS {select}")
        connection.unregister("batch")
    _show_all_columns(connection, drop, columns, "row_no")
    return Screened(columns, rules, "row_no", counts.rows, counts.blank, 0, "careful", applied)


def _show_all_columns(
    connection: duckdb.DuckDBPyConnection, drop: Drop, columns: Columns, number: str
) -> None:
    """Make the view `screened`: what a drop lacks is added as NULL, which writing for every row would cost a tenth."""
    there = columns_there(drop, columns)
    absent = [
        f"{sql_for_absent(column)} AS {name}"
        for name, column in columns.source.columns.items()
        if name not in there and column.type != "unread"
    ]
    # An ID number is put together where somebody asks for it; who looks persons up takes its code.
    texts = [
        f"id_code, id_text, coalesce(id_text, {sql_text('id_code')}) AS {name}"
        if columns.source.columns[name].type == "id_number"
        else name
        for name in there
    ]
    listed = ", ".join([number, *texts, *absent, "faults", "shape_detail", "cells"])
    connection.execute(f"CREATE OR REPLACE TEMP VIEW screened AS SELECT {listed} FROM screened_rows")
