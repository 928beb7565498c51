"""The careful path: line by line in Python, for files whose structure DuckDB's reader would refuse or bend.

Nothing is lost here: a line that cannot be decoded, whose quotes do not close or whose number of fields is
wrong becomes a row with a `shape` that says so. About 0.5 million rows a second, against tens of millions
on the fast path; the price is paid by irregular files only.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from etl.values import INVISIBLE

BATCH_ROWS = 100_000
MOST_LINES_IN_A_RECORD = 50  # a quoted cell with more line ends than this is an unclosed quote


@dataclass
class Counts:
    """What a careful reading met besides rows."""

    rows: int = 0
    blank: int = 0


def read_batches(
    path: Path, encoding: str, delimiter: str, width: int, counts: Counts
) -> Iterator[pa.RecordBatch]:
    """Batches of (row_no, shape, shape_detail, c0 … c<width-1>): all text, header skipped.

    shape is NULL for a regular row, else 'too_few', 'too_many', 'undecodable' or 'broken_quotes';
    shape_detail tells the number of fields or the byte that could not be decoded, never a value.
    """
    rows: list[tuple[int, str | None, str | None, list[str | None]]] = []
    for row_no, shape, detail, fields in _records(path, encoding, delimiter, width, counts):
        rows.append((row_no, shape, detail, fields))
        if len(rows) == BATCH_ROWS:
            yield _batch(rows, width)
            rows = []
    if rows:
        yield _batch(rows, width)


def _batch(rows: list[tuple[int, str | None, str | None, list[str | None]]], width: int) -> pa.RecordBatch:
    columns = [
        pa.array([row[0] for row in rows], pa.int64()),
        pa.array([row[1] for row in rows], pa.string()),
        pa.array([row[2] for row in rows], pa.string()),
        *(pa.array([row[3][index] for row in rows], pa.string()) for index in range(width)),
    ]
    return pa.RecordBatch.from_arrays(
        columns, ["row_no", "shape", "shape_detail", *(f"c{i}" for i in range(width))]
    )


def _records(
    path: Path, encoding: str, delimiter: str, width: int, counts: Counts
) -> Iterator[tuple[int, str | None, str | None, list[str | None]]]:
    """Records with the number a spreadsheet would give them (blank lines count, the header is 1)."""
    lines = _Lines(path)
    row_no = 0
    while (first := lines.take()) is not None:
        row_no += 1
        if not first[1].strip(b" "):
            counts.blank += row_no > 1
            continue
        pieces = _complete(first, lines, encoding, delimiter)
        if row_no == 1:
            continue
        counts.rows += 1
        if pieces is None:
            yield row_no, "broken_quotes", None, [None] * width
            continue
        record = b"\n".join(body for _, body in pieces)
        try:
            if b"\0" in record:  # no text holds one: something else was written into the file
                yield row_no, "undecodable", f"{_position(pieces, record.index(0))}:00", [None] * width
                continue
            text = record.decode(encoding)
        except UnicodeDecodeError as error:
            detail = f"{_position(pieces, error.start)}:{record[error.start]:02X}"
            yield row_no, "undecodable", detail, [None] * width
            continue
        fields = split(text, delimiter) or []
        count = len(fields)
        if count > width and not any(surplus.strip(INVISIBLE) for surplus in fields[width:]):
            count = width  # trailing delimiters add empty fields and no information
        if count < width:
            yield row_no, "too_few", str(count), [*fields, *[None] * (width - count)]
        elif count > width:
            yield row_no, "too_many", str(count), list(fields[:width])
        else:
            yield row_no, None, None, list(fields[:width])


def split(text: str, delimiter: str) -> list[str] | None:
    """The fields of one record, or None when its quotes do not close or are followed by text."""
    if '"' not in text:
        return text.split(delimiter)
    # Blanks around a quoted cell are skipped, as on the fast path.
    trimmed = re.sub(rf'" +(?={re.escape(delimiter)}|$)', '"', text)
    return _parse(text, delimiter) or _parse(trimmed, delimiter)


def _parse(text: str, delimiter: str) -> list[str] | None:
    # Not splitlines(): a vertical tab or U+2028 inside a cell ends no record.
    lines = io.StringIO(text, newline="")
    try:
        parsed = list(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))
    except csv.Error:
        return None
    return parsed[0] if len(parsed) == 1 else None


Piece = tuple[int, bytes]  # a physical line: where it begins in the file, and its bytes without line end


def _position(pieces: list[Piece], index: int) -> int:
    """Where in the file (first byte = 1) the byte at an index of the pieces, joined by line feeds, lies."""
    for offset, body in pieces:
        if index <= len(body):
            return offset + index + 1
        index -= len(body) + 1
    raise AssertionError("the index lies in none of the pieces")


def _complete(first: Piece, lines: "_Lines", encoding: str, delimiter: str) -> list[Piece] | None:
    """The lines of the record that begins with this one, or None when a quote in it is broken.

    A quoted cell may hold line ends; if the quote does not close within MOST_LINES_IN_A_RECORD lines, only
    the first line is broken and the others are given back to be read as lines of their own.
    """
    record = first[1]
    if b'"' not in record or split(record.decode(encoding, "replace"), delimiter) is not None:
        return [first]
    taken: list[Piece] = []
    while len(taken) < MOST_LINES_IN_A_RECORD and (following := lines.take()) is not None:
        taken.append(following)
        record += b"\n" + following[1]
        if b'"' in following[1] and split(record.decode(encoding, "replace"), delimiter) is not None:
            return [first, *taken]
    lines.give_back(taken)
    return None


class _Lines:
    """Physical lines of a file, with the possibility of giving some back."""

    def __init__(self, path: Path) -> None:
        self._lines = _physical_lines(path)
        self._held: list[Piece] = []

    def take(self) -> Piece | None:
        return self._held.pop(0) if self._held else next(self._lines, None)

    def give_back(self, lines: list[Piece]) -> None:
        self._held = lines + self._held


def _physical_lines(path: Path) -> Iterator[Piece]:
    """(byte offset, bytes without line end) of each line; ends may be LF, CRLF or CR."""
    offset = 0
    with path.open("rb") as file:
        for line in file:
            start = offset
            offset += len(line)
            body = line.rstrip(b"\r\n")
            if start == 0 and body.startswith(b"\xef\xbb\xbf"):
                body = body[3:]
                start += 3
            if b"\r" in body:  # old Mac line ends, alone or mixed in
                position = start
                for piece in body.split(b"\r"):
                    yield position, piece
                    position += len(piece) + 1
            else:
                yield start, body
