"""The slides: native charts and tables, the mark and the build on each, everything inside the slide."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from pptx import Presentation
from pptx.presentation import Presentation as Slides

from briefing.model import Cell, Column, Row, Table
from briefing.slides.deck import FONT_ZH, lines_of
from briefing.slides.tables import pages


@pytest.fixture(scope="module")
def deck(files: dict[str, Path]) -> Slides:
    return Presentation(str(files["pptx"]))


def texts(slide: object) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]  # type: ignore[attr-defined]


def test_mark_build_and_as_of_day_stand_on_every_slide(deck: Slides) -> None:
    for slide in deck.slides:
        assert "示例数据" in texts(slide)
        assert any("2024-01-15-small" in text and "2023-12-31" in text for text in texts(slide))


def test_everything_lies_inside_the_slide(deck: Slides) -> None:
    for number, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.left >= 0, (number, shape.name)
            assert shape.left + shape.width <= deck.slide_width, (number, shape.name)
            assert shape.top + height <= deck.slide_height, (number, shape.name)


def test_charts_are_native_and_say_what_they_show(deck: Slides) -> None:
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 5
    for shape in charts:
        assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
        assert shape.chart.part.chart_workbook.xlsx_part is not None


def test_bars_of_proportions_and_mean_hours_carry_their_intervals(deck: Slides) -> None:
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    for chart in charts[:2]:
        (bars,) = chart._chartSpace.findall(".//{*}errBars")
        assert len(bars.findall(".//{*}plus//{*}v")) == len(list(chart.plots[0].categories))


def test_fonts_come_from_the_theme(deck: Slides) -> None:
    part = next(
        relation.target_part
        for relation in deck.slide_master.part.rels.values()
        if "theme" in relation.reltype
    )
    fonts = etree.fromstring(part.blob).findall(".//{*}ea")
    assert [font.get("typeface") for font in fonts[:2]] == [FONT_ZH, FONT_ZH]


def test_notes_say_where_the_figures_come_from(deck: Slides) -> None:
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    assert any("active_rate | 130200 | 2023 | year | residence" in text for text in notes)
    assert all("2024-01-15-small" in text for text in notes)


def test_a_long_table_goes_on_on_another_slide() -> None:
    row = Row((Cell("一" * 30), Cell("1")))
    table = Table("long", (Column("a"), Column("b")), (row,) * 120)
    parts = list(pages(table))
    assert len(parts) > 1
    assert sum(len(rows) for rows, _ in parts) == 120


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("一" * 10, 1), ("一" * 11, 2), ("word " * 3, 1), ("word " * 4, 2), ("x" * 40, 3)],
)
def test_lines_are_estimated_for_ten_characters_of_width(text: str, lines: int) -> None:
    assert lines_of(text, 10 * 12 * 12700, 12) == lines
