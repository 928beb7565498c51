"""Upload: choose files, see what would happen, then load them or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from etl.frontdesk import uploads
from etl.frontdesk.uploads import NotStored, Upload
from metrics.build import Build, data_home
from pages.components import address
from pages.components.drops import outcome, uploader, work
from pages.components.drops.words import escaped, said
from pages.i18n import _, language

PENDING, TURN = "drops_pending", "drops_upload_turn"
OTHER = "\x00other"  # no supplier is called so
LONGEST_NAME = 40


@dataclass(frozen=True)
class Pending:
    """An upload that waits for a decision, and what was said of it."""

    upload: Upload
    area: str | None
    supplier: str | None
    replaces: bool
    is_new_supplier: bool = False

    @property
    def report(self) -> Path:
        """Where the trial writes every row that would be set aside; gone with the upload."""
        return self.upload.folder / ".report.xlsx"

    def options(self) -> list[str]:
        """The options of `load`; joined by '=', so that a name may begin with a dash."""
        chosen = {"--area": self.area, "--supplier": self.supplier}
        chosen["--replace"] = "area+month" if self.replaces else None
        return [f"{name}={value}" for name, value in chosen.items() if value]


def show(build: Build | None) -> None:
    pending: Pending | None = st.session_state.get(PENDING)
    if pending is not None and not work.is_under_way() and not pending.upload.is_there:
        st.info(_("The uploaded files have been cleared away, nothing was loaded. Please choose them again."))
        _forget()
        pending = None
    if pending is not None:
        _preview(pending, is_sample=build is not None and build.is_synthetic)
        return
    if work.is_under_way():
        return
    done = work.finished("load")
    if done is not None:
        _result(done)
        return
    _form(build)


def _form(build: Build | None) -> None:
    uploads.sweep(data_home())
    st.write(
        _(
            "Choose the files as they were sent to you; please do not edit them. First you see what would happen; "
            "nothing is loaded before you confirm."
        )
    )
    turn = st.session_state.setdefault(TURN, 0)
    files = st.file_uploader(_("Files"), accept_multiple_files=True, key=f"upload_files_{turn}")
    uploader.in_the_reader_s_language()
    st.caption(said(uploads.limits(uploader.most_megabytes())))
    left, right = st.columns(2)
    with left:
        area = _area(turn)
    with right:
        known = sorted({drop["supplier"] for drop in build.drops() if drop["supplier"]}) if build else []
        supplier = _supplier(known, turn)
    replaces = st.checkbox(
        _("These files are all there is of their months"),
        key=f"upload_replaces_{turn}",
        help=_(
            "For whole months sent anew: earlier rows of the same supplier, area and month that are not in "
            "these files no longer count. Nothing is deleted; withdrawing the drop brings them back."
        ),
    )
    objections = uploads.objections((file.name, file.size) for file in files)
    for objection in objections:
        st.error(escaped(said(objection)))
    ready = bool(files) and not objections
    if st.button(_("See what would happen"), type="primary", disabled=not ready, key="upload_check"):
        if work.is_free():
            try:
                upload = uploads.receive(data_home(), ((file.name, file) for file in files))
            except NotStored as refusal:
                st.error(escaped(said(refusal.text)))
                return
            uploader.belongs_to_session(str(upload.folder))
            pending = Pending(upload, area, supplier, replaces, bool(supplier) and supplier not in known)
            st.session_state[PENDING] = pending
            st.session_state[TURN] = turn + 1  # a fresh form: the server's copy of the files is let go
            report = f"--report={pending.report}"
            work.begin("check", "load", *upload.files, "--check", "--json", report, *pending.options())
        st.rerun()
    _inbox()


def _inbox() -> None:
    """For files that were laid there, being too large to upload, and for work that was interrupted."""
    with st.expander(_("Files that the operator has put into the inbox")):
        st.write(_("Loads every file in the inbox that has not been loaded yet, and publishes."))
        if st.button(_("Load the inbox"), key="upload_inbox"):
            if work.is_free():
                address.go("section", "upload")
                work.begin("load", "load", "--json")
            st.rerun()


def _area(turn: int) -> str | None:
    names = uploads.areas(language())
    labels = {"": _("As the rows say"), **names}
    chosen = st.selectbox(
        _("Area the files are about"),
        list(labels),
        format_func=lambda code: labels.get(code, code),
        key=f"upload_area_{turn}_{language()}",
        help=_("Needed when the rows name no city, or only names that several cities have."),
    )
    return chosen or None


def _supplier(known: Sequence[str], turn: int) -> str | None:
    """One of the known, or what is typed into the box itself or into the one for another name."""
    labels = {"": _("Not given"), **{name: name for name in known}, OTHER: _("Another one …")}
    chosen = st.selectbox(
        _("Supplier"),
        list(labels),
        format_func=lambda name: labels.get(name, name),
        key=f"upload_supplier_{turn}_{language()}",
        help=_(
            "Who sent the files. Drops are compared with earlier ones of the same supplier. "
            "To enter a name that is not listed, type it and press Enter."
        ),
        accept_new_options=True,
    )
    if chosen == OTHER:
        chosen = st.text_input(_("Name of the supplier"), key=f"upload_name_{turn}", max_chars=LONGEST_NAME)
    return " ".join(chosen.split())[:LONGEST_NAME] or None


def _preview(pending: Pending, is_sample: bool) -> None:
    st.subheader(_("What would happen"), anchor=False)
    if work.is_under_way():
        st.caption("  \n".join(escaped(name) for name in pending.upload.shown_names()))
        return
    tried = work.finished("check")
    drops = (tried.answer.json() or {}).get("drops", []) if tried is not None else []
    st.write(_supplier_text(pending))
    outcome.cards(drops, is_done=False)
    if is_sample and any(drop["status"] == "loaded" and not drop["is_synthetic"] for drop in drops):
        st.info(_("These are real data: when they are loaded, the sample data are withdrawn."))
    if not drops and tried is not None:
        work.tell(tried.answer)
    outcome.report(drops, pending.report, "upload_report")
    is_new = any(not drop["repeated"] for drop in drops)
    if drops and not is_new:
        st.info(_("All of it has been received before, so there is nothing to load."))
    with st.container(horizontal=True):
        if st.button(_("Load"), type="primary", disabled=not is_new, key="upload_load"):
            if work.is_free():
                try:
                    paths = uploads.keep(data_home(), pending.upload, pending.area, pending.supplier)
                except NotStored as refusal:
                    st.error(escaped(said(refusal.text)))
                    return
                _forget()
                address.go("section", "upload")  # where the first load of all is not the page's default yet
                work.begin("load", "load", *paths, "--json", *pending.options())
            st.rerun()
        if st.button(_("Cancel"), key="upload_cancel"):
            uploads.discard(pending.upload.folder)
            _forget()
            work.forget()
            st.rerun()


def _supplier_text(pending: Pending) -> str:
    """Who is taken for the sender, before anything is loaded: a name mistyped makes a supplier of its own."""
    if pending.supplier is None:
        return _("Supplier: not given")
    if pending.is_new_supplier:
        text = _("Supplier: {name}, of whom there is no earlier drop. If the name is mistyped, cancel.")
    else:
        text = _("Supplier: {name}")
    return text.format(name=escaped(pending.supplier))


def _result(done: work.Finished) -> None:
    answer = done.answer.json()
    if answer is None:
        work.tell(done.answer)
        return
    new = [drop for drop in answer["drops"] if not drop["repeated"]]
    if any(drop["status"] == "loaded" for drop in new):
        st.success(_("Loaded. The figures on all pages are up to date."))
    elif not new:
        st.info(_("All of it has been received before, so there is nothing to load."))
    outcome.cards(new, is_done=True)
    if st.button(_("Upload more files"), key="upload_more"):
        work.forget()
        st.rerun()


def _forget() -> None:
    st.session_state.pop(PENDING, None)
