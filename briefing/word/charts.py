"""Native charts in Word. python-docx has none, but Word and PowerPoint hold the same chart part.

The chart is drawn by python-pptx on a slide that is thrown away; its part and the workbook behind it (what
"edit data" opens) are put into the document. The drawn values are stored in the part, so that programs that
do not open the workbook, WPS among them, show them too.
"""

from functools import cache
from typing import cast

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from lxml import etree
from pptx import Presentation
from pptx.parts.chart import ChartPart
from pptx.presentation import Presentation as Slides
from pptx.util import Emu

from briefing.charts.native import CHART_NS, DRAWING_NS, add_chart, alt_text
from briefing.model import Chart
from briefing.word.layout import text_width_mm
from briefing.word.page import plain

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_NS = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
# Two charts of a city with twenty areas fit on one page; those of a small city are not crammed.
SMALLEST_BAR_MM, LARGEST_BAR_MM, BARS_MM, AROUND_BARS_MM, LINE_CHART_MM = 4.3, 7, 86, 6, 44
CHART_FONT_PT = 8


def add_word_chart(document: Document, chart: Chart, number: int, lang: str) -> None:
    """The chart across the page, its caption below, then its notes."""
    size = Mm(text_width_mm()), Mm(height_mm(chart))
    part = chart_part(document, chart, number, lang)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph = document.add_paragraph()
    plain(paragraph)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run()._r.append(inline(relation, number, size, chart))
    caption = document.add_paragraph(chart.title, style="Caption")
    caption.paragraph_format.keep_with_next = False
    for note in chart.notes:
        document.add_paragraph(note, style="Table Note")


def height_mm(chart: Chart) -> float:
    if chart.kind == "line":
        return LINE_CHART_MM
    bar = min(LARGEST_BAR_MM, max(SMALLEST_BAR_MM, BARS_MM / max(1, len(chart.points))))
    return AROUND_BARS_MM + bar * len(chart.points)


def chart_part(document: Document, chart: Chart, number: int, lang: str) -> Part:
    """The chart part with its workbook, named in Word's way."""
    shapes = scratch().slides.add_slide(scratch().slide_layouts[6]).shapes
    box = Emu(0), Emu(0), Emu(Mm(text_width_mm())), Emu(Mm(LINE_CHART_MM))
    native = add_chart(shapes, chart, box, lang, CHART_FONT_PT)
    drawn = cast(ChartPart, native.part)
    book_blob = drawn.chart_workbook.xlsx_part.blob
    package = document.part.package
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), BOOK_TYPE, book_blob, package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, None, package)
    relation = part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    root = etree.fromstring(drawn.blob)
    root.find(f"{{{CHART_NS}}}externalData").set(f"{{{OFFICE_NS}}}id", relation)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return part


@cache
def scratch() -> Slides:
    return Presentation()


def inline(relation: str, number: int, size: tuple[Mm, Mm], chart: Chart) -> etree._Element:
    """The drawing that shows the part in the line of text."""
    drawing = parse_xml(
        f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:wp="{WORD_NS}" xmlns:a="{DRAWING_NS}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{size[0]}" cy="{size[1]}"/>'
        f'<wp:docPr id="{100 + number}" name="chart {number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{CHART_NS}">'
        f'<c:chart xmlns:c="{CHART_NS}" xmlns:r="{OFFICE_NS}" r:id="{relation}"/>'
        f"</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    properties = drawing.find(f".//{{{WORD_NS}}}docPr")
    assert properties is not None
    properties.set("descr", alt_text(chart))
    return drawing
