"""Bare day numbers in workbooks that count from 1900 and from 1904."""

from __future__ import annotations

import struct
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from etl.reader import workbook
from etl.reader.day_numbers import ZERO_OF_1900, ZERO_OF_1904, day_zero
from tests.etl.desk import ADA, Desk
from tests.etl.reader.test_parts import FILES, put, take

DATE_MODE = struct.pack("<HHH", 0x22, 2, 0)  # the record of an .xls that counts from 1900


def book(path: Path, days: list[Any], is_1904: bool) -> Path:
    with xlsxwriter.Workbook(path, {"date_1904": is_1904, "default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 1, ["身份证号", "服务日期", "服务时长", "服务地区"])
        for number, day in enumerate(days, 1):
            sheet.write_row(number, 1, [ADA, day, number, "路南区"])
    return path


def dates(desk: Desk) -> list[str]:
    found = desk.query("SELECT service_date FROM service_records ORDER BY service_minutes")
    return [str(day) for (day,) in found]


def test_bare_day_numbers_count_from_where_the_workbook_counts(desk: Desk, tmp_path: Path) -> None:
    days = [date(2021, 5, 1), 42855 + 1, 42855.5 + 2, 8537, 20210506, "2021年5月7日"]
    drop = desk.load_path(book(tmp_path / "a.xlsx", days, is_1904=True))
    assert dates(desk) == ["2021-05-01", "2021-05-02", "2021-05-03", "2021-05-06", "2021-05-07"]
    assert desk.reasons(drop) == [(5, "value_readable", "service_date")]
    assert "工作簿的日期序号从 1904 年起算，2 格没有日期格式的序号已照此换算（C 列）" in drop.row.note_zh


def test_a_workbook_that_counts_from_1900_is_read_as_ever(desk: Desk, tmp_path: Path) -> None:
    days = [date(2021, 5, 1), 44317 + 1, 44317.5 + 2, "44320", 20210505]
    drop = desk.load_path(book(tmp_path / "a.xlsx", days, is_1904=False))
    assert dates(desk) == [f"2021-05-0{day}" for day in range(1, 6)]
    assert "起算" not in (drop.row.note_zh or "")


@pytest.mark.parametrize("text", ["42855", "42855.5", "'44317", "\u200b44317 "])
def test_a_day_number_written_as_text_there_is_set_aside(desk: Desk, tmp_path: Path, text: str) -> None:
    drop = desk.load_path(book(tmp_path / "a.xlsx", [date(2021, 5, 1), text], is_1904=True))
    assert dates(desk) == ["2021-05-01"]
    assert desk.reasons(drop) == [(3, "day_counted_from_unknown", "service_date")]
    assert "1 格日期序号不知从哪年起算（C 列），未采纳" in drop.row.note_zh


def test_where_the_workbook_does_not_say_bare_day_numbers_are_set_aside(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "day_zero", lambda path, kind: None)
    drop = desk.load_path(book(tmp_path / "a.xlsx", [date(2021, 5, 1), 44318, 20210503], is_1904=False))
    assert dates(desk) == ["2021-05-01", "2021-05-03"]
    assert desk.reasons(drop) == [(3, "day_counted_from_unknown", "service_date")]


def test_a_moment_is_counted_to_the_second(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["身份证号", "签到时间", "签退时间", "服务时长"])
        sheet.write_row(1, 0, [ADA, 42855 + 8.5 / 24, 42855 + 11 / 24, 2.5])
    (found,) = take(tmp_path / "a.xlsx")
    assert found.rows[0][4:6] == ("2021-05-01 08:30:00", "2021-05-01 11:00:00")


def test_an_old_workbook_says_from_where_it_counts(tmp_path: Path) -> None:
    content = (FILES / "hours.xls").read_bytes()
    assert content.count(DATE_MODE) == 1
    assert day_zero(put(tmp_path, "a.xls", content), "xls") == ZERO_OF_1900
    other = put(tmp_path, "b.xls", content.replace(DATE_MODE, struct.pack("<HHH", 0x22, 2, 1)))
    assert day_zero(other, "xls") == ZERO_OF_1904
    (found,) = take(other)
    assert [row[4] for row in found.rows] == ["2025-05-02", "2025-05-03 08:30:00"]  # dates by their format


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0" * 400, b"\xff" * 4096])
def test_a_damaged_old_workbook_does_not_say(tmp_path: Path, content: bytes) -> None:
    assert day_zero(put(tmp_path, "a.xls", content), "xls") is None


def test_an_old_workbook_cut_anywhere_does_not_say_or_says_it_right(tmp_path: Path) -> None:
    content = (FILES / "hours.xls").read_bytes()
    for length in range(0, len(content), 211):
        assert day_zero(put(tmp_path, "a.xls", content[:length]), "xls") in (None, ZERO_OF_1900)


def test_a_binary_workbook_says_from_where_it_counts(tmp_path: Path) -> None:
    for flags, zero in ((0x10021, ZERO_OF_1904), (0x10020, ZERO_OF_1900)):
        records = b"\x83\x01\x00" + b"\x80\x01\x03abc" + b"\x99\x01\x0c" + struct.pack("<III", flags, 0, 0)
        path = tmp_path / "a.xlsb"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("xl/workbook.bin", records)
        assert day_zero(path, "xlsb") == zero


@pytest.mark.parametrize(
    ("setting", "zero"),
    [
        ("", ZERO_OF_1900),
        (
            '<t:calculation-settings><t:null-date t:date-value="1904-01-01"/></t:calculation-settings>',
            ZERO_OF_1904,
        ),
        ('<t:calculation-settings><t:null-date t:date-value="x"/></t:calculation-settings>', None),
    ],
)
def test_an_open_document_says_from_where_it_counts(tmp_path: Path, setting: str, zero: date | None) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("content.xml", f'<o xmlns:t="urn:t">{setting}<t:table/></o>')
    assert day_zero(path, "ods") == zero


def test_what_xlsxwriter_formats_as_a_date_comes_out_as_written(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [datetime(2021, 5, 1, 8, 30)], is_1904=True)
    (found,) = take(path)
    assert found.rows[0][5] == "2021-05-01 08:30:00"
