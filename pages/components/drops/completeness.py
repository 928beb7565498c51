"""Completeness: which supplier has reported which area and month, one table a supplier."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from metrics.areas import load_areas
from metrics.build import Build
from metrics.completeness import reason_text
from pages.components.words import SOURCES, area_name, count_text, short_area_name, source_name
from pages.i18n import N_, _, language

STATES = {
    "complete": ("●", N_("rows came")),
    "partial": ("◐", N_("came in part")),
    "zero": ("○", N_("reported, none for this area")),
    "absent": ("×", N_("missing")),
    "awaited": ("…", N_("not due yet")),
}
Cell = dict[str, Any]


def show(build: Build) -> None:
    st.write(
        _(
            "Who has reported which area and month. A month that is missing is not zero: figures over it say so."
        )
    )
    found = build.completeness()
    if not found:
        st.info(_("This build has no completeness table; the next one will."))
        return
    rows, months = _chosen(found)
    st.html(f'<p class="redvest-meta">{_legend()}</p>')
    by_supplier: dict[str, list[Cell]] = defaultdict(list)
    for row in rows:
        if row["month"] in months:
            by_supplier[str(row["supplier"])].append(row)
    for supplier, its in sorted(by_supplier.items()):
        st.subheader(supplier or _("Supplier not given"), anchor=False)
        st.html(_table(its, months))


def _chosen(found: list[Cell]) -> tuple[list[Cell], list[date]]:
    """The rows of one kind of drop and one city, and the two years of months to show."""
    areas = load_areas()
    cities = sorted({areas.city_of(row["area_code"]) for row in found})
    sources = [name for name in ("service_hours", *SOURCES) if any(row["source"] == name for row in found)]
    left, right, last = st.columns([1, 1, 1])
    with left:
        city = st.selectbox(_("City"), cities, format_func=area_name, key=f"completeness_city_{language()}")
    with right:
        source = st.selectbox(
            _("Kind"),
            list(dict.fromkeys(sources)),
            format_func=source_name,
            key=f"completeness_source_{language()}",
        )
    rows = [row for row in found if row["source"] == source and areas.city_of(row["area_code"]) == city]
    years = sorted({row["month"].year for row in rows}, reverse=True)
    came = [row["month"].year for row in rows if row["state"] in ("complete", "partial")]
    newest = years.index(max(came)) if came else 0
    with last:
        year = st.selectbox(_("Year and the one before"), years, index=newest, key="completeness_year")
    months = sorted({row["month"] for row in rows if row["month"].year in (year, year - 1)})
    return rows, months


def _legend() -> str:
    parts = [
        f'<span class="redvest-month {state}">{sign}</span> {_(text)}'
        for state, (sign, text) in STATES.items()
    ]
    late = _("came late (framed)")
    parts.append(f'<span class="redvest-month complete late">●</span> {late}')
    return "　".join(parts)


def _table(rows: list[Cell], months: list[date]) -> str:
    """Areas down, months across; the sign says what the colour says, and the words are in the cell's title."""
    by_area: dict[str, dict[date, Cell]] = defaultdict(dict)
    for row in rows:
        by_area[row["area_code"]][row["month"]] = row
    years: dict[int, int] = defaultdict(int)
    for month in months:
        years[month.year] += 1
    top = "".join(f'<th scope="colgroup" colspan="{span}">{year}</th>' for year, span in years.items())
    head = "".join(f'<th scope="col">{month.month}</th>' for month in months)
    body = "".join(
        f'<tr><th scope="row">{escape(short_area_name(area))}</th>'
        + "".join(_cell(its.get(month)) for month in months)
        + "</tr>"
        for area, its in sorted(by_area.items(), key=_last_if_unknown)
    )
    area = escape(_("Area"))
    table = (
        f'<table class="redvest-months"><thead><tr><th scope="col" rowspan="2">{area}</th>{top}</tr>'
        f"<tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    return f'<div class="redvest-table" tabindex="0">{table}</div>'


def _last_if_unknown(entry: tuple[str, dict[date, Cell]]) -> tuple[bool, str]:
    return entry[0].startswith("U"), entry[0]


def _cell(row: Cell | None) -> str:
    if row is None:
        return "<td></td>"
    sign, text = STATES[row["state"]]
    words = _(text)
    if (
        row["state"] in ("complete", "partial") and row["rows"] is not None
    ):  # a public build does not say how many
        words += " · " + _("{rows} rows").format(rows=count_text(row["rows"]))
    if row["state"] == "partial":
        words += reason_text(row["why"], row["month_rows"], row["usual_rows"], language())
    if row["is_late"]:
        words += " · " + _("late")
    late = " late" if row["is_late"] else ""
    title = f"{row['month']:%Y-%m} {words}"
    return f'<td><span class="redvest-month {row["state"]}{late}" title="{escape(title)}">{sign}</span></td>'
