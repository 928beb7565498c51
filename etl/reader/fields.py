"""One record of text into its fields, under the quotes and delimiter a file uses."""

import csv
import io
import re
from dataclasses import dataclass

RUN = "  "  # the delimiter of text set in columns with blanks: two or more of them, or tabs, are one
RUN_PATTERN = re.compile(r"[ \u3000]{2,}|[ \u3000]*\t[ \t\u3000]*")


@dataclass(frozen=True)
class Dialect:
    """What divides and encloses the cells of a file."""

    delimiter: str = ","
    quote: str = '"'


def split(text: str, dialect: Dialect, width: int = 0) -> list[str] | None:
    """The fields of one record, or None when its quotes do not close or are followed by text.

    A quote inside quotes is doubled; where that does not give `width` fields but a backslash before it does,
    the record was written by a program that escapes so.
    """
    if dialect.delimiter == RUN:
        return RUN_PATTERN.split(text.strip(" \t\u3000"))
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
    return found


def has_stray_quotes(fields: list[str], text: str, dialect: Dialect) -> bool:
    """Whether two cells or more hold a quote without its fellow: a delimiter between them may belong to a cell.

    One alone is just a quote (5" pipe). In a cell that was enclosed a quote is doubled, and no doubt arises.
    """
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
        skipinitialspace=True,
    )
    try:
        parsed = list(reader)
    except csv.Error:
        return None
    return parsed[0] if len(parsed) == 1 else None
