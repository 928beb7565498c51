"""Tables written as a workbook: text stays text, numbers are numbers, and nothing in it can run.

Every text is written with the type of a text, so a cell that begins with = is shown and not computed. Rows are
streamed to the disk; the file appears whole or not at all, and the same content gives the same bytes.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from metrics.own_files import MARK

MOST_ROWS = 1_048_576  # of a sheet, its header included; a limit of the format
# What a person sees as a number and a spreadsheet can hold exactly; 007 and 18 digits are labels.
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,6})?")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
SMALLEST_DAY = datetime(1980, 1, 1)


@dataclass
class Sheet:
    """One sheet. `header` None: rows of any form, the first cell of each in bold; else a table, its header frozen."""

    name: str
    widths: Sequence[int]
    header: Sequence[str] | None
    rows: Iterable[Sequence[object]]


class _Patient(io.FileIO):
    """A file whose first failure to write is kept for the end, where it is one plain OSError.

    Raised in the middle it would leave an archive behind that tries to end itself when it is forgotten, and then
    tells its own traceback on the screen.
    """

    failure: OSError | None = None

    def write(self, data: Any) -> int:
        rest = memoryview(data).cast("B")
        size = len(rest)
        while len(rest) and self.failure is None:
            try:
                rest = rest[super().write(rest) or 0 :]
            except OSError as error:
                self.failure = error
        return size


def write_workbook(path: Path, sheets: Iterable[Sheet], made_at: datetime | None) -> None:
    """Write the sheets; rows beyond what a sheet can hold are not asked for (the caller says so beside).

    Raises OSError when the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.tmp")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with _Patient(beside, "w") as file, xlsxwriter.Workbook(file, options) as workbook:
            workbook.set_properties({"created": made_at or SMALLEST_DAY, "category": MARK})
            plain = workbook.add_format({"text_wrap": True, "valign": "top"})
            bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            for sheet in sheets:
                _write_sheet(workbook.add_worksheet(sheet.name), sheet, plain, bold)
        if file.failure is not None:
            raise file.failure
        beside.replace(path)
    except FileCreateError as error:
        raise error.args[0] from None  # the OSError it wraps, which callers of every writer expect
    finally:
        beside.unlink(missing_ok=True)


def _write_sheet(worksheet: Any, sheet: Sheet, plain: Any, bold: Any) -> None:
    for place, width in enumerate(sheet.widths):
        worksheet.set_column(place, place, width)
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    row_no = 0
    if sheet.header is not None:
        worksheet.set_landscape()
        worksheet.freeze_panes(1, 0)
        worksheet.repeat_rows(0)
        for place, text in enumerate(sheet.header):
            worksheet.write_string(0, place, text, bold)
        row_no = 1
    for cells in sheet.rows:
        if row_no >= MOST_ROWS:
            break
        for place, value in enumerate(cells):
            is_label = sheet.header is None and place == 0
            _write_cell(worksheet, row_no, place, value, bold if is_label else plain)
        row_no += 1


def _write_cell(worksheet: Any, row_no: int, place: int, value: object, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float):
        worksheet.write_number(row_no, place, value, style)
    elif NUMBER.fullmatch(str(value)):
        worksheet.write_number(row_no, place, float(str(value)), style)
    else:
        worksheet.write_string(row_no, place, CONTROL.sub(" ", str(value)), style)
