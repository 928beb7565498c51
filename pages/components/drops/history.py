"""History: the builds that were published, and what each has that the one before had not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from metrics.build import Build, BuildBroken, data_home, open_build, published_build_ids
from pages.components import tables
from pages.components.drops.words import STATUSES, Drop, file_of
from pages.components.tables import Column, Row
from pages.components.words import moment_text, rows_text
from pages.i18n import _

MOST_SHOWN = 15
CHANGES_SHOWN = 8
COUNTED = ("rows_accepted", "rows_quarantined")
Ledger = Mapping[int, Drop]


def show(build: Build) -> None:
    st.write(
        _("Every load, release and withdrawal publishes a build. Earlier builds stay and are never changed.")
    )
    known = list(reversed(published_build_ids(data_home())))
    ledgers = [_ledger(str(data_home()), name) for name in known[: MOST_SHOWN + 1]]
    rows = []
    for number, name in enumerate(known[:MOST_SHOWN]):
        now = ledgers[number]
        before = ledgers[number + 1] if number + 1 < len(ledgers) else None
        is_first = number + 1 == len(known)
        rows.append(
            Row(
                {
                    "moment": moment_text(now["created_at"]) if now else None,
                    "changes": _changes(now, before, is_first),
                    "build": name,
                    "state": _("shown here") if name == build.build_id else _("kept"),
                }
            )
        )
    columns = [
        Column("moment", _("Published"), "short"),
        Column("changes", _("What changed"), "wide"),
        Column("state", _("State"), "badge"),
        Column("build", _("Build"), "code"),
    ]
    tables.draw(columns, rows)
    if len(known) > MOST_SHOWN:
        st.caption(_("The latest {number} of {all} builds.").format(number=MOST_SHOWN, all=len(known)))


def _changes(now: Mapping[str, Any] | None, before: Mapping[str, Any] | None, is_first: bool) -> str:
    if now is None:
        return _("This build was made by another version of the program and cannot be opened.")
    if before is None and not is_first:
        return _("The build before cannot be opened, so no comparison is possible.")
    lines = changes(before["drops"] if before else {}, now["drops"])
    if len(lines) > CHANGES_SHOWN:
        more = _("and {number} more").format(number=len(lines) - CHANGES_SHOWN)
        lines = [*lines[:CHANGES_SHOWN], more]
    return "\n".join(lines) or _("The same drops, computed again.")


def changes(before: Ledger, now: Ledger) -> list[str]:
    """One line per drop that is new, or of which status or counts are others than before."""
    lines = []
    for number, drop in sorted(now.items(), reverse=True):
        name = _("no. {drop_id} {file}").format(drop_id=number, file=file_of(drop))
        earlier = before.get(number)
        status = _(STATUSES[drop["status"]])
        if earlier is None:
            words = _("{name}: new, {status}, {rows} rows accepted")
            lines.append(words.format(name=name, status=status, rows=rows_text(drop["rows_accepted"])))
        elif earlier["status"] != drop["status"]:
            words = _("{name}: {earlier} → {status}")
            lines.append(words.format(name=name, earlier=_(STATUSES[earlier["status"]]), status=status))
        elif any(differs(earlier[key], drop[key]) for key in COUNTED):
            words = _("{name}: quarantined {earlier} → {rows} rows")
            counts = (rows_text(one["rows_quarantined"]) for one in (earlier, drop))
            lines.append(words.format(name=name, **dict(zip(("earlier", "rows"), counts, strict=True))))
    return lines


def differs(earlier: int | None, now: int | None) -> bool:
    """Of a count that either build withholds nothing can be said."""
    return earlier is not None and now is not None and earlier != now


@st.cache_data(max_entries=64, show_spinner=False)
def _ledger(home: str, build_id: str) -> dict[str, Any] | None:
    """The ledger of a build by drop, and when it was made; None for one that cannot be read."""
    try:
        found = open_build(data_home(home), build_id)
    except BuildBroken:
        return None
    if found is None:
        return None
    return {"created_at": found.created_at, "drops": {drop["drop_id"]: drop for drop in found.drops()}}
