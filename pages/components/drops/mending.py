"""A file that its supplier has mended takes the place of the drop it mends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from etl.frontdesk import uploads
from etl.frontdesk.jobs import Answer
from etl.frontdesk.uploads import Upload
from metrics.build import data_home
from pages.components.drops import outcome, uploader, work
from pages.components.drops.words import Drop, escaped, said
from pages.i18n import _

PENDING, TURN = "drops_mending", "drops_mending_turn"


@dataclass(frozen=True)
class Pending:
    """A mended file that waits for a decision, the drop it is to take the place of, and what its trial came to."""

    drop_id: int
    upload: Upload
    tried: Answer | None = None

    @property
    def report(self) -> Path:
        """Where the trial writes every row that would be set aside; gone with the upload."""
        return self.upload.folder / ".report.xlsx"

    def command(self) -> list[object]:
        return ["replay", self.drop_id, "--file", self.upload.files[0]]


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
        _at_work(pending, number)
        return
    if pending is not None and pending.drop_id == number:
        _preview(pending)
        return
    _form(number, pending)


def _at_work(pending: Pending | None, number: int) -> None:
    """In the place of the form, far below the top of the page: which file is looked at, and how far it is."""
    if pending is not None and pending.drop_id == number and work.is_doing("try", "mend"):
        st.markdown(f"**{escaped(pending.upload.shown_names()[0])}**")
        work.watch()
    else:
        st.caption(
            _("Something else is at work, see the top of the page; the form comes back when it is done.")
        )


def _form(number: int, other: Pending | None) -> None:
    """`other`: a file that waits for a decision on another drop; one chosen now takes its place."""
    turn = st.session_state.setdefault(TURN, 0)
    file = st.file_uploader(_("Mended file"), key=f"mending_file_{number}_{turn}")
    uploader.in_the_reader_s_language()
    objections = uploads.objections([(file.name, file.size)]) if file else []
    for objection in objections:
        st.error(escaped(said(objection)))
    ready = file is not None and not objections
    if st.button(_("See what would happen"), disabled=not ready, key="mending_try"):
        if file is not None and work.is_free():
            if other is not None:
                _forget(other)
            upload = uploads.receive(data_home(), [(file.name, file)])
            uploader.belongs_to_session(str(upload.folder))
            st.session_state[TURN] = turn + 1
            pending = st.session_state[PENDING] = Pending(number, upload)
            work.begin("try", *pending.command(), "--check", "--json", f"--report={pending.report}")
        st.rerun()


def _preview(pending: Pending) -> None:
    """What the trial came to. A file unlike the drop is taken by name only."""
    tried = work.finished("try")
    if tried is not None:
        pending = st.session_state[PENDING] = replace(pending, tried=tried.answer)
    drops = (pending.tried.json() or {}).get("drops", []) if pending.tried is not None else []
    st.markdown(f"**{escaped(pending.upload.shown_names()[0])}**")
    if not drops and pending.tried is not None:
        work.tell(pending.tried)  # why it cannot take the place of the drop
    for drop in drops:
        if drop["repeated"]:
            st.info(_("Drop no. {drop_id} is this very file.").format(drop_id=pending.drop_id))
        else:
            outcome.mended(drop)
    outcome.report(drops, pending.report, "mending_report")
    is_new = any(not drop["repeated"] for drop in drops)
    needs_name = any(drop["status"] == "held" for drop in drops)
    name = ""
    if needs_name:
        label = _("If it is right all the same, your name (kept in the ledger)")
        name = st.text_input(label, key="mending_by", max_chars=40).strip()
    with st.container(horizontal=True):
        label = _("Take it all the same") if needs_name else _("Take it in place of drop no. {drop_id}")
        takes = st.button(
            label.format(drop_id=pending.drop_id),
            type="primary",
            disabled=not is_new or (needs_name and not name),
            key="mending_take",
        )
        if st.button(_("Choose another file"), key="mending_cancel"):
            _forget(pending)
            work.forget()
            st.rerun()
    if takes:
        if work.is_free():
            work.begin("mend", *pending.command(), *([f"--by={name}"] if name else []))
        st.rerun()


def _forget(pending: Pending) -> None:
    uploads.discard(pending.upload.folder)
    st.session_state.pop(PENDING, None)
