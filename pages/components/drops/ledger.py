"""The ledger: every drop that came and what became of each of its rows."""

from __future__ import annotations

import streamlit as st

from metrics.build import Build
from metrics.small_counts import WITHHELD
from pages.components import downloads, tables
from pages.components.drops.words import (
    STATUSES,
    Drop,
    file_of,
    kind_of,
    note_of,
    origin_of,
    span_text,
    withheld_note,
)
from pages.components.tables import Column, Row
from pages.components.words import area_name, moment_text, rows_text, source_name
from pages.i18n import _

COUNTS = ("rows_read", "rows_accepted", "rows_unchanged", "rows_quarantined", "rows_skipped")
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
    rows = [row(drop) for drop in drops[:MOST_SHOWN]]
    looks = {
        "file": "file",
        "status": "badge",
        "source": "short",
        "from": "",
        "period": "short",
        "received": "short",
    }
    keys = ("drop_id", "status", "file", "source", "from", *COUNTS, "period", "received")
    tables.draw(
        [Column(key, columns[key], looks.get(key, "number")) for key in keys],
        rows,
        _("One row per drop, newest first"),
    )
    if len(drops) > MOST_SHOWN:
        text = _("The newest {number} of {all} are shown; the file has them all.")
        st.caption(text.format(number=MOST_SHOWN, all=len(drops)))
    if any(drop["rows_read"] is None for drop in drops):
        st.caption(withheld_note())
    downloads.table(_saved_columns(), [saved(drop) for drop in drops], "ledger")


def _columns() -> dict[str, str]:
    return {
        "drop_id": _("No."),
        "source": _("Kind"),
        "file": _("File and note"),
        "from": _("From"),
        **_counts(),
        "period": _("Covers"),
        "received": _("Received"),
        "status": _("Status"),
    }


def _saved_columns() -> dict[str, str]:
    """The file has a column for what the page writes into one cell, and some more."""
    return {
        "drop_id": _("No."),
        "status": _("Status"),
        "source": _("Kind"),
        "file": _("File"),
        "note": _("Note"),
        "area": _("Area"),
        "supplier": _("Supplier"),
        # As on the page, but for the signs between them, which a spreadsheet would run.
        **{key: heading.lstrip("=+ ") for key, heading in _counts().items()},
        "rows_blank": _("Blank"),
        "rows_superseding": _("of which corrections"),
        "first_on": _("First day"),
        "last_on": _("Last day"),
        "received": _("Received"),
        "released_by": _("Released by"),
        "nature": _("Nature"),
    }


def _counts() -> dict[str, str]:
    return {
        "rows_read": _("Rows read"),
        "rows_accepted": _("= accepted"),
        "rows_unchanged": _("+ unchanged"),
        "rows_quarantined": _("+ quarantined"),
        "rows_skipped": _("Skipped"),
    }


def row(drop: Drop) -> Row:
    status = str(drop["status"])
    lines = [file_of(drop), _("Sample data") if drop["is_synthetic"] else "", note_of(drop)]
    span = span_text(drop.get("first_on"), drop.get("last_on"))
    return Row(
        cells={
            "drop_id": str(drop["drop_id"]),
            "source": kind_of(drop),
            "file": "\n".join(line for line in lines if line),
            "from": origin_of(drop),
            **{key: rows_text(drop[key]) for key in COUNTS},
            "period": span.replace(f"{drop.get('first_on')} ", f"{drop.get('first_on')}\n"),
            "received": moment_text(drop["received_at"]).replace(" ", "\n"),
            "status": _(STATUSES.get(status, status)),
        },
        look="" if status == "loaded" else "muted",
        warns=frozenset({"status"} if status != "loaded" else ()),
    )


def saved(drop: Drop) -> dict[str, object]:
    """A drop as a line of the file: numbers as numbers, one thing a column."""
    area, status = drop.get("area_code"), str(drop["status"])
    return {
        **{key: drop[key] for key in ("drop_id", "supplier", "released_by", "first_on", "last_on")},
        **{
            key: WITHHELD if drop[key] is None else drop[key]
            for key in (*COUNTS, "rows_blank", "rows_superseding")
        },
        "status": _(STATUSES.get(status, status)),
        "source": kind_of(drop),
        "file": file_of(drop),
        "note": note_of(drop),
        "area": area_name(area) if area else "",
        "received": moment_text(drop["received_at"]),
        "nature": _("Sample data") if drop["is_synthetic"] else _("Real data"),
    }


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
