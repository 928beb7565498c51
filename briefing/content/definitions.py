"""What the figures mean: formula and caveats of every indicator printed, and the rules that hold for all."""

import re

from briefing.content.subject import Subject
from briefing.model import Bullets, Cell, Column, Row, Section, Table
from metrics.explain import STATUS_TEXTS, status_text
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
    rows = tuple(definition_row(subject, indicator) for indicator in subject.template.indicators)
    remarks = [words(key) for key in GENERAL]
    found = {figure.observation.told_status for figure in subject.trace.figures.values()} - {"ok"}
    codes = list(STATUS_TEXTS)
    if found:
        in_order = sorted(found, key=lambda told: (codes.index(re.split("[+:]", told)[0]), told))
        texts = [status_text(told, subject.lang) for told in in_order]
        separator = ";" if subject.lang == "zh" else "; "
        remarks.append(words("general_statuses", statuses=separator.join(texts)))
    blocks = (Bullets(tuple(remarks)), Table(title, columns, rows))
    return Section("definitions", words("definitions_title"), blocks)


def definition_row(subject: Subject, indicator: Indicator) -> Row:
    lang = subject.lang
    told = [*definition_remarks(subject, indicator), *indicator.caveats(lang)]
    caveats = ("" if lang == "zh" else " ").join(told)
    return Row((Cell(subject.titled(indicator)), Cell(indicator.formula(lang)), Cell(caveats)))


def definition_remarks(subject: Subject, indicator: Indicator) -> list[str]:
    """By which definition an indicator is read, when another than the usual one was asked for."""
    if not subject.chosen.choices:
        return []
    lang, words = subject.lang, subject.words
    refused = subject.objection(indicator)
    if refused:
        return [words("read_as_usual_because", why=refused.text(lang).rstrip("。."))]
    variant = subject.variant(indicator)
    if not variant.choices:
        return [words("read_as_usual")]
    return [words("read_as_chosen", chosen=variant.label(lang)), *variant.notes(lang)]
