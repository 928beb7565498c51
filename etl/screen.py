"""Screen a drop: cells become typed columns, checks become bits of one number, all in one scan.

The result is the temporary view `screened` (over the table `screened_rows`): one row per row of the drop, in
file order, with the sheet's columns typed, `faults` (a bit for each failed condition, 0 for a good row) and
the cells themselves (all of the file's, in its order) only where a bit is set. Nothing but the ID and
reference texts, which still have to be looked up, leaves the scan as text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pyarrow as pa

from etl import corrections
from etl.checks import Check, Columns, Failure, load_checks
from etl.corrections import Applied, Correction, Guard
from etl.reader import Drop
from etl.reader.drop import is_irregular
from etl.reader.layout import sql_for_kind
from etl.reader.lines import Counts
from etl.sql import only_row
from etl.values import sql_for_absent, sql_for_value
from etl.values.doubts import sql_of_time


@dataclass(frozen=True)
class Rule:
    """One condition of one check on this drop; its place in the list is its bit."""

    check: Check
    failure: Failure


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


def rules_of(columns: Columns, stage: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(check, failure)
        for check in load_checks().values()
        if check.stage == stage
        for failure in check.function(columns)
    )


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
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE screened_rows AS {_sql_screening(drop, columns, rules, drop.fast_relation(), '')}"
            )
        except duckdb.Error as error:
            if not is_irregular(error):
                raise
        else:
            _show_all_columns(connection, drop, columns, "rowid")
            # One field may be a short row or a line of blanks: the careful path tells them apart.
            sql = "SELECT count(*), count(*) FILTER (shape_detail = '1') FROM screened"
            rows, of_one_field = only_row(connection, sql)
            if rows == drop.expected_fast_rows() and not of_one_field:
                # CREATE TABLE AS keeps the order of the file, so the table's own row ids number the rows.
                row_no = f"rowid + {drop.first_row_no}"
                blank = drop.survey.trailing_blank_lines
                return _without_furniture(
                    connection, drop, Screened(columns, rules, row_no, rows, blank, 0, "fast")
                )
    screened = _screen_carefully(connection, drop, columns, rules, repairs)
    return _without_furniture(connection, drop, screened)


def _without_furniture(connection: duckdb.DuckDBPyConnection, drop: Drop, screened: Screened) -> Screened:
    """Tell rows that are no data from rows that failed; leaves them in `furniture(row_no, kind)`.

    Only rows that failed a check are asked, so a row that could be data is never taken for a total. From the
    header of another table on, every row is set aside: its cells stand under headers that are not theirs.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE furniture (row_no BIGINT, kind VARCHAR)")
    if not only_row(connection, "SELECT count(*) FROM screened WHERE faults <> 0")[0]:
        return replace(screened, skipped=len(drop.titles))
    cells = [f"cells[{index + 1}]" for index in range(drop.width)]
    connection.execute(f"""
        INSERT INTO furniture
        SELECT row_no, kind FROM (
            SELECT {screened.row_no} AS row_no, {sql_for_kind(drop.header, cells)} AS kind
            FROM screened WHERE faults <> 0) WHERE kind IS NOT NULL""")
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
        select = _sql_screening(drop, columns, rules, relation, "row_no,")
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
        select = _sql_screening(drop, columns, rules, "SELECT * FROM batch", "row_no,")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE screened_rows AS {select}")
        connection.unregister("batch")
    _show_all_columns(connection, drop, columns, "row_no")
    return Screened(columns, rules, "row_no", counts.rows, counts.blank, 0, "careful", applied)


def _sql_screening(drop: Drop, columns: Columns, rules: tuple[Rule, ...], relation: str, row_no: str) -> str:
    """Three nested selects: cells by name; typed values; faults, and the cells of faulty rows."""
    positions = drop.header.positions
    read = {name: column for name, column in columns.source.columns.items() if column.type != "unread"}
    cells = ", ".join(f"c{place}" for place in range(drop.width))
    raw = "".join(f", {_sql_cell(drop, name)} AS raw_{name}" for name in read if name in positions)
    values = ", ".join(
        f"{sql_for_value(column, f'raw_{name}') if name in positions else sql_for_absent(column)} AS {name}"
        for name, column in read.items()
    )
    # A row of the wrong shape is judged by its shape only: its cells may stand under the wrong headers.
    shape_bits = " + ".join(
        _bit(index, rule) for index, rule in enumerate(rules) if rule.failure.column is None
    )
    cell_bits = " + ".join(_cell_bits(rules)) or "0"
    return f"""
        SELECT {row_no} {", ".join(_there(drop, columns))}, faults,
               CASE WHEN faults <> 0 THEN shape_detail END AS shape_detail,
               CASE WHEN faults <> 0 THEN [{cells}] END AS cells
        FROM (SELECT *, CASE WHEN shape IS NOT NULL THEN {shape_bits} ELSE {cell_bits} END AS faults
              FROM (SELECT *, {values}
                    FROM (SELECT {row_no} shape, shape_detail, {cells}{raw} FROM ({relation}))))"""


def _there(drop: Drop, columns: Columns) -> list[str]:
    """The columns of the sheet that the drop has and that are read."""
    return [
        name
        for name, column in columns.source.columns.items()
        if name in drop.header.positions and column.type != "unread"
    ]


def _show_all_columns(
    connection: duckdb.DuckDBPyConnection, drop: Drop, columns: Columns, number: str
) -> None:
    """Make the view `screened`: what a drop lacks is added as NULL, which writing for every row would cost a tenth."""
    there = _there(drop, columns)
    absent = [
        f"{sql_for_absent(column)} AS {name}"
        for name, column in columns.source.columns.items()
        if name not in there and column.type != "unread"
    ]
    listed = ", ".join([number, *there, *absent, "faults", "shape_detail", "cells"])
    connection.execute(f"CREATE OR REPLACE TEMP VIEW screened AS SELECT {listed} FROM screened_rows")


def _cell_bits(rules: tuple[Rule, ...]) -> Iterator[str]:
    """The bits of conditions on cells; those that only a cell without a value can set are asked behind one gate."""
    gated: dict[str, list[str]] = {}
    for index, rule in enumerate(rules):
        column = rule.failure.column
        if column is None:
            continue
        if rule.failure.without_value:
            gated.setdefault(column, []).append(_bit(index, rule))
        else:
            yield _bit(index, rule)
    for column, bits in gated.items():
        yield f"CASE WHEN {column} IS NULL THEN {' + '.join(bits)} ELSE 0 END"


def _sql_cell(drop: Drop, name: str) -> str:
    """The text of a column: its cell, and where that alone does not say it, the one beside.

    An area given twice (区划代码 and 所属区县) is the first that is not blank. A time without a day beside a
    column for the day is a time of that day.
    """
    positions, columns = drop.header.positions, drop.header.source.columns
    cell = f"c{positions[name]}"
    if columns[name].type == "area":
        others = "".join(f", nullif(trim(c{place}), '')" for place in drop.header.others(name))
        return f"coalesce(nullif(trim({cell}), ''){others})" if others else cell
    if columns[name].type == "datetime" and "service_date" in positions:
        return sql_of_time(cell, f"c{positions['service_date']}")
    return cell


def _bit(index: int, rule: Rule) -> str:
    return f"CASE WHEN {rule.failure.condition} THEN {1 << index}::BIGINT ELSE 0 END"
