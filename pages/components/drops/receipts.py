"""Receipts: what a supplier is told of a drop, as a workbook and as a page of text."""

from __future__ import annotations

import streamlit as st

from etl.frontdesk import reading
from metrics.build import Build, data_home
from pages.components.drops import work
from pages.components.drops.words import choose_drop
from pages.i18n import _

MIMES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain",
}


def show(build: Build) -> None:
    st.write(
        _(
            "A receipt tells the supplier what became of a drop and which rows to mend: a workbook with every row "
            "and a page of text for the covering letter. Values in it are masked."
        )
    )
    drop = choose_drop(build.drops(), "receipt_drop")
    if drop is None:
        st.info(_("Nothing has been received yet."))
        return
    number = int(drop["drop_id"])
    found = reading.receipts(data_home(), number)
    labels = {".xlsx": _("Save the workbook (xlsx)"), ".txt": _("Save the text (txt)")}
    with st.container(horizontal=True):
        for ending, path in found.items():
            st.download_button(
                labels[ending],
                data=path.read_bytes(),
                file_name=path.name,
                mime=MIMES[ending],
                key=f"receipt_save{ending}",
                icon=":material/download:",
                on_click="ignore",
            )
        label = _("Write it again") if found else _("Write the receipt")
        if st.button(label, disabled=work.is_under_way(), key="receipt_write"):
            if work.is_free():
                work.begin("receipt", "receipt", number)
            st.rerun()
    if work.is_doing("receipt", drop_id=number):
        work.watch()
    elif not found:
        st.info(_("This drop has no receipt yet."))
    if ".txt" in found:
        with st.container(border=True):
            st.text(found[".txt"].read_text(encoding="utf-8-sig"))
