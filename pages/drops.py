"""Drops: what was received, what became of every row, and why some rows were set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from metrics.build import Build, data_home, published_build_ids
from pages.components import downloads, frame, notes, tables
from pages.components.tables import Column, Row
from pages.components.words import area_name, count_text, moment_text, source_name
from pages.i18n import N_, _, language

STATUSES = {
    "loaded": N_("loaded"),
    "refused": N_("refused"),
    "held": N_("held"),
    "withdrawn": N_("withdrawn"),
}


def show() -> None:
    build = frame.open_page(_("Drops"))
    if build is None:
        notes.no_build()
        return
    drops = build.drops()
    st.write(
        _(
            "A drop is a file as it was received. Nothing disappears quietly: of every drop, "
            "rows read = accepted + unchanged + quarantined + blank."
        )
    )
    ledger(drops)
    quarantine(build, drops)
    covered(build)
    history(build)
    frame.footer(build)


def ledger(drops: list[dict[str, Any]]) -> None:
    st.subheader(_("Ledger"), anchor=False)
    columns = {
        "drop_id": _("Drop"),
        "source": _("Kind"),
        "file_name": _("File"),
        "from": _("From"),
        "rows_read": _("Rows read"),
        "rows_accepted": _("= accepted"),
        "rows_unchanged": _("+ unchanged"),
        "rows_quarantined": _("+ quarantined"),
        "rows_blank": _("+ blank"),
        "rows_superseding": _("of which corrections"),
        "period": _("Covers"),
        "received": _("Received"),
        "status": _("Status"),
        "nature": _("Nature"),
    }
    rows = [ledger_row(drop) for drop in reversed(drops)]
    looks = {"file_name": "", "status": "badge", "nature": "badge", "source": "short", "from": ""}
    looks |= {"period": "", "received": ""}
    tables.draw(
        [Column(key, heading, looks.get(key, "number")) for key, heading in columns.items()],
        rows,
        _("One row per drop, newest first"),
    )
    downloads.table(columns, [row.cells for row in rows], "ledger")


def ledger_row(drop: Mapping[str, Any]) -> Row:
    status, synthetic = str(drop["status"]), bool(drop["is_synthetic"])
    counts = (
        "rows_read",
        "rows_accepted",
        "rows_unchanged",
        "rows_quarantined",
        "rows_superseding",
        "rows_blank",
    )
    area = drop.get("area_code")
    return Row(
        cells={
            "drop_id": str(drop["drop_id"]),
            "source": source_name(str(drop["source"])),
            "file_name": str(drop["file_name"]),
            "from": " · ".join(part for part in (area_name(area) if area else "", drop["supplier"]) if part),
            **{key: count_text(drop[key]) for key in counts},
            "period": _span(drop.get("first_on"), drop.get("last_on")),
            "received": moment_text(drop["received_at"]),
            "status": _(STATUSES.get(status, status)),
            "nature": _("Sample data") if synthetic else _("Real data"),
        },
        look="" if status == "loaded" else "muted",
        warns=frozenset(
            key for key, warns in (("status", status != "loaded"), ("nature", synthetic)) if warns
        ),
    )


def quarantine(build: Build, drops: list[dict[str, Any]]) -> None:
    """Counted by drop and check; the sentence says what to repair."""
    st.subheader(_("Rows set aside, by check"), anchor=False)
    found = build.quality()
    if not found:
        st.success(_("No row was set aside."))
        return
    columns = {
        "drop": _("Drop"),
        "check": _("Check"),
        "severity": _("What happened"),
        "rows": _("Rows"),
        "message": _("What was found (an example)"),
    }
    looks = {"check": "code", "severity": "badge", "rows": "number", "message": "wide"}
    shown = [Column(key, heading, looks[key]) for key, heading in columns.items() if key in looks]
    affected = [drop for drop in reversed(drops) if any(row["drop_id"] == drop["drop_id"] for row in found)]
    for drop in affected:
        title = _("Drop {drop_id} · {file_name} · {rows} rows set aside")
        rows = count_text(drop["rows_quarantined"])
        filled = title.format(drop_id=drop["drop_id"], file_name=drop["file_name"], rows=rows)
        with st.expander(filled, expanded=drop is affected[0]):
            tables.draw(shown, [quality_row(row) for row in found if row["drop_id"] == drop["drop_id"]])
    downloads.table(columns, [quality_row(row).cells for row in found], "quarantine")


def quality_row(row: Mapping[str, Any]) -> Row:
    return Row(
        {
            "drop": str(row["drop_id"]),
            "check": str(row["check_name"]),
            "severity": _severity(str(row["severity"])),
            "rows": count_text(row["rows"]),
            "message": str(row["message_zh" if language() == "zh" else "message_en"]),
        }
    )


def covered(build: Build) -> None:
    """From when to when each city's drops reach; outside it a figure is 'not reported', never zero."""
    st.subheader(_("What the drops cover"), anchor=False)
    columns = [
        Column("city", _("City"), "short"),
        Column("source", _("Kind"), "short"),
        Column("span", _("Covers"), "short"),
    ]
    rows = [
        Row({"city": area_name(city), "source": source_name(source), "span": _span(*span)})
        for city in build.cities_with_data()
        for source, span in build.coverage(city).items()
    ]
    tables.draw(columns, rows)


def history(build: Build) -> None:
    """Every build that can still be opened, newest first."""
    st.subheader(_("Builds published"), anchor=False)
    known = reversed(published_build_ids(data_home()))
    rows = [
        Row({"build": name, "state": _("shown here") if name == build.build_id else _("kept")})
        for name in known
    ]
    tables.draw([Column("build", _("Build"), "code"), Column("state", _("State"), "badge")], rows)


def _severity(severity: str) -> str:
    names = {"quarantine": N_("set aside"), "refuse": N_("drop refused"), "warning": N_("warning")}
    return _(names[severity]) if severity in names else severity


def _span(first: object, last: object) -> str:
    return _("{first} to {last}").format(first=first, last=last) if first and last else "—"


show()
