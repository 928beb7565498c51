"""Analyses: one question about an area and a period answered with a sentence, a chart, tables and what to mind.

Every analysis of metrics.analysis.registry is offered; the page knows kinds of charts and no analysis.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from metrics.analysis.drawing import drawing
from metrics.analysis.finding import Finding
from metrics.analysis.registry import Analysis, Call, analyse
from metrics.analysis.shapes import Listing, facts, listings, notes, status_in_words
from metrics.build import Build, data_home
from metrics.catalogue import load_catalogue
from metrics.refusals import Refused
from metrics.variants import Variant
from pages.components import analysis_options, chart_frame, downloads, filters, findings, frame, tables
from pages.components import notes as notes_drawn
from pages.components.analysis_options import Asking
from pages.components.filters import Selection
from pages.components.tables import Column, Row
from pages.components.words import area_name, count_text
from pages.i18n import _, language

LONG = 24  # rows of a table that is folded away below its chart


def show() -> None:
    build = frame.open_page(_("Analyses"))
    if build is None:
        notes_drawn.no_build()
        return
    selection = filters.selection(build)
    if selection is None:
        notes_drawn.no_coverage()
        return
    question, place = st.columns([3, 1], vertical_alignment="bottom")
    with question:
        chosen = analysis_options.analysis()
    with place:
        area = filters.area(selection.city)
    given = analysis_options.options(Asking(build, selection, area), chosen)
    try:
        found = analyse(chosen.name, Call(build, area, selection.period, **given, home=data_home()))
    except Refused as refused:
        st.info(refused.text(language()))
    else:
        view(build, selection, chosen, found)
    frame.footer(build)


def view(build: Build, selection: Selection, chosen: Analysis, found: Finding) -> None:
    lang = language()
    st.subheader(chosen.question(lang), anchor=False)
    st.markdown(f"**{found.text(lang)}**")
    fact_table(found)
    drawn = [(shape.of, drawing(found, shape, lang)) for shape in chosen.shapes if shape.kind]
    for of, one in drawn:
        if one is not None:
            st.markdown(f"**{one.title}**")
            chart_frame.draw(findings.figure(one), f"finding_{of}", f"{one.title}: {found.text(lang)}")
    for number, listing in enumerate(listings(found, chosen.shapes, lang)):
        list_table(build, selection, chosen, found, listing, number)
    minded(found)


def fact_table(found: Finding) -> None:
    told = facts(found, language())
    if told:
        rows = [Row({"fact": heading, "text": text}) for heading, text in told]
        tables.draw([Column("fact", _("Item"), "label"), Column("text", _("Value"))], rows)


def list_table(
    build: Build, selection: Selection, chosen: Analysis, found: Finding, listing: Listing, number: int
) -> None:
    """A long list is folded away; each has a download of its unrounded numbers."""
    columns = [
        Column(key, heading, "number" if key in listing.numeric else "badge" if key == "status" else "short")
        for key, heading in listing.columns.items()
    ]
    rows = [_row(row) for row in listing.rows]
    title = listing.title or _("Table")
    with st.expander(_("Table: {title}").format(title=title), expanded=len(rows) <= LONG):
        tables.draw(columns, rows)
        headings = {**listing.columns, **_headings()}
        if "status" in listing.columns:
            headings["_status"] = _("status in words")
        source = _source(build, selection, chosen, found)
        lines = [
            {key: cell.number for key, cell in row.items()}
            | ({"_status": row["status"].text} if "status" in row else {})
            | source
            for row in listing.rows
        ]
        downloads.table(headings, lines, f"{chosen.name}-{number + 1}-{build.build_id}")


def _row(row: dict[str, Any]) -> Row:
    status = row["status"].number if "status" in row else "ok"
    return Row(
        {key: cell.text for key, cell in row.items()},
        warns=frozenset() if status == "ok" else frozenset({"status"}),
    )


def _headings() -> dict[str, str]:
    return {
        "_analysis": _("analysis"), "_area": _("of the area"), "_selection": _("selection"), "_variant": _("definition"),
        "_build": _("build"), "_nature": _("nature of the data"),
    }  # fmt: skip


def _source(build: Build, selection: Selection, chosen: Analysis, found: Finding) -> dict[str, object]:
    """What stands in every row of a download, so that it can be asked again."""
    own = getattr(found, "observation", None)
    where = selection.text(rows=[own] if own else [])
    return {
        "_analysis": chosen.name,
        "_area": f"{found.area_code} {area_name(found.area_code)}",
        "_selection": " · ".join([where, getattr(found, "indicator", "")]),
        "_variant": found.variant,
        "_build": build.build_id,
        "_nature": _("Sample data") if build.is_synthetic else _("Real data"),
    }


def minded(found: Finding) -> None:
    """What many comparisons do by chance, what the status means, the caveats of indicator and definition."""
    lang = language()
    told = notes(found, lang)
    if found.status != "ok":
        told.append(_("Marked in this view: {words}").format(words=status_in_words(found, lang)))
    told.append(
        _("Rests on {count} (people, areas or periods, as the sentence says).").format(
            count=count_text(found.n)
        )
    )
    for note in told:
        st.caption(note)
    caveats = Variant.parse(found.variant).notes(lang)
    indicator = getattr(found, "indicator", "")
    if indicator:
        caveats += load_catalogue().indicator(indicator).caveats(lang)
    if caveats:
        st.caption("  \n".join(f"※ {sentence}" for sentence in caveats))


show()
