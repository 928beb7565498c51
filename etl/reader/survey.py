"""One pass over a file's bytes: what it is, before anyone interprets it."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 22

# Files people rename to .csv: named in the refusal, because "not text" helps nobody.
SIGNATURES = {
    b"PK\x03\x04": "xlsx/zip",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
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
    line_count: int  # physical lines up to the last one that holds anything
    has_blank_lines: bool  # an empty line before the last one that holds anything
    trailing_blank_lines: int
    lone_carriage_return: bool


def survey(path: Path) -> Survey:
    """Read every byte once in blocks of 4 MiB (bounded memory) and describe the file."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    size = newlines = 0
    is_utf8, has_nul, lone_return = True, False, False
    head = b""
    tail = b"\n"  # the file's beginning counts as a line start: an empty first line is found too
    first_blank: int | None = None
    content_end = 0  # just after the last byte that is not a line end
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if not size:
                head = block[:8]
            digest.update(block)
            newlines += block.count(b"\n")
            has_nul = has_nul or b"\0" in block
            if is_utf8:
                is_utf8 = _decodes(decoder, block)
            joined = tail + block
            lone_return = lone_return or _has_lone_return(joined)
            if first_blank is None:
                first_blank = _first_blank_line(joined, size - len(tail))
            stripped = len(block.rstrip(b"\r\n"))
            if stripped:
                content_end = size + stripped
            tail = joined[-2:]
            size += len(block)
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    with path.open("rb") as file:
        file.seek(content_end)
        ends_after_content = file.read().count(b"\n")
    return Survey(
        sha256=digest.hexdigest(),
        size=size,
        signature=next((name for mark, name in SIGNATURES.items() if head.startswith(mark)), None),
        has_bom=head.startswith(codecs.BOM_UTF8),
        is_utf8=is_utf8,
        has_nul=has_nul,
        line_count=newlines - ends_after_content + (content_end > 0),
        has_blank_lines=first_blank is not None and first_blank < content_end,
        trailing_blank_lines=max(ends_after_content - 1, 0),
        lone_carriage_return=lone_return,
    )


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _has_lone_return(block: bytes) -> bool:
    """A carriage return without line feed; one at the block's end is judged with the next block."""
    if b"\r" not in block:  # the usual case, twenty times cheaper to see than to count
        return False
    return block.count(b"\r") - block.count(b"\r\n") - block.endswith(b"\r") > 0


def _first_blank_line(block: bytes, offset: int) -> int | None:
    """Offset in the file of the first empty line in a block that itself begins at `offset`."""
    ends = (b"\n\n", b"\n\r\n") if b"\r" in block else (b"\n\n",)
    found = [at for at in map(block.find, ends) if at >= 0]
    return offset + min(found) + 1 if found else None
