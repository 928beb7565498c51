"""One look at the bytes: checksum, encoding evidence and line structure."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from etl.reader import survey as module
from etl.reader.survey import Survey, survey


def seen(tmp_path: Path, content: bytes) -> Survey:
    path = tmp_path / "drop.csv"
    path.write_bytes(content)
    return survey(path)


@pytest.fixture(params=[3, 4, 5, 1 << 22], ids=lambda size: f"blocks-of-{size}")
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """What is at a block's edge must be seen like what is in the middle."""
    monkeypatch.setattr(module, "BLOCK", request.param)
    return int(request.param)


def test_the_checksum_and_size_are_those_of_the_bytes(tmp_path: Path, block: int) -> None:
    content = "身份证号,姓名\r\n1,张三\r\n".encode("gb18030")
    found = seen(tmp_path, content)
    assert (found.sha256, found.size) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize(
    ("content", "lines", "trailing", "has_blank"),
    [
        (b"", 0, 0, False),
        (b"\n", 0, 0, False),
        (b"a", 1, 0, False),
        (b"a\n", 1, 0, False),
        (b"a\r\n", 1, 0, False),
        (b"a\nb", 2, 0, False),
        (b"a\nb\n", 2, 0, False),
        (b"a\r\nb\r\n", 2, 0, False),
        (b"a\nb\n\n\n", 2, 2, False),
        (b"a\r\nb\r\n\r\n", 2, 1, False),
        (b"a\n\nb\n", 3, 0, True),
        (b"a\r\n\r\nb\r\n", 3, 0, True),
        (b"\na\n", 2, 0, True),
        (b"a\n\nb\n\n", 3, 1, True),
    ],
)
def test_lines_are_counted_to_the_last_that_holds_anything(
    tmp_path: Path, block: int, content: bytes, lines: int, trailing: int, has_blank: bool
) -> None:
    found = seen(tmp_path, content)
    assert (found.line_count, found.trailing_blank_lines, found.has_blank_lines) == (
        lines,
        trailing,
        has_blank,
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a\nb\n", False),
        (b"a\r\nb\r\n", False),
        (b"a\rb\r", True),
        (b"a\r\nb\rc\n", True),
        (b"a\r\r\nb", True),
    ],
)
def test_a_carriage_return_without_line_feed_is_noticed(
    tmp_path: Path, block: int, content: bytes, expected: bool
) -> None:
    assert seen(tmp_path, content).lone_carriage_return is expected


@pytest.mark.parametrize(
    ("text", "encoding", "is_utf8"),
    [
        ("姓名,张三\n", "utf-8", True),
        ("姓名,张三\n", "utf-8-sig", True),
        ("姓名,张三\n", "gbk", False),
        ("姓名,张三\n", "gb18030", False),
        ("name,Zhang\n", "ascii", True),
        ("名,𠮷\n", "utf-8", True),
        ("名,𠮷\n", "gb18030", False),
    ],
)
def test_what_is_utf8_is_told_from_what_is_not(
    tmp_path: Path, block: int, text: str, encoding: str, is_utf8: bool
) -> None:
    found = seen(tmp_path, text.encode(encoding))
    assert (found.is_utf8, found.has_bom) == (is_utf8, encoding == "utf-8-sig")


def test_a_character_cut_off_at_the_end_is_no_utf8(tmp_path: Path, block: int) -> None:
    assert not seen(tmp_path, "姓名,张三".encode()[:-1]).is_utf8


def test_nul_is_noticed(tmp_path: Path, block: int) -> None:
    assert seen(tmp_path, b"a,b\n1,\0\n").has_nul
    assert not seen(tmp_path, b"a,b\n1,0\n").has_nul


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"PK\x03\x04\x14\x00", "xlsx/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "xls"),
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        ("身份证号\t".encode("utf-16"), "UTF-16"),
        (b"id_number,", None),
    ],
)
def test_files_that_are_no_text_are_known_by_their_first_bytes(
    tmp_path: Path, start: bytes, name: str | None
) -> None:
    assert seen(tmp_path, start + b"rest\n").signature == name
