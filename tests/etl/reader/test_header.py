"""The header decides encoding, delimiter and kind of drop, and says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.messages import Refusal
from etl.reader import Drop, open_drop
from etl.reader.header import spreadsheet_column
from tests.etl.desk import plain

HEADERS = ["身份证号", "服务日期", "服务时长", "备注"]
CELLS = ["90000019900307002X", "2021-05-01", "2.5", "𠮷祥"]  # 𠮷 takes four bytes in GB18030
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030"]


def opened(tmp_path: Path, content: bytes | str, wanted: str | None = None) -> Drop:
    path = tmp_path / "drop.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_drop(path, wanted)


def refused(tmp_path: Path, content: bytes | str, wanted: str | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, content, wanted)
    return caught.value


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_and_delimiter_are_found_out(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    lines = delimiter.join(HEADERS) + end + delimiter.join(CELLS) + end
    drop = opened(tmp_path, lines.encode(encoding))
    assert drop.header.encoding == ("gb18030" if encoding == "gb18030" else "utf-8")
    assert drop.header.delimiter == delimiter
    assert (drop.header.source.name, list(drop.header.positions.values())) == ("service_hours", [0, 1, 2])
    assert (drop.header.fields, drop.header.unknown_places) == (tuple(HEADERS), [HEADERS.index("备注")])


def test_gbk_after_a_utf8_mark_is_read_as_gbk(tmp_path: Path) -> None:
    """A program that writes the mark and then the system's own encoding: seen with exports of old platforms."""
    drop = opened(tmp_path, b"\xef\xbb\xbf" + "身份证号,服务日期,服务时长\n1,2021-05-01,2\n".encode("gbk"))
    assert (drop.header.encoding, len(drop.header.positions)) == ("gb18030", 3)


def test_utf8_with_a_few_broken_bytes_stays_utf8(tmp_path: Path) -> None:
    rows = "张三,2021-05-01,2,好\n".encode() * 5 + b"\xd5\xc5\xc8\xfd,2021-05-01,2,x\n"
    assert opened(tmp_path, ",".join(HEADERS).encode() + b"\n" + rows).header.encoding == "utf-8"


def test_gbk_with_a_few_broken_bytes_stays_gbk(tmp_path: Path) -> None:
    rows = "张三,2021-05-01,2,好\n".encode("gbk") * 5 + b"\xff\xff,2021-05-01,2,x\n"
    assert opened(tmp_path, ",".join(HEADERS).encode("gbk") + b"\n" + rows).header.encoding == "gb18030"


def test_a_header_cell_may_hold_a_line_end(tmp_path: Path) -> None:
    """As a spreadsheet writes a header that was wrapped by hand."""
    drop = opened(tmp_path, '"身份证\n号",服务日期,"服务时长\r\n(小时)",备注\n1,2021-05-01,2,\n')
    assert drop.header.positions == {"id_number": 0, "service_date": 1, "service_hours": 2}
    assert drop.width == 4


@pytest.mark.parametrize("header", ['"身份证号","服务日期","服务时长"', '"身份证号,服务日期,服务时长\n'])
def test_a_quoted_header_is_a_header_and_an_unclosed_one_is_not_endless(tmp_path: Path, header: str) -> None:
    content = header + "\n" + "1,2021-05-01,2\n" * 50
    if header.count('"') % 2:
        assert (
            "rows 1 to 30" in refused(tmp_path, content.replace("1,2", "1,x,2")).text.en
        )  # it may hide a delimiter
    else:
        assert len(opened(tmp_path, content).header.positions) == 3


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (b"", "空文件", "drop.csv: the file is empty"),
        (b"\n\n\r\n", "空文件", "drop.csv: the file is empty"),
        (b"PK\x03\x04....", "xlsx/zip 文件,不是文本", "found a xlsx/zip file, expected text"),
        (b"\x89PNG\r\n\x1a\n....", "png 文件,不是文本", "found a png file, expected text"),
        ("身份证号\t".encode("utf-16"), "UTF-16 文件", "found a UTF-16 file, expected text"),
        (
            "身份证号,注册日期\n".encode("utf-32"),
            "这是 UTF-32 编码的文本，不能读取；请用 UTF-8 或 GBK 编码重新保存",
            "this is text in UTF-32, which is not read",
        ),
        (b"\x00\x00\xfe\xff" + "身份证号\n".encode("utf-32-be"), "UTF-32 编码", "text in UTF-32"),
        (b"\x00\x01\x02\x03", "没有任何可识别的列名", "no column name is known"),
        (b"\xff\xff\xff\n\xff", "没有任何可识别的列名", "no column name is known"),
        (
            "今天天气很好。\n",
            "第 1 行(文件只有 1 行):没有任何可识别的列名",
            "row 1 (the file has no more): no column",
        ),
        ("唐山市志愿者名单\n身份证号,注册日期\n", "只有列名，没有数据行", "a header and no rows"),
        ("身份证号,注册日期\n", "只有列名，没有数据行", "a header and no rows"),
        ("身份证号,注册日期", "只有列名，没有数据行", "a header and no rows"),
        ("身份证号,注册日期\r\n\r\n\r\n", "只有列名，没有数据行", "a header and no rows"),
        ("身份证号,注册日期\r", "只有列名，没有数据行", "a header and no rows"),
        (
            "身份证号,姓名,爱好\n1,2,3\n",
            "缺少必需的列：注册日期",
            "required columns are missing: registered_on",
        ),
        ("姓名,注册日期\n1,2\n", "身份证号或志愿者编号", "id_number or volunteer_number"),
        (
            "身份证号,服务时长\n1,2\n",
            "缺少必需的列：服务日期或开始时间。已识别的列：身份证号、服务时长；未识别 0 列",
            "missing: service_date or start_at. Recognised: id_number, service_hours; 0 columns were not",
        ),
    ],
)
def test_a_file_that_is_no_drop_is_refused_with_what_was_found_and_expected(
    tmp_path: Path, content: bytes | str, zh: str, en: str
) -> None:
    refusal = refused(tmp_path, content)
    assert plain(zh) in plain(refusal.text.zh)
    assert en in refusal.text.en


def test_two_columns_of_the_same_name_are_refused_by_their_letters(tmp_path: Path) -> None:
    refusal = refused(tmp_path, "身份证号,备注,注册日期, 注册 日期\n1,,2021-05-01,2021-05-02\n")
    assert "C 列与 D 列的列名相同" in refusal.text.zh
    assert "columns C and D have the same header" in refusal.text.en


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_told_by_the_letters_of_a_spreadsheet(place: int, letters: str) -> None:
    assert spreadsheet_column(place) == letters


def test_a_file_without_a_header_is_refused_without_showing_its_first_row(tmp_path: Path) -> None:
    refusal = refused(tmp_path, "90000019900307002X,张三丰,13812345678\n" * 3)
    for canary in ("90000019900307002X", "张三丰", "13812345678"):
        assert canary not in str(refusal.text)


def test_a_forced_source_says_what_it_misses(tmp_path: Path) -> None:
    refusal = refused(tmp_path, "身份证号,注册日期\n1,2021-05-01\n", "service_hours")
    assert "(Read as service_hours.)" in refusal.text.en


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("etl.reader.drop.survey", unreadable)
    refusal = refused(tmp_path, "身份证号,注册日期\n1,2\n")
    assert "drop.csv: cannot be read (Permission denied)" in refusal.text.en
    assert "无法读取" in refusal.text.zh
