"""One record of text into its fields, under the quotes and delimiter a file uses."""

import csv
import io
import re
from dataclasses import dataclass

MOST_PIECES = 200  # of a record that is looked at in every way
RUN = "  "  # the delimiter of text set in columns with blanks: two or more of them, or tabs, are one
BLANK = " "  # one blank between any two cells: taken only where the header and the first rows agree
# Quotation marks that open and close differently; where they enclose the cells of a file, they stand for one.
PAIRS = ("“”", "「」", "‘’")
RUN_PATTERN = re.compile(r"[ \u3000]{2,}|[ \u3000]*\t[ \t\u3000]*")


@dataclass(frozen=True)
class Dialect:
    """What divides and encloses the cells of a file."""

    delimiter: str = ","
    quote: str = '"'  # or one of PAIRS

    @property
    def mark(self) -> str:
        """The quotation mark that opens a cell."""
        return self.quote[0]


def split(text: str, dialect: Dialect, width: int = 0) -> list[str] | None:
    """The fields of one record, or None when its quotes do not close or are followed by text.

    A quote inside quotes is doubled; where that does not give `width` fields but a backslash before it does,
    the record was written by a program that escapes so.
    """
    if dialect.delimiter == RUN:
        return RUN_PATTERN.split(text.strip(" \t\u3000"))
    if dialect.quote in PAIRS:
        return _split_paired(text, dialect, width)
    quote = dialect.quote
    if quote not in text:
        return text.split(dialect.delimiter)
    # Blanks around a quoted cell are skipped, as on the fast path.
    pattern = rf"{quote} +(?={re.escape(dialect.delimiter)}|$)"
    found = _parse(text, dialect) or _parse(re.sub(pattern, quote, text), dialect)
    if f"\\{quote}" in text and (found is None or len(found) != width):
        escaped = _parse(text, dialect, "\\")
        if escaped is not None and len(escaped) == width:
            return escaped
    if width and found is None and "\n" not in text:
        return _unescaped(text, dialect, width)
    return found


def is_open_if_doubled(text: str, dialect: Dialect) -> bool:
    """Whether a quote is still open, read with doubled quotes, where a backslash before one would close the record."""
    if dialect.delimiter == RUN or dialect.quote in PAIRS or f"\\{dialect.quote}" not in text:
        return False
    return _parse(text, dialect) is None and _parse(text + dialect.quote, dialect) is not None


def split_doubled(text: str, dialect: Dialect, width: int) -> list[str] | None:
    """The fields of a record whose quotes are doubled, if they are `width`."""
    found = _parse(text, dialect)
    return found if found is not None and len(found) == width else None


def _split_paired(text: str, dialect: Dialect, width: int) -> list[str] | None:
    """Cells enclosed in marks that open and close: told by the usual mark, which then must not be there itself."""
    opening, closing = dialect.quote[0], dialect.quote[1]
    if opening not in text and closing not in text:
        return text.split(dialect.delimiter)
    if '"' in text:
        return None
    return split(text.replace(opening, '"').replace(closing, '"'), Dialect(dialect.delimiter), width)


def _unescaped(text: str, dialect: Dialect, width: int) -> list[str] | None:
    """The cells of a record with quotes inside quotes that nobody doubled, if there is one way only to read it.

    A quoted cell begins and ends with a quote at the delimiter; between two delimiters nothing else is one. Of several
    ways that give as many cells as the header has, none is taken.
    """
    pieces, quote = text.split(dialect.delimiter), dialect.quote
    # An odd number of quotes: the cell may go on in the next line.
    if len(pieces) > MOST_PIECES or text.count(quote) % 2:
        return None
    # ways[n]: the readings of the pieces from here on as n cells, at most two of each
    ways: list[dict[int, list[list[str]]]] = [{} for _ in pieces] + [{0: [[]]}]
    for at in range(len(pieces) - 1, -1, -1):
        for end in range(at + 1, len(pieces) + 1):
            cell = dialect.delimiter.join(pieces[at:end])
            is_quoted = len(cell) > 1 and cell.startswith(quote) and cell.endswith(quote)
            if not is_quoted and (end > at + 1 or cell.startswith(quote) or cell.endswith(quote)):
                continue
            for count, readings in ways[end].items():
                kept = ways[at].setdefault(count + 1, [])
                kept += [[cell[1:-1] if is_quoted else cell, *rest] for rest in readings][: 2 - len(kept)]
    found = ways[0].get(width, [])
    return found[0] if len(found) == 1 else None


def has_stray_quotes(fields: list[str], text: str, dialect: Dialect) -> bool:
    """Whether two cells or more hold a quote without its fellow: a delimiter between them may belong to a cell.

    One alone is just a quote (5" pipe). In a cell that was enclosed a quote is doubled, and no doubt arises.
    """
    if dialect.quote in PAIRS:
        opening, closing = dialect.quote[0], dialect.quote[1]
        text, dialect = text.replace(opening, '"').replace(closing, '"'), Dialect(dialect.delimiter)
    if dialect.quote not in text or dialect.delimiter == RUN:
        return False
    odd = [field for field in fields if field.count(dialect.quote) % 2]
    if len(odd) < 2:
        return False
    enclosed = sum(
        dialect.quote + field.replace(dialect.quote, dialect.quote * 2) + dialect.quote in text
        for field in odd
    )
    return len(odd) - enclosed > 1


def _parse(text: str, dialect: Dialect, escape: str | None = None) -> list[str] | None:
    # Not splitlines(): a vertical tab or U+2028 inside a cell ends no record.
    lines = io.StringIO(text, newline="")
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=escape is None,
        escapechar=escape,
        strict=True,
        skipinitialspace=dialect.delimiter != BLANK,
    )
    try:
        parsed = list(reader)
    except csv.Error:
        return None
    return parsed[0] if len(parsed) == 1 else None
