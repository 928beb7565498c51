"""Cells merged downwards over several rows of data: what they say holds for each of these rows.

A workbook keeps such a value in the first cell only, and the cells below it come out empty: a row would silently be
without its area. Titles, headers and what is merged to the right stay as they are. An amount of time or a number of
people over several rows may be each row's or their sum, and nobody can tell: a check sets these rows aside.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from etl.messages import Text
from etl.reader.header import Header, spreadsheet_column
from etl.reader.layout import TOTAL
from etl.source import normalise_header
from etl.values.doubts import MERGED_AMOUNT
from metrics.characters import simplified

AMOUNTS = ("hours", "minutes", "count")
# A record's number that stands beside several rows numbers none of them.
NUMBERS = ("text",)
NOT_READ = ("unread",)

Range = tuple[tuple[int, int], tuple[int, int]]  # (row, column) of the first and of the last cell, from 0
Rows = Iterable[Sequence[str]]


@dataclass(frozen=True)
class Block:
    """One merged cell over rows of data: what its first cell holds, and what becomes of the others."""

    first: int
    last: int
    column: int
    what: str  # 'fill', 'amount' or 'number'


@dataclass
class Merged:
    """The merged cells of a sheet that are taken apart, and how many rows that concerned."""

    blocks: dict[int, list[Block]] = field(default_factory=dict)  # by their first row
    filled: set[int] = field(default_factory=set)  # columns
    filled_rows: int = 0
    amounts: set[int] = field(default_factory=set)  # columns
    amount_rows: int = 0

    def rows(self, rows: Rows) -> Iterator[Sequence[str]]:
        """The rows of the sheet from its first one on, with the merged values written into each."""
        open_blocks: dict[int, tuple[Block, str]] = {}
        for number, row in enumerate(rows):
            for block in self.blocks.get(number, ()):
                open_blocks[block.column] = block, row[block.column]
            open_blocks = {at: one for at, one in open_blocks.items() if one[0].last >= number}
            yield self._taken_apart(row, open_blocks) if open_blocks and is_data(row) else row

    def _taken_apart(self, row: Sequence[str], blocks: dict[int, tuple[Block, str]]) -> list[str]:
        cells, has_filled, has_amount = list(row), False, False
        for at, (block, text) in blocks.items():
            own = cells[at].strip()
            if own and own != text.strip():
                continue  # hidden below the merged one, but written: the row's own
            if block.what == "fill" and not own:
                cells[at] = text
                self.filled.add(at)
                has_filled = True
            elif block.what == "amount":
                cells[at] = text.strip() + MERGED_AMOUNT
                self.amounts.add(at)
                has_amount = True
            elif block.what == "number":
                cells[at] = ""
        self.filled_rows += has_filled
        self.amount_rows += has_amount
        return cells

    @property
    def remark(self) -> Text | None:
        """What is to be told of it."""
        zh, en = [], []
        if self.filled_rows:
            columns = [spreadsheet_column(at) for at in sorted(self.filled)]
            zh.append(f"合并单元格的内容已填入它所覆盖的 {self.filled_rows:,} 行（{'、'.join(columns)} 列）")
            en.append(
                f"merged cells were filled into the {self.filled_rows:,} rows they cover (columns {', '.join(columns)})"
            )
        if self.amount_rows:
            columns = [spreadsheet_column(at) for at in sorted(self.amounts)]
            zh.append(
                f"{self.amount_rows:,} 行的数量是合并单元格（{'、'.join(columns)} 列），不知是每行的还是合计，未采纳"
            )
            en.append(
                f"amounts of {self.amount_rows:,} rows are merged cells (columns {', '.join(columns)}), each row's or their "
                "sum, and were set aside"
            )
        return Text("；".join(zh), "; ".join(en)) if zh else None


def find_merged(ranges: Iterable[Range], headers: Sequence[Header], rows: Rows) -> Merged:
    """The merged cells below the header in columns that are read; `headers` are the possible readings of it.

    `rows` are asked which of the covered rows hold anything: a form that takes two rows for each record has one record
    in each merged cell.
    """
    merged = Merged()
    first_row = max((header.first_row_no - 1 for header in headers), default=None)
    if first_row is None:
        return merged
    candidates = []
    for (top, left), (bottom, _) in ranges:
        what = _treatment(left, headers)
        if what and bottom > top >= first_row:
            candidates.append(Block(top, bottom, left, what))
    if not candidates:
        return merged
    texts, before = {}, [0]  # how many rows of data there are up to each row
    tops = {block.first for block in candidates}
    for number, row in enumerate(rows):
        before.append(before[-1] + is_data(row))
        if number in tops:
            texts[number] = row
    for block in candidates:
        inside = before[min(block.last + 1, len(before) - 1)] - before[min(block.first, len(before) - 1)]
        anchor = texts[block.first][block.column] if block.first in texts else ""
        if inside > 1 and anchor.strip() and not _is_header(anchor, block.column, headers):
            merged.blocks.setdefault(block.first, []).append(block)
    return merged


def is_data(row: Sequence[str]) -> bool:
    """Whether a row may be a record: it holds something, and no total."""
    filled = [text for text in row if text.strip()]
    return bool(filled) and not any(re.fullmatch(TOTAL, _normal(text)) for text in filled)


def _treatment(column: int, headers: Sequence[Header]) -> str:
    found = set()
    for header in headers:
        areas = header.others("area")
        for name, place in header.positions.items():
            if place == column:
                found.add(header.source.columns[name].type)
        if column in areas:
            found.add("area")
    for types, what in ((AMOUNTS, "amount"), (NUMBERS, "number"), (NOT_READ, "")):
        if found & set(types):
            return what
    return "fill" if found else ""


def _is_header(text: str, column: int, headers: Sequence[Header]) -> bool:
    """Whether the header stands there again, on another page."""
    again = {_normal(row[column]) for header in headers for row in header.rows if column < len(row)}
    return _normal(text) in again or any(header.source.recognise([text]) for header in headers)


def _normal(text: str) -> str:
    return normalise_header(simplified(text))


def ranges_of_open_document(path: Path, place: int) -> list[Range]:
    """The merged cells of the table at a place (from 0) of an .ods file, which the workbook reader does not tell."""
    found: list[Range] = []
    tables, row, column, height = -1, 0, 0, 1
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
            for event, element in ElementTree.iterparse(content, ("start", "end")):
                tag = element.tag.rpartition("}")[2]
                if event == "start":
                    if tag == "table":
                        tables, row = tables + 1, 0
                    elif tag == "table-row":
                        column, height = 0, _repeated(element, "rows-repeated")
                    continue
                if tag in ("table-cell", "covered-table-cell"):
                    down, right = _repeated(element, "rows-spanned"), _repeated(element, "columns-spanned")
                    if tables == place and down > 1:
                        found.append(((row, column), (row + down - 1, column + right - 1)))
                    column += _repeated(element, "columns-repeated")
                elif tag == "table-row":
                    row += height
                    element.clear()
                elif tag == "table" and tables == place:
                    break
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return []  # whoever opens it says what is wrong with it
    return found


def _repeated(element: ElementTree.Element, name: str) -> int:
    text = next((value for key, value in element.items() if key.endswith(f"}}number-{name}")), "1")
    return max(int(text), 1) if text.isdigit() else 1
