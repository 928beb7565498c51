"""Lines to bytes: the encoding, line ends and unreadable bytes of a supplier's file."""

import codecs
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from etl.sample.calibration import Platform
from etl.sample.faults import UNDECODABLE

ROWS_AT_ONCE = 250_000  # keeps the text of a large file from being in memory twice as a whole
BROKEN_BYTE = b"\xff"  # begins no character in UTF-8 or GB18030


def write_lines(path: Path, header: list[str], lines: Any, platform: Platform) -> None:
    """Write a drop beside its name and rename it, so that a watched folder never shows half a file."""
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        first = platform.delimiter.join(header) + platform.line_end
        if platform.encoding == "utf-8-sig":
            file.write(codecs.BOM_UTF8)
        file.write(encoded(first.encode(), platform))
        for start in range(0, len(lines), ROWS_AT_ONCE):
            piece = pc.binary_join_element_wise(lines.slice(start, ROWS_AT_ONCE), "", platform.line_end)
            file.write(encoded(utf8_bytes(piece), platform))
    unfinished.replace(path)


def utf8_bytes(lines: Any) -> bytes:
    """All strings of an array, one after the other: its value buffer, without a Python string per row."""
    offsets, values = lines.buffers()[1:3]
    ends = memoryview(offsets).cast("i")
    first, last = ends[lines.offset], ends[lines.offset + len(lines)]
    return bytes(memoryview(values)[first:last])


def encoded(utf8: bytes, platform: Platform) -> bytes:
    pieces = utf8.split(UNDECODABLE.encode())
    if platform.encoding != "gb18030":
        return BROKEN_BYTE.join(pieces)
    return BROKEN_BYTE.join(piece.decode().encode("gb18030") for piece in pieces)
