"""The full report of a dry run: every row that would be set aside, as the quarantine's export writes it.

The rows are there only while a drop is tried; they are taken then into a file outside the data home and written
out at the end. Values are masked before they get here.
"""

import argparse
import csv
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from etl.advice import advice
from etl.desk import Outcome, shown_name
from etl.ledger import STATUSES, LedgerRow
from etl.messages import Text, WrongCall, say
from etl.quarantine_export import HEADINGS, WIDTHS, cells, require_export, write_csv
from etl.quarantine_export import failing as export_failing
from etl.receipts.content import columns_called
from etl.spreadsheet import MOST_ROWS, Sheet, write_workbook

TITLE = "试运行报告（没有改动任何数据）"
SUMMARY_WIDTHS = (36, 12, 12, 12, 12, 12, 80)
SUMMARY_HEADINGS = ("文件", "结果", "读取", "接受", "未变", "隔离", "说明")


def add_trial(parser: argparse.ArgumentParser) -> None:
    """The options of every command that can be tried before it is done."""
    parser.add_argument(
        "--check", action="store_true", help="只检查，不载入 / dry run: report, change nothing"
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="与 --check 一起：把所有要隔离的行写进 .xlsx 或 .csv / with --check: write every row that would be set "
        "aside to a .xlsx or .csv",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON object")


class TrialReport:
    """Takes the rows of each drop while it is tried, and writes them to a .csv or .xlsx."""

    def __init__(self, path: Path, home: Path, given: Sequence[Path]) -> None:
        """`given` are the files and folders to be tried. Raises for a path that cannot be written, before they are."""
        require_export(path, home, given)
        self.path = path
        self._folder = tempfile.TemporaryDirectory(prefix="redvest-")
        self._rows = Path(self._folder.name, "rows.csv")
        self.taken = 0

    def take(self, connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> None:
        """Inside the trial's transaction. Its number is left out: the drop has none yet."""
        with self._rows.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for _, *line in cells(connection, row.drop_id, None, None):
                writer.writerow(line)
                self.taken += 1

    def write(self, outcomes: Sequence[Outcome]) -> int:
        """The file, whole or not at all; how many lines of it. Raises WrongCall where it cannot be written."""
        try:
            if self.path.suffix.lower() == ".csv":
                write_csv(self.path, HEADINGS[1:], self._lines())
                return self.taken
            sheets = [
                Sheet("汇总", SUMMARY_WIDTHS, None, _summary(outcomes)),
                Sheet("需要修改的行", WIDTHS[1:], HEADINGS[1:], self._lines(MOST_ROWS - 1)),
            ]
            write_workbook(self.path, sheets, None)
            return min(self.taken, MOST_ROWS - 1)
        except OSError as error:
            raise export_failing(self.path, error) from None
        finally:
            self._folder.cleanup()

    def tell(self, outcomes: Sequence[Outcome]) -> None:
        """Write the file, and say where it is."""
        written = self.write(outcomes)
        say(
            Text(
                f"试运行报告已写到 {self.path}：{written:,} 处（共 {self.taken:,} 处）。",
                f"The report of this dry run is in {self.path}: {written:,} lines of {self.taken:,}.",
            )
        )

    def _lines(self, most: int | None = None) -> Iterator[Sequence[str]]:
        if not self._rows.exists():
            return
        with self._rows.open(encoding="utf-8", newline="") as file:
            for number, line in enumerate(csv.reader(file)):
                if number == most:
                    return
                yield line


def _summary(outcomes: Sequence[Outcome]) -> Iterator[Sequence[object]]:
    yield [TITLE]
    yield []
    yield SUMMARY_HEADINGS
    for one in outcomes:
        row = one.row
        result = "以前来过" if one.repeated else STATUSES[row.status].replace("已载入", "可载入")
        said = "\n".join(text.zh for text in one.told)
        counts = (row.rows_read, row.rows_accepted, row.rows_unchanged, row.rows_quarantined)
        yield [shown_name(row), result, *counts, said]


def counts(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> list[Text]:
    """Rows that would be set aside, by check and column, most first: a sentence each."""
    found = connection.execute(
        """SELECT check_name, coalesce(column_name, ''), count(DISTINCT row_no) FROM quarantine WHERE drop_id = ?
           GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
        [row.drop_id],
    ).fetchall()
    if not found:
        return []
    called, name = columns_called(connection, row), shown_name(row)
    told = []
    for check, column, rows in found:
        title = advice(check).title
        zh = f"，列“{called.get(column, column)}”" if column else ""
        en = f", column {column}" if column else ""
        told.append(
            Text(
                f"{name}：未通过“{title.zh}”（{check}）{zh}：{rows:,} 行。",
                f"{name}: '{title.en}' ({check}) failed{en}: {rows:,} rows.",
            )
        )
    return told


def say_it_was_a_trial() -> None:
    say(Text("以上为试运行，没有改动任何数据。", "This was a dry run; nothing was changed."))


def require_check(path: Path | None, is_check: bool) -> None:
    if path is not None and not is_check:
        raise WrongCall(
            "--report 只与 --check 一起用；载入以后的清单见 quarantine --export。",
            "--report goes with --check; after loading, quarantine --export has the rows.",
        )
