"""The encoding of a text is decided strictly, recorded, and never guessed; broken bytes are told by their place."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from etl.reader import text as module
from etl.reader.drop import open_drop
from etl.reader.parts import open_parts
from tests.etl.desk import ADA, Desk, sentences
from tests.etl.reader.test_parts import ID, Opened, put, refused, take

ROWS = [
    (f"{ID[:15]}{n:03}", "2021-05-01", "2.5", remark) for n, remark in enumerate(["好人", "社區服務", "清洁"])
]
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def table(remarks: list[str], header: str = "身份证号,服务日期,服务时长,备注", end: str = "\n") -> str:
    rows = [f"{ID[:15]}{number:03},2021-05-01,2.5,{remark}" for number, remark in enumerate(remarks)]
    return end.join([header, *rows, ""])


def one(tmp_path: Path, content: bytes) -> Opened:
    (found,) = take(put(tmp_path, "a.csv", content))
    return found


def remarks(found: Opened) -> list[str | None]:
    return [row[6] for row in found.rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("marked utf-16-le", "utf-16-le"),
        ("marked utf-16-be", "utf-16-be"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
    ],
)
def test_text_comes_back_whatever_it_was_written_in(
    tmp_path: Path, encoding: str, recorded: str, end: str
) -> None:
    name = encoding.removeprefix("marked ")
    content = table(["好人", "社区服务", "上海"], end=end).encode(name)
    found = one(tmp_path, MARKS[name] + content if name != encoding else content)
    assert found.drop is not None
    assert found.drop.header.encoding == recorded
    assert remarks(found) == ["好人", "社区服务", "上海"]
    assert [row[0] for row in found.rows] == [2, 3, 4]
    assert found.drop.can_be_read_fast or (end == "\r" and "16" in encoding)


def test_big5_is_told_from_gbk_by_the_header(tmp_path: Path) -> None:
    header = "身份證號,服務日期,服務時長,備註"
    found = one(tmp_path, table(["許功蓋", "社區服務"], header).encode("big5"))
    assert found.drop is not None
    assert found.drop.header.encoding == "big5"
    assert remarks(found) == ["許功蓋", "社區服務"]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("big5", ["社區服務中心", "環境保護", "關懷老人", "交通引導", "淨灘活動"]),
        ("gb18030", ["社区服务中心", "环境保护", "关爱老人", "交通引导", "清洁家园"]),
    ],
)
def test_under_an_english_header_everyday_characters_decide(
    tmp_path: Path, encoding: str, words: list[str]
) -> None:
    found = one(tmp_path, table(words, "id_number,service_date,service_hours,remark").encode(encoding))
    assert found.drop is not None
    assert found.drop.header.encoding == encoding
    assert remarks(found) == words


def test_what_reads_as_gbk_and_big5_alike_is_refused(tmp_path: Path) -> None:
    """Bytes that are an everyday character in both."""
    alike = bytes([0xB0, 0xA1, 0xB3, 0xA3, 0xC0, 0xB4])
    content = table(["?"], "id_number,service_date,service_hours,remark").encode().replace(b"?", alike)
    assert "reads as GBK and as Big5 alike" in one(tmp_path, content).refusal


def test_a_word_of_gbk_that_is_utf8_by_accident_is_not_taken_for_utf8(tmp_path: Path) -> None:
    found = one(tmp_path, table(["3小时"]).encode("gbk"))
    assert remarks(found) == ["3小时"]
    english = table(["3小时"], "id_number,service_date,service_hours,remark")
    assert "reads as UTF-8 and as GBK alike" in one(tmp_path, english.encode("gbk")).refusal
    assert remarks(one(tmp_path, english.encode("utf-8-sig"))) == ["3小时"]
    assert remarks(one(tmp_path, english.encode())) == ["3小时"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16-le", "utf-16-be"])
def test_broken_bytes_are_told_by_their_place_in_the_file_as_received(tmp_path: Path, encoding: str) -> None:
    header = "身份證號,服務日期,服務時長,備註" if encoding == "big5" else "身份证号,服务日期,服务时长,备注"
    lines = [line + "\n" for line in table(["好人", "好人", "好人"], header).splitlines()]
    bad = {"utf-16-le": b"\x00\xdc", "utf-16-be": b"\xdc\x00"}.get(encoding, b"\xff")
    before = "".join(lines[:2]).encode(encoding)
    content = before + bad + "".join(lines[2:]).encode(encoding)
    found = one(tmp_path, content)
    place = len(before) + 1
    shapes = [row[1:3] for row in found.rows]
    assert shapes == [(None, None), ("undecodable", f"{place}:{bad[0]:02X}"), (None, None)]
    assert [row[6] for row in found.rows] == ["好人", None, "好人"]
    assert found.drop is not None
    assert not found.drop.can_be_read_fast


@pytest.mark.parametrize("word", ["路南区政府", "社区", "社区服务中心"])
def test_lines_of_utf8_in_a_gbk_file_are_told_and_not_read_as_something_else(
    tmp_path: Path, word: str
) -> None:
    before = table(["好人"] * 5).encode("gb18030")
    foreign = f"{ID},2021-05-01,2.5,{word}\n".encode()
    found = one(tmp_path, before + foreign + f"{ID},2021-05-01,2.5,好人\n".encode("gb18030"))
    place = len(before) + foreign.index(word.encode()) + 1
    assert [row[1] for row in found.rows] == [*[None] * 5, "undecodable", None]
    if len(word) % 2 == 0:
        assert found.rows[5][2] == f"{place}:{word.encode()[0]:02X}"


def test_lines_of_gbk_in_a_file_of_utf8_are_told(tmp_path: Path) -> None:
    before = table(["好人"] * 5).encode()
    found = one(tmp_path, before + table(["好人"]).encode("gb18030").split(b"\n")[1] + b"\n")
    assert [row[1] for row in found.rows] == [*[None] * 5, "undecodable"]


def test_odd_bytes_at_the_end_of_utf16_are_told(tmp_path: Path) -> None:
    content = table(["好人", "好人"]).encode("utf-16-le")
    found = one(tmp_path, content[:-3])
    assert [row[1:3] for row in found.rows] == [(None, None), ("cut_short", str(len(content) - 3))]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_of_utf16_that_was_cut_short_is_told_as_that(desk: Desk, encoding: str) -> None:
    content = f"身份证号,服务日期,服务时长\n{ADA},2021-05-01,2\n{ADA},2021-05-02,2\n".encode(encoding)
    drop = desk.load(content[:-3])
    assert [check for _, check, _ in desk.reasons(drop)] == ["cut_short"]
    assert (
        f"文件在一个字的中间断了（UTF-16 每字至少两个字节，最后只有半个，在第 {len(content) - 3} 个字节）"
        in sentences(drop)
    )
    assert drop.row.rows_accepted == 1


def test_blocks_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["好人", "社区服务", "𠮷祥"] * 40
    for size in (7, 64, 1000):
        monkeypatch.setattr("etl.reader.survey.BLOCK", size)
        for encoding in ("gb18030", "utf-16-le", "utf-8"):
            assert remarks(one(tmp_path, table(words).encode(encoding))) == words


def test_a_text_without_line_ends_is_not_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 1000)
    monkeypatch.setattr("etl.reader.survey.BLOCK", 100)
    assert "no line end" in refused(put(tmp_path, "a.csv", ("\ufeff" + "你" * 2000).encode("utf-16-le")))


def test_a_copy_is_identified_by_the_bytes_received(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", table(["好人"]).encode("gb18030"))
    with open_parts(path, tmp_path / "staging") as parts:
        (part,) = parts
    assert part.size == path.stat().st_size
    assert part.sha256 == open_drop(path).survey.sha256
