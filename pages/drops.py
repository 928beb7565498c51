"""Drops: everything an office does with the files it receives, from upload to withdrawal."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from metrics.build import Build
from pages.components import address, frame, notes
from pages.components.drops import (
    completeness,
    corrections,
    flags,
    held,
    history,
    ledger,
    quarantine,
    receipts,
    trace,
    upload,
    withdrawal,
    work,
)
from pages.components.drops.words import may_write, with_status
from pages.i18n import N_, _

NAMES = {
    "ledger": N_("Ledger"),
    "upload": N_("Upload"),
    "held": N_("On hold"),
    "quarantine": N_("Quarantine"),
    "receipts": N_("Receipts"),
    "withdraw": N_("Withdraw"),
    "corrections": N_("Corrections"),
    "trace": N_("Trace"),
    "flags": N_("Flags"),
    "completeness": N_("Completeness"),
    "history": N_("History"),
}
SECTIONS: dict[str, Callable[[Build], None]] = {
    "ledger": ledger.show,
    "upload": upload.show,
    "held": held.show,
    "quarantine": quarantine.show,
    "receipts": receipts.show,
    "withdraw": withdrawal.show,
    "corrections": corrections.show,
    "trace": trace.show,
    "flags": flags.show,
    "completeness": completeness.show,
    "history": history.show,
}
# What changes the data, or shows what only those who keep the data should see.
OF_THE_OFFICE = ("upload", "receipts", "withdraw", "corrections")


def show() -> None:
    if may_write():
        work.settle()
    build = frame.open_page(_("Drops"))
    panel = st.container()
    chosen = section(build) if build is not None else "upload"
    if may_write():
        work.leave(chosen)
        with panel:
            work.panel()
    if build is None:
        nothing_yet()
        return
    SECTIONS[chosen](build)
    frame.footer(build)


def nothing_yet() -> None:
    """Before anything was published: how to begin."""
    if may_write():
        st.subheader(_("Upload"), anchor=False)
        upload.show(None)
        st.divider()
    notes.no_build()


def section(build: Build) -> str:
    """The section to show: chosen by a row of words, kept in the address."""
    offered = [name for name in NAMES if may_write() or name not in OF_THE_OFFICE]
    value = address.resolve("section", offered, "ledger")
    waiting = len(with_status(build, "held"))
    labels = {name: _(NAMES[name]) for name in offered}
    if waiting:
        labels["held"] = f"{labels['held']} {waiting}"
    key = address.prepare("section", value)
    st.segmented_control(
        _("Section"),
        offered,
        format_func=lambda name: labels.get(name, name),
        required=True,
        key=key,
        on_change=address.take,
        args=("section", key),
        label_visibility="collapsed",
    )
    return value


show()
