"""Workbooks (.xlsx, .xlsb, .xls, .ods): each sheet that holds a table of ours is a part.

A sheet is written as CSV in UTF-8, cell for cell from A1 on, so that rows and columns keep the numbers and
letters a person sees; what a cell holds is written as text and cast later, as everywhere. A sheet is held in
memory as a whole: the formats have no other way, and one too large for that is refused.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from etl.messages import Refusal, Text, joined
from etl.privacy import mask_label
from etl.reader.archive import require_modest
from etl.reader.cell_errors import Errors, errors_in
from etl.reader.day_numbers import DayNumbers, day_zero
from etl.reader.head import MOST_RECORDS, Unclear
from etl.reader.header import Header, find_header
from etl.reader.merged import Range, find_merged, ranges_of_open_document
from etl.reader.parts import Part, Staging, workbook_format
from etl.reader.stated import Stated, stated_in_sheet
from etl.reader.survey import Survey, survey
from etl.reader.unlike_its_name import damaged_workbook, other_document
from etl.source import load_sources

ENCRYPTED = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e"  # a stream of a protected .xlsx
# Unpacked bytes of a sheet, or of the list of texts its cells share. Reading one takes twice as much memory: measured
# 190 MB for 100 MB, two million cells.
MOST_OF_A_SHEET = 1 << 30
TOO_LONG = 1e15  # a spreadsheet keeps 15 digits of a number


def sheets(path: Path, label: str, staging: Staging, name: str) -> Iterator[Part]:
    """A part for each visible sheet with a header of ours; what is left out is told with the first.

    Raises Refusal when there is no such sheet, or when the workbook cannot be opened.
    """
    if zipfile.is_zipfile(path):
        require_modest(path, name)
        _require_sheets_in_memory(path, name)
    try:
        with path.open("rb") as file:
            workbook = CalamineWorkbook.from_filelike(file)
    except PasswordError:
        raise _protected(name) from None
    except (CalamineError, ZipError, OSError):
        raise _not_opened(path, name) from None
    kind = workbook_format(path)
    zero = day_zero(path, kind)
    ours, notes, stated = _sorted_out(workbook, staging, name)
    if not ours:
        zh, en = "".join(note.zh for note in notes), " ".join(note.en for note in notes)
        raise Refusal(
            f"{name}：没有一张工作表有可识别的列名。{zh}",
            f"{name}: no sheet has known column names. {en}".strip(),
        )
    for place, sheet_name, headers in ours:
        with staging.copy() as copy:
            errors = errors_in(path, place) if zipfile.is_zipfile(path) else {}
            sheet = _sheet(workbook, place, name)
            merged = find_merged(_ranges(sheet, path, place), headers, _cells(sheet))
            day_numbers = DayNumbers.of(zero, headers)
            _write(merged.rows(_cells(sheet, errors, day_numbers)), copy)
            seen = survey(copy)
            whole = f"{label}/{sheet_name}" if label else sheet_name
            shown = f"{name}/{mask_label(sheet_name)}"
            yield Part(
                whole,
                copy,
                seen.sha256,
                seen.size,
                None,
                shown,
                seen,
                notes=tuple(notes),
                workbook=kind,
                remark=joined(merged.remark, day_numbers.remark),
                stated=stated,
            )
            notes = []


def _require_sheets_in_memory(path: Path, name: str) -> None:
    """Refuse a sheet that would fill the memory: a workbook can be read as a whole only, a text of any size can be read."""
    with zipfile.ZipFile(path) as archive:
        largest = max((one.file_size for one in archive.infolist()), default=0)
    if largest > MOST_OF_A_SHEET:
        raise Refusal(
            f"{name}：工作簿里有一张表解压后有 {largest >> 20:,} MB，最多 {MOST_OF_A_SHEET >> 20:,} MB；"
            "请另存为 CSV（UTF-8）再报送，CSV 的大小不限。",
            f"{name}: a sheet of the workbook has {largest >> 20:,} MB unpacked, at most {MOST_OF_A_SHEET >> 20:,} MB are read; "
            "save it as CSV (UTF-8), which may be of any size.",
        )


def _sorted_out(
    workbook: CalamineWorkbook, staging: Staging, name: str
) -> tuple[list[tuple[int, str, list[Header]]], list[Text], tuple[Stated, ...]]:
    """The sheets (place, name, readings of the header) that hold a table of ours, a sentence for each other one, and what
    those state of the unit of time."""
    stated: list[Stated] = []
    ours: list[tuple[int, str, list[Header]]] = []
    notes: list[Text] = []
    for place, about in enumerate(workbook.sheets_metadata):
        shown = mask_label(about.name)
        if about.typ != SheetTypeEnum.WorkSheet:
            continue  # a chart or a macro
        if about.visible != SheetVisibleEnum.Visible:
            notes.append(
                Text(
                    f"{name}：工作表“{shown}”是隐藏的，未读取。",
                    f"{name}: the sheet '{shown}' is hidden and was not read.",
                )
            )
            continue
        with staging.copy() as copy:
            _write(islice(_cells(_sheet(workbook, place, name)), MOST_RECORDS + 2), copy)
            headers = _headers(copy, survey(copy))
        if headers is not None:
            ours.append((place, about.name, headers))
            continue
        stated += stated_in_sheet(about.name, islice(_cells(_sheet(workbook, place, name)), MOST_RECORDS))
        notes.append(
            Text(
                f"{name}：工作表“{shown}”没有可识别的列名，已跳过。",
                f"{name}: the sheet '{shown}' has no known column names and was left out.",
            )
        )
    return ours, notes, tuple(stated)


def _sheet(workbook: CalamineWorkbook, place: int, name: str) -> CalamineSheet:
    """A sheet; Refusal when the workbook can be opened and what is in it cannot."""
    try:
        return workbook.get_sheet_by_index(place)
    except (CalamineError, ZipError, OSError):
        raise damaged_workbook(name) from None


def _not_opened(path: Path, name: str) -> Refusal:
    return _protected(name) if _is_encrypted(path) else other_document(path, name) or damaged_workbook(name)


def _protected(name: str) -> Refusal:
    return Refusal(
        f"{name}：工作簿设有打开密码；请去掉密码后再报送。",
        f"{name}: the workbook needs a password; save it without one and send it again.",
    )


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return ENCRYPTED in file.read(1 << 20)


def _headers(copy: Path, seen: Survey) -> list[Header] | None:
    """The header of a sheet that opening it will accept, or refuse with a reason of its own; None for no table of ours.

    Several where the kind of drop is still to be said with --source; an empty list is a header that cannot be read.
    """
    try:
        header = find_header(copy, seen, None)
    except Unclear:
        return [one for name in load_sources() if (one := _header_as(name, copy, seen)) is not None]
    return [header] if header is not None and len(header.positions) > 1 else None


def _header_as(source: str, copy: Path, seen: Survey) -> Header | None:
    try:
        header = find_header(copy, seen, source)
    except Unclear:
        return None
    return header if header is not None and not header.source.missing(header.positions) else None


def _ranges(sheet: CalamineSheet, path: Path, place: int) -> list[Range]:
    """The merged cells of a sheet; none of an .xlsb, whose reader does not tell them."""
    ranges = sheet.merged_cell_ranges
    if ranges is None and zipfile.is_zipfile(path):
        return ranges_of_open_document(path, place)
    return ranges or []


def _cells(
    sheet: CalamineSheet, errors: Errors | None = None, day_numbers: DayNumbers | None = None
) -> Iterator[list[str]]:
    """The rows of a sheet as texts, from A1 on; error cells as a person sees them."""
    start = sheet.start
    before = [""] * (start[1] if start else 0)
    by_row: dict[int, dict[int, str]] = {}
    for (row_at, column), text in (errors or {}).items():
        by_row.setdefault(row_at, {})[column] = text
    for number, row in enumerate(sheet.iter_rows()):
        cells = before + [text_of(value) for value in row]
        if day_numbers is not None and day_numbers.columns:
            day_numbers.write(row, cells, len(before))
        for column, text in by_row.get(number, {}).items():
            if column < len(cells):
                cells[column] = text
        yield cells


def _write(rows: Iterable[Sequence[str]], target: Path) -> None:
    """Rows as CSV, blank ones at the end left out."""
    waiting = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        for cells in rows:
            if not any(cells):
                waiting += 1
                continue
            for _ in range(waiting):
                writer.writerow([""] * max(len(cells), 2))
            waiting = 0
            writer.writerow(cells)


def text_of(value: Any) -> str:
    """What a cell holds, as text: numbers with the 15 digits a spreadsheet keeps, days and times as ISO.

    A number that needs more digits has lost them. Written out it ends in zeros, and of ID numbers one in eleven
    would have a right check digit by accident; with its exponent it is seen to be damaged.

    >>> text_of(3.0), text_of(0.30000000000000004), text_of(1.3020219900307002e17), text_of(date(2021, 5, 1))
    ('3', '0.3', '1.30202199003070E+17', '2021-05-01')
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and abs(value) >= TOO_LONG:
        return format(float(value), ".14E")
    if isinstance(value, float):
        return f"{Decimal(format(value, '.15g')):f}"
    if isinstance(value, datetime):
        return _to_the_second(value).isoformat(" ")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _to_the_second(moment: datetime) -> datetime:
    """A spreadsheet keeps days as fractions: 08:29:59.999 was typed as 08:30. Never the next day's, though."""
    rounded = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded if rounded.date() == moment.date() else moment.replace(microsecond=0)
