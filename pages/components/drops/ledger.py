"""The ledger: every drop that came and what became of each of its rows."""

from __future__ import annotations

import streamlit as st

from metrics.build import Build
from pages.components import downloads, tables
from pages.components.drops.words import (
    STATUSES,
    Drop,
    file_of,
    kind_of,
    note_of,
    origin_of,
    span_text,
)
from pages.components.tables import Column, Row
from pages.components.words import area_name, count_text, moment_text, source_name
from pages.i18n import _

COUNTS = ("rows_read", "rows_accepted", "rows_unchanged", "rows_quarantined", "rows_skipped")
COUNTS_IN_FILE = (*COUNTS, "rows_blank", "rows_superseding")
MOST_SHOWN = 100


def show(build: Build) -> None:
    drops = list(reversed(build.drops()))
    st.write(
        _(
            "A drop is a file as it was received. No row disappears quietly: rows read = accepted + unchanged + "
            "quarantined; blank rows, titles, totals and signatures are counted apart."
        )
    )
    table(_status_filter(drops))
    covered(build)


def _status_filter(drops: list[Drop]) -> list[Drop]:
    """The drops of the status chosen; no choice is offered where all have the same."""
    counts = {status: sum(drop["status"] == status for drop in drops) for status in STATUSES}
    offered = [status for status, number in counts.items() if number]
    if len(offered) < 2:
        return drops
    labels = {status: f"{_(STATUSES[status])} {counts[status]}" for status in offered}
    chosen = st.pills(
        _("Status"), offered, format_func=lambda status: labels.get(status, status), key="drops_status"
    )
    return [drop for drop in drops if chosen in (None, drop["status"])]


def table(drops: list[Drop]) -> None:
    columns = _columns()
    rows = [row(drop) for drop in drops]
    looks = {"file": "file", "status": "badge", "source": "short", "from": "", "period": "", "received": ""}
    keys = ("drop_id", "status", "file", "source", "from", *COUNTS, "period", "received")
    tables.draw(
        [Column(key, columns[key], looks.get(key, "number")) for key in keys],
        rows[:MOST_SHOWN],
        _("One row per drop, newest first"),
    )
    if len(rows) > MOST_SHOWN:
        text = _("The newest {number} of {all} are shown; the file has them all.")
        st.caption(text.format(number=MOST_SHOWN, all=len(rows)))
    downloads.table(columns, [one.cells for one in rows], "ledger")


def _columns() -> dict[str, str]:
    return {
        "drop_id": _("No."),
        "source": _("Kind"),
        "file": _("File and note"),
        "from": _("From"),
        "rows_read": _("Rows read"),
        "rows_accepted": _("= accepted"),
        "rows_unchanged": _("+ unchanged"),
        "rows_quarantined": _("+ quarantined"),
        "rows_skipped": _("Skipped"),
        "rows_blank": _("Blank"),
        "rows_superseding": _("of which corrections"),
        "period": _("Covers"),
        "received": _("Received"),
        "status": _("Status"),
        "nature": _("Nature"),
        "released_by": _("Released by"),
    }


def row(drop: Drop) -> Row:
    status, synthetic = str(drop["status"]), bool(drop["is_synthetic"])
    note = note_of(drop)
    return Row(
        cells={
            "drop_id": str(drop["drop_id"]),
            "source": kind_of(drop),
            "file": file_of(drop) + (f"\n{note}" if note else ""),
            "from": origin_of(drop),
            **{key: count_text(drop[key]) for key in COUNTS_IN_FILE},
            "period": span_text(drop.get("first_on"), drop.get("last_on")),
            "received": moment_text(drop["received_at"]),
            "status": _(STATUSES.get(status, status)),
            "nature": _("Sample data") if synthetic else _("Real data"),
            "released_by": str(drop.get("released_by") or ""),
        },
        look="" if status == "loaded" else "muted",
        warns=frozenset({"status"} if status != "loaded" else ()),
    )


def covered(build: Build) -> None:
    """From when to when each city's drops reach; outside it a figure is 'not reported', never zero."""
    st.subheader(_("What the drops cover"), anchor=False)
    columns = [
        Column("city", _("City"), "short"),
        Column("source", _("Kind"), "short"),
        Column("span", _("Covers"), "wide"),
    ]
    rows = [
        Row({"city": area_name(city), "source": source_name(source), "span": span_text(*span)})
        for city in build.cities_with_data()
        for source, span in build.coverage(city).items()
    ]
    tables.draw(columns, rows)
