"""A Briefing as a .docx file."""

from pathlib import Path

from docx import Document as new_document
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from briefing.charts.style import MUTED, VEST
from briefing.model import Block, Briefing, Bullets, Chart, Figure, Headlines, Paragraph, Section, Table
from briefing.word.charts import add_word_chart
from briefing.word.fonts import declare_stand_ins, set_font, set_language
from briefing.word.layout import FONTS, LAYOUT, text_width_mm
from briefing.word.page import add_landscape, add_running_lines, plain, set_upright
from briefing.word.styles import indent_characters, set_styles
from briefing.word.tables import add_table

CHINESE_NUMBERS = "一二三四五六七八九十"
# A table of more columns than this is set in small type.
FEW_COLUMNS = 5


def write(briefing: Briefing, path: Path) -> None:
    """Write the document. Raises OSError when the file cannot be written."""
    document = new_document()
    document._body.clear_content()
    set_styles(document)
    set_language(document, briefing.lang)
    set_upright(document.sections[0])
    set_properties(document, briefing)
    add_running_lines(document, briefing)
    add_title(document, briefing)
    writer = Writer(document, briefing.lang)
    for number, section in enumerate(briefing.sections, start=1):
        writer.section(section, number)
    add_landscape(document)
    writer.trace(briefing.trace)
    declare_stand_ins(document)
    document.save(str(path))


def set_properties(document: Document, briefing: Briefing) -> None:
    """What the file says of itself: title and build, no person."""
    properties = document.core_properties
    properties.title = f"{briefing.title}{briefing.subtitle}"
    properties.author = properties.last_modified_by = "Redvest"
    properties.subject = briefing.build_id
    properties.keywords = briefing.sample_mark
    properties.comments = briefing.sample_warning or briefing.running


def add_title(document: Document, briefing: Briefing) -> None:
    document.add_paragraph(briefing.title, style="Title")
    for text, font, size in (
        (briefing.subtitle, "subheading", LAYOUT["body_pt"]),
        ("  ".join(f"{label} {value}" for label, value in briefing.facts[1:]), "small", LAYOUT["facts_pt"]),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        styled_run(paragraph, text, font, size)
    if briefing.sample_warning:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        plain(paragraph)
        run = styled_run(paragraph, briefing.sample_warning, "heading", LAYOUT["table_pt"])
        run.font.color.rgb = RGBColor.from_string(VEST)
    last = document.paragraphs[-1]
    last.paragraph_format.space_after = Pt(LAYOUT["line_pt"] / 2)


def styled_run(paragraph: WordParagraph, text: str, font: str, size: float):  # type: ignore[no-untyped-def]
    run = paragraph.add_run(text)
    set_font(run, FONTS[font], hint=True)
    run.font.size = Pt(size)
    return run


class Writer:
    """Writes blocks one after another; counts charts, because each is a part of the file."""

    def __init__(self, document: Document, lang: str) -> None:
        self.document = document
        self.lang = lang
        self.charts = 0

    def section(self, section: Section, number: int) -> None:
        numeral = f"{CHINESE_NUMBERS[number - 1]}、" if self.lang == "zh" else f"{number}. "
        self.document.add_paragraph(numeral + section.title, style="Heading 1")
        for block in section.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.body(block.text, block.figures)
            case Bullets():
                for item in block.items:
                    self.body(item)
            case Headlines():
                self.headlines(block)
            case Table():
                is_wide = len(block.columns) > FEW_COLUMNS
                style = "Wide Table Text" if is_wide else "Table Text"
                add_table(self.document, block, text_width_mm(), style)
            case Chart():
                self.charts += 1
                add_word_chart(self.document, block, self.charts, self.lang)

    def headlines(self, block: Headlines) -> None:
        """One heading and one paragraph for each group."""
        for number, group in enumerate(block.groups, start=1):
            numeral = f"({CHINESE_NUMBERS[number - 1]})" if self.lang == "zh" else f"({number}) "
            if self.lang == "zh":
                numeral = numeral.replace("(", "\uff08").replace(")", "\uff09")
            self.document.add_paragraph(numeral + group.name, style="Heading 2")
            paragraph = self.body("")
            for item in group.headlines:
                space = "" if self.lang == "zh" or not paragraph.text else " "
                self.sentence(paragraph, space + item.sentence, (item.figure,))

    def body(self, text: str, figures: tuple[Figure, ...] = ()) -> WordParagraph:
        paragraph = self.document.add_paragraph()
        indent_characters(paragraph)
        if text:
            self.sentence(paragraph, text, figures)
        return paragraph

    def sentence(self, paragraph: WordParagraph, text: str, figures: tuple[Figure, ...]) -> None:
        """The text, then the numbers of its figures in the trace sheet, small and raised."""
        styled_run(paragraph, text, "body", LAYOUT["body_pt"])
        if figures:
            numbers = ",".join(str(figure.number) for figure in figures)
            run = styled_run(paragraph, f"[{numbers}]", "body", LAYOUT["body_pt"])
            run.font.superscript = True
            run.font.color.rgb = RGBColor.from_string(MUTED)

    def trace(self, section: Section) -> None:
        self.document.add_paragraph(section.title, style="Heading 1")
        for block in section.blocks:
            if isinstance(block, Table):
                add_table(self.document, block, text_width_mm(is_landscape=True), "Trace Text")
            else:
                paragraph = self.document.add_paragraph(style="Table Note")
                paragraph.add_run(getattr(block, "text", ""))
