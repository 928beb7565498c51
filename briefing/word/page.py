"""Pages in Word: size, margins, character grid, the running line and the page number."""

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from briefing.charts.style import VEST
from briefing.model import Briefing
from briefing.word.fonts import set_font
from briefing.word.layout import FONTS, LAYOUT

POINTS_PER_MM = 72 / 25.4
AFTER_SNAP = (
    "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
    "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle",
    "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip


def set_upright(section: Section) -> None:
    section.page_width, section.page_height = Mm(LAYOUT["page_width_mm"]), Mm(LAYOUT["page_height_mm"])
    section.top_margin, section.bottom_margin = Mm(LAYOUT["top_mm"]), Mm(LAYOUT["bottom_mm"])
    section.left_margin, section.right_margin = Mm(LAYOUT["left_mm"]), Mm(LAYOUT["right_mm"])
    section.header_distance, section.footer_distance = Mm(LAYOUT["header_mm"]), Mm(LAYOUT["footer_mm"])
    set_grid(section)


def add_landscape(document: Document) -> Section:
    """A new section on turned paper: the binding edge (left) becomes the top."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(LAYOUT["page_height_mm"]), Mm(LAYOUT["page_width_mm"])
    section.top_margin, section.bottom_margin = Mm(LAYOUT["left_mm"]), Mm(LAYOUT["right_mm"])
    section.left_margin, section.right_margin = Mm(LAYOUT["bottom_mm"]), Mm(LAYOUT["top_mm"])
    section.header_distance, section.footer_distance = Mm(14), Mm(14)
    return section


def set_grid(section: Section) -> None:
    """22 lines a page. A grid of characters is left out: office programs disagree what it counts from."""
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    height = LAYOUT["page_height_mm"] - LAYOUT["top_mm"] - LAYOUT["bottom_mm"]
    line = height * POINTS_PER_MM / LAYOUT["lines_per_page"]
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(line * 20)))  # twentieths of a point
    grid.attrib.pop(qn("w:charSpace"), None)


def add_running_lines(document: Document, briefing: Briefing) -> None:
    """The same header on every page; page numbers right on odd pages and left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        write_running(header.paragraphs[0], briefing)
        data = header.add_paragraph(style=header.paragraphs[0].style)
        write_small(data, briefing.running_data)
    write_page_number(section.footer.paragraphs[0], is_odd=True)
    write_page_number(section.even_page_footer.paragraphs[0], is_odd=False)


def write_running(paragraph: Paragraph, briefing: Briefing) -> None:
    """The sample mark, then what the briefing is about."""
    if briefing.sample_mark:
        mark = paragraph.add_run(f"【{briefing.sample_mark}】 ")
        mark.bold = True
        mark.font.color.rgb = RGBColor.from_string(VEST)
        set_font(mark, FONTS["heading"], hint=True)
        mark.font.size = Pt(LAYOUT["running_pt"] + 1.5)
    write_small(paragraph, briefing.running_subject)


def write_small(paragraph: Paragraph, content: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    plain(paragraph)
    text = paragraph.add_run(content)
    set_font(text, FONTS["small"], hint=True)
    text.font.size = Pt(LAYOUT["running_pt"])


def write_page_number(paragraph: Paragraph, is_odd: bool) -> None:
    """「— 1 —」, one character in from the outer edge."""
    plain(paragraph)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_odd else WD_ALIGN_PARAGRAPH.LEFT
    indent = Pt(LAYOUT["page_number_pt"])
    if is_odd:
        paragraph.paragraph_format.right_indent = indent
    else:
        paragraph.paragraph_format.left_indent = indent
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        set_font(run, FONTS["small"], hint=True)
        run.font.size = Pt(LAYOUT["page_number_pt"])
        if text is None:
            add_field(run._r, "PAGE")


def add_field(run: Any, instruction: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = instruction
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run.append(element)


def plain(paragraph: Paragraph) -> None:
    """No indent and the font's own line height: the fixed lines of the body are not for small text."""
    form = paragraph.paragraph_format
    form.line_spacing = 1.0
    form.space_before = form.space_after = Pt(0)
    form.first_line_indent = Pt(0)
    leave_grid(paragraph._p.get_or_add_pPr())


def leave_grid(properties: Any) -> None:
    """Not aligned to the page's lines. Word minds the order of elements, so it goes where it belongs."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    properties.insert_element_before(snap, *AFTER_SNAP)
