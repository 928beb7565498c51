"""Corrections: repairs declared for known mistakes of a source, and the drops they were applied to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from etl.frontdesk import reading
from etl.frontdesk.jobs import Busy
from etl.frontdesk.reading import NotDone
from metrics.build import Build, data_home
from pages.components import tables
from pages.components.drops import work
from pages.components.tables import Column, Row
from pages.components.words import count_text
from pages.i18n import _, language


def show(build: Build) -> None:
    st.write(
        _(
            "A correction repairs a known mistake of a source while a drop is loaded; the file itself is never "
            "edited. Corrections are declared by the steward as files, with the reason and who agreed."
        )
    )
    try:
        found = _read(str(data_home()), build.build_id, _written(data_home()))
    except (Busy, NotDone) as problem:
        work.explain(problem)
        return
    if not found:
        st.info(_("No correction is declared."))
        return
    columns = [
        Column("id", _("Correction"), "code"),
        Column("what", _("What it does"), "wide"),
        Column("why", _("Why")),
        Column("who", _("Agreed by"), "short"),
        Column("when", _("On"), "short"),
        Column("applied", _("Applied to")),
    ]
    tables.draw(columns, [_row(one) for one in found])


def _row(one: dict[str, Any]) -> Row:
    places = [
        _("drop no. {drop_id}: {rows} rows").format(drop_id=use["drop_id"], rows=count_text(use["rows"]))
        for use in one["applied"]
    ]
    cells = {key: str(one[key]) for key in ("id", "why", "who", "when")}
    what = str(one["what_zh" if language() == "zh" else "what_en"])
    return Row({**cells, "what": what, "applied": "\n".join(places) or _("no drop yet")})


def _written(home: Path) -> tuple[int, ...]:
    """When the declarations were last changed: part of what is remembered."""
    return tuple(path.stat().st_mtime_ns for path in sorted((home / "corrections").glob("*.toml")))


@st.cache_data(max_entries=8, show_spinner=False)
def _read(home: str, build_id: str, written: tuple[int, ...]) -> list[dict[str, Any]]:
    return reading.corrections(Path(home))
