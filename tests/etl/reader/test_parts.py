"""A received file as parts: packed files, workbooks and text in any encoding, and what is refused of them."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from etl.messages import Refusal
from etl.reader import Drop, archive, open_drop, open_parts
from etl.reader import workbook as workbooks
from etl.reader.lines import Counts
from etl.reader.workbook import text_of

FILES = Path(__file__).parent / "files"
ID = "90000019900307002X"
HEADER = ["身份证号", "服务日期", "服务时长", "备注"]
TEXT = ",".join(HEADER) + f"\n{ID},2021-05-01,2.5,好\n"


@dataclass
class Opened:
    """A part while it was open: the drop it gave, its rows, or why it was refused."""

    label: str
    drop: Drop | None
    rows: list[tuple[Any, ...]]
    refusal: str
    notes: str


def take(path: Path, staging: Path | None = None) -> list[Opened]:
    """Every part of a file; nothing may be left in the staging folder."""
    staging = staging or path.parent / "staging"
    found = []
    with open_parts(path, staging) as parts:
        for part in parts:
            if part.path != path:
                assert stat.S_IMODE(part.path.stat().st_mode) == 0o600
            notes = "\n".join(map(str, part.notes))
            try:
                drop = open_drop(part)
            except Refusal as refusal:
                found.append(Opened(part.label, None, [], str(refusal.text), notes))
                continue
            batches = drop.batches(Counts())
            rows = [tuple(row.values()) for batch in batches for row in batch.to_pylist()]
            found.append(Opened(part.label, drop, rows, "", notes))
    assert list(staging.iterdir()) == []
    return found


def refused(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        take(path)
    assert list((path.parent / "staging").iterdir()) == []
    return str(caught.value.text)


def put(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def packed(tmp_path: Path, **members: bytes | str) -> Path:
    path = tmp_path / "drops.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name.removesuffix("_"))
            if name.endswith("_"):
                sheet.hide()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def test_a_plain_file_is_one_part_and_is_not_copied(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", TEXT.encode())
    with open_parts(path, tmp_path / "staging") as parts:
        (part,) = parts
    assert (part.label, part.path, part.encoding) == ("", path, None)


def test_a_file_that_went_away_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    (found,) = take(tmp_path / "gone.csv")
    assert "gone.csv: cannot be read" in found.refusal


@pytest.mark.parametrize("name", ["a.zip", "a.csv"])
def test_each_member_of_a_zip_is_a_part(tmp_path: Path, name: str) -> None:
    path = packed(
        tmp_path,
        **{"路南/五月.csv": TEXT, "b.txt": TEXT.encode("gb18030"), "读我.docx": "x", "__MACOSX/._b.txt": "x"},
    ).rename(tmp_path / name)
    found = take(path)
    assert [(one.label, one.rows[0][3:]) for one in found] == [
        ("路南/五月.csv", (ID, "2021-05-01", "2.5", "好")),
        ("b.txt", (ID, "2021-05-01", "2.5", "好")),
    ]
    assert "读我.docx' is no table" in found[0].notes
    assert not found[1].notes
    assert [one.drop.header.encoding for one in found if one.drop] == ["utf-8", "gb18030"]


def test_a_bad_member_does_not_stop_the_others(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr("x.csv", TEXT)
    found = take(
        packed(tmp_path, **{"a.zip": inner.getvalue(), "b.csv": TEXT, "c.csv.gz": gzip.compress(b"x")})
    )
    assert "an archive inside an archive" in found[0].refusal
    assert "drops.zip/a.zip" in found[0].refusal
    assert found[1].rows
    assert "an archive inside an archive" in found[2].refusal


def test_a_name_in_gbk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("AAAA.csv", TEXT)
    path.write_bytes(path.read_bytes().replace(b"AAAA.csv", "五月".encode("gbk") + b".csv"))
    assert take(path)[0].label == "五月.csv"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../a.csv", "leads out of the archive"),
        ("/etc/a.csv", "leads out of the archive"),
        ("a/../../b.csv", "leads out of the archive"),
        ("..\\a.csv", "leads out of the archive"),
        ("C:\\a.csv", "leads out of the archive"),
    ],
)
def test_a_path_that_leaves_the_archive_refuses_it(tmp_path: Path, name: str, sentence: str) -> None:
    assert sentence in refused(packed(tmp_path, **{"good.csv": TEXT, name: TEXT}))


def test_links_and_protected_members_refuse_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "somewhere")
    assert "'link.csv' is a link" in refused(path)
    content = bytearray(packed(tmp_path, **{"a.csv": TEXT}).read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "'a.csv' needs a password" in refused(put(tmp_path, "b.zip", bytes(content)))


def test_bombs_are_refused_with_the_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FREE_OF_RATIO", 1 << 20)
    zeros = b"0" * (4 << 20)
    assert "times its size" in refused(packed(tmp_path, **{"a.csv": zeros}))
    assert "at most 200 times" in refused(put(tmp_path, "a.csv.gz", gzip.compress(b"0" * (4 << 20) + b"x")))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    assert "3 members, at most 2" in refused(packed(tmp_path, **{f"{n}.csv": TEXT for n in range(3)}))
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    assert "unpacks to more than" in refused(packed(tmp_path, **{"a.csv": TEXT}))


def test_sizes_an_archive_tells_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    path = packed(tmp_path, **{"a.csv": b"0" * 5000})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (500).to_bytes(4, "little")
    (found,) = take(put(tmp_path, "lie.zip", bytes(content)))
    assert found.refusal


@pytest.mark.parametrize("name", ["a.zip", "a.csv.gz", "a.csv"])
def test_a_damaged_archive_is_refused(tmp_path: Path, name: str) -> None:
    whole = gzip.compress(TEXT.encode()) if name.endswith("gz") else packed(tmp_path, a=TEXT).read_bytes()
    assert "damaged" in refused(put(tmp_path, name, whole[:-12]))


def test_an_archive_without_tables_is_refused(tmp_path: Path) -> None:
    assert "holds no table" in refused(packed(tmp_path, **{"a.docx": "x"}))


REMARK = "各位老师：\n本次报送五月数据，如有问题请联系我们。\n谢谢"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_text_for_people_beside_a_table_is_left_out_and_told(tmp_path: Path, encoding: str) -> None:
    members = {"说明.txt": REMARK.encode(encoding), "readme.txt": "Sent in May.", "5月.csv": TEXT}
    (found,) = take(packed(tmp_path, **members))
    assert (found.label, found.refusal, len(found.rows)) == ("5月.csv", "", 1)
    assert "“说明.txt”没有可识别的列名，是说明文字，已跳过" in found.notes
    assert "'readme.txt' has no known column names and is a remark" in found.notes


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ([], "一个空的压缩包"),
        (["照片/1.png", "2.png"], "一个装着 2 个别的文件（.png）的压缩包"),
        (
            ["word/读我", "张三.13987650421", "李四.130202199003070021", "1.张三丰"],
            "一个装着 4 个别的文件（—）的压缩包",
        ),
        (["[Content_Types].xml", "word/document.xml"], "一份 Word 文档"),
        (["Index/Document.iwa"], "一个苹果 Numbers"),
        (["[Content_Types].xml", "xl/worksheets/sheet1.xml"], "一个不完整的工作簿"),
    ],
)
def test_what_is_called_a_workbook_and_holds_none_is_told_what_it_is(
    tmp_path: Path, members: list[str], what: str
) -> None:
    archived = packed(tmp_path, **dict.fromkeys(members, "x")).read_bytes()
    told = refused(put(tmp_path, "时长.xlsx", archived))
    assert f"时长.xlsx：文件名是工作簿，内容却是{what}" in told
    assert "另存为 .xlsx 再报送" in told
    assert f"a.zip：里面没有数据表（.csv、.xlsx 等）：这是{what}" in refused(put(tmp_path, "a.zip", archived))


def test_an_open_document_that_is_no_spreadsheet_is_told_what_it_is(tmp_path: Path) -> None:
    kind = "application/vnd.oasis.opendocument.text"
    written = packed(tmp_path, **{"mimetype": kind, "content.xml": "<x/>"}).read_bytes()
    assert "a.ods：这是一份文字文档（ODF），不是电子表格" in refused(put(tmp_path, "a.ods", written))


def test_a_text_for_people_alone_is_refused(tmp_path: Path) -> None:
    (found,) = take(packed(tmp_path, **{"说明.txt": REMARK}))
    assert "第 1 至 3 行（文件只有 3 行）：没有任何可识别的列名" in found.refusal


@pytest.mark.parametrize(
    "rows",
    [
        f"某某 {ID} 2021-05-01\n",
        "V1,2021-05-01,2,路南区\nV2,2021-05-02,3,路南区\n",
        "",
        "姓名,身份证号\n某某,x\n",
    ],
)
def test_rows_that_lost_their_header_are_refused_and_not_taken_for_a_remark(
    tmp_path: Path, rows: str
) -> None:
    found = take(packed(tmp_path, **{"a.txt": rows, "b.csv": TEXT}))
    assert [bool(one.refusal) for one in found] == [True, False]


def test_of_a_file_of_one_line_one_line_is_told(tmp_path: Path) -> None:
    (found,) = take(put(tmp_path, "a.txt", "今天天气很好".encode()))
    assert found.refusal.startswith("a.txt 第 1 行（文件只有 1 行）：没有任何可识别的列名")
    assert "a.txt, row 1 (the file has no more): no column name is known" in found.refusal


@pytest.mark.parametrize("name", ["a.csv.gz", "a.txt"])
def test_a_gzip_file_is_read_as_what_it_holds(tmp_path: Path, name: str) -> None:
    (found,) = take(put(tmp_path, name, gzip.compress(TEXT.encode("gb18030"))))
    assert (found.label, found.rows[0][3]) == ("a.csv" if name.endswith("gz") else "a.txt", ID)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_each_sheet_with_a_header_of_ours_is_a_part(tmp_path: Path, name: str) -> None:
    rows = [HEADER, [ID, date(2021, 5, 1), 2.5, "好"]]
    path = workbook(
        tmp_path / "x.xlsx", 说明=[["请按此填写"]], 五月=rows, 六月=[["六月明细"], *rows], 旧_=rows
    )
    may, june = take(path.rename(tmp_path / name))
    assert (may.label, june.label) == ("五月", "六月")
    assert may.rows == [(2, None, None, ID, "2021-05-01", "2.5", "好")]
    assert june.rows == [(3, None, None, ID, "2021-05-01", "2.5", "好")]
    assert june.drop is not None
    assert june.drop.titles == ((1, "title"),)
    assert "'说明' has no known column names" in may.notes
    assert "'旧' is hidden" in may.notes
    assert not june.notes


def test_a_workbook_without_a_table_of_ours_is_refused(tmp_path: Path) -> None:
    told = refused(workbook(tmp_path / "a.xlsx", 说明=[["请按此填写"]]))
    assert "no sheet has known column names" in told
    assert "'说明'" in told


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page_called_xls_is_refused_as_what_it_is(tmp_path: Path, encoding: str) -> None:
    page = "<html><body><table><tr><td>身份证号</td><td>服务日期</td></tr></table></body></html>"
    with pytest.raises(Refusal) as caught:
        open_drop(put(tmp_path, "a.xls", page.encode(encoding)))
    assert "这是网页" in caught.value.text.zh
    assert "save it as xlsx or CSV" in caught.value.text.en


def test_rows_and_columns_of_a_sheet_keep_their_places(tmp_path: Path) -> None:
    """Blank rows and columns before and between count; blank ones at the end do not."""
    shifted = [["", *HEADER], ["", ID, "2021-05-01", 1, ""], [], [], ["", ID, "2021-05-02", 2, ""], [], [" "]]
    (found,) = take(workbook(tmp_path / "a.xlsx", 表=[[], [], *shifted]))
    assert found.drop is not None
    assert found.drop.header.positions["id_number"] == 1
    assert [(row[0], row[4]) for row in found.rows if row[4]] == [(4, ID), (7, ID)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-3.5, "-3.5"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (1.3020219900307002e17, "1.30202199003070E+17"),
        (130202199003070000, "1.30202199003070E+17"),
        (1e15, "1.00000000000000E+15"),
        (999999999999999.0, "999999999999999"),
        (True, "TRUE"),
        (False, "FALSE"),
        (7, "7"),
        (date(2021, 5, 1), "2021-05-01"),
        (datetime(2021, 5, 1, 8, 29, 59, 999000), "2021-05-01 08:30:00"),
        (datetime(2021, 12, 31, 23, 59, 59, 600000), "2021-12-31 23:59:59"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=27, minutes=5), "27:05:00"),
        ("a\r\nb", "a\nb"),
        ("#REF!", "#REF!"),
    ],
)
def test_what_a_cell_holds_becomes_text(value: Any, text: str) -> None:
    assert text_of(value) == text


def test_error_cells_are_text_and_not_empty(tmp_path: Path) -> None:
    """The empty sheet before it, and the empty column, move neither row nor column."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("空")
        sheet = made.add_worksheet("五月")
        for row, cells in enumerate([HEADER, [ID, "2021-05-01", 1, "好"], [ID, "2021-05-02", 2, "好"]]):
            sheet.write_row(row + 2, 1, cells)
        bold = made.add_format({"bold": True})
        sheet.write_blank(3, 0, None, bold)
        sheet.write_blank(4, 3, None, bold)
        sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 4, "=#REF!", None, "#REF!")
    (found,) = take(path)
    assert [row[4:] for row in found.rows] == [
        (ID, "2021-05-01", "#DIV/0!", "好"),
        (ID, "2021-05-02", "", "#REF!"),
    ]


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    """An ID number kept as a number has lost its last digits, which a check can then say."""
    path = put(tmp_path, "a.xls", (FILES / "hours.xls").read_bytes())
    (found,) = take(path)
    assert [row[3:6] for row in found.rows] == [
        (ID, "2021-05-01", "2.5"),
        ("9.00000199003070E+17", "2021-05-02 08:30:00", "3"),
    ]


def test_an_open_document_is_read(tmp_path: Path) -> None:
    cells = "".join(
        f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>"
        for row in (HEADER, [ID, "2021-05-01", "2.5", "好"])
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="五月">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", content)
    (found,) = take(path)
    assert (found.label, found.rows[0][3:]) == ("五月", (ID, "2021-05-01", "2.5", "好"))
    assert found.drop is not None
    assert found.drop.workbook == "ods"


def _ods_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_a_workbook_in_a_zip_is_read(tmp_path: Path) -> None:
    book = workbook(tmp_path / "x.xlsx", 五月=[HEADER, [ID, "2021-05-01", 1, ""]]).read_bytes()
    (found,) = take(packed(tmp_path, **{"路南.xlsx": book}))
    assert (found.label, found.rows[0][3]) == ("路南.xlsx/五月", ID)


def test_protected_and_damaged_workbooks_are_refused_with_the_reason(tmp_path: Path) -> None:
    assert "needs a password" in refused(put(tmp_path, "a.xlsx", (FILES / "protected.xlsx").read_bytes()))
    assert "cannot be opened as a workbook" in refused(
        put(tmp_path, "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99)
    )
    book = workbook(tmp_path / "x.xlsx", 五月=[HEADER]).read_bytes()
    for rest in (book[:-30], book[: len(book) // 2]):
        assert "b.xlsx：无法作为工作簿打开，文件可能损坏" in refused(put(tmp_path, "b.xlsx", rest))
    inside = book.index(b"xl/worksheets/sheet1.xml") + 40
    hurt = book[:inside] + bytes(40) + book[inside + 40 :]
    assert "cannot be opened as a workbook; it may be damaged" in refused(put(tmp_path, "c.xlsx", hurt))


def test_a_sheet_too_large_for_the_memory_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_OF_A_SHEET", 1 << 20)
    rows = [HEADER, *([ID, "2021-05-01", 1, "好"] for _ in range(9_000))]
    told = refused(workbook(tmp_path / "a.xlsx", 五月=rows))
    assert "at most 1 MB are read; save it as CSV" in told
    assert "请另存为 CSV（UTF-8）再报送，CSV 的大小不限" in told


def test_a_damaged_archive_is_called_an_archive(tmp_path: Path) -> None:
    archived = packed(tmp_path, **{"5.csv": TEXT}).read_bytes()
    assert "压缩包已损坏" in refused(put(tmp_path, "a.zip", archived[:-30]))


def test_a_workbook_broken_beyond_recognition_is_still_called_a_workbook(tmp_path: Path) -> None:
    """Its sender packed nothing, and cannot pack it again."""
    rubble = b"PK\x03\x04" + b"\0rubble" * 40
    for name in ("a.xlsx", "A.XLSX", "a.ods"):
        told = refused(put(tmp_path, name, rubble))
        assert "无法作为工作簿打开，文件可能损坏" in told
        assert "压缩" not in told
    (part,) = take(packed(tmp_path, **{"a.xlsx": rubble}))
    assert "a.xlsx：无法作为工作簿打开" in part.refusal


@pytest.mark.parametrize("content", [bytes(range(256)) * 9, bytes(4_000), b"\xd0\xcf\x11\xe0" + bytes(99)])
def test_rubble_named_like_a_workbook_is_no_table_without_header(tmp_path: Path, content: bytes) -> None:
    """Its sender is told what helps: to save it as .xlsx does only while it still opens."""
    for name in ("a.xls", "a.ods", "a.xlsx"):
        told = refused(put(tmp_path, name, content))
        assert f"{name}：无法作为工作簿打开，文件可能损坏" in told
        assert "打得开，另存为 .xlsx 再报送；打不开，请从平台重新导出" in told


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16", "utf-16-be"])
def test_a_text_named_like_a_workbook_is_still_read(tmp_path: Path, encoding: str) -> None:
    """Platforms export text as .xls."""
    (found,) = take(put(tmp_path, "a.xls", TEXT.replace(",", "\t").encode(encoding)))
    assert (found.refusal, len(found.rows)) == ("", 1)


@pytest.mark.parametrize("stray", ["\x02", "\x1f"])
def test_one_stray_character_makes_no_rubble_of_a_text_named_like_a_workbook(
    tmp_path: Path, stray: str
) -> None:
    content = TEXT.replace(",", "\t") + f"{ID}\t2021-05-02\t1\t好{stray}\n"
    (found,) = take(put(tmp_path, "a.xls", content.encode()))
    assert (found.refusal, len(found.rows)) == ("", 2)


def test_the_same_rows_in_another_file_are_the_same_drop(tmp_path: Path) -> None:
    """A drop is known by what it holds: a workbook saved once more brings nothing new."""
    rows = [HEADER, [ID, "2021-05-01", 1, ""]]
    books = [workbook(tmp_path / f"{n}.xlsx", **{"五月": rows, f"说明{n}": []}) for n in range(2)]
    digests = {one.drop.survey.sha256 for book in books for one in take(book) if one.drop}
    assert len(digests) == 1


def test_nothing_is_left_behind_when_reading_stops_halfway(tmp_path: Path) -> None:
    path = packed(tmp_path, **{"a.csv": TEXT, "b.csv": TEXT})
    staging = tmp_path / "staging"

    def stopped() -> None:
        with open_parts(path, staging) as parts:
            next(parts)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(staging.iterdir()) == []
    assert stat.S_IMODE(staging.stat().st_mode) == 0o700
