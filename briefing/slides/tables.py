"""Tables on slides: rows as high as their text needs, and another slide when they do not fit."""

from collections.abc import Iterator

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.util import Emu, Inches, Length, Pt

from briefing.charts.native import DRAWING_NS
from briefing.charts.style import INK, LINE, MUTED, PALE
from briefing.model import Cell, Column, Row, Table
from briefing.slides.deck import BOTTOM, MARGIN, TOP, WIDTH, add_text, lines_of

LARGEST_PT, SMALLEST_PT = 13.0, 9.0
CELL_MARGIN_X, CELL_MARGIN_Y = Pt(4), Pt(1.5)
LINE_HEIGHT = 1.32  # of the type's size, as Chinese fonts set it
NOTE_PT = 10
PLAIN_GRID = "{5940675A-B579-460E-94D1-54222C63F5DA}"  # the built-in style without colours
FILLS = {"heading": "E6EBF0", "total": PALE, "own": "FFF4E3"}


def pages(table: Table) -> Iterator[tuple[tuple[Row, ...], float]]:
    """The rows of each slide and the size of type: as large as lets the table fit on one slide."""
    size = LARGEST_PT
    while size > SMALLEST_PT and sum(heights(table, size)) > room(table):
        size -= 0.5
    rows: list[Row] = []
    heading, *others = heights(table, size)
    used = heading
    for row, height in zip(table.rows, others, strict=True):
        if rows and used + height > room(table):
            yield tuple(rows), size
            rows, used = [], heading
        rows.append(row)
        used += height
    yield tuple(rows), size


def fits(table: Table) -> bool:
    """Whether the table and its notes find room on one slide in the largest type."""
    return sum(heights(table, LARGEST_PT)) <= room(table)


def room(table: Table) -> int:
    return BOTTOM - TOP - notes_height(table) - Pt(10)


def notes_height(table: Table) -> int:
    lines = sum(lines_of(note, Emu(WIDTH - 2 * MARGIN), NOTE_PT) for note in table.notes)
    return int(Pt(NOTE_PT * LINE_HEIGHT)) * lines


def widths(table: Table) -> list[Length]:
    total = sum(column.weight for column in table.columns)
    return [Emu(int((WIDTH - 2 * MARGIN) * column.weight / total)) for column in table.columns]


def heights(table: Table, size: float) -> list[int]:
    """Of the heading and of every row."""
    heading = Row(tuple(Cell(column.heading) for column in table.columns))
    return [height_of(row, widths(table), size) for row in (heading, *table.rows)]


def height_of(row: Row, column_widths: list[Length], size: float) -> int:
    lines = max(
        lines_of(cell.text + cell.mark, Emu(width - 2 * CELL_MARGIN_X), size)
        for cell, width in zip(row.cells, column_widths, strict=True)
    )
    return int(Pt(size * LINE_HEIGHT) * lines + 2 * CELL_MARGIN_Y)


def draw_table(slide: Slide, table: Table, rows: tuple[Row, ...], size: float, lang: str) -> None:
    column_widths = widths(table)
    frame = slide.shapes.add_table(
        len(rows) + 1, len(table.columns), MARGIN, TOP, Emu(WIDTH - 2 * MARGIN), Inches(1)
    )
    frame.name = table.title
    drawn = frame.table
    drawn.horz_banding = False
    frame._element.find(f".//{{{DRAWING_NS}}}tableStyleId").text = PLAIN_GRID
    heading = Row(tuple(Cell(column.heading) for column in table.columns), "heading")
    for number, width in enumerate(column_widths):
        drawn.columns[number].width = width
    bottom = int(TOP)
    for line, row in enumerate((heading, *rows)):
        drawn.rows[line].height = Emu(height_of(row, column_widths, size))
        bottom += drawn.rows[line].height
        for number, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            write_cell(drawn.cell(line, number), cell, column, row.look, size, lang)
    if table.notes:
        box = (MARGIN, bottom + Pt(4), WIDTH - 2 * MARGIN, notes_height(table))
        add_text(slide, "\n".join(table.notes), box, size=NOTE_PT, colour=MUTED, lang=lang)


def write_cell(place: _Cell, cell: Cell, column: Column, look: str, size: float, lang: str) -> None:
    place.margin_left = place.margin_right = CELL_MARGIN_X
    place.margin_top = place.margin_bottom = CELL_MARGIN_Y
    place.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = place.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if column.is_number else PP_ALIGN.LEFT
    paragraph.font.size = Pt(size)
    for text in (cell.text, cell.mark):
        if not text:
            continue
        run = paragraph.add_run()
        run.text = text
        run.font.size = Pt(size)
        run.font.bold = look in ("heading", "total")
        run.font.color.rgb = RGBColor.from_string(MUTED if look == "muted" else INK)
        run.font._rPr.set("lang", "zh-CN" if lang == "zh" else "en-US")
    place.fill.solid()
    place.fill.fore_color.rgb = RGBColor.from_string(FILLS.get(look, "FFFFFF"))
    set_borders(place)


def set_borders(place: _Cell) -> None:
    """A thin line below every row, none beside: python-pptx has no call for borders."""
    properties = place._tc.get_or_add_tcPr()
    lines = []
    for side in ("lnL", "lnR", "lnT", "lnB"):
        line = etree.Element(f"{{{DRAWING_NS}}}{side}", w=str(Pt(0.5)))
        if side == "lnB":
            fill = etree.SubElement(line, f"{{{DRAWING_NS}}}solidFill")
            etree.SubElement(fill, f"{{{DRAWING_NS}}}srgbClr", val=LINE)
        else:
            etree.SubElement(line, f"{{{DRAWING_NS}}}noFill")
        lines.append(line)
    for number, line in enumerate(lines):
        properties.insert(number, line)
