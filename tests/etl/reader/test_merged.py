"""Merged cells of a workbook: what they say holds for every row of data they cover; amounts are not guessed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from etl.receipts.content import read_contents
from etl.source import load_sources
from tests.etl.desk import ADA, BEA, CAI, Desk, sentences
from tests.etl.reader.test_parts import FILES, put, take

HEADER = ["记录编号", "身份证号", "姓名", "服务日期", "服务时长", "服务地区", "备注"]
Draw = Callable[[Any], None]


def merged_book(path: Path, rows: list[list[Any]], *merges: tuple[str, str]) -> Path:
    """A workbook of one sheet; `merges` are (range, text)."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("五月")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for place, text in merges:
            sheet.merge_range(place, text)
    return path


def served(number: int, person: str, hours: float | str = 2, area: str = "") -> list[Any]:
    return [f"R{number}", person, "甲", f"2021-05-{number:02}", hours, area, "x"]


def cells(path: Path) -> list[tuple[Any, ...]]:
    (found,) = take(path)
    return [row[3:] for row in found.rows]


def test_a_merged_area_and_person_hold_for_every_row_they_cover(desk: Desk, tmp_path: Path) -> None:
    rows = [HEADER, served(1, ADA), served(2, ""), served(3, ""), served(4, BEA, area="路北区")]
    drop = desk.load_path(merged_book(tmp_path / "a.xlsx", rows, ("B2:B4", ADA), ("F2:F4", "路南区")))
    assert (drop.row.rows_read, drop.row.rows_accepted, drop.row.rows_quarantined) == (4, 4, 0)
    assert (drop.row.encoding, drop.row.delimiter) == ("xlsx", "sheet")
    counted = desk.query(
        "SELECT area_code, count(*), count(DISTINCT volunteer_key) FROM service_records GROUP BY ALL ORDER BY 1"
    )
    assert counted == [("130202", 3, 1), ("130203", 1, 1)]
    assert "合并单元格的内容已填入它所覆盖的 2 行（B、F 列）" in drop.row.note_zh
    assert "merged cells were filled into the 2 rows they cover (columns B, F)" in sentences(drop)
    (receipt,) = read_contents(desk.connection, [drop.row])
    assert any("已填入它所覆盖的 2 行" in text for _, text in receipt.about)


def test_merged_cells_of_an_old_workbook_are_taken_apart(tmp_path: Path) -> None:
    found = cells(put(tmp_path, "a.xls", (FILES / "merged.xls").read_bytes()))
    assert [row[0] for row in found] == ["路南区", "路南区"]
    assert len({row[1] for row in found}) == 1


def test_merged_cells_of_an_open_document_are_taken_apart(tmp_path: Path) -> None:
    def cell(text: str, about: str = "") -> str:
        return (
            f'<table:table-cell office:value-type="string" {about}><text:p>{text}</text:p></table:table-cell>'
        )

    covered = "<table:covered-table-cell/>"
    lines = [
        "".join(map(cell, ("身份证号", "服务日期", "服务时长", "服务地区"))),
        cell(ADA) + cell("2021-05-01") + cell("1") + cell("路南区", 'table:number-rows-spanned="3"'),
        *(cell(one) + cell("2021-05-02") + cell("2") + covered for one in (BEA, CAI)),
        cell(BEA) + cell("2021-05-03") + cell("3") + cell("路北区"),
    ]
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="说明"><table:table-row>{cell("请填写")}</table:table-row></table:table>'
        f'<table:table table:name="五月">{"".join(f"<table:table-row>{one}</table:table-row>" for one in lines)}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", content)
    assert [row[3] for row in cells(path)] == ["路南区", "路南区", "路南区", "路北区"]


def test_an_amount_over_several_rows_is_set_aside_and_not_counted_once_or_thrice(
    desk: Desk, tmp_path: Path
) -> None:
    rows = [HEADER, *(served(n, ADA, "", "路南区") for n in (1, 2, 3)), served(4, BEA, 3, "路南区")]
    drop = desk.load_path(merged_book(tmp_path / "a.xlsx", rows, ("E2:E4", "6")))
    assert desk.reasons(drop) == [(n, "amount_merged", "service_hours") for n in (2, 3, 4)]
    assert drop.row.rows_accepted == 1
    assert "3 行的数量是合并单元格（E 列），不知是每行的还是合计，未采纳" in drop.row.note_zh
    assert "“6（合并单元格）”写在合并了几行的单元格里" in sentences(drop)


def test_a_record_that_takes_two_rows_of_the_sheet_is_one_record(desk: Desk, tmp_path: Path) -> None:
    """Every cell is merged over two rows, of which the second holds nothing: no amount is in doubt."""
    rows = [HEADER, served(1, ADA), [], served(2, BEA), []]
    merges = [(f"{column}{top}:{column}{top + 1}", str(rows[top - 1][place]))
              for top in (2, 4) for place, column in enumerate("ABCDE")]  # fmt: skip
    drop = desk.load_path(merged_book(tmp_path / "a.xlsx", rows, *merges))
    assert (drop.row.rows_accepted, drop.row.rows_blank, drop.row.rows_quarantined) == (2, 1, 0)


def test_a_record_number_beside_several_rows_numbers_none_of_them(desk: Desk, tmp_path: Path) -> None:
    rows = [HEADER, *(served(n, one, n, "路南区") for n, one in enumerate((ADA, BEA, CAI), 1))]
    for row in rows[1:]:
        row[0] = ""
    drop = desk.load_path(merged_book(tmp_path / "a.xlsx", rows, ("A2:A4", "G1")))
    assert drop.row.rows_accepted == 3
    assert desk.query(
        "SELECT sum(service_minutes), count(*) FILTER (has_record_id) FROM service_records"
    ) == [(360, 0)]


def test_merged_titles_headers_totals_and_signatures_stay_what_they_are(desk: Desk, tmp_path: Path) -> None:
    """A title over two rows; a header of two tiers, on every page; a total merged to the right; a merged seal."""
    upper = ["", "", "", "服务", "", "", ""]
    lower = ["", "", "", "服务日期", "服务时长", "", ""]
    head = [("A{}:A{}", "记录编号"), ("B{}:B{}", "身份证号"), ("C{}:C{}", "姓名"), ("F{}:F{}", "服务地区"),
            ("G{}:G{}", "备注")]  # fmt: skip
    rows = [[], [], upper, lower, served(1, ADA), served(2, ""), upper, lower, served(3, BEA), served(4, ""),
            ["", "", "", "", 8, "", ""], [], []]  # fmt: skip
    pages = [(place.format(top, top + 1), text) for top in (3, 7) for place, text in head]
    path = merged_book(
        tmp_path / "a.xlsx",
        rows,
        ("A1:G2", "志愿服务时长明细表(2021年5月)"),
        *pages,
        *(("D3:E3", "服务"), ("D7:E7", "服务")),
        *(("B5:B6", ADA), ("F5:F6", "路南区"), ("F9:F10", "路北区"), ("B9:B11", BEA)),
        *(("A11:A11", "合计"), ("A12:G13", "制表人：某某"))[1:],
    )
    drop = desk.load_path(path)
    assert desk.reasons(drop) == [(11, "value_present", "service_date")]
    areas = desk.query("SELECT area_code, count(*) FROM service_records GROUP BY 1 ORDER BY 1")
    assert areas == [("130202", 2), ("130203", 2)]
    kinds = desk.query(f"SELECT row_no, kind FROM skipped WHERE drop_id = {drop.row.drop_id} ORDER BY 1")
    assert kinds == [(1, "title"), (3, "header"), (7, "header"), (8, "header"), (12, "signature")]


def test_a_total_inside_a_merged_cell_is_a_total(desk: Desk, tmp_path: Path) -> None:
    rows = [HEADER, served(1, ADA), served(2, ""), ["", "", "", "小计", 4, "", ""], served(4, BEA)]
    drop = desk.load_path(merged_book(tmp_path / "a.xlsx", rows, ("B2:B4", ADA), ("F2:F5", "路南区")))
    assert (drop.row.rows_accepted, drop.row.rows_skipped, drop.row.rows_quarantined) == (3, 1, 0)


def test_what_is_hidden_below_a_merged_cell_is_the_rows_own(tmp_path: Path) -> None:
    """Some ways of merging leave the covered cells as they were; every other program reads them too."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("五月")
        for number, row in enumerate([HEADER, served(1, ADA), served(2, BEA), served(3, "")]):
            sheet.write_row(number, 0, row)
        sheet.merge_range("B2:B4", ADA)
        sheet.write(2, 1, BEA)
    assert [row[1] for row in cells(path)] == [ADA, BEA, ADA]


def test_columns_nobody_reads_are_left_alone(tmp_path: Path) -> None:
    rows = [HEADER, served(1, ADA), [*served(2, BEA)[:2], "", "2021-05-02", 2, "", ""]]
    found = cells(merged_book(tmp_path / "a.xlsx", rows, ("C2:C3", "甲"), ("G2:G3", "x")))
    assert [(row[2], row[6]) for row in found] == [("甲", "x"), ("", "")]


@pytest.mark.parametrize("source", sorted(load_sources()))
def test_every_type_of_column_has_a_treatment(source: str) -> None:
    """Amounts and numbers of records are named in etl/reader/merged.py; a new type would be filled without a thought."""
    types = {column.type for column in load_sources()[source].columns.values()}
    filled = {"id_number", "number", "label", "code", "date", "datetime", "area", "reference", "synthetic"}
    assert types <= filled | {"hours", "minutes", "count", "text", "unread"}
