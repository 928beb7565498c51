"""How a file may mark its cells, and which way of reading the first rows bear out."""

import re
from collections.abc import Iterator, Sequence

from etl.reader.fields import BLANK, PAIRS, RUN, Dialect
from etl.reader.head import Recognised, Record

# The last two are taken only where no other gives as much of a header.
DELIMITERS = (",", "\t", ";", "|", "，", "；", "^", "~", "¦", "§", "\x01", "\x1f", "、", RUN, BLANK)
# Marks that also stand within cells (times, addresses, dates): never taken, only named where they alone give a header.
NOT_TAKEN = (":", "：", "#", "$", "/", "@", "!", "！", "&", "%", "+", "*", "=")


def dialects(text: str) -> Iterator[Dialect]:
    for delimiter in DELIMITERS:
        if delimiter in text or delimiter == RUN:
            yield Dialect(delimiter)
    for pair in PAIRS:
        if pair[0] in text and pair[1] in text:
            yield from (Dialect(one, pair) for one in DELIMITERS[:6] if one in text)


def rows_below(records: Sequence[Record], found: Recognised) -> list[Record]:
    return [one for one in records if one.row_no > found.records[-1].row_no and one.filled]


def has_stray_quote(found: Recognised, dialect: Dialect) -> bool:
    """Whether a cell of the header begins with a quote that never closes: it may have run over a delimiter."""
    cells = [text.strip() for record in found.records for text in record.fields]
    return any(cell.startswith(dialect.mark) and cell.count(dialect.quote) % 2 for cell in cells)


def agree(records: Sequence[Record], found: Recognised) -> bool:
    """Whether every one of the first rows has as many fields as the header."""
    rows = rows_below(records, found)
    return bool(rows) and all(len(row.fields) == len(found.fields) for row in rows)


def explains_more(
    records: Sequence[Record], found: Recognised, again: Sequence[Record], unquoted: Recognised
) -> bool:
    """Whether with another quotation mark every one of the first rows has the header's width, and not without it.

    Only where the usual mark is not used at all.
    """
    cells = [text.strip() for record in again for text in record.fields]
    is_used = any(len(cell) > 1 and cell.startswith('"') and cell.endswith('"') for cell in cells)
    return not is_used and agree(again, unquoted) and not agree(records, found)


def is_quoted(records: list[Record], header: Recognised, quote: str) -> bool:
    """Whether cells are enclosed in another quote than usual: all of the header's, or most cells of most rows."""
    enclosed = re.compile(f"{quote[0]}.*{quote[-1]}", re.DOTALL)

    def most(record: Record) -> bool:
        cells = [text.strip() for text in record.filled]
        return len(cells) > 0 and sum(bool(enclosed.fullmatch(cell)) for cell in cells) * 2 > len(cells)

    rows = rows_below(records, header)
    return most(header.records[-1]) or (len(rows) > 0 and sum(map(most, rows)) * 2 > len(rows))
