"""Whole lines read in one go by Arrow, where each of them is regular beyond doubt.

Arrow's reader is lenient with quotes, so a stretch is given to it only when every quote opens a cell after a
delimiter or closes it before one, in turn, on one line: then there is only one way to read it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from etl.reader.fields import PAIRS, Dialect

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Stretch:
    """The columns of the rows in a stretch, and on which of its lines (from 0) they stand; the others are empty."""

    columns: list[pa.Array]
    places: Numbers
    lines: int


def read_at_once(text: bytes, dialect: Dialect, width: int, surplus: int = 0) -> Stretch | None:
    """The rows of some whole lines, or None when any of them needs a closer look."""
    is_simple = len(dialect.delimiter.encode()) == 1 and dialect.quote not in PAIRS
    if not text or width < 2 or not is_simple or b"\0" in text:
        return None
    seen = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(seen == 10)
    if b"\r" in text and int(np.count_nonzero(seen[ends[ends > 0] - 1] == 13)) != text.count(b"\r"):
        return None  # a carriage return without a line feed
    quote = dialect.quote.encode()
    is_quoted = quote in text
    if is_quoted and not _is_plainly_quoted(seen, ends, quote[0], dialect.delimiter.encode()[0]):
        return None
    if not text.endswith(b"\n"):
        ends = np.append(ends, len(text))
    starts = np.concatenate([[0], ends[:-1] + 1])
    is_blank = (starts == ends) | ((starts + 1 == ends) & (seen[np.minimum(starts, len(text) - 1)] == 13))
    names = [f"c{index}" for index in range(width + surplus)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(text),
            pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
            pyarrow.csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote if is_quoted else False,
                escape_char=False,
            ),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except (
        pa.ArrowInvalid
    ):  # another number of fields, or bytes that are no UTF-8; or nothing but blank lines
        return None
    columns = [column.combine_chunks() for column in table.columns]
    if any(pc.any(pc.not_equal(column, "")).as_py() for column in columns[width:]):
        return None
    places = np.flatnonzero(~is_blank).astype(np.int64)
    if table.num_rows != len(places):
        return None
    return Stretch(columns[:width], places, len(ends))


def _is_plainly_quoted(
    seen: npt.NDArray[np.uint8], ends: npt.NDArray[np.intp], quote: int, delimiter: int
) -> bool:
    """Whether quotes open and close cells in turn, at the cells' very edges, each pair on one line."""
    quotes = np.flatnonzero(seen == quote)
    framed = np.concatenate([[10], seen, [10]])
    before, after = framed[quotes], framed[quotes + 2]
    opens = (before == delimiter) | (before == 10)
    closes = (after == delimiter) | (after == 10) | (after == 13)
    in_turn = np.arange(len(quotes)) % 2 == 0
    if (
        len(quotes) % 2
        or not np.array_equal(opens & ~closes, in_turn)
        or not np.array_equal(closes & ~opens, ~in_turn)
    ):
        return False
    return not np.any(np.searchsorted(quotes, ends) % 2)
