"""Receipts 回执: what became of a drop, in Chinese, for the supplier who can do something about it.

A workbook with every row to be mended and a page of text for the covering letter, in `<home>/receipts/`. Values
are masked and file names have their long numbers starred: a receipt leaves the house. Written again, a receipt
of the same state has the same bytes.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from etl.ledger import LedgerRow
from etl.messages import Text, reason_of
from etl.receipts.content import Content, create_tables, keep_headers, read_contents
from etl.receipts.page import page
from etl.receipts.workbook import sheets
from etl.spreadsheet import write_workbook

__all__ = ["create_tables", "forget_others", "is_written", "keep_headers", "stem", "write", "write_each"]

LONGEST_STEM = 60  # characters; three bytes each leave room for the rest of a file name's 255
NOT_IN_A_NAME = re.compile(r"[\\/:*?\"<>|\s\x00-\x1f]+")  # what Windows refuses, and blanks


def write(connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow) -> list[Path]:
    """Write both forms of a drop's receipt and give their paths; raises OSError when the folder refuses them."""
    (content,) = read_contents(connection, [row])
    return _write(connection, home, content)


def _write(connection: duckdb.DuckDBPyConnection, home: Path, content: Content) -> list[Path]:
    row = content.row
    folder = home / "receipts"
    folder.mkdir(parents=True, exist_ok=True)
    workbook, text = (folder / f"{stem(row)}{suffix}" for suffix in (".xlsx", ".txt"))
    write_workbook(workbook, sheets(connection, content), row.loaded_at)
    beside = text.with_name(f".{text.name}.tmp")
    try:
        # With a mark and line ends of the kind that the oldest editor in an office reads.
        beside.write_text(page(content, workbook.name), encoding="utf-8-sig", newline="\r\n")
        beside.replace(text)
    finally:
        beside.unlink(missing_ok=True)
    return [workbook, text]


def write_each(
    connection: duckdb.DuckDBPyConnection, home: Path, rows: Iterable[LedgerRow], tell: Callable[[Text], None]
) -> list[Path]:
    """The receipts of several drops. One that cannot be written is told and never stops the next: the drop is in."""
    written = []
    for content in read_contents(connection, list(rows)):
        row = content.row
        try:
            written += _write(connection, home, content)
        except OSError as error:
            tell(
                Text(
                    f"第 {row.drop_id} 号报送的回执无法写出（{reason_of(error).zh}）；稍后可用 "
                    f"python -m etl receipt {row.drop_id} 补写。",
                    f"The receipt of drop {row.drop_id} cannot be written ({reason_of(error).en}); "
                    f"python -m etl receipt {row.drop_id} writes it later.",
                )
            )
    return written


def is_written(home: Path, row: LedgerRow) -> bool:
    """Whether both forms of a drop's receipt are there (the text is written last)."""
    return (home / "receipts" / f"{stem(row)}.txt").exists()


def forget_others(home: Path, row: LedgerRow) -> None:
    """Remove receipts of a drop's number under another file's name: a mended file has taken its place."""
    for ending in (".xlsx", ".txt"):
        for path in (home / "receipts").glob(f"{row.drop_id}-*{ending}"):
            if path.name != f"{stem(row)}{ending}":
                path.unlink()


def stem(row: LedgerRow) -> str:
    """The receipt's name without its ending: the drop's number and what is left of the file's name."""
    name = Path(row.file_name).stem
    part = row.part
    named = NOT_IN_A_NAME.sub("_", f"{name}-{part}" if part else name).strip("._ ")
    return f"{row.drop_id}-{named[:LONGEST_STEM]}".rstrip("-")
