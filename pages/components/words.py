"""Small pieces of text that several pages need: area names, member names, counts, periods.

Words of the data (areas, indicators, statuses) come from the data; words of the page from the catalogue.
"""

from __future__ import annotations

import re
from datetime import datetime

from metrics import members
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.explain import basis_text, format_value, status_text, window_text
from metrics.indicator import Indicator
from metrics.query import Observation
from metrics.rounding import rounded_text
from metrics.small_counts import WITHHELD
from pages.i18n import N_, _, language

FEW, TEN_THOUSAND, HUNDRED_MILLION = 100, 10_000, 100_000_000

BASES = {"residence": N_("Where volunteers are registered"), "service": N_("Where the service took place")}
PERIOD_KIND_NAMES = {"year": N_("Year"), "quarter": N_("Quarter"), "month": N_("Month")}
WINDOW_NAMES = {
    "year": N_("The year itself"),
    "quarter": N_("The quarter itself"),
    "month": N_("The month itself"),
    "ytd": N_("Year to date"),
    "rolling12": N_("Last 12 months"),
    "to_date": N_("Everything to date"),
}
SOURCES = {
    "registrations": N_("Registrations"),
    "service_hours": N_("Service hours"),
    "activities": N_("Activities"),
}


def area_name(code: str) -> str:
    """The area's full name in the reader's language."""
    return load_areas().get(code).name(language())


def short_area_name(code: str) -> str:
    """A name for an axis: the unknown bucket without its city's name."""
    area = load_areas().get(code)
    return _("District unknown") if area.level == "unknown" else area.name(language())


def indicator_name(indicator_id: str) -> str:
    return load_catalogue().indicator(indicator_id).name(language())


def member_name(dimension: str, member: str) -> str:
    return members.member_name(dimension, member, language())


def row_name(row: Observation) -> str:
    """What a row is called beside others: its member, or its district; of those told together how many they are."""
    merged = members.merged_name(row.dimension, row.member, language())
    if merged:
        return merged
    return member_name(row.dimension, row.member) if row.member else short_area_name(row.area_code)


def dimension_name(dimension: str) -> str:
    return members.dimension_name(dimension, language())


def source_name(source: str) -> str:
    """A kind of drop as readers call it; a kind without a name here keeps its own."""
    return _(SOURCES[source]) if source in SOURCES else source


def count_text(value: float | int | None) -> str:
    """A count in full, with thousands separators; a few hours keep one decimal when they have any."""
    if value is None:
        return "—"
    is_small_fraction = abs(value) < FEW and not float(value).is_integer()
    return rounded_text(value, 1 if is_small_fraction else 0)


def rows_text(rows: int | None) -> str:
    """A row count of the build's ledger, or the mark of one that is withheld."""
    return WITHHELD if rows is None else count_text(rows)


def large_text(value: float | int | None) -> str:
    """A count as people say it: 147.4万 in Chinese, 1,473,700 in English."""
    if value is None or language() != "zh" or abs(value) < TEN_THOUSAND:
        return count_text(value)
    if abs(value) >= HUNDRED_MILLION:
        return f"{rounded_text(value / HUNDRED_MILLION, 2)}亿"
    return f"{rounded_text(value / TEN_THOUSAND, 2)}万"


def figure_text(value: float | int | None, indicator: Indicator) -> str:
    """A figure for a headline: large counts as people say them, everything else with its decimals."""
    if value is None or indicator.decimals or indicator.unit == "percent" or abs(value) < TEN_THOUSAND:
        return format_value(value, indicator, language())
    unit = indicator.unit_name(language())
    return f"{large_text(value)}{unit}" if language() == "zh" else f"{large_text(value)} {unit}"


def counts_text(row: Observation, indicator: Indicator) -> str:
    """The counts behind a rate: 'Active volunteers 12 ÷ Registered volunteers 34'; '' for a plain count."""
    if indicator.denominator is None or row.numerator is None:
        return ""
    top, bottom = term_names(indicator)
    return f"{top} {large_text(row.numerator)} ÷ {bottom} {large_text(row.denominator)}"


def term_names(indicator: Indicator) -> tuple[str, str]:
    """What the numerator and the denominator count; for a plain count its name and ''."""
    term = indicator.numerator
    top = indicator_name(term.measure.id)
    if term.basis and term.basis != term.measure.bases[0]:
        top = _("{measure} ({basis})").format(measure=top, basis=basis_text(term.basis, language()))
    if indicator.denominator is None:
        return top, ""
    bottom = indicator_name(indicator.denominator.measure.id)
    if indicator.kind == "growth":
        change, earlier = _("{measure}, change"), _("{measure}, a year earlier")
        return change.format(measure=top), earlier.format(measure=bottom)
    return top, bottom


def period_text(row: Observation) -> str:
    """The window of an observation in words."""
    return window_text(row, language())


def axis_label(row: Observation) -> str:
    """The period asked for, short enough for an axis."""
    return row.period.label(language())


def moment_text(value: datetime | str | None) -> str:
    """A moment to the minute, as both languages write it."""
    if value is None:
        return "—"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.strftime("%Y-%m-%d %H:%M")


def value_text(row: Observation, indicator: Indicator) -> str:
    """The figure as printed, or in a few words, for there is little room, why there is none."""
    if row.value is None:
        return re.split("，|,|:| because", status_text(row.status, language()))[0]
    return format_value(row, indicator, language())
