"""One pass over a file's bytes: what it is, before anyone interprets it.

A byte is looked at by vector code only (numpy finds line ends, Arrow validates UTF-8, the digest runs in a
thread of its own): a survey of 64 MB takes a tenth of a second.
"""

import codecs
import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

BLOCK = 1 << 20
MOST_BLANK_LINES = 64  # more are counted, but where they are is not remembered

# Files people rename to .csv: named in the refusal, because "not text" helps nobody.
SIGNATURES = {
    b"PK\x03\x04": "xlsx/zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"\xff\xfe\0\0": "UTF-32",  # before the mark of UTF-16, with which it begins
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",  # what a spreadsheet's "Unicode text" is
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes tells: identity, encoding evidence and line structure."""

    sha256: str
    size: int
    signature: str | None
    has_bom: bool
    is_utf8: bool
    has_nul: bool
    has_quote: bool
    line_count: int  # physical lines up to the last one that holds anything
    blank_lines: int  # empty ones before the last one that holds anything
    blank_at: tuple[int, ...]  # which of all lines (0 is the first) the first of them are
    trailing_blank_lines: int
    lone_carriage_return: bool

    @property
    def has_blank_lines(self) -> bool:
        return self.blank_lines > 0


@dataclass
class _Lines:
    """Where lines end, block after block."""

    count: int = 0  # line feeds so far
    blank: list[int] = field(default_factory=list)
    blank_count: int = 0
    lone_return: bool = False
    last: bytes = b"\n"  # the byte before the block; a file begins as if a line had just ended
    line_start: int = 0  # how far before the block the line that runs into it begins

    def see(self, block: bytes) -> None:
        """Take note of the line ends of the next block."""
        seen = np.frombuffer(self.last + block, np.uint8)
        ends = np.flatnonzero(seen == 10)
        if self.last == b"\n":
            ends = ends[1:]
        gaps = np.diff(ends, prepend=-self.line_start if self.last != b"\n" else 0)
        blank = gaps == 1
        has_return = b"\r" in block or self.last == b"\r"
        if has_return:
            after_return = seen[ends - 1] == 13
            blank |= (gaps == 2) & after_return
            returns = int(np.count_nonzero(seen[:-1] == 13))
            self.lone_return = self.lone_return or returns > int(np.count_nonzero(after_return))
        if blank.any():
            self._note_blank(np.flatnonzero(blank))
        self.count += len(ends)
        self.line_start = len(block) - int(ends[-1]) if len(ends) else self.line_start + len(block)
        self.last = block[-1:]

    def _note_blank(self, places: npt.NDArray[np.intp]) -> None:
        self.blank_count += len(places)
        room = MOST_BLANK_LINES + 1 - len(self.blank)
        self.blank += [self.count + int(place) for place in places[: max(room, 0)]]


def survey(path: Path, with_digest: bool = True) -> Survey:
    """Read every byte once in blocks (bounded memory) and describe the file.

    `with_digest` is False for a copy that is not what a drop is identified by; sha256 is '' then.
    """
    digest = hashlib.sha256()
    utf8 = Utf8()
    lines = _Lines()
    size, has_nul, has_quote = 0, False, False
    head = b""
    content_end = 0  # just after the last byte that is not a line end
    with ThreadPoolExecutor(1) as beside:
        digested: Future[None] | None = None
        for block in blocks(path):
            if digested is not None:
                digested.result()  # at most two blocks are held
            if with_digest:
                digested = beside.submit(digest.update, block)
            head = head or block[:8]
            has_nul = has_nul or b"\0" in block
            has_quote = has_quote or any(mark in block for mark in (b'"', b"'", b"`"))
            utf8.see(block)
            lines.see(block)
            if stripped := len(block.rstrip(b"\r\n")):
                content_end = size + stripped
            size += len(block)
    with path.open("rb") as file:
        file.seek(content_end)
        ends_after_content = sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    line_count = lines.count - ends_after_content + (content_end > 0)
    trailing = max(ends_after_content - 1, 0) if content_end else 0
    blank = max(lines.blank_count - trailing, 0) if content_end else 0
    return Survey(
        sha256=digest.hexdigest() if with_digest else "",
        size=size,
        signature=next((name for mark, name in SIGNATURES.items() if head.startswith(mark)), None),
        has_bom=head.startswith(codecs.BOM_UTF8),
        is_utf8=utf8.is_valid(),
        has_nul=has_nul,
        has_quote=has_quote,
        line_count=line_count,
        blank_lines=blank,
        blank_at=tuple(place for place in lines.blank if place < line_count),
        trailing_blank_lines=trailing,
        lone_carriage_return=lines.lone_return,
    )


def blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


class Utf8:
    """Whether bytes are valid UTF-8, asked block after block; 20 times faster than decoding them."""

    def __init__(self) -> None:
        self._valid = True
        self._open = b""  # the beginning of a character whose end is in the next block

    def see(self, block: bytes) -> None:
        if not self._valid:
            return
        joined = self._open + block
        whole = len(joined) - _bytes_of_cut_character(joined)
        self._open = joined[whole:]
        self._valid = _is_utf8(joined[:whole])

    def is_valid(self) -> bool:
        """Of all that was seen: a character cut off at the end is none."""
        return self._valid and not self._open


def _bytes_of_cut_character(text: bytes) -> int:
    """How many bytes at the end begin a character that is longer."""
    for back in range(1, min(3, len(text)) + 1):
        byte = text[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if back < needed else 0
    return 0


def _is_utf8(text: bytes) -> bool:
    offsets = pa.py_buffer(np.array([0, len(text)], np.int32).tobytes())
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(text)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
