"""Headline figures as cards: a column for each group, a card for each figure."""

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from briefing.charts.style import AMBER, BLUE, INK, LINE, MUTED
from briefing.model import Headline, Headlines
from briefing.slides.deck import BOTTOM, MARGIN, TOP, WIDTH, add_text
from briefing.words import Words

GAP = Inches(0.15)
HEADING = Inches(0.38)


def draw_cards(slide: Slide, headlines: Headlines, words: Words) -> None:
    """All cards are of one size, so that the figures stand in rows."""
    columns = len(headlines.groups)
    most = max(len(group.headlines) for group in headlines.groups)
    width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) // columns
    height = (BOTTOM - TOP - HEADING - GAP * (most - 1)) // most
    for column, group in enumerate(headlines.groups):
        left = MARGIN + column * (width + GAP)
        add_text(slide, group.name, (left, TOP, width, HEADING), size=15, bold=True, lang=words.lang)
        for line, item in enumerate(group.headlines):
            top = TOP + HEADING + line * (height + GAP)
            draw_card(slide, item, (left, top, width, height), words)


def draw_card(slide: Slide, item: Headline, box: tuple[int, int, int, int], words: Words) -> None:
    left, top, width, height = (Emu(length) for length in box)
    card = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
    card.name = item.name
    card.fill.solid()
    card.fill.fore_color.rgb = RGBColor(255, 255, 255)
    card.line.color.rgb = RGBColor.from_string(LINE)
    card.line.width = Pt(0.75)
    card.shadow.inherit = False
    frame = card.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = Inches(0.12)
    frame.margin_top = frame.margin_bottom = Inches(0.04)
    write(frame, item.name, 12, MUTED, words.lang, is_first=True)
    write(frame, item.figure.text, 24, BLUE, words.lang, bold=True)
    for text, colour in details(item, words):
        write(frame, text, 10.5, colour, words.lang)


def details(item: Headline, words: Words) -> list[tuple[str, str]]:
    """The counts, the change on the year, the status: what there is of them."""
    lines = []
    if item.counts:
        lines.append((item.counts, MUTED))
    if item.before:
        lines.append((f"{words('column_before')} {item.before.text} · {item.change}", INK))
    if item.status:
        lines.append((item.status, AMBER))
    return lines


def write(
    frame: TextFrame,
    text: str,
    size: float,
    colour: str,
    lang: str,
    bold: bool = False,
    is_first: bool = False,
) -> None:
    paragraph = frame.paragraphs[0] if is_first else frame.add_paragraph()
    paragraph.alignment = PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(colour)
    run.font._rPr.set("lang", "zh-CN" if lang == "zh" else "en-US")
