"""Words and small pieces that several sections of the drops page need."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from etl.frontdesk.jobs import Text
from metrics.build import Build
from pages.components.words import area_name, count_text, rows_text, source_name
from pages.i18n import N_, _, language

STATUSES = {
    "loaded": N_("loaded"),
    "refused": N_("refused"),
    "held": N_("held"),
    "withdrawn": N_("withdrawn"),
}
Drop = Mapping[str, Any]


def may_write() -> bool:
    """Whether this dashboard offers anything that changes the data, or shows rows of single drops.

    It has no login: where it is opened to a network without a gateway, REDVEST_READ_ONLY=1 takes that away.
    """
    return os.environ.get("REDVEST_READ_ONLY", "").strip().lower() not in ("1", "true", "yes", "on")


def said(text: Text) -> str:
    """A sentence of the warehouse in the reader's language."""
    return text.zh if language() == "zh" else text.en


def note_of(drop: Drop) -> str:
    return str(drop["note_zh" if language() == "zh" else "note_en"] or "")


def reasons_of(drop: Drop) -> list[str]:
    """The note of a drop, one sentence an entry."""
    separator = "；" if language() == "zh" else "; "
    return [part.strip() for part in note_of(drop).split(separator) if part.strip()]


def file_of(drop: Drop) -> str:
    """The file and, in a workbook or an archive, the sheet or member."""
    part = drop.get("part")
    return f"{drop['file_name']}［{part}］" if part else str(drop["file_name"])


def origin_of(drop: Drop) -> str:
    area, supplier = drop.get("area_code"), drop.get("supplier")
    return " · ".join(part for part in (area_name(area) if area else "", supplier) if part)


def kind_of(drop: Drop) -> str:
    return source_name(str(drop["source"])) if drop.get("source") else _("Kind not recognised")


def span_text(first: object, last: object) -> str:
    if not (first and last):
        return "—"
    return str(first) if first == last else _("{first} to {last}").format(first=first, last=last)


def drop_label(drop: Drop) -> str:
    """A drop in a list to choose from."""
    return _("No. {drop_id} · {file}").format(drop_id=drop["drop_id"], file=file_of(drop))


def choose_drop(drops: Iterable[Drop], key: str) -> Drop | None:
    """One of the drops, newest first; None when there is none."""
    offered = {int(drop["drop_id"]): drop for drop in sorted(drops, key=_number, reverse=True)}
    if not offered:
        return None
    labels = {number: drop_label(drop) for number, drop in offered.items()}
    with st.container(width=620):
        chosen = st.selectbox(
            _("Drop"),
            list(offered),
            format_func=lambda number: labels.get(number, str(number)),
            key=_key_of(f"{key}_{language()}", labels),
        )
    return offered[chosen] if chosen in offered else next(iter(offered.values()))


def _key_of(key: str, labels: Mapping[int, str]) -> str:
    """A list's key: another one in each language and whenever a drop has got another name (a mended file's).

    The browser keeps the words of the option chosen, and would go on showing the old ones.
    """
    turn, known = st.session_state.get(f"{key}_named", (0, {}))
    before = f"{key}_{turn}" if turn else key
    if any(known.get(number, label) != label for number, label in labels.items()):
        turn += 1
        chosen = st.session_state.get(before)
        if chosen in labels:
            st.session_state[f"{key}_{turn}"] = chosen
    st.session_state[f"{key}_named"] = (turn, dict(labels))
    return f"{key}_{turn}" if turn else key


def with_status(build: Build | None, *statuses: str) -> list[Drop]:
    return [drop for drop in build.drops() if drop["status"] in statuses] if build else []


def sum_text(drop: Drop) -> str:
    """'10 rows read = 7 accepted + 2 unchanged + 1 quarantined', and what is no row of data besides."""
    text = _("{read} rows read = {accepted} accepted + {unchanged} unchanged + {quarantined} quarantined")
    told = text.format(
        read=rows_text(drop["rows_read"]),
        accepted=rows_text(drop["rows_accepted"]),
        unchanged=rows_text(drop["rows_unchanged"]),
        quarantined=rows_text(drop["rows_quarantined"]),
    )
    blank, skipped = int(drop["rows_blank"] or 0), int(drop["rows_skipped"] or 0)
    if blank or skipped:
        besides = _("; besides {blank} blank rows, {skipped} rows of titles, headers, totals or signatures")
        told += besides.format(blank=count_text(blank), skipped=count_text(skipped))
    return told


def withheld_note() -> str:
    """What the mark in a build's ledger means, and where the number is."""
    return _(
        "※ withheld in a public build: from few rows, or those of one district, people could be recognised. "
        "`python -m etl status` and receipts have the numbers."
    )


def escaped(text: str) -> str:
    """Text for Streamlit's Markdown as it stands: masks are stars, and file names may hold anything."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~$:!" else character for character in text)


def _number(drop: Drop) -> int:
    return int(drop["drop_id"])
