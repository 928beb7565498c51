"""Inconsistent delimiters: one row, or the header, with a field delimiter too many, too few or of another kind.

Pollock strikes every cell of every row (1,428 files). Here every column is struck once in a row judged
approved and once in one still pending, which tells as much: a reader does not look at row numbers.
"""

from collections.abc import Iterator

from bench.polluters import Dirty, polluter
from bench.polluters.clean import CONTENT, HEADER, REMARK, STANDARD, STATUS, Clean, joined

FAMILY = "inconsistent delimiters"
LAST = len(HEADER) - 1
# Columns in the order in which they are struck: what stands between two columns that may be empty comes first,
# because a row moved there still looks right; a run over one file of each class takes that one.
PLACES = (STATUS, *(place for place in range(LAST + 1) if place != STATUS))


def _struck(clean: Clean, place: int) -> list[int]:
    """Row numbers to strike for a column: one approved and one pending record, others for each column."""
    return [clean.rows_with(STATUS, text)[3 + place] for text in ("待审", "通过")]


def _with_line(clean: Clean, row_no: int, line: str) -> bytes:
    lines = clean.lines()
    lines[row_no - 1] = line
    return joined(lines)


def _cells(clean: Clean, row_no: int) -> list[str]:
    """The cells of a row (1: the header) as they stand in the file, quoted where they must be."""
    return [STANDARD.cell(text) for text in clean.table()[row_no - 1]]


@polluter(family=FAMILY, about="a row lacks the delimiter before a column")
def row_less_sep(clean: Clean) -> Iterator[Dirty]:
    for place in (CONTENT, *(place for place in range(1, LAST + 1) if place != CONTENT)):
        for row_no in _struck(clean, place):
            cells = _cells(clean, row_no)
            line = ",".join(cells[:place]) + ",".join(cells[place:])
            yield Dirty(_with_line(clean, row_no, line), clean.truth())


@polluter(family=FAMILY, about="a row has one more delimiter before a column")
def row_more_sep(clean: Clean) -> Iterator[Dirty]:
    for place in PLACES:
        for row_no in _struck(clean, place):
            cells = _cells(clean, row_no)
            line = ",".join([*cells[:place], "", *cells[place:]])
            yield Dirty(_with_line(clean, row_no, line), clean.truth())


@polluter(family=FAMILY, about="the header lacks a delimiter")
def header_less_sep(clean: Clean) -> Iterator[Dirty]:
    for place in PLACES[:1] + PLACES[2:]:  # nothing can be taken away before the first
        line = ",".join(HEADER[:place]) + ",".join(HEADER[place:])
        yield Dirty(_with_line(clean, 1, line), clean.truth())


@polluter(family=FAMILY, about="the header has one more delimiter")
def header_more_sep(clean: Clean) -> Iterator[Dirty]:
    for place in PLACES:
        line = ",".join([*HEADER[:place], "", *HEADER[place:]])
        yield Dirty(_with_line(clean, 1, line), clean.truth())


@polluter(family=FAMILY, about="one row, or the header, is delimited with spaces, tabs or semicolons")
def row_field_delimiter(clean: Clean) -> Iterator[Dirty]:
    for delimiter in (" ", "\t", ";"):
        for row_no in (1, 2, 57, len(clean.rows) + 1):
            line = delimiter.join(_cells(clean, row_no))
            yield Dirty(_with_line(clean, row_no, line), clean.truth())


@polluter(family=FAMILY, about="a cell with a delimiter in it lost its quotes")
def row_unquoted_delimiter(clean: Clean) -> Iterator[Dirty]:
    for row_no in clean.rows_with(CONTENT, "敬老院慰问, 表演节目")[:3]:
        line = ",".join(clean.table()[row_no - 1])
        yield Dirty(_with_line(clean, row_no, line), clean.truth())


@polluter(family=FAMILY, about="a line end in the middle of a row, without quotes")
def row_unquoted_newline(clean: Clean) -> Iterator[Dirty]:
    for place in (2, CONTENT, REMARK):
        cells = _cells(clean, 30)
        line = ",".join(cells[:place]) + ",\r\n" + ",".join(cells[place:])
        # Two lines now stand for one record, which keeps the number of the first.
        truth = {row if row <= 30 else row + 1: record for row, record in clean.truth().items()}
        yield Dirty(_with_line(clean, 30, line), truth)
