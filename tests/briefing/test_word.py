"""The Word file keeps the layout of GB/T 9704 and is a file Word accepts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from briefing.content.compose import compose
from briefing.template import load_template
from briefing.word.layout import FONTS
from briefing.word.write import write
from metrics.build import open_build
from metrics.periods import Period
from tests.metrics.build_factory import small_city

# The order in which the standard wants children; Word may refuse a file that departs from it.
ORDERS = {
    "w:pPr": [
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
        "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap",
        "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid",
        "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
        "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr",
    ],
    "w:rPr": [
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline",
        "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w",
        "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign",
        "rtl", "cs", "em", "lang", "eastAsianLayout",
    ],
    "w:tcPr": [
        "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar",
        "textDirection", "tcFitText", "vAlign", "hideMark",
    ],
    "w:tblPr": [
        "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW",
        "jc", "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def document(files: dict[str, Path]) -> WordDocument:
    return Document(str(files["docx"]))


def test_page_and_margins(document: WordDocument) -> None:
    section = document.sections[0]
    found = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert found == pytest.approx((Mm(210), Mm(297), Mm(37), Mm(35)), abs=700)
    assert (section.left_margin, section.right_margin) == pytest.approx((Mm(28), Mm(26)), abs=700)
    trace = document.sections[1]
    assert (trace.page_width, trace.page_height) == pytest.approx((Mm(297), Mm(210)), abs=700)


def test_body_is_set_in_fixed_lines_of_three_hao(document: WordDocument) -> None:
    body = document.styles["Normal"]
    assert body.font.size == Pt(16)
    assert body.paragraph_format.line_spacing == Pt(28)
    assert body.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Normal", "body", 16),
        ("Title", "title", 22),
        ("Heading 1", "heading", 16),
        ("Heading 2", "subheading", 16),
    ],
)
def test_the_east_asian_font_is_really_set(
    document: WordDocument, style: str, font: str, size: float
) -> None:
    fonts = document.styles[style].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == FONTS[font].name
    assert document.styles[style].font.size == Pt(size)
    assert not [name for name in fonts.attrib if "Theme" in name or "theme" in name]


def test_fonts_are_named_with_stand_ins_and_not_shipped(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["docx"]) as package:
        table = etree.fromstring(package.read("word/fontTable.xml"))
        assert not [
            name for name in package.namelist() if "fonts/" in name or name.endswith((".odttf", ".ttf"))
        ]
    declared = {
        font.get(qn("w:name")): font.find(qn("w:altName")).get(qn("w:val"))
        for font in table
        if font.find(qn("w:altName")) is not None
    }
    for font in FONTS.values():
        assert declared[font.name] == ",".join(font.instead)


def test_page_numbers_stand_between_dashes_and_alternate(document: WordDocument) -> None:
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "—  —"
        assert [field.text for field in paragraph._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert section.footer.paragraphs[0].alignment != section.even_page_footer.paragraphs[0].alignment


def test_mark_build_and_as_of_day_stand_on_every_page(document: WordDocument) -> None:
    for section in document.sections:
        for header in (section.header, section.even_page_header):
            text = "".join(paragraph.text for paragraph in header.paragraphs)
            assert "示例数据" in text
            assert "2024-01-15-small" in text
            assert "2023-12-31" in text


def test_real_data_carry_no_sample_mark(tmp_path: Path) -> None:
    build = open_build(small_city(tmp_path, is_synthetic=False))
    assert build is not None
    path = tmp_path / "real.docx"
    write(compose(build, "130200", Period.parse("2023"), None, load_template()), path)
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            assert "示例".encode() not in package.read(name), name


def test_charts_are_native_with_their_workbook_and_their_values(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["docx"]) as package:
        names = package.namelist()
        charts = [name for name in names if name.startswith("word/charts/chart")]
        assert len(charts) == 5
        assert len([name for name in names if name.startswith("word/embeddings/")]) == 5
        for name in charts:
            root = etree.fromstring(package.read(name))
            assert root.findall(".//{*}val//{*}v"), "the drawn values are kept in the part itself"
            assert root.find("{*}externalData") is not None


def test_elements_stand_in_the_order_of_the_standard(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["docx"]) as package:
        parts = [name for name in package.namelist() if name.startswith("word/") and name.endswith(".xml")]
        wrong = [f"{name}: {fault}" for name in parts for fault in disorder(package.read(name))]
    assert wrong == []


def disorder(blob: bytes) -> Iterator[str]:
    root = etree.fromstring(blob)
    for parent, order in ORDERS.items():
        for element in root.iter(qn(parent)):
            names = [etree.QName(child).localname for child in element]
            places = [order.index(name) for name in names if name in order]
            if places != sorted(places):
                yield f"{parent} {names}"


def test_tables_repeat_their_heading_and_give_every_width(document: WordDocument) -> None:
    for table in document.tables:
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert all(widths)
        assert [cell.width.twips for cell in table.rows[1].cells] == pytest.approx(widths, abs=1)


def test_no_person_is_named_in_the_properties(document: WordDocument) -> None:
    assert document.core_properties.author == "Redvest"
    assert document.core_properties.last_modified_by == "Redvest"
