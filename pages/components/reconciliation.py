"""核对: the city against its parts, computed against published figures, shown when the reader asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from metrics.build import Build, data_home, open_build
from metrics.periods import Period
from metrics.reconcile import reconcile
from metrics.reconcile.shown import KINDS, Shown, shown, summary
from metrics.reconcile.telling import as_csv
from pages.components import address, downloads, tables
from pages.components.filters import Selection
from pages.components.tables import Column, Row
from pages.i18n import N_, _, language

NAME, SHOWN, HIDDEN = "checks", "shown", "hidden"
HEADINGS = {
    "parts": (N_("Measure"), N_("Parts"), N_("Whole city"), N_("Parts added up")),
    "published": (N_("Published figure"), N_("As of"), N_("As printed"), N_("Computed")),
    "statements": (N_("Concept"), N_("Figures"), N_("First"), N_("Second")),
}


@dataclass(frozen=True)
class Told:
    """All a page shows of a reconciliation."""

    summary: str
    rows: list[Shown]
    csv: str


def panel(build: Build, selection: Selection) -> None:
    st.subheader(_("Reconciliation"), anchor=False)
    value = address.resolve(NAME, [HIDDEN, SHOWN], HIDDEN)
    key = address.prepare(NAME, value == SHOWN)
    st.toggle(
        _("Hold the city against its parts, and computed figures against published ones"),
        key=key,
        on_change=address.take,
        args=(NAME, key, {True: SHOWN, False: HIDDEN}),
    )
    if value == SHOWN:
        where = (selection.city, selection.period.code, selection.window)
        draw(_told(str(data_home().absolute()), build.build_id, *where, language()), build)


@st.cache_data(max_entries=64, show_spinner=False)
def _told(home: str, build_id: str, city: str, period: str, window: str, lang: str) -> Told:
    """Every measure by every breakdown is asked, which takes a second; a build never changes."""
    build = open_build(Path(home), build_id)
    assert build is not None  # the one the page is about
    found = reconcile(build, city, Period.parse(period), window)
    return Told(summary(found, lang), shown(found, lang), as_csv(found))


def draw(told: Told, build: Build) -> None:
    st.markdown(f"**{told.summary}**")
    for kind in KINDS:
        rows = [row for row in told.rows if row.kind == kind]
        different = [row for row in rows if not row.is_alike]
        alike = [row for row in rows if row.is_alike]
        if not rows:
            continue
        st.markdown(f"**{KINDS[kind][0 if language() == 'zh' else 1].capitalize()}**")
        if different:
            _table(different)
        if alike:
            with st.expander(_("{count} that agree").format(count=len(alike))):
                _table(alike)
    if not any(row.kind == "published" for row in told.rows):
        st.caption(_("Nothing was published about this period that a computed figure could be held against."))
    downloads.text(told.csv, f"reconciliation-{build.build_id}")


def _table(rows: Sequence[Shown]) -> None:
    name, about, first, second = HEADINGS[rows[0].kind]
    columns = [
        Column("name", _(name), "short"),
        Column("about", _(about), "short"),
        Column("first", _(first), "number"),
        Column("second", _(second), "number"),
        Column("difference", _("Difference"), "number"),
        Column("verdict", _("Verdict"), "badge"),
        Column("reasons", _("Reasons"), "wide"),
    ]
    lines = [
        Row(vars(row), warns=frozenset({"verdict"}) if row.is_to_look_into else frozenset()) for row in rows
    ]
    tables.draw(columns, lines)
