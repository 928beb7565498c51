"""A Briefing as a .pptx file: title, cards, charts, tables; the trace stands in the speaker's notes."""

from dataclasses import replace
from pathlib import Path

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.presentation import Presentation as Slides
from pptx.util import Emu, Inches, Pt

from briefing.charts.native import add_chart
from briefing.charts.style import INK, MUTED, VEST
from briefing.model import Briefing, Bullets, Chart, Headlines, Paragraph, Section, Table
from briefing.slides.cards import draw_cards
from briefing.slides.deck import (
    BOTTOM,
    HEIGHT,
    MARGIN,
    TOP,
    WIDTH,
    add_notes,
    add_slide,
    add_text,
    lines_of,
    new_deck,
)
from briefing.slides.tables import draw_table, fits, pages
from briefing.words import Words, load_words

CHART_TITLE, CHART_NOTE = Inches(0.35), Inches(0.25)
CHART_PT = 10
FEW_POINTS = 6  # of a line in a third of the slide
GAP = Inches(0.3)
TEXT_PT = 20
NOTE_PT = 10


def write(briefing: Briefing, path: Path) -> None:
    """Write the deck. Raises OSError when the file cannot be written."""
    deck = new_deck(briefing)
    words = load_words(briefing.lang)
    add_title_slide(deck, briefing)
    for section in briefing.sections:
        add_section(deck, briefing, section, words)
    deck.save(str(path))


def add_title_slide(deck: Slides, briefing: Briefing) -> None:
    slide = add_slide(deck, briefing, briefing.title)
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(0), Emu(0), Inches(0.2), HEIGHT)
    band.fill.solid()
    band.fill.fore_color.rgb = RGBColor.from_string(VEST)
    band.line.fill.background()
    title = slide.shapes.title
    assert title is not None
    title.top, title.width, title.height = Inches(1.6), Emu(WIDTH - 2 * MARGIN), Inches(1.6)
    title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    title.text_frame.paragraphs[0].font.size = Pt(40)
    width = WIDTH - 2 * MARGIN
    add_text(
        slide, briefing.subtitle, (MARGIN, Inches(3.25), width, Inches(0.6)), size=24, lang=briefing.lang
    )
    facts = "\n".join(f"{label}  {text}" for label, text in briefing.facts)
    add_text(
        slide, facts, (MARGIN, Inches(4.2), width, Inches(1.4)), size=14, colour=MUTED, lang=briefing.lang
    )
    if briefing.sample_warning:
        box = (MARGIN, Inches(6.0), width, Inches(0.6))
        add_text(slide, briefing.sample_warning, box, size=14, bold=True, colour=VEST, lang=briefing.lang)


def add_section(deck: Slides, briefing: Briefing, section: Section, words: Words) -> None:
    """Texts, cards, charts side by side, then the tables that show more than those."""
    section = with_remarks_below(section)
    texts = [block for block in section.blocks if isinstance(block, Paragraph | Bullets)]
    charts = [block for block in section.blocks if isinstance(block, Chart)]
    for block in section.blocks:
        if isinstance(block, Headlines):
            slide = add_slide(deck, briefing, section.title)
            draw_cards(slide, block, words)
            items = [item for group in block.groups for item in group.headlines]
            shown = [item.figure for item in items] + [item.before for item in items if item.before]
            add_notes(slide, words, shown)
    if charts:
        match texts:
            case [Paragraph(text=remark, figures=())]:  # no slide for one sentence
                charts[0] = replace(charts[0], notes=(remark, *charts[0].notes))
                texts = []
        add_charts(deck, briefing, section, charts, words)
    if texts:
        add_texts(deck, briefing, section, texts, words)
    for block in section.blocks:
        if isinstance(block, Table) and not block.is_drawn:
            add_table(deck, briefing, block, words)


def with_remarks_below(section: Section) -> Section:
    """Remarks before a short table become its notes: one slide instead of two."""
    if len(section.blocks) == 2 and isinstance(section.blocks[0], Bullets):
        remarks, table = section.blocks
        if isinstance(table, Table) and isinstance(remarks, Bullets):
            joined = replace(table, notes=(*table.notes, *remarks.items))
            if fits(joined):
                return replace(section, blocks=(joined,))
    return section


def add_charts(deck: Slides, briefing: Briefing, section: Section, charts: list[Chart], words: Words) -> None:
    """Side by side; lines of many points one under the other, so that their labels have room."""
    slide = add_slide(deck, briefing, section.title)
    notes = list(dict.fromkeys(note for chart in charts for note in chart.notes))
    for chart, (left, top, width, height) in zip(charts, chart_boxes(charts), strict=True):
        add_text(slide, chart.title, (left, top, width, CHART_TITLE), size=14, bold=True, lang=briefing.lang)
        box = (Emu(left), Emu(top + CHART_TITLE), Emu(width), Emu(height - CHART_TITLE))
        add_chart(slide.shapes, chart, box, briefing.lang, CHART_PT)
    below = (MARGIN, BOTTOM - CHART_NOTE, WIDTH - 2 * MARGIN, CHART_NOTE)
    add_text(slide, "  ".join(notes), below, size=NOTE_PT, colour=MUTED, lang=briefing.lang)
    add_notes(slide, words, [point.figure for chart in charts for point in chart.points])


def chart_boxes(charts: list[Chart]) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each chart with its title."""
    width, height = WIDTH - 2 * MARGIN, BOTTOM - TOP - CHART_NOTE
    if any(chart.kind == "line" and len(chart.points) > FEW_POINTS for chart in charts):
        each = height // len(charts)
        return [(MARGIN, TOP + number * each, width, each) for number in range(len(charts))]
    each = (width - GAP * (len(charts) - 1)) // len(charts)
    return [(MARGIN + number * (each + GAP), TOP, each, height) for number in range(len(charts))]


def add_texts(
    deck: Slides, briefing: Briefing, section: Section, texts: list[Paragraph | Bullets], words: Words
) -> None:
    """Paragraphs one under the other, as large as fits."""
    slide = add_slide(deck, briefing, section.title)
    lines = [
        line for text in texts for line in (text.items if isinstance(text, Bullets) else (text.text,)) if line
    ]
    width = Emu(WIDTH - 2 * MARGIN)
    size = float(TEXT_PT)
    while size > NOTE_PT and height_of(lines, width, size) > BOTTOM - TOP:
        size -= 0.5
    top = int(TOP)
    for line in lines:
        height = height_of([line], width, size)
        add_text(slide, line, (MARGIN, top, width, height), size=size, colour=INK, lang=briefing.lang)
        top += height
    figures = [figure for text in texts if isinstance(text, Paragraph) for figure in text.figures]
    if figures:
        add_notes(slide, words, figures)


def height_of(lines: list[str], width: Emu, size: float) -> int:
    """Each paragraph's lines and half a line between paragraphs."""
    count = sum(lines_of(line, width, size) + 0.6 for line in lines)
    return int(count * size * 1.35 * Emu(12700))


def add_table(deck: Slides, briefing: Briefing, table: Table, words: Words) -> None:
    for number, (rows, size) in enumerate(pages(table)):
        title = table.title if number == 0 else words("continued", title=table.title)
        slide = add_slide(deck, briefing, title)
        draw_table(slide, table, rows, size, briefing.lang)
        figures = [figure for row in rows for cell in row.cells for figure in cell.figures]
        if figures:
            add_notes(slide, words, figures)
