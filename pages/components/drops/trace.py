"""Trace: from a published figure to the drops, and where the warehouse is at hand to files and row numbers.

The rows are found by `python -m etl trace`; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from etl.frontdesk import reading
from metrics.build import Build, data_home
from metrics.explain import explain
from metrics.refusals import Refused
from pages.components import asked, downloads, explanation, filters, notes, tables
from pages.components.asked import Asked
from pages.components.drops import work
from pages.components.drops.words import Drop, file_of, may_write
from pages.components.tables import Column, Row
from pages.components.words import count_text, indicator_name
from pages.i18n import N_, _, language

ASKED = "drops_trace_asked"
SPANS_SHOWN = 12  # of each drop; the file has them all
SIDES = {"numerator": N_("Numerator"), "denominator": N_("Denominator")}


def show(build: Build) -> None:
    st.write(
        _(
            "Choose a published figure: these are the drops it was made of. Where the data are kept, the rows "
            "can be looked for in the files as well; their total is held against the figure."
        )
    )
    selection = filters.selection(build)
    if selection is None:
        notes.no_coverage()
        return
    question = asked.figure(build, selection, asked.every_indicator())
    try:
        told = explain(
            build, question.indicator.id, question.area, selection.period, selection.window, question.basis,
            question.variant,
        )  # fmt: skip
    except Refused as refused:
        st.info(refused.text(language()))
        return
    st.markdown(f"**{told['sentence'][language()]}**")
    if told["drops"]:
        explanation.draw_drops(told["drops"])
    else:
        st.info(_("No drop contributes to this figure."))
    if may_write():
        _rows(build, question, told["observation"])


def _rows(build: Build, question: Asked, observation: Mapping[str, Any]) -> None:
    selection, area, indicator = question.selection, question.area, question.indicator.id
    st.subheader(_("Files and rows"), anchor=False)
    if not reading.has_warehouse(data_home()):
        st.info(_("Only published builds are kept here, so the trace ends at the drops."))
        return
    if observation["status"] == "suppressed":
        st.info(
            _("The figure is withheld because it counts few people; its rows are not counted here either.")
        )
        return
    figure = (
        build.build_id, indicator, area, selection.period.code, selection.window, question.basis, question.variant,
    )  # fmt: skip
    if st.button(_("Look for the rows"), disabled=work.is_under_way(), key="trace_rows"):
        if work.is_free():
            st.session_state[ASKED] = figure
            options = [f"--area={area}", f"--period={selection.period.code}", f"--window={selection.window}"]
            options += [f"--basis={question.basis}"] if question.basis else []
            options += [f"--variant={question.variant}"] if question.variant else []
            work.begin("trace", "trace", indicator, *options, "--json")
        st.rerun()
    if work.is_doing("trace"):
        work.watch()
    done = work.finished("trace")
    if done is None or st.session_state.get(ASKED) != figure:
        return
    answer = done.answer.json()
    if answer is None or "sides" not in answer:
        work.tell(done.answer)
        return
    for side in answer["sides"]:
        _side(build, side)
    headings = {
        "side": _("Side"), "measure": _("Measure"), "drop_id": _("Drop"), "file": _("File"), "supplier": _("Supplier"),
        "first": _("From row"), "last": _("To row"), "build": _("Build"), "variant": _("Definition"),
    }  # fmt: skip
    found = lines(answer["sides"], _drops(build), build.build_id, question.variant)
    if found:
        downloads.table(headings, found, f"trace-{indicator}-{area}-{selection.period.code}")


def _side(build: Build, side: Mapping[str, Any]) -> None:
    which = SIDES[side["side"]]
    st.markdown(f"**{_(which)} · {indicator_name(side['measure'])}**")
    if "traced" not in side:
        st.caption(_("From the reference data, not from drops."))
        return
    text = _("Published {published}; the rows found add up to {traced}.")
    st.write(text.format(published=count_text(side["published"]), traced=count_text(side["traced"])))
    if side["adds_up"] is False:
        st.error(
            _("They do not agree: the data have changed since, or the build is wrong. Please publish again.")
        )
    drops, spans = _drops(build), _spans_of(side)
    rows = [
        Row(
            {
                "drop": one["drop_id"],
                "file": file_of(drops.get(one["drop_id"], one)),
                "supplier": one["supplier"],
                "rows": count_text(one["rows"]),
                "places": places(spans.get(one["drop_id"], [])),
            }
        )
        for one in side["drops"]
    ]
    columns = [
        Column("drop", _("Drop"), "label"),
        Column("file", _("File")),
        Column("supplier", _("Supplier"), "short"),
        Column("rows", _("Rows"), "number"),
        Column("places", _("Row numbers in the file"), "wide"),
    ]
    tables.draw(columns, rows, _("Drops and rows behind the figure"))
    if side["more_spans"]:
        text = _("{number} more runs of rows are not listed; choose a month or a district to see fewer.")
        st.caption(text.format(number=count_text(side["more_spans"])))


def _spans_of(side: Mapping[str, Any]) -> dict[int, list[Mapping[str, int]]]:
    by_drop = groupby(side.get("spans", ()), key=lambda span: int(span["drop_id"]))
    return {number: list(spans) for number, spans in by_drop}


def places(spans: Sequence[Mapping[str, int]]) -> str:
    """'2–15, 18': row numbers as runs; of very many the first."""
    said = [
        str(one["first"]) if one["first"] == one["last"] else f"{one['first']}–{one['last']}"
        for one in spans[:SPANS_SHOWN]
    ]
    separator = "、" if language() == "zh" else ", "
    return separator.join(said) + (" …" if len(spans) > SPANS_SHOWN else "")


def lines(
    sides: Sequence[Mapping[str, Any]], drops: Mapping[int, Drop], build_id: str, variant: str
) -> list[dict[str, object]]:
    """One line per run of rows, for the file."""
    side_names = {side: _(name) for side, name in SIDES.items()}
    return [
        {
            "side": name,
            "measure": indicator_name(side["measure"]),
            "drop_id": span["drop_id"],
            "file": file_of(drops[span["drop_id"]]) if span["drop_id"] in drops else None,
            "supplier": drops[span["drop_id"]]["supplier"] if span["drop_id"] in drops else None,
            "first": span["first"],
            "last": span["last"],
            "build": build_id,
            "variant": variant,
        }
        for side, name in ((side, side_names[str(side["side"])]) for side in sides)
        for span in side.get("spans", ())
    ]


def _drops(build: Build) -> dict[int, Drop]:
    return {int(drop["drop_id"]): drop for drop in build.drops()}
