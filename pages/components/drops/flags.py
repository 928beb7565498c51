"""Flags: rows that count but look wrong, by check, supplier and area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import streamlit as st

from etl.frontdesk import reading
from metrics.build import Build
from metrics.small_counts import WITHHELD, sum_of
from pages.components import downloads, tables
from pages.components.drops.words import said
from pages.components.tables import Column, Row
from pages.components.words import area_name, count_text, rows_text
from pages.i18n import _, language

Flag = Mapping[str, Any]


def show(build: Build) -> None:
    st.write(
        _(
            "Flagged rows count. They look unlikely, and are shown so that somebody can ask the supplier about them."
        )
    )
    found = build.flags()
    if not found:
        st.success(_("No row is flagged."))
        return
    by_check: dict[str, list[Flag]] = defaultdict(list)
    for flag in found:
        by_check[str(flag["check_name"])].append(flag)
    ordered = sorted(by_check.values(), key=lambda flags: -_total(flags))
    for number, flags in enumerate(ordered):
        title = _title(flags[0])
        rows = _("{rows} rows").format(rows=rows_text(sum_of(flag["rows"] for flag in flags)))
        with st.expander(f"**{title}** · {rows}", expanded=not number):
            if title != _message(flags[0]):
                st.caption(_message(flags[0]))
            if build.is_internal:
                _cross_table(flags)
            else:
                _by_area(flags)
    if not build.is_internal:
        st.caption(
            _(
                "A public build counts flagged rows by city only; ※ stands for a few. The receipt of a drop counts "
                "those of the drop."
            )
        )
    columns = {
        "check": _("Check"),
        "drop": _("No."),
        "supplier": _("Supplier"),
        "area": _("Area"),
        "rows": _("Rows"),
    }
    downloads.table(columns, [_cells(flag) for flag in found], "flags")


def _by_area(flags: list[Flag]) -> None:
    """The cities and those of whom not even the city is known; in public there is no supplier to tell them by."""
    rows = [Row({"area": _area(str(flag["area_code"])), "all": rows_text(flag["rows"])}) for flag in flags]
    with st.container(width=530):
        tables.draw([Column("area", _("Area"), "label"), Column("all", _("Rows"), "number")], rows)


def _cross_table(flags: list[Flag]) -> None:
    """Areas down, suppliers across."""
    suppliers = sorted({str(flag["supplier"]) for flag in flags})
    by_area: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for flag in flags:
        by_area[str(flag["area_code"])][str(flag["supplier"])] += int(flag["rows"])
    columns = [Column("area", _("Area"), "label")]
    columns += [Column(name, name or _("Supplier not given"), "number") for name in suppliers]
    columns += [Column("all", _("Together"), "number")]
    rows = [
        Row(
            {
                "area": _area(area),
                **{name: count_text(its[name]) if name in its else None for name in suppliers},
                "all": count_text(sum(its.values())),
            }
        )
        for area, its in sorted(by_area.items(), key=lambda entry: -sum(entry[1].values()))
    ]
    with st.container(width=360 + 170 * len(suppliers)):
        tables.draw(columns, rows)


def _title(flag: Flag) -> str:
    """The check's name for people; its sentence where it has none."""
    title = said(reading.check_title(str(flag["check_name"])))
    return _message(flag) if title == flag["check_name"] else title


def _message(flag: Flag) -> str:
    return str(flag["message_zh" if language() == "zh" else "message_en"]).rstrip("。.")


def _cells(flag: Flag) -> dict[str, object]:
    return {
        "check": _title(flag),
        "drop": flag["drop_id"],
        "supplier": flag["supplier"],
        "area": _area(str(flag["area_code"])),
        "rows": WITHHELD if flag["rows"] is None else flag["rows"],
    }


def _area(code: str) -> str:
    return area_name(code) if code else _("Area unknown")


def _total(flags: list[Flag]) -> int:
    """Of what is told."""
    return sum(int(flag["rows"] or 0) for flag in flags)
