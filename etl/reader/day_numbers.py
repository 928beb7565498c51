"""From which day a workbook counts: a date cell without a date's format comes out as the bare number of a day.

Excel counts from 1900 and, in workbooks a Macintosh began, from 1904; the workbook says which. A number cell is counted
from there, here, where the workbook is at hand: every other file counts from 1900 (etl/values/moments.py). A number
written as text may come from another workbook and is marked, so that a check sets it aside instead of a guess.
"""

import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import olefile

from etl.messages import Text, joined
from etl.reader.cell_errors import elements
from etl.reader.header import Header, spreadsheet_column
from etl.values.doubts import COUNTED_FROM_UNKNOWN, DAYS
from etl.values.moments import FIRST_SERIAL, LAST_SERIAL, SERIAL_ZERO
from etl.values.text import INVISIBLE, QUOTES

ZERO_OF_1900, ZERO_OF_1904 = date.fromisoformat(SERIAL_ZERO), date(1904, 1, 1)
DATE_MODE, END_OF_GLOBALS = 0x0022, 0x000A  # records of an .xls
WORKBOOK_PROPERTIES = 153  # record of an .xlsb
MOST_OF_GLOBALS = 1 << 20  # bytes; the flag stands among the first records


def day_zero(path: Path, kind: str) -> date | None:
    """The day a workbook counts as 0; None when it cannot be known. `kind` is that of `workbook_format`."""
    try:
        if kind == "xls":
            return _zero(_is_1904_in_xls(_start_of_workbook(path)))
        with zipfile.ZipFile(path) as archive:
            if kind == "xlsx":
                flags = [one.get("date1904") for one in elements(archive, "xl/workbook.xml")]
                return _zero(any(flag in ("1", "true") for flag in flags))
            if kind == "xlsb":
                with archive.open("xl/workbook.bin") as file:
                    return _zero(_is_1904_in_xlsb(file.read(MOST_OF_GLOBALS)))
            with archive.open("content.xml") as content:
                return _zero_of_open_document(ElementTree.iterparse(content, ("start",)))
    except (
        zipfile.BadZipFile,
        KeyError,
        ElementTree.ParseError,
        NotReadable,
        struct.error,
        ValueError,
        OSError,
    ):
        return None


class NotReadable(Exception):
    """The workbook does not say, or is damaged."""


def _start_of_workbook(path: Path) -> bytes:
    with olefile.OleFileIO(str(path)) as compound:
        for name in ("Workbook", "Book"):
            if compound.exists(name):
                found: bytes = compound.openstream(name).read(MOST_OF_GLOBALS)
                return found
    raise NotReadable


def _zero(is_1904: bool) -> date:
    return ZERO_OF_1904 if is_1904 else ZERO_OF_1900


def _is_1904_in_xls(stream: bytes) -> bool:
    at = 0
    while at + 4 <= len(stream):
        record, size = struct.unpack_from("<HH", stream, at)
        if record == DATE_MODE:
            return struct.unpack_from("<H", stream, at + 4)[0] == 1
        if record == END_OF_GLOBALS:
            return False
        at += 4 + size
    raise NotReadable


def _is_1904_in_xlsb(content: bytes) -> bool:
    at = 0
    while at < len(content):
        record, at = _seven_bits(content, at, 2)
        size, at = _seven_bits(content, at, 4)
        if record == WORKBOOK_PROPERTIES:
            return bool(struct.unpack_from("<I", content, at)[0] & 1)
        at += size
    raise NotReadable


def _seven_bits(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of at most so many bytes, seven bits in each, the highest telling that another follows; the place after it."""
    number = 0
    for place, byte in enumerate(content[at : at + most]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    raise NotReadable


def _zero_of_open_document(events: Iterable[tuple[str, ElementTree.Element]]) -> date:
    for _, element in events:
        tag = element.tag.rpartition("}")[2]
        if tag == "null-date":
            given = next((value for key, value in element.items() if key.endswith("}date-value")), None)
            return date.fromisoformat(given) if given else ZERO_OF_1900
        if tag == "table":
            break
    return ZERO_OF_1900


@dataclass
class DayNumbers:
    """The bare day numbers in the columns of dates of one sheet, and how many were counted or marked."""

    zero: date | None
    columns: frozenset[int] = frozenset()
    counted: int = 0
    counted_in: set[int] = field(default_factory=set)
    marked: int = 0
    marked_in: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, zero: date | None, headers: Iterable[Header]) -> "DayNumbers":
        """None in a workbook that counts as everything else does; `headers` are the possible readings of the header."""
        if zero == ZERO_OF_1900:
            return cls(zero)
        places = {
            place
            for header in headers
            for name, place in header.positions.items()
            if header.source.columns[name].type in DAYS
        }
        return cls(zero, frozenset(places))

    def write(self, row: list[Any], cells: list[str], offset: int) -> None:
        """Put the days of a row's numbers into its cells; `offset` is the column of the row's first value."""
        for column in self.columns:
            value = row[column - offset] if 0 <= column - offset < len(row) else None
            if isinstance(value, str):
                if _is_day_number(value.strip(INVISIBLE + QUOTES)):
                    self._mark(cells, column)
            elif isinstance(value, int | float) and not isinstance(value, bool):
                self._count(cells, column, value)

    def _count(self, cells: list[str], column: int, value: float) -> None:
        if self.zero is None:
            if FIRST_SERIAL <= value < LAST_SERIAL + 1:
                self._mark(cells, column)
            return
        if not FIRST_SERIAL <= value + (self.zero - ZERO_OF_1900).days < LAST_SERIAL + 1:
            return
        moment = datetime.combine(self.zero, time()) + timedelta(seconds=round(value * 86400))
        cells[column] = moment.date().isoformat() if value == int(value) else moment.isoformat(" ")
        self.counted += 1
        self.counted_in.add(column)

    def _mark(self, cells: list[str], column: int) -> None:
        cells[column] = cells[column].strip() + COUNTED_FROM_UNKNOWN
        self.marked += 1
        self.marked_in.add(column)

    @property
    def remark(self) -> Text | None:
        """What is to be told of it."""
        counted = marked = None
        if self.counted and self.zero is not None:
            columns = _letters(self.counted_in)
            counted = Text(
                f"工作簿的日期序号从 {self.zero.year} 年起算，{self.counted:,} 格没有日期格式的序号已照此换算"
                f"（{'、'.join(columns)} 列）",
                f"the workbook counts days from {self.zero.year}, and so were {self.counted:,} bare day numbers "
                f"(columns {', '.join(columns)})",
            )
        if self.marked:
            columns = _letters(self.marked_in)
            marked = Text(
                f"{self.marked:,} 格日期序号不知从哪年起算（{'、'.join(columns)} 列），未采纳",
                f"{self.marked:,} bare day numbers (columns {', '.join(columns)}) are counted from an unknown day and were "
                "set aside",
            )
        return joined(counted, marked)


def _letters(columns: Iterable[int]) -> list[str]:
    return [spreadsheet_column(column) for column in sorted(columns)]


def _is_day_number(text: str) -> bool:
    whole, _, part = text.partition(".")
    return (
        len(whole) == 5
        and whole.isdecimal()
        and (part.isdecimal() or not part)
        and FIRST_SERIAL <= int(whole) <= LAST_SERIAL
    )
