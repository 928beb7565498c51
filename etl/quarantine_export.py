"""The quarantine as a list and as a file: one line per row and reason, values masked, nothing that can run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from etl import ledger
from etl.advice import advice
from etl.messages import Text, WrongCall, reason_of
from etl.privacy import mask_label
from etl.receipts.content import columns_called
from etl.spreadsheet import MOST_ROWS, Sheet, write_workbook
from etl.sql import only_row
from metrics.export_safe import safe_row
from metrics.own_files import require_file

FIELDS = (
    "drop_id", "file_name", "part", "supplier", "row_no", "check_name", "column_name", "masked_value",
    "message_zh", "message_en",
)  # fmt: skip
HEADINGS = (
    "报送编号", "文件", "分表", "报送单位", "行号", "检查项", "列", "原值（已打码）", "原因", "reason", "怎么改",
)  # fmt: skip
Titles = dict[int, dict[str, str]]  # by drop and column of the sheet
WIDTHS = (10, 28, 16, 18, 10, 22, 18, 26, 60, 60, 60)


def where(drop_id: int | None, check: str | None) -> tuple[str, list[Any]]:
    """SQL and parameters that choose the lines of one drop (else of all in force), of one check, or all."""
    chosen = [("drop_id = ?", drop_id), ("check_name = ?", check)]
    given = [(sql, value) for sql, value in chosen if value is not None]
    in_force = (
        ["drop_id IN (SELECT drop_id FROM drops WHERE status <> 'withdrawn')"] if drop_id is None else []
    )
    return " AND ".join([*(sql for sql, _ in given), *in_force]), [value for _, value in given]


def lines(
    connection: duckdb.DuckDBPyConnection, drop_id: int | None, check: str | None, most: int | None = None
) -> Iterator[dict[str, Any]]:
    """The lines in order of drop and row, read while they are used."""
    condition, parameters = where(drop_id, check)
    limit = "" if most is None else f"LIMIT {most}"
    found = connection.execute(
        f"""SELECT {", ".join(FIELDS)} FROM quarantine JOIN drops USING (drop_id) WHERE {condition}
            ORDER BY drop_id, row_no, check_name, column_name {limit}""",
        parameters,
    )
    while block := found.fetchmany(5_000):
        for values in block:
            yield dict(zip(FIELDS, values, strict=True))


def counts(
    connection: duckdb.DuckDBPyConnection, drop_id: int | None, check: str | None
) -> list[tuple[int, str, str, int]]:
    """(drop, file, check, rows) of each drop and check with rows in quarantine."""
    condition, parameters = where(drop_id, check)
    return connection.execute(
        f"""SELECT drop_id, file_name, check_name, count(DISTINCT row_no) FROM quarantine JOIN drops USING (drop_id)
            WHERE {condition} GROUP BY ALL ORDER BY drop_id, 4 DESC, check_name""",
        parameters,
    ).fetchall()


def export(
    connection: duckdb.DuckDBPyConnection, path: Path, drop_id: int | None, check: str | None
) -> tuple[int, int]:
    """Write the lines to a .csv or .xlsx; (lines there are, lines written). The file appears whole or not at all.

    Raises WrongCall for a folder that cannot be written; whether the path may be used see `require_export`.
    """
    condition, parameters = where(drop_id, check)
    (total,) = only_row(connection, f"SELECT count(*) FROM quarantine WHERE {condition}", parameters)
    try:
        if path.suffix.lower() == ".csv":
            write_csv(path, HEADINGS, cells(connection, drop_id, check, None))
            return total, total
        most = MOST_ROWS - 1
        rows = cells(connection, drop_id, check, most)
        write_workbook(path, [Sheet("隔离", WIDTHS, HEADINGS, rows)], None)
        return total, min(total, most)
    except OSError as error:
        raise failing(path, error) from None


def require_export(path: Path, home: Path, given: Sequence[Path] = ()) -> None:
    """Refuse another ending, and a path that must not or cannot be written, before any work is done."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise WrongCall(
            f"{path.name}：只能导出为 .csv 或 .xlsx。",
            f"{path.name}: expected a name that ends in .csv or .xlsx.",
        )
    require_file(path, home, given, mask_label(path.name))


def failing(path: Path, error: OSError) -> WrongCall:
    """What is said of a file that cannot be written."""
    return WrongCall(
        f"{path.name}：无法写入（{reason_of(error).zh}）。",
        f"{path.name}: cannot be written ({reason_of(error).en}).",
    )


def titles(connection: duckdb.DuckDBPyConnection, drop_id: int | None) -> Titles:
    """What people call the columns of drops with rows in quarantine. Before `lines`, which keep the connection busy."""
    drops = ledger.read(connection, "rows_quarantined > 0 AND drop_id = coalesce(?, drop_id)", [drop_id])
    return {row.drop_id: columns_called(connection, row) for row in drops}


def title(line: dict[str, Any], called: Titles) -> str:
    """The column of a line as it stands in the file: 状态（E 列）; '' for a whole row."""
    column = line["column_name"] or ""
    return called.get(line["drop_id"], {}).get(column, column)


def cells(
    connection: duckdb.DuckDBPyConnection, drop_id: int | None, check: str | None, most: int | None
) -> Iterator[list[Any]]:
    called = titles(connection, drop_id)
    for line in lines(connection, drop_id, check, most):
        told = line | {"column_name": title(line, called)}
        yield [*told.values(), advice(line["check_name"]).fix.zh]


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A CSV that no spreadsheet runs anything of; the file appears whole or not at all."""
    beside = path.with_name(f".{path.name}.tmp")
    try:
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows(safe_row(row) for row in rows)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def shown(line: dict[str, Any], called: Titles) -> Text:
    """One line of the list, for the screen."""
    column = line["column_name"]
    return Text(
        f"第 {line['row_no']} 行{f'，列“{title(line, called)}”' if column else ''}：{line['message_zh']}",
        f"row {line['row_no']}{f', column {column}' if column else ''}: {line['message_en']}",
    )
