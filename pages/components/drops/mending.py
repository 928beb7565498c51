"""A file that its supplier has mended takes the place of the drop it mends."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from etl.frontdesk import uploads
from etl.frontdesk.uploads import Upload
from metrics.build import data_home
from pages.components.drops import uploader, work
from pages.components.drops.words import Drop, escaped, said
from pages.i18n import _

PENDING, TURN = "drops_mending", "drops_mending_turn"


@dataclass(frozen=True)
class Pending:
    """A mended file on its way, and the drop it is to take the place of."""

    drop_id: int
    upload: Upload


def show(drop: Drop) -> None:
    """Below the rows of a drop in quarantine."""
    if drop["status"] != "loaded":
        return
    number = int(drop["drop_id"])
    st.subheader(_("The supplier has sent a mended file"), anchor=False)
    st.caption(
        _(
            "The mended file takes the place of drop no. {drop_id}: its number and place in the order stay, figures "
            "become what they were had only this file come, and only what is still wrong stays in quarantine. The "
            "file before is kept, withdrawn."
        ).format(drop_id=number)
    )
    pending: Pending | None = st.session_state.get(PENDING)
    if pending is not None and not work.is_under_way() and not pending.upload.is_there:
        _forget(pending)  # it has been taken
        pending = None
    if work.is_under_way():
        return
    if pending is not None and pending.drop_id == number and work.finished("mend") is not None:
        _refused(pending)
        return
    _form(number)


def _form(number: int) -> None:
    turn = st.session_state.setdefault(TURN, 0)
    file = st.file_uploader(_("Mended file"), key=f"mending_file_{number}_{turn}")
    uploader.in_the_reader_s_language()
    objections = uploads.objections([(file.name, file.size)]) if file else []
    for objection in objections:
        st.error(escaped(said(objection)))
    ready = file is not None and not objections
    if st.button(
        _("Take it in place of drop no. {drop_id}").format(drop_id=number),
        disabled=not ready,
        key="mending_take",
    ):
        if file is not None and work.is_free():
            upload = uploads.receive(data_home(), [(file.name, file)])
            st.session_state[TURN] = turn + 1
            _begin(Pending(number, upload))
        st.rerun()


def _refused(pending: Pending) -> None:
    """Why is told at the top of the page; somebody may answer for the file, or choose another."""
    name = st.text_input(
        _("If it is right all the same, your name (kept in the ledger)"), key="mending_by", max_chars=40
    )
    with st.container(horizontal=True):
        takes = st.button(_("Take it all the same"), disabled=not name.strip(), key="mending_anyway")
        if st.button(_("Choose another file"), key="mending_cancel"):
            uploads.discard(pending.upload.folder)
            _forget(pending)
            work.forget()
            st.rerun()
    if takes:
        if work.is_free():
            _begin(pending, f"--by={name.strip()}")
        st.rerun()


def _begin(pending: Pending, *options: str) -> None:
    st.session_state[PENDING] = pending
    work.begin("mend", "replay", pending.drop_id, "--file", pending.upload.files[0], *options)


def _forget(pending: Pending) -> None:
    uploads.discard(pending.upload.folder)
    st.session_state.pop(PENDING, None)
