"""A received text as a part: UTF-8 is read where it lies, anything else from a copy in UTF-8."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from etl.messages import Refusal, Text
from etl.reader import encodings
from etl.reader.head import Unclear
from etl.reader.header import header_in, require_encoding
from etl.reader.parts import Part, Staging
from etl.reader.survey import Survey, blocks, survey

HEAD = 1 << 16
PUNCTUATION = dict.fromkeys(map(ord, "，。、：；（）《》“”　"))
LONGEST_LINE = 1 << 26  # bytes without any line end: no table
UTF8_RUN = re.compile(rb"(?<![\x80-\xff])(?:[\xe3-\xe9\xef][\x80-\xbf]{2})+(?![\x80-\xff])")


@contextmanager
def text_part(path: Path, label: str, staging: Staging, name: str) -> Iterator[Part]:
    """The one part of a text file; its copy is gone afterwards."""
    try:
        seen = survey(path)
        encoding = _encoding(path, seen)
    except OSError:
        yield Part(label, path, name=name)
        return
    except Unclear as unclear:
        yield Part(label, path, name=name, refusal=Text(f"{name}：{unclear.zh}。", f"{name}: {unclear.en}."))
        return
    only_returns = seen.lone_carriage_return and seen.line_count == 1
    if encoding == "utf-8" and not only_returns:
        yield Part(label, path, seen.sha256, seen.size, name=name, survey=seen)
        return
    with staging.copy() as copy:
        if encoding == "utf-8":  # line ends of old Macs; as many bytes, so that places stay the same
            with copy.open("wb") as written:
                for block in blocks(path):
                    written.write(block.replace(b"\r", b"\n"))
            yield Part(label, copy, seen.sha256, seen.size, name=name)
            return
        broken = transcode(path, encoding, copy, name, only_returns)
        looked = replace(survey(copy, with_digest=False), sha256=seen.sha256, size=seen.size)
        yield Part(label, copy, seen.sha256, seen.size, encoding, name, looked, broken)


def _encoding(path: Path, seen: Survey) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
    marked = encodings.utf16_by_mark(head)
    if marked:
        return marked
    if seen.signature is not None:
        return "utf-8"  # no text: opening it says what it is
    if seen.has_nul:
        unmarked = encodings.utf16_by_zeros(head)
        if unmarked and header_in(head, unmarked, None):
            return unmarked
    if not seen.is_utf8:
        return require_encoding(path)
    if not seen.has_bom and encodings.may_be_gbk(path, head):
        raise Unclear(
            1,
            "编码无法判断，按 UTF-8 和 GBK 都能读出文字；请另存为 UTF-8（带 BOM）再报送",
            "the encoding is not known: the text reads as UTF-8 and as GBK alike; save it as UTF-8 with a byte-order "
            "mark and send it again",
        )
    return "utf-8"


def transcode(
    path: Path, encoding: str, target: Path, name: str, only_returns: bool = False
) -> dict[int, str]:
    """Copy a text as UTF-8, line by line where need be (bounded memory).

    Gives the lines that hold bytes no character has, or characters of UTF-8 in a text of another encoding:
    by their place in the copy, 'place:byte' in the file as received (its first byte is 1). Half a character of UTF-16
    that is left at the end is 'place:' without a byte.
    """
    broken: dict[int, str] = {}
    received = written = 0
    codec = encodings.codec(encoding)
    end = ("\r" if only_returns else "\n").encode(codec)
    with target.open("wb") as copy:
        for stretch in _stretches(path, end, name):
            try:
                text = stretch.decode(codec)
                is_whole = len(end) > 1 or not _holds_utf8(stretch)
            except UnicodeDecodeError:
                is_whole = False
            pieces = [stretch] if is_whole else _cut(stretch, end)
            for piece in pieces:
                if not is_whole:
                    text, detail = _decoded(piece, codec, received, len(end) == 1)
                    if detail is not None:
                        broken[written] = detail
                if only_returns:
                    text = text.replace("\r", "\n")
                if not received:
                    text = text.removeprefix("\ufeff")
                received += len(piece)
                written += copy.write(text.encode("utf-8", "replace"))
    return broken


def _decoded(line: bytes, codec: str, start: int, may_hold_utf8: bool) -> tuple[str, str | None]:
    """A line's text, and where its first byte is that does not belong, if there is one."""
    foreign = UTF8_RUN.search(line) if may_hold_utf8 and _holds_utf8(line) else None
    try:
        text = line.decode(codec)
        at = foreign.start() if foreign else None
    except UnicodeDecodeError as error:
        text, at = line.decode(codec, "replace"), error.start
        if not may_hold_utf8 and len(line) % 2 and at == len(line) - 1:
            return text, f"{start + at + 1}:"
    return text, None if at is None else f"{start + at + 1}:{line[at]:02X}"


def _holds_utf8(text: bytes) -> bool:
    """Whether Chinese in UTF-8 stands in a text of GBK or Big5: a run of bytes that is only everyday characters.

    Three characters of GBK may look like two of UTF-8, but hardly like everyday ones.
    """
    seen = np.frombuffer(b"\n" + text, np.uint8)
    starts = np.flatnonzero((seen[1:] - 0xE3 <= 12) & (seen[:-1] < 0x80))
    runs = (UTF8_RUN.match(text, int(start)) for start in starts)
    return any(_is_everyday(run.group().decode()) for run in runs if run)


def _is_everyday(text: str) -> bool:
    words = text.translate(PUNCTUATION)
    return len(words) > 1 and all(character in encodings.everyday("gb18030") for character in words)


def _stretches(path: Path, end: bytes, name: str) -> Iterator[bytes]:
    """The bytes of a file in stretches of whole lines."""
    rest = b""
    for block in blocks(path):
        joined = rest + block
        cut = _last_end(joined, end)
        if not cut and len(joined) > LONGEST_LINE:
            raise Refusal(
                f"{name}：{LONGEST_LINE >> 20} MB 之内没有换行，不是表格。",
                f"{name}: no line end within {LONGEST_LINE >> 20} MB; this is no table.",
            )
        if cut:
            yield joined[:cut]
        rest = joined[cut:]
    if rest:
        yield rest


def _last_end(text: bytes, end: bytes) -> int:
    """Just after the last line end; in UTF-16 one that begins at an even place."""
    at = text.rfind(end)
    while at >= 0 and at % len(end):
        at = text.rfind(end, 0, at + len(end) - 1)
    return at + len(end) if at >= 0 else 0


def _cut(text: bytes, end: bytes) -> list[bytes]:
    """A stretch cut into its lines, each with its line end."""
    if len(end) == 1:
        *whole, last = text.split(end)
        return [line + end for line in whole] + ([last] if last else [])
    lines, start, at = [], 0, text.find(end)
    while at >= 0:
        if at % 2 == 0:
            lines.append(text[start : at + 2])
            start = at + 2
        at = text.find(end, at + 1)
    return lines + ([text[start:]] if start < len(text) else [])
