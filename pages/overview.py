"""Overview: one city, one period. The figures a leader asks for first, each with the counts behind it."""

from __future__ import annotations

import streamlit as st

from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.comparisons import between
from metrics.explain import describe
from metrics.query import Observation, series
from metrics.series_breaks import breaks_in
from metrics.variants import Axis, Variant, axes_of, load_axes
from pages.components import (
    beside,
    briefing_export,
    cards,
    chart_frame,
    charts,
    downloads,
    explanation,
    filters,
    frame,
    notes,
    reconciliation,
    tables,
    variant,
)
from pages.components.filters import Selection
from pages.components.observations import indicator_table, observation_table
from pages.components.tables import Column, Row
from pages.components.words import area_name, source_name
from pages.i18n import _, language

HEADLINES = (
    "registered_volunteers",
    "registered_share",
    "active_rate",
    "ever_active_rate",
    "service_hours",
    "hours_per_registered",
    "hours_per_active",
    "hours_per_resident",
    "new_registrations",
    "registration_growth",
    "service_visits",
    "activities",
)
PERIODS_IN_A_YEAR = {"year": 1, "quarter": 4, "month": 12}
POINTS_IN_A_COURSE = {"year": 6, "quarter": 9, "month": 13}


def show() -> None:
    build = frame.open_page(_("Overview"))
    if build is None:
        notes.no_build()
        return
    selection = filters.selection(build)
    if selection is None:
        notes.no_coverage()
        return
    complete = build.last_period(selection.city, "month")
    if complete is not None:
        st.caption(_("{city}: complete up to {day}").format(city=area_name(selection.city), day=complete.end))
    chosen = variant.choose(build, selection.city, offered_axes())
    rows = headlines(build, selection, chosen)
    named = selection.text(chosen.label(language()), beside.chosen_periods(build, selection), rows=rows)
    downloads.observations(build, rows, named, "overview")
    course(build, selection, chosen)
    sentences(rows)
    briefing_export.panel(build, selection, chosen, rows)
    freshness(build, selection)
    reconciliation.panel(build, selection)
    frame.footer(build)


def offered_axes() -> list[Axis]:
    """The questions of definition that concern any of the figures."""
    concerned = {axis.id for name in HEADLINES for axis in axes_of(load_catalogue().indicator(name))}
    return [axis for axis in load_axes().values() if axis.id in concerned]


def headlines(build: Build, selection: Selection, chosen: Variant) -> list[Observation]:
    """The cards; returns the figures shown."""
    shown = []
    for indicator_id in HEADLINES:
        points = recent(build, selection, indicator_id, chosen)
        indicator = load_catalogue().indicator(indicator_id)
        year_earlier = points[-1 - PERIODS_IN_A_YEAR[selection.period.kind]]
        compared = between(build, "year_earlier", points[-1], year_earlier)
        is_change = indicator.kind == "growth"
        moved = None if is_change else compared.change
        through_on = compared.through[0] if compared.through else None
        why_not = None if is_change or compared.is_allowed else compared
        shown.append(cards.Card(indicator, points[-1], moved, points, through_on, why_not))
    cards.grid(shown)
    if chosen.choices:
        st.caption(_("Figures without a definition beside their name are read by the usual one."))
    rows = [card.now for card in shown]
    with st.expander(_("The figures as a table, with their counts in full")):
        indicator_table(rows)
        notes.not_compared([card.not_compared for card in shown if card.not_compared])
    notes.statuses(rows)
    notes.missing(build, rows)
    return rows


def recent(build: Build, selection: Selection, indicator_id: str, chosen: Variant) -> list[Observation]:
    count = POINTS_IN_A_COURSE[selection.period.kind]
    read = variant.fitting(chosen, load_catalogue().indicator(indicator_id), selection.window)
    return series(
        build, indicator_id, selection.city, selection.period, selection.window, count, variant=read.code
    )


def course(build: Build, selection: Selection, chosen: Variant) -> None:
    """One indicator over the last periods, as a line and as a table."""
    st.subheader(_("Course over time"), anchor=False)
    with st.container(width=360):
        indicator = filters.indicator(HEADLINES, "active_rate")
    rows = recent(build, selection, indicator.id, chosen)
    st.markdown(f"**{variant.titled(indicator, rows[-1].variant)}**")
    shown = charts.from_first_report(rows)
    broken = breaks_in(build, indicator, [shown])
    figure = charts.trend({indicator.name(language()): shown}, indicator, breaks=broken)
    chart_frame.draw(figure, "course", describe(rows[-1], language()))
    notes.breaks(broken)
    with st.expander(_("The same as a table")):
        observation_table(rows, indicator, by_period=True)
    explanation.panel(build, rows[-1])
    notes.caveats(indicator, rows)


def sentences(rows: list[Observation]) -> None:
    """The same figures as the sentences a briefing would print."""
    st.subheader(_("In words"), anchor=False)
    st.markdown("\n".join(f"- {describe(row, language())}" for row in rows))


def freshness(build: Build, selection: Selection) -> None:
    st.subheader(_("How far the data reach"), anchor=False)
    rows = [
        Row({"source": source_name(source), "first": str(span[0]), "last": str(span[1])})
        for source, span in build.coverage(selection.city).items()
    ]
    tables.draw(
        [
            Column("source", _("Kind"), "short"),
            Column("first", _("First day"), "short"),
            Column("last", _("Last complete day"), "short"),
        ],
        rows,
    )


show()
