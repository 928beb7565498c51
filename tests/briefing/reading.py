"""Read a written briefing back, as a reader (or another program) finds it: body text, charts, trace rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from docx import Document
from lxml import etree
from pptx import Presentation

CHART_PARTS = "/chart"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@dataclass
class Found:
    """`trace` rows as texts in the order of the trace sheet's columns; notes of slides in the same order."""

    text: str = ""
    numbers: list[float] = field(default_factory=list)  # drawn in charts
    trace: list[list[str]] = field(default_factory=list)


def read(path: Path) -> Found:
    return {".docx": read_document, ".pptx": read_slides, ".html": read_page}[path.suffix](path)


def read_document(path: Path) -> Found:
    """The trace sheet is the last table and does not count as text."""
    document = Document(str(path))
    found = Found(text="\n".join(paragraph.text for paragraph in document.paragraphs))
    *tables, trace = document.tables
    for table in tables:
        for row in table.rows:
            found.text += "\n" + "\t".join(cell.text for cell in row.cells)
    found.trace = [[cell.text for cell in row.cells] for row in trace.rows][1:]
    for part in document.part.package.iter_parts():
        if CHART_PARTS in part.partname and part.partname.endswith(".xml"):
            add_chart(found, part.blob)
    return found


def read_slides(path: Path) -> Found:
    """The trace stands in the notes: '[9] 67.9% | active_rate | 130200 | 2023 | …'."""
    found = Found()
    rows: dict[str, list[str]] = {}
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.text += "\n" + shape.text_frame.text
            elif shape.has_table:
                for row in shape.table.rows:
                    found.text += "\n" + "\t".join(cell.text for cell in row.cells)
            elif shape.has_chart:
                add_chart(found, shape.chart.part.blob)
        if slide.has_notes_slide:
            for line in slide.notes_slide.notes_text_frame.text.splitlines()[1:]:
                number, _, rest = line[1:].partition("] ")
                rows[number] = [number, *note_row(rest)]
    found.trace = [rows[number] for number in sorted(rows, key=int)]
    return found


def note_row(line: str) -> list[str]:
    """The parts of a note in the order of the trace sheet's columns."""
    printed, indicator, area, period, window, basis, counts, status, _build = line.split(" | ")
    numerator, _, rest = counts.partition(" / ") if " / " in counts else (counts.split(" = ")[0], "", counts)
    denominator, _, value = rest.rpartition("=")
    if " / " not in counts:
        denominator = ""
    return [
        "", indicator, area, period, window, basis, numerator.strip(), denominator.strip(), value.strip(),
        printed, status,
    ]  # fmt: skip


def add_chart(found: Found, blob: bytes) -> None:
    root = etree.fromstring(blob)
    for point in root.iterfind(f".//{CHART}cat//{CHART}v"):
        found.text += "\n" + (point.text or "")
    found.numbers += [float(point.text or "nan") for point in root.iterfind(f".//{CHART}val//{CHART}v")]


class Page(HTMLParser):
    """Text outside the trace sheet, rows inside it, every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Found()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.in_trace = self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag == "section":
            self.in_trace = attributes.get("id") == "trace"
        if tag == "style":
            self.in_style = True
        if self.in_trace and tag == "tr":
            self.found.trace.append([])
        if self.in_trace and tag == "td":
            self.found.trace[-1].append("")
        if tag in ("p", "td", "div", "text", "li", "h2", "small", "figcaption"):
            self.found.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self.in_style = False
        if tag == "section":
            self.in_trace = False

    def handle_data(self, data: str) -> None:
        if self.in_trace and self.found.trace and self.found.trace[-1]:
            self.found.trace[-1][-1] += data
        elif not self.in_style and not self.in_trace:
            self.found.text += data


def parse_page(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.found.trace = [row for row in page.found.trace if row]
    return page


def read_page(path: Path) -> Found:
    return parse_page(path).found
