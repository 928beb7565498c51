"""Drops on hold: why, and what somebody who has looked at them decides."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from etl.frontdesk import reading
from etl.frontdesk.jobs import Text
from metrics.build import Build, data_home
from pages.components.drops import work
from pages.components.drops.words import (
    Drop,
    drop_label,
    escaped,
    kind_of,
    may_write,
    origin_of,
    reasons_of,
    with_status,
)
from pages.components.words import moment_text, rows_text
from pages.i18n import _


def show(build: Build) -> None:
    st.write(
        _(
            "A drop that looks unlike the ones before it waits here: none of its rows counts until somebody has "
            "asked the supplier and decides."
        )
    )
    waiting = with_status(build, "held")
    if not waiting:
        st.success(_("No drop is on hold."))
    notes = _notes(build) if waiting and may_write() else {}
    for drop in reversed(waiting):
        note = notes.get(int(drop["drop_id"]))
        with st.container(border=True):
            _draw(drop if note is None else {**drop, "note_zh": note.zh, "note_en": note.en})


def _notes(build: Build) -> Mapping[int, Text]:
    """The reasons with their numbers, for those who decide."""
    return work.as_last_read("held", build.build_id, lambda: reading.held_notes(data_home())) or {}


def _draw(drop: Drop) -> None:
    st.markdown(f"**{escaped(drop_label(drop))}**")
    about = [kind_of(drop), origin_of(drop), _("{rows} rows").format(rows=rows_text(drop["rows_read"]))]
    about.append(_("received {moment}").format(moment=moment_text(drop["received_at"])))
    st.caption(escaped(" · ".join(part for part in about if part)))
    st.markdown(_("Why it waits:"))
    st.markdown("\n".join(f"- {escaped(reason)}" for reason in reasons_of(drop)))
    if may_write():
        _decide(int(drop["drop_id"]))


def _decide(number: int) -> None:
    if work.is_doing("release", "refuse", drop_id=number):
        work.watch()
        return
    with st.form(f"hold_{number}", border=False):
        left, right = st.columns([1, 2])
        with left:
            name = st.text_input(_("Your name (kept in the ledger)"), key=f"hold_by_{number}", max_chars=40)
        with right:
            reason = st.text_input(
                _("Reason, for instance what the supplier said"), key=f"hold_reason_{number}", max_chars=200
            )
        with st.container(horizontal=True):
            passes = st.form_submit_button(
                _("Release: load it"),
                type="primary",
                disabled=work.is_under_way(),
                key=f"hold_release_{number}",
            )
            goes = st.form_submit_button(
                _("Send it back"), disabled=work.is_under_way(), key=f"hold_refuse_{number}"
            )
        st.caption(
            _(
                "Sent back, it never counts and its file leaves the inbox; the supplier may send a mended file."
            )
        )
    if not (passes or goes):
        return
    if not name.strip() or (goes and not reason.strip()):
        asked = _("Please write your name.") if passes else _("Please write your name and the reason.")
        st.error(asked)
        return
    if work.is_free():
        command = "release" if passes else "refuse"
        work.begin(command, command, number, f"--by={name.strip()}", f"--reason={reason.strip()}")
    st.rerun()
