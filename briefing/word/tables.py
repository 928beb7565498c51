"""Tables in Word: fixed column widths, headings repeated on every page, rows that do not break."""

from typing import Any

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, RGBColor
from docx.table import _Cell

from briefing.charts.style import LINE, MUTED, PALE
from briefing.model import Cell, Column, Row, Table
from briefing.word.fonts import hint_chinese, set_font
from briefing.word.layout import FONTS

LOOK_FILL = {"total": PALE, "own": "FFF4E3"}


# Tables of so few rows, and of no long texts, stay on one page.
FEW_ROWS, SHORT_TEXT = 14, 24


def add_table(document: Document, table: Table, width_mm: float, style: str) -> None:
    """Caption above, notes below; `style` is the cells' paragraph style.

    Widths are written to the grid and to the cells: WPS reads the one, Word the other.
    """
    document.add_paragraph(table.title, style="Caption")
    drawn = document.add_table(rows=0, cols=len(table.columns))
    style_id = document.styles[style].style_id  # looked up once: a table has hundreds of cells
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    set_borders(drawn._tbl)
    total = sum(column.weight for column in table.columns)
    widths = [Mm(width_mm * column.weight / total) for column in table.columns]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    heading = Row(tuple(Cell(column.heading) for column in table.columns), "heading")
    for row in (heading, *table.rows):
        cells = drawn.add_row()
        keep_together(cells._tr, is_heading=row is heading)
        for place, cell, column, width in zip(cells.cells, row.cells, table.columns, widths, strict=True):
            place.width = width
            write_cell(place, cell, column, row.look, style_id)
            place.paragraphs[0].paragraph_format.keep_with_next = stays_with_next(table, row)
    for note in table.notes:
        paragraph = document.add_paragraph(note, style="Table Note")
        paragraph.paragraph_format.keep_with_next = note is not table.notes[-1]


def stays_with_next(table: Table, row: Row) -> bool:
    """Headings stay with a row, the last row with its notes, and a short table on one page."""
    if table.rows and row is table.rows[-1]:
        return bool(table.notes)
    is_short = len(table.rows) <= FEW_ROWS and all(
        len(cell.text) <= SHORT_TEXT for line in table.rows for cell in line.cells
    )
    return is_short or row.look == "heading"


def write_cell(place: _Cell, cell: Cell, column: Column, look: str, style_id: str) -> None:
    is_heading = look == "heading"
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = place.paragraphs[0]
    paragraph._p.get_or_add_pPr().style = style_id
    right = column.is_number and not is_heading
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    if is_heading:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(cell.text)
    if look == "total":
        run.bold = True
    if is_heading:
        set_font(run, FONTS["heading"], hint=True)
    else:
        hint_chinese(run)
    if look == "muted":
        run.font.color.rgb = RGBColor.from_string(MUTED)
    if cell.mark:
        mark = paragraph.add_run(cell.mark)
        mark.font.superscript = True
        hint_chinese(mark)
    fill = PALE if is_heading else LOOK_FILL.get(look)
    if fill:
        shade(place, fill)


def shade(place: _Cell, fill: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shading.set(qn(f"w:{name}"), value)
    place._tc.get_or_add_tcPr().insert_element_before(
        shading, "w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark"
    )


def set_borders(table: Any) -> None:
    """Thin lines, stronger above and below, and narrow cell margins: many columns in 156 mm."""
    properties = table.tblPr
    borders = OxmlElement("w:tblBorders")
    for side, weight, colour in (
        ("top", "8", "000000"), ("bottom", "8", "000000"), ("insideH", "4", LINE), ("insideV", "4", LINE),
    ):  # fmt: skip
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", weight), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    margins = OxmlElement("w:tblCellMar")
    for side, twentieths in (("top", "30"), ("left", "60"), ("bottom", "30"), ("right", "60")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), twentieths)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.insert_element_before(margins, "w:tblLook")


def keep_together(row: Any, is_heading: bool) -> None:
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        properties.append(OxmlElement("w:tblHeader"))
