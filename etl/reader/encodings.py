"""Which encoding a text is in, decided strictly: by decoding, by the header, by the characters that come out.

Valid UTF-8 is never anything else. GB18030 contains GBK and GB2312. Bytes of Big5 and of GBK are mostly valid
in both; the header decides, then the share of everyday characters; where both are alike nothing is guessed.
"""

import codecs
import re
from functools import lru_cache
from pathlib import Path

CODECS = {"big5": "cp950"}  # what Windows means by Big5; all others are Python's names
SAMPLE = 1 << 20
CHINESE_IN_UTF8 = re.compile(rb"[\xe0-\xff]")  # the first byte of a character of three bytes or more
CLEARLY = 0.25  # by how much the share of everyday characters must be larger under the right encoding


def codec(encoding: str) -> str:
    return CODECS.get(encoding, encoding)


def utf16_by_mark(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF32_LE):
        return None
    return {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(head[:2])


def utf16_by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: digits, delimiters and line ends have a zero byte, always on the same side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 < len(head) or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def may_be_gbk(path: Path, head: bytes) -> bool:
    """Whether valid UTF-8 may be GBK by accident: it has no Chinese as UTF-8, and everyday characters as GBK."""
    if CHINESE_IN_UTF8.search(head):
        return False
    text = sample(path)
    return bool(text) and not CHINESE_IN_UTF8.search(text) and share_of_everyday(text, "gb18030") > 0.7


def sample(path: Path) -> bytes:
    """A megabyte of whole lines, from the first one beyond ASCII on."""
    found = b""
    with path.open("rb") as file:
        while block := file.read(SAMPLE):
            block += file.readline(SAMPLE)
            if not found and block.isascii():
                continue
            found += block
            if len(found) >= SAMPLE:
                break
    return found.removeprefix(codecs.BOM_UTF8)


def share_of_lines(text: bytes, encoding: str) -> float:
    """The share of lines beyond ASCII that are valid in an encoding.

    Some words of GBK are valid UTF-8 by accident (小时, 联通), but then of two bytes a character, as no Chinese is.
    """
    valid = beyond = 0
    for line in text.replace(b"\r", b"\n").split(b"\n"):
        if line.isascii():
            continue
        beyond += 1
        try:
            line.decode(codec(encoding))
            valid += encoding != "utf-8" or CHINESE_IN_UTF8.search(line) is not None
        except UnicodeDecodeError:
            continue
    return valid / beyond if beyond else 0.0


def share_of_everyday(text: bytes, encoding: str) -> float:
    """The share of everyday characters among those beyond ASCII, as far as lines can be decoded."""
    usual = everyday(encoding)
    decoded = text[: SAMPLE >> 3].decode(codec(encoding), "replace")
    beyond = [
        character for character in decoded if character > "\x7f" and character not in "，。：；（）、　“”"
    ]
    return sum(character in usual for character in beyond) / len(beyond) if beyond else 0.0


@lru_cache
def everyday(encoding: str) -> frozenset[str]:
    """Level 1 of the standard: GB 2312 has 3,755 such characters, Big5 5,401."""
    name, leads = ("gb2312", range(0xB0, 0xD8)) if encoding == "gb18030" else ("big5", range(0xA4, 0xC7))
    pairs = (bytes([lead, trail]) for lead in leads for trail in range(0x40, 0xFF))
    return frozenset(pair.decode(name, "ignore") for pair in pairs) - {""}
