"""Revisions: one figure in every build published since, what we said then against what we know now, and why."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from metrics.build import Build, data_home, published_build_ids
from metrics.explain import format_value
from metrics.periods import Period
from metrics.refusals import Refused
from metrics.revision_output import as_csv, summary, told_status
from metrics.sentences import window_of_all
from metrics.vintages import Revision, revisions
from pages.components import asked, chart_frame, downloads, filters, frame, notes, style, tables
from pages.components.asked import Asked
from pages.components.tables import Column, Row
from pages.components.words import area_name, count_text, moment_text
from pages.i18n import _, language


def show() -> None:
    build = frame.open_page(_("Revisions"))
    if build is None:
        notes.no_build()
        return
    selection = filters.selection(build)
    if selection is None:
        notes.no_coverage()
        return
    question = asked.figure(build, selection, asked.every_indicator())
    try:
        found = in_every_build(build, question)
    except Refused as refused:
        st.info(refused.text(language()))
    else:
        view(build, question, found)
    frame.footer(build)


def in_every_build(build: Build, question: Asked) -> list[Revision]:
    """Nothing of a build that shows smaller counts than the one this page is about."""
    home, where = data_home(), question.selection
    return _revisions(
        str(home.absolute()), tuple(published_build_ids(home)), question.indicator.id, question.area,
        where.period.code, where.window, question.basis, question.variant, build.disclosure_threshold,
    )  # fmt: skip


@st.cache_data(max_entries=64, show_spinner=False)
def _revisions(
    home: str, builds: tuple[str, ...], indicator: str, area: str, period: str, window: str, basis: str,
    variant: str, least: int,
) -> list[Revision]:  # fmt: skip
    """Builds never change, so the list of them is what the answer depends on."""
    return revisions(Path(home), indicator, area, Period.parse(period), window, basis, variant, least)


def view(build: Build, question: Asked, found: Sequence[Revision]) -> None:
    lang = language()
    where = question.selection
    said = [one.observation for one in found if one.observation]
    when = window_of_all(said, where.period, where.window, lang)
    st.subheader(f"{area_name(question.area)} · {when} · {question.named}", anchor=False)
    st.markdown(f"**{summary(found, lang)}**")
    if sum(one.value is not None for one in found) > 1:
        chart_frame.draw(course(found, question), "revisions", summary(found, lang))
    table(found, question)
    st.caption(
        _(
            "Each line is one publication and says what had changed since the one before. The arithmetic and the "
            "population are today's; counts are those the build was published with."
        )
    )
    notes.statuses([one.observation for one in found if one.observation and one.is_told])
    notes.caveats(question.indicator, [one.observation for one in found if one.observation])
    downloads.text(as_csv(found), f"revisions-{build.build_id}")


def course(found: Sequence[Revision], question: Asked) -> go.Figure:
    """One point per build that could be asked; one without a value is a gap."""
    asked_of = [one for one in found if one.observation]
    lang = language()
    figure = go.Figure(
        go.Scatter(
            # Two builds of one minute are two points: the axis is of builds and not of time.
            x=[one.build_id for one in asked_of],
            y=[one.value for one in asked_of],
            mode="lines+markers",
            connectgaps=False,
            line={"color": style.BLUE, "width": 2.2, "shape": "hv"},
            marker={"size": 8, "color": style.BLUE},
            hovertext=[
                f"<b>{moment_text(one.published_at)}</b><br>"
                + format_value(one.value, question.indicator, lang)
                + "".join(f"<br>{escape(reason)}" for reason in one.reasons(lang))
                for one in asked_of
            ],
            hoverinfo="text",
        )
    )
    figure.update_layout(**chart_frame.layout(280))
    every = max(1, len(asked_of) // 6)
    shown = asked_of[::every]
    figure.update_xaxes(
        type="category", showgrid=False, automargin=True, fixedrange=True,
        tickvals=[one.build_id for one in shown],
        ticktext=[f"{one.published_at:%Y-%m-%d}" if one.published_at else "—" for one in shown],
    )  # fmt: skip
    figure.update_yaxes(**chart_frame.value_axis(), rangemode="normal")
    chart_frame.write_unit(figure, question.indicator, {"x": 0, "y": 1.02, "yanchor": "bottom"})
    return figure


def table(found: Sequence[Revision], question: Asked) -> None:
    """The newest publication on top."""
    columns = [
        Column("published", _("Published"), "short"),
        Column("value", question.named, "number"),
        Column("numerator", _("Numerator"), "number"),
        Column("denominator", _("Denominator"), "number"),
        Column("first", _("Since first said"), "number"),
        Column("previous", _("Since the one before"), "number"),
        Column("changed", _("What changed"), "wide"),
        Column("status", _("Status"), "badge"),
        Column("build", _("Build"), "code"),
    ]
    tables.draw(columns, [_row(one, question) for one in reversed(found)])


def _row(one: Revision, question: Asked) -> Row:
    lang, row = language(), one.observation
    return Row(
        {
            "build": one.build_id,
            "published": moment_text(one.published_at),
            "value": format_value(row, question.indicator, lang) if row else None,
            "numerator": count_text(row.numerator) if row else None,
            "denominator": count_text(row.denominator) if row else None,
            "first": one.since_first.text(lang) if one.since_first else None,
            "previous": one.since_previous.text(lang) if one.since_previous else None,
            "changed": "\n".join(one.reasons(lang)),
            "status": told_status(one, lang),
        },
        look="" if one.is_told else "muted",
        warns=frozenset() if row and row.status == "ok" else frozenset({"status"}),
    )


show()
