"""Quarantine: rows set aside, counted by check; where the dashboard may, row by row with masked values."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from etl.frontdesk import reading
from etl.frontdesk.jobs import Busy
from etl.frontdesk.reading import MOST_ROWS_SHOWN, NotDone, SetAside
from metrics.build import Build, data_home
from pages.components import tables
from pages.components.drops import mending, work
from pages.components.drops.words import Drop, choose_drop, may_write, said, withheld_note
from pages.components.tables import Column, Row
from pages.components.words import rows_text
from pages.i18n import _, language

ALL = ""
KINDS = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".csv": "text/csv"}


def show(build: Build) -> None:
    st.write(
        _(
            "Rows that failed a check are set aside: they do not count, are kept with the reason, and come in when "
            "the supplier sends them mended or a rule is mended and they are checked again."
        )
    )
    found = build.quality()
    affected = {row["drop_id"] for row in found}
    drop = choose_drop((one for one in build.drops() if one["drop_id"] in affected), "quarantine_drop")
    if drop is None:
        st.success(_("No row was set aside."))
        return
    of_drop = [row for row in found if row["drop_id"] == drop["drop_id"]]
    counts(_with_rows(build, drop, of_drop))
    if not may_write():
        return
    check = _check_filter(of_drop)
    _rows(build, drop, check)
    _files(build, drop, check)
    _again(drop)
    mending.show(drop)


def _with_rows(build: Build, drop: Drop, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a public build withholds, for those who see the rows themselves below."""
    if not may_write() or all(row["rows"] is not None for row in found):
        return found
    about = (str(data_home()), build.build_id, drop["drop_id"])
    rows = work.as_last_read("quarantine", about, lambda: _counted(*about)) or {}
    return [{**row, "rows": rows.get(row["check_name"], row["rows"])} for row in found]


def counts(found: Sequence[Mapping[str, Any]]) -> None:
    """How many rows failed each check, with an example and what to do."""
    columns = [
        Column("check", _("Check")),
        Column("rows", _("Rows"), "number"),
        Column("message", _("What was found (an example)"), "wide"),
        Column("fix", _("How to mend it"), "wide"),
    ]
    if any(row["rows"] is None for row in found):
        st.caption(withheld_note())
    tables.draw(columns, [_count(row) for row in sorted(found, key=lambda row: -(row["rows"] or 0))])


def _count(row: Mapping[str, Any]) -> Row:
    check = str(row["check_name"])
    return Row(
        {
            "check": said(reading.check_title(check)),
            "rows": rows_text(row["rows"]),
            "message": str(row["message_zh" if language() == "zh" else "message_en"]),
            "fix": said(reading.check_fix(check)),
        }
    )


def _check_filter(found: Sequence[Mapping[str, Any]]) -> str | None:
    st.subheader(_("Row by row"), anchor=False)
    labels = {ALL: _("All checks")}
    for row in found:
        check = str(row["check_name"])
        labels[check] = said(reading.check_title(check))
    with st.container(width=420):
        chosen = st.selectbox(
            _("Check"),
            list(labels),
            format_func=lambda check: labels.get(check, check),
            key=f"quarantine_check_{language()}",
        )
    return chosen if chosen in labels and chosen != ALL else None


def _rows(build: Build, drop: Drop, check: str | None) -> None:
    try:
        rows = _read(str(data_home()), build.build_id, drop["drop_id"], str(drop["source"]), check)
    except (Busy, NotDone) as problem:
        work.explain(problem)
        return
    columns = [
        Column("row", _("Row"), "number"),
        Column("column", _("Column"), "short"),
        Column("value", _("Value, masked"), "code"),
        Column("reason", _("Reason"), "wide"),
    ]
    shown = [
        Row({"row": one.row_no, "column": one.column, "value": one.masked_value, "reason": said(one.reason)})
        for one in rows
    ]
    tables.draw(columns, shown, _("Row numbers are those of the file; values are masked"))
    if len(rows) == MOST_ROWS_SHOWN:
        text = _("The first {number} are shown; the file below has them all.")
        st.caption(text.format(number=MOST_ROWS_SHOWN))


def _files(build: Build, drop: Drop, check: str | None) -> None:
    """Made when asked for: a quarantine may be long. The second click, on what was made, saves it."""
    made, name = (build.build_id, drop["drop_id"], check), _("quarantine")
    with st.container(horizontal=True):
        if st.button(_("Make files to send on"), icon=":material/table_view:", key="quarantine_make"):
            st.session_state["quarantine_made"] = made
        if st.session_state.get("quarantine_made") != made:
            return
        for ending, mime in KINDS.items():
            try:
                data = _export(str(data_home()), build.build_id, drop["drop_id"], check, ending)
            except (Busy, NotDone) as problem:
                work.explain(problem)
                return
            st.download_button(
                _("Save as {kind}").format(kind=ending.lstrip(".")),
                data=data,
                file_name=f"{name}-{drop['drop_id']}{f'-{check}' if check else ''}{ending}",
                mime=mime,
                key=f"quarantine_save{ending}",
                icon=":material/download:",
                on_click="ignore",
            )


def _again(drop: Drop) -> None:
    st.caption(
        _(
            "After an area's name, an alias or a rule was added, the rows can be checked again; the ones that pass "
            "then count."
        )
    )
    if work.is_doing("replay", drop_id=int(drop["drop_id"])):
        work.watch()
        return
    ready = drop["status"] == "loaded" and not work.is_under_way()
    if st.button(_("Check these rows again"), disabled=not ready, key="quarantine_replay"):
        if work.is_free():
            work.begin("replay", "replay", drop["drop_id"])
        st.rerun()


@st.cache_data(max_entries=64, show_spinner=False)
def _read(home: str, build_id: str, drop_id: int, source: str, check: str | None) -> list[SetAside]:
    """By build: whatever changes the quarantine publishes."""
    return reading.quarantined(Path(home), drop_id, source, check)


@st.cache_data(max_entries=64, show_spinner=False)
def _counted(home: str, build_id: str, drop_id: int) -> dict[str, int]:
    return reading.rows_by_check(Path(home), drop_id)


@st.cache_data(max_entries=8, show_spinner=False)
def _export(home: str, build_id: str, drop_id: int, check: str | None, ending: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="redvest-") as folder:
        return reading.export(Path(home), drop_id, check, Path(folder, f"rows{ending}"))
