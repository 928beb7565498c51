"""Withdraw a drop, or bring a withdrawn one back: with a reason, and knowing what follows."""

from __future__ import annotations

import streamlit as st

from etl.frontdesk import reading
from etl.frontdesk.jobs import Busy
from etl.frontdesk.reading import NotDone
from metrics.build import Build, data_home
from pages.components.drops import mending, work
from pages.components.drops.words import (
    STATUSES,
    Drop,
    choose_drop,
    escaped,
    kind_of,
    origin_of,
    reasons_of,
    span_text,
    with_status,
    withheld_note,
)
from pages.components.words import rows_text
from pages.i18n import _


def show(build: Build) -> None:
    st.write(
        _(
            "Withdraw a drop when the supplier says that it was wrong. Figures become what they were without it; "
            "the file is kept, and the drop can be brought back."
        )
    )
    drop = choose_drop(with_status(build, "loaded", "withdrawn"), "withdraw_drop")
    if drop is None:
        st.info(_("No drop has been loaded yet."))
        return
    about = [_(STATUSES[drop["status"]]), kind_of(drop), origin_of(drop)]
    about.append(span_text(drop["first_on"], drop["last_on"]))
    st.caption(escaped(" · ".join(part for part in about if part)))
    is_undo = drop["status"] == "withdrawn"
    if is_undo:
        st.markdown("\n".join(f"- {escaped(reason)}" for reason in reasons_of(drop)))
        if not _may_come_back(drop):
            return
    number = int(drop["drop_id"])
    turn = f"{number}_{drop['status']}"  # what was written for a withdrawal is no reason to undo it
    with st.container(border=True):
        head = _("What follows")
        st.markdown(f"**{head}**")
        st.markdown("\n".join(f"- {line}" for line in (_back(drop) if is_undo else _consequences(drop))))
        if work.is_doing("withdraw", "restore", drop_id=number):
            work.watch()
            return
        reason = st.text_input(
            _("Reason (kept in the ledger and published with it)"),
            key=f"withdraw_reason_{turn}",
            max_chars=200,
        )
        agreed = st.checkbox(_("I have read what follows and want it"), key=f"withdraw_agreed_{turn}")
        label = _("Bring the drop back") if is_undo else _("Withdraw the drop")
        pressed = st.button(label, type="primary", disabled=work.is_under_way(), key=f"withdraw_{turn}")
    if not pressed:
        mending.show(drop)
        return
    if not reason.strip() or not agreed:
        st.error(_("Please write the reason and confirm that you have read what follows."))
        return
    if work.is_free():
        undo = ["--undo"] if is_undo else []
        work.begin(
            "restore" if is_undo else "withdraw", "withdraw", number, f"--reason={reason.strip()}", *undo
        )
    st.rerun()


def _may_come_back(drop: Drop) -> bool:
    """Not beside the mended file that took its place: rows would count twice. Says what can be done instead."""
    if work.is_under_way():
        return True
    try:
        place = reading.mended_since(data_home(), int(drop["drop_id"]))
    except (Busy, NotDone) as problem:
        work.explain(problem)
        return False
    if place is not None:
        text = _(
            "This is what drop no. {place} was before a mended file took its place; both cannot count. To go back to "
            "it, choose drop no. {place} above and upload this file there."
        )
        st.info(text.format(place=place))
    return place is None


def _consequences(drop: Drop) -> list[str]:
    number = drop["drop_id"]
    lines = [
        _("The {rows} rows of drop no. {drop_id} no longer count, in any figure on any page.").format(
            rows=rows_text(drop["rows_accepted"]), drop_id=number
        )
    ]
    superseding, unchanged = drop["rows_superseding"], drop["rows_unchanged"]
    if superseding != 0:
        text = _("{rows} earlier rows that it had corrected count again as they were.")
        lines.append(text.format(rows=rows_text(superseding)))
    if drop.get("replaces"):
        lines.append(_("Earlier rows of the months it had replaced count again."))
    if unchanged != 0:
        text = _("{rows} rows that had come before, unchanged, still count from the earlier drop.")
        lines.append(text.format(rows=rows_text(unchanged)))
    if None in (drop["rows_accepted"], superseding, unchanged):
        lines.append(withheld_note())
    lines.append(_("A new build is published; earlier builds stay as they are."))
    return lines


def _back(drop: Drop) -> list[str]:
    return [
        _("The rows of drop no. {drop_id} count again, where it stood in the order of drops.").format(
            drop_id=drop["drop_id"]
        ),
        _("A new build is published; earlier builds stay as they are."),
    ]
