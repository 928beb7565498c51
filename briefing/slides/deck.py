"""The empty deck: 16:9, Chinese theme fonts, a title and the running lines on every slide."""

import re

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.presentation import Presentation as Slides
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from briefing.charts.native import DRAWING_NS
from briefing.charts.style import INK, MUTED, VEST
from briefing.content.trace import exact
from briefing.model import Briefing, Figure
from briefing.words import Words

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN = Inches(0.5)
TOP = Inches(1.15)  # below the title
BOTTOM = Inches(6.95)  # above the running line
FONT_ZH, FONT_LATIN = "微软雅黑", "Arial"
TITLE_ONLY = 5
LATIN_WIDTH = 0.56  # of the type's size, on average


def new_deck(briefing: Briefing) -> Slides:
    deck: Slides = Presentation()
    widen(deck)
    set_theme_fonts(deck)
    properties = deck.core_properties
    properties.title = f"{briefing.title}{briefing.subtitle}"
    properties.author = properties.last_modified_by = "Redvest"
    properties.subject = briefing.build_id
    properties.keywords = briefing.sample_mark
    return deck


def widen(deck: Slides) -> None:
    """From the library's 4:3 to 16:9; placeholders are stretched so that slides added by hand fit too."""
    factor = WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for shapes in (deck.slide_master.shapes, *(layout.shapes for layout in deck.slide_layouts)):
        for shape in shapes:
            has_place = shape._element.find(f".//{{{DRAWING_NS}}}xfrm") is not None
            if has_place:  # the others take theirs from the master
                shape.left, shape.width = Emu(round(shape.left * factor)), Emu(round(shape.width * factor))


def set_theme_fonts(deck: Slides) -> None:
    """Fonts are set once, in the theme: text, tables and charts all follow it. None is embedded."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    for kind in ("majorFont", "minorFont"):
        fonts = theme.find(f".//{{{DRAWING_NS}}}{kind}")
        fonts.find(f"{{{DRAWING_NS}}}latin").set("typeface", FONT_LATIN)
        fonts.find(f"{{{DRAWING_NS}}}ea").set("typeface", FONT_ZH)
        for font in fonts.findall(f"{{{DRAWING_NS}}}font"):
            if font.get("script") == "Hans":
                font.set("typeface", FONT_ZH)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def add_slide(deck: Slides, briefing: Briefing, title: str) -> Slide:
    """A slide with its title, the sample mark, the running line and its number."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    place_title(slide, title)
    number = len(deck.slides)
    add_text(
        slide, f"{briefing.running}  ·  {number}", (MARGIN, Inches(7.08), WIDTH - 2 * MARGIN, Inches(0.3)),
        size=9, colour=MUTED, lang=briefing.lang,
    )  # fmt: skip
    if briefing.sample_mark:
        add_sample_mark(slide, briefing)
    return slide


def place_title(slide: Slide, title: str) -> None:
    shape = slide.shapes.title
    assert shape is not None, "the title-only layout has a title"
    shape.left, shape.top, shape.width, shape.height = MARGIN, Inches(0.35), Inches(10.6), Inches(0.7)
    frame = shape.text_frame
    frame.text = title
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = Emu(0)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold = Pt(26), True
    paragraph.font.color.rgb = RGBColor.from_string(VEST)


def add_sample_mark(slide: Slide, briefing: Briefing) -> None:
    width, height = Inches(1.7), Inches(0.42)
    box = slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE, Emu(WIDTH - MARGIN - width), Inches(0.45), width, height
    )
    box.name = briefing.sample_mark
    box.fill.solid()
    box.fill.fore_color.rgb = RGBColor.from_string(VEST)
    box.line.fill.background()
    box.shadow.inherit = False
    frame = box.text_frame
    frame.text = briefing.sample_mark
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    frame.paragraphs[0].font.size, frame.paragraphs[0].font.bold = Pt(14), True
    frame.paragraphs[0].font.color.rgb = RGBColor(255, 255, 255)


def add_text(
    slide: Slide,
    text: str,
    box: tuple[int, int, int, int],
    *,
    size: float = 12,
    bold: bool = False,
    colour: str = INK,
    lang: str = "zh",
) -> None:
    """A text box; every line of the text is a paragraph."""
    left, top, width, height = (Emu(round(length)) for length in box)
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour)
        run.font._rPr.set("lang", "zh-CN" if lang == "zh" else "en-US")


def add_notes(slide: Slide, words: Words, figures: list[Figure]) -> None:
    """The trace of every figure on the slide, in the speaker's notes: one line a figure."""
    lines = [words("trace_notes")]
    for figure in sorted({figure.number: figure for figure in figures}.values(), key=lambda f: f.number):
        lines.append(trace_line(figure))
    frame = slide.notes_slide.notes_text_frame
    assert frame is not None, "the library's notes page has a text frame"
    frame.text = "\n".join(lines)


def trace_line(figure: Figure) -> str:
    """'[9] 67.9% = active_rate 130200 2023 year residence 3393 / 5000 = 67.86 ok <build>'."""
    row = figure.observation
    counts = (
        exact(row.numerator)
        if row.denominator is None
        else f"{exact(row.numerator)} / {exact(row.denominator)}"
    )
    reading = f"{row.basis} {row.variant}".rstrip()
    return (
        f"[{figure.number}] {figure.text} | {row.indicator} | {row.area_code} | {row.period.code} | "
        f"{row.window} | {reading} | {counts} = {exact(row.value)} | {row.status} | {row.build_id}"
    )


def lines_of(text: str, width: int, size: float) -> int:
    """How many lines a text takes: a Chinese character is as wide as the type is high, and Latin words
    do not break. An estimate, on the safe side: no office program is asked.
    """
    room = max(1.0, width / Pt(size))
    lines, used = 1, 0.0
    for part in re.findall(r"[!-~]+|.", text):
        length = LATIN_WIDTH * len(part) if part.isascii() else len(part)
        if used and used + length > room and not part.isspace():
            lines, used = lines + 1, 0.0
        used += length
        while used > room:
            lines, used = lines + 1, used - room
    return lines
