"""Fonts in Word: the East Asian font really set, theme fonts out of the way, stand-ins declared."""

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.styles.style import ParagraphStyle
from docx.text.run import Run
from lxml import etree

from briefing.word.layout import FONTS, Font

FONT_TABLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable"
THEME_ATTRIBUTES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def set_font(target: ParagraphStyle | Run, font: Font, hint: bool = False) -> None:
    """Set all scripts. A theme font left behind would win over the name, so it is removed.

    With the hint, quotes, dashes and ellipses are set in the Chinese font and not in the Latin one.
    """
    target.font.name = font.latin
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in THEME_ATTRIBUTES:
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:eastAsia"), font.name)
    fonts.set(qn("w:cs"), font.latin)
    if hint:
        fonts.set(qn("w:hint"), "eastAsia")


def hint_chinese(run: Run) -> None:
    """For a run whose fonts come from its style: quotes, dashes and the like in the Chinese font."""
    if not run.text.isascii():
        run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def set_language(document: Document, lang: str) -> None:
    """The document's proofing languages, so that Chinese is not underlined as misspelt English."""
    for holder in document.styles.element.iter(qn("w:rPrDefault")):
        properties = holder.find(qn("w:rPr"))
        language = properties.find(qn("w:lang"))
        if language is None:
            language = OxmlElement("w:lang")
            properties.append(language)
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
    document.core_properties.language = "zh-CN" if lang == "zh" else "en"


def declare_stand_ins(document: Document) -> None:
    """Write each font and its alternatives (w:altName) into the font table; no font file is embedded."""
    part = document.part.part_related_by(FONT_TABLE)
    table = etree.fromstring(part.blob)
    known = {font.get(qn("w:name")): font for font in table.findall(qn("w:font"))}
    for font in FONTS.values():
        entry = known.get(font.name)
        if entry is None:
            entry = etree.SubElement(table, qn("w:font"), {qn("w:name"): font.name})
        for child in list(entry):
            entry.remove(child)
        etree.SubElement(entry, qn("w:altName"), {qn("w:val"): ",".join(font.instead)})
        etree.SubElement(entry, qn("w:charset"), {qn("w:val"): "86"})
        etree.SubElement(entry, qn("w:family"), {qn("w:val"): "auto"})
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)
