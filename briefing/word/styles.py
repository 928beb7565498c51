"""The document's styles: body, title, two levels of headings, captions, notes."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from briefing.word.fonts import set_font
from briefing.word.layout import FONTS, LAYOUT
from briefing.word.page import leave_grid

BLACK = RGBColor(0, 0, 0)
# Paragraph styles of table cells (an empty cell is as high as its style), and their size in the layout.
TABLE_TEXT = {"Table Text": "table_pt", "Wide Table Text": "wide_table_pt", "Trace Text": "trace_pt"}
AFTER_SPACING = (
    "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd",
    "w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout", "w:specVanish",
)  # fmt: skip


def set_styles(document: Document) -> None:
    body = shaped(document.styles["Normal"], "body", LAYOUT["body_pt"])
    fixed_lines(body)
    set_letter_spacing(body, LAYOUT["body_spacing_pt"])
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    title = shaped(document.styles["Title"], "title", LAYOUT["title_pt"])
    drop_border(title)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(LAYOUT["title_pt"] + 10)
    for level, font in ((1, "heading"), (2, "subheading")):
        heading = shaped(document.styles[f"Heading {level}"], font, LAYOUT["body_pt"])
        fixed_lines(heading)
        heading.paragraph_format.keep_with_next = True
        indent_characters(heading)
    caption = shaped(document.styles["Caption"], "heading", LAYOUT["caption_pt"])
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_before = Pt(8)
    caption.paragraph_format.space_after = Pt(3)
    caption.paragraph_format.keep_with_next = True
    own_height(caption)
    for name, size in (("Table Note", "note_pt"), *((kind, size) for kind, size in TABLE_TEXT.items())):
        small = shaped(
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH),
            "small",
            LAYOUT[size],
        )
        own_height(small)
        set_letter_spacing(small, 0)
        small.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    document.styles["Table Note"].paragraph_format.space_before = Pt(3)


def shaped(style: ParagraphStyle, font: str, size: float) -> ParagraphStyle:
    """Font, size, black, upright, no space around: what built-in styles bring along is overruled."""
    set_font(style, FONTS[font])
    style.font.size = Pt(size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = BLACK
    spacing = style.element.rPr.find(qn("w:spacing"))
    if spacing is not None:
        style.element.rPr.remove(spacing)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    return style


def set_letter_spacing(style: ParagraphStyle, points: float) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(round(20 * points)))
    style.element.get_or_add_rPr().insert_element_before(spacing, *AFTER_SPACING)


def fixed_lines(style: ParagraphStyle) -> None:
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(LAYOUT["line_pt"])


def own_height(style: ParagraphStyle) -> None:
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    leave_grid(style.element.get_or_add_pPr())


def indent_characters(style: ParagraphStyle | Paragraph) -> None:
    """Two characters, counted in characters so that it follows the size."""
    element = style.element if isinstance(style, ParagraphStyle) else style._p
    indent = element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * LAYOUT["indent_characters"]))
    indent.set(qn("w:firstLine"), str(20 * LAYOUT["body_pt"] * LAYOUT["indent_characters"]))


def drop_border(style: ParagraphStyle) -> None:
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)
