"""The careful path: line by line in Python, for files whose structure DuckDB's reader would refuse or bend.

Nothing is lost here: a line that cannot be decoded, whose quotes do not close or whose number of fields is
wrong becomes a row with a `shape` that says so. Stretches without any irregularity are read in one go by
Arrow; only the lines around an irregular one cost Python (some 0.3 million rows a second).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from etl.reader.fields import Dialect, has_stray_quotes, is_open_if_doubled, split, split_doubled
from etl.reader.stretches import Stretch, read_at_once
from etl.values import INVISIBLE

BATCH_ROWS = 100_000
STRETCH = 1 << 20  # bytes read in one go when they are regular
MOST_LINES_IN_A_RECORD = 50  # a quoted cell with more line ends than this is an unclosed quote
FIELD_TYPES = {"row_no": pa.int64(), "shape": pa.string(), "shape_detail": pa.string()}

Row = tuple[int, str | None, str | None, list[str | None]]
Piece = tuple[int, bytes]  # a physical line: where it begins in the file, and its bytes without line end


@dataclass
class Counts:
    """What a careful reading met besides rows."""

    rows: int = 0
    blank: int = 0


@dataclass(frozen=True)
class Reading:
    """How a text is to be read: what its header and its bytes told."""

    encoding: str
    dialect: Dialect
    width: int
    skip: int = 1  # physical lines up to the end of the header
    first_row_no: int = 2
    surplus: int = 0  # empty fields that every row has beyond the header's
    broken: Mapping[int, str] = field(default_factory=dict)  # lines (by offset) that could not be transcoded


def read_batches(path: Path, reading: Reading, counts: Counts) -> Iterator[pa.RecordBatch]:
    """Batches of (row_no, shape, shape_detail, c0 … c<width-1>): all text, what is above the rows skipped.

    shape is NULL for a regular row, else 'too_few', 'too_many', 'undecodable', 'zero_byte', 'cut_short' or
    'broken_quotes';
    shape_detail tells the number of fields or the byte that could not be decoded, never a value.
    """
    held: list[pa.RecordBatch] = []
    for batch in _batches(path, reading, counts):
        held.append(batch)
        if sum(map(len, held)) >= BATCH_ROWS:
            yield pa.concat_batches(held)
            held = []
    if held:
        yield pa.concat_batches(held)


def _batches(path: Path, reading: Reading, counts: Counts) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        lines = _Lines(file)
        for _ in range(reading.skip):
            lines.take()
        row_no = reading.first_row_no
        may_be_regular = not reading.broken and reading.encoding == "utf-8"
        while (stretch := lines.stretch()) is not None:
            regular = (
                read_at_once(stretch, reading.dialect, reading.width, reading.surplus)
                if may_be_regular
                else None
            )
            if regular is not None:
                lines.pass_over(stretch)
                counts.rows += len(regular.places)
                counts.blank += regular.lines - len(regular.places)
                if len(regular.places):
                    yield _regular_batch(regular, row_no)
                row_no += regular.lines
                continue
            rows: list[Row] = []
            end = lines.offset + len(stretch)
            while lines.offset < end or lines.holds_any:
                row = _next_row(lines, reading, row_no, counts)
                row_no += 1
                if row is not None:
                    rows.append(row)
            if rows:
                counts.rows += len(rows)
                yield _batch(rows, reading.width)


def _regular_batch(regular: Stretch, row_no: int) -> pa.RecordBatch:
    nothing = pa.nulls(len(regular.places), pa.string())
    columns = [pa.array(regular.places + row_no), nothing, nothing, *regular.columns]
    return pa.RecordBatch.from_arrays(
        columns, [*FIELD_TYPES, *(f"c{i}" for i in range(len(regular.columns)))]
    )


def _batch(rows: list[Row], width: int) -> pa.RecordBatch:
    columns = [
        *(pa.array([row[place] for row in rows], kind) for place, kind in enumerate(FIELD_TYPES.values())),
        *(pa.array([row[3][index] for row in rows], pa.string()) for index in range(width)),
    ]
    return pa.RecordBatch.from_arrays(columns, [*FIELD_TYPES, *(f"c{i}" for i in range(width))])


def _next_row(lines: "_Lines", reading: Reading, row_no: int, counts: Counts) -> Row | None:
    """The next record, numbered as a spreadsheet numbers it; None for a blank line, which has a number too."""
    width, expected = reading.width, reading.width + reading.surplus
    first = lines.take()
    if first is None or not first[1].strip(b" "):
        counts.blank += first is not None
        return None
    if first[0] in reading.broken:
        return _broken(row_no, reading.broken[first[0]], width)
    pieces = complete(first, lines, reading)
    if pieces is None:
        return row_no, "broken_quotes", None, [None] * width
    for offset, _ in pieces:
        if offset in reading.broken:
            return _broken(row_no, reading.broken[offset], width)
    record = b"\n".join(body for _, body in pieces)
    if b"\0" in record:  # no text holds one: something else was written into the file
        return row_no, "zero_byte", str(_position(pieces, record.index(0))), [None] * width
    try:
        text = record.decode(reading.encoding)
    except UnicodeDecodeError as error:
        detail = f"{_position(pieces, error.start)}:{record[error.start]:02X}"
        return row_no, "undecodable", detail, [None] * width
    fields = split(text, reading.dialect, expected) or []
    count = len(fields)
    if count < expected:
        return row_no, "too_few", str(count), [*fields, *[None] * (width - count)][:width]
    if count == expected and any(surplus.strip(INVISIBLE) for surplus in fields[width:]):
        return row_no, "too_many", str(count), [*fields[:width]]
    if has_stray_quotes(fields, text, reading.dialect):
        return row_no, "broken_quotes", None, [None] * width
    shape = ("too_many", str(count)) if count > expected else (None, None)
    return row_no, *shape, [*fields[:width]]


def _broken(row_no: int, detail: str, width: int) -> Row:
    """A row with a line that could not be transcoded; `detail` as `transcode` gives it."""
    shape = "cut_short" if detail.endswith(":") else "undecodable"
    return row_no, shape, detail.removesuffix(":"), [None] * width


def _position(pieces: list[Piece], index: int) -> int:
    """Where in the file (first byte = 1) the byte at an index of the pieces, joined by line feeds, lies."""
    for offset, body in pieces:
        if index <= len(body):
            return offset + index + 1
        index -= len(body) + 1
    raise AssertionError("the index lies in none of the pieces")


def complete(first: Piece, lines: "_Lines", reading: Reading) -> list[Piece] | None:
    """The lines of the record that begins with this one, or None when a quote in it is broken.

    A quoted cell may hold line ends; if the quote does not close within MOST_LINES_IN_A_RECORD lines, only
    the first line is broken and the others are given back to be read as lines of their own. A line that a
    backslash closes is left open if the lines below close it as doubled quotes do, which most programs write.
    """
    record, dialect, width = first[1], reading.dialect, reading.width + reading.surplus
    mark = dialect.mark.encode(reading.encoding)
    if mark not in record:
        return [first]
    text = record.decode(reading.encoding, "replace")
    is_closed = split(text, dialect, width) is not None
    if is_closed and not is_open_if_doubled(text, dialect):
        return [first]
    reads = split_doubled if is_closed else split
    taken: list[Piece] = []
    while len(taken) < MOST_LINES_IN_A_RECORD and (following := lines.take()) is not None:
        taken.append(following)
        record += b"\n" + following[1]
        if mark not in following[1]:
            continue
        if reads(record.decode(reading.encoding, "replace"), dialect, width) is not None:
            return [first, *taken]
    lines.give_back(taken)
    return [first] if is_closed else None


class _Lines:
    """Physical lines of a file (ends may be LF, CRLF or CR), with the possibility of giving some back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._held: list[Piece] = []
        self.offset = 0  # of the first byte that was not yet taken from the file

    @property
    def holds_any(self) -> bool:
        return bool(self._held)

    def take(self) -> Piece | None:
        if self._held:
            return self._held.pop(0)
        line = self._file.readline()
        if not line:
            return None
        start = self.offset
        self.offset += len(line)
        body = line.rstrip(b"\r\n") if line.endswith(b"\r\n") else line.removesuffix(b"\n")
        if start == 0 and body.startswith(b"\xef\xbb\xbf"):
            body = body[3:]
            start += 3
        if b"\r" not in body:
            return start, body
        for piece in body.removesuffix(b"\r").split(b"\r"):  # old Mac line ends, alone or mixed in
            self._held.append((start, piece))
            start += len(piece) + 1
        return self._held.pop(0)

    def give_back(self, lines: list[Piece]) -> None:
        self._held = lines + self._held

    def stretch(self) -> bytes | None:
        """The next whole lines, some megabyte of them, without taking them; None at the end.

        Empty while lines are held that have to be taken first.
        """
        if self._held:
            return b""
        found = self._file.read(STRETCH)
        found += self._file.readline()
        self._file.seek(self.offset)
        return found or None

    def pass_over(self, stretch: bytes) -> None:
        self.offset += len(stretch)
        self._file.seek(self.offset)
