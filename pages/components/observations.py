"""Observations as a table: the figure with its numerator, denominator, interval and status, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from metrics.catalogue import load_catalogue
from metrics.explain import format_interval, format_value, status_text
from metrics.indicator import Indicator
from metrics.query import Observation
from pages.components import tables
from pages.components.tables import Column, Row
from pages.components.variant import titled
from pages.components.words import (
    area_name,
    axis_label,
    count_text,
    dimension_name,
    period_text,
    row_name,
    term_names,
)
from pages.i18n import _, language


def observation_table(
    rows: Sequence[Observation],
    indicator: Indicator,
    by_period: bool = False,
    total: Observation | None = None,
) -> None:
    """One row per observation. Rows are named by period when `by_period`, else by area or member."""
    top, bottom = term_names(indicator)
    heading = _row_heading(rows, by_period)
    columns = [
        Column("name", heading, "short"),
        Column("value", titled(indicator, rows[0].variant if rows else ""), "number"),
    ]
    if indicator.denominator is not None:
        columns += [Column("numerator", top, "number"), Column("denominator", bottom, "number")]
    if any(row.lower is not None for row in rows):
        columns.append(Column("interval", _("95 % interval"), "number"))
    columns.append(Column("status", _("Status"), "badge"))
    drawn = [_row(row, indicator, by_period) for row in rows]
    if total is not None:
        drawn.append(_row(total, indicator, by_period, look="total", name=_("Whole city")))
    tables.draw(columns, drawn)


def indicator_table(rows: Sequence[Observation]) -> None:
    """Different indicators of one or several cities, one row each, with the counts in full."""
    columns = [
        Column("area", _("City"), "short"),
        Column("indicator", _("Indicator"), "short"),
        Column("period", _("Period"), "short"),
        Column("value", _("Value"), "number"),
        Column("numerator", _("Numerator"), "number"),
        Column("denominator", _("Denominator"), "number"),
        Column("status", _("Status"), "badge"),
    ]
    tables.draw(columns, [_indicator_row(row) for row in rows])


def _indicator_row(row: Observation) -> Row:
    indicator = load_catalogue().indicator(row.indicator)
    cells = _row(row, indicator, by_period=False)
    named = {"area": area_name(row.area_code), "indicator": titled(indicator, row.variant)}
    return Row({**cells.cells, **named, "period": period_text(row)}, warns=cells.warns)


def _row_heading(rows: Sequence[Observation], by_period: bool) -> str:
    if by_period:
        return _("Period")
    return dimension_name(rows[0].dimension) if rows and rows[0].member else _("District")


def _row(row: Observation, indicator: Indicator, by_period: bool, look: str = "", name: str = "") -> Row:
    lang = language()
    return Row(
        cells={
            "name": name or _name(row, by_period),
            "value": None if row.value is None else format_value(row, indicator, lang),
            "numerator": count_text(row.numerator),
            "denominator": count_text(row.denominator),
            "interval": format_interval(row, indicator, lang) or None,
            "status": status_text(row.told_status, lang),
        },
        look=look or ("muted" if row.area_code.startswith("U") or row.member == "unknown" else ""),
        warns=frozenset() if row.status == "ok" else frozenset({"status"}),
    )


def _name(row: Observation, by_period: bool) -> str:
    if by_period:
        return axis_label(row)
    return row_name(row)
