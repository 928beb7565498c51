"""What the figures mean: formula and caveats of every indicator printed, and the rules that hold for all."""

from briefing.content.subject import Subject
from briefing.model import Bullets, Cell, Column, Row, Section, Table
from metrics.explain import STATUSES, status_text
from metrics.indicator import Indicator

GENERAL = ("general_sum", "general_city", "general_change", "general_interval", "general_trace")


def definition_section(subject: Subject) -> Section:
    words = subject.words
    _, title = subject.table_title(words("definition_table"))
    columns = (
        Column(words("column_indicator"), 1.6),
        Column(words("column_formula"), 4.2),
        Column(words("column_caveats"), 4.2),
    )
    rows = tuple(definition_row(indicator, subject.lang) for indicator in subject.template.indicators)
    remarks = [words(key) for key in GENERAL]
    found = {figure.observation.status for figure in subject.trace.figures.values()} - {"ok"}
    if found:
        texts = [status_text(status, subject.lang) for status in STATUSES if status in found]
        separator = ";" if subject.lang == "zh" else "; "
        remarks.append(words("general_statuses", statuses=separator.join(texts)))
    blocks = (Bullets(tuple(remarks)), Table(title, columns, rows))
    return Section("definitions", words("definitions_title"), blocks)


def definition_row(indicator: Indicator, lang: str) -> Row:
    caveats = ("" if lang == "zh" else " ").join(indicator.caveats(lang))
    return Row((Cell(indicator.name(lang)), Cell(indicator.formula(lang)), Cell(caveats)))
