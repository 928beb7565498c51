"""Districts of one city side by side: ranking, heat map, course over time; or the city by gender or age."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.claims import judged_beside
from metrics.comparisons.reasons import against_other_areas
from metrics.explain import describe
from metrics.indicator import Indicator
from metrics.members import OVERLAPPING
from metrics.query import Observation, breakdown, query, series
from metrics.sentences import chance_note
from metrics.series_breaks import breaks_in
from metrics.variants import Variant, axes_of
from pages.components import (
    beside,
    chart_frame,
    charts,
    downloads,
    explanation,
    filters,
    frame,
    notes,
    sensitivity,
    variant,
)
from pages.components.filters import Selection
from pages.components.observations import observation_table
from pages.components.words import area_name, dimension_name, short_area_name
from pages.i18n import _, language

OFFERED = (
    "active_rate",
    "registered_share",
    "ever_active_rate",
    "hours_per_registered",
    "hours_per_active",
    "hours_per_resident",
    "registration_growth",
    "registered_volunteers",
    "new_registrations",
    "active_volunteers",
    "service_hours",
    "service_visits",
    "activities",
)
HEAT = OFFERED[:7]
POINTS_IN_A_COURSE = {"year": 6, "quarter": 9, "month": 13}
LINES_AT_FIRST, MOST_LINES = 3, 6


def show() -> None:
    build = frame.open_page(_("Districts compared"))
    if build is None:
        notes.no_build()
        return
    selection = filters.selection(build)
    if selection is None:
        notes.no_coverage()
        return
    columns = st.columns(4, vertical_alignment="bottom")
    with columns[0]:
        indicator = filters.indicator(OFFERED, OFFERED[0])
    with columns[1]:
        basis = filters.basis(indicator.bases, indicator.bases[0])
    with columns[2]:
        parts = [name for name in indicator.dimensions if build.members(name, [selection.city])]
        by = filters.breakdown(["district", *parts], "district")
    with columns[3]:
        chosen = variant.choose(build, selection.city, axes_of(indicator))
    dimension = "" if by == "district" else by
    objection = variant.objection(chosen, indicator, selection.window, dimension)
    if objection:
        st.info(" ".join([objection, _("The usual definition is shown.")]))
    code = variant.fitting(chosen, indicator, selection.window, dimension).code
    city = query(build, indicator.id, selection.city, selection.period, selection.window, basis, None, code)[
        0
    ]
    rows = breakdown(build, indicator.id, selection.city, selection.period, selection.window, basis, by, code)
    st.markdown(f"**{describe(city, language())}**")
    notes.missing(build, [city, *rows])
    explanation.panel_with_areas(build, city)
    if by == "district":
        ranking(rows, indicator, city)
        sensitivity.panel(build, selection, indicator, basis)
        heat_map(build, selection, chosen)
        course(build, selection, indicator, basis, code)
    else:
        members(rows, indicator, city)
    against = beside.chosen_periods(build, selection)
    named = selection.text(variant.titled(indicator, code), dimension_name(by), against, rows=[city, *rows])
    downloads.observations(build, [*rows, city], named, "districts")
    frame.footer(build)


def ranking(rows: Sequence[Observation], indicator: Indicator, city: Observation) -> None:
    st.subheader(
        _("Ranking: {indicator}").format(indicator=variant.titled(indicator, city.variant)), anchor=False
    )
    chart, table = st.columns([1, 1.12])
    merged = [row for row in rows if row.is_merged]
    rows = [row for row in rows if not row.is_merged]
    ordered = charts.ranked(rows, indicator)
    with chart:
        chart_frame.draw(charts.ranking(rows, indicator, city), "ranking", alternative(ordered))
    with table:
        observation_table([*ordered, *merged], indicator, total=city)
    alone = against_other_areas(city)
    if alone:
        st.caption(alone.text(language()))
    if any(row.lower is not None for row in rows):
        st.caption(
            _(
                "Whiskers are 95 % intervals: where two of them overlap, the order may be chance, which does not mean "
                "that they are the same."
            )
        )
        note = chance_note(len(judged_beside(rows, city, indicator)), language())
        if note:
            st.caption(note)
    st.caption(
        _("What is known to lie in the city but not in which district stays in the total and is shown last.")
    )
    notes.caveats(indicator, [city])
    notes.merged(merged)
    notes.statuses([*rows, *merged])


def members(rows: Sequence[Observation], indicator: Indicator, city: Observation) -> None:
    heading = _("{indicator} by {dimension}")
    words = {
        "indicator": variant.titled(indicator, city.variant),
        "dimension": dimension_name(rows[0].dimension).lower(),
    }
    st.subheader(heading.format(**words), anchor=False)
    chart, table = st.columns([1.15, 1])
    with chart:
        chart_frame.draw(charts.members(rows, indicator), "members", alternative(rows))
    with table:
        observation_table(rows, indicator, total=city)
    if rows[0].dimension in OVERLAPPING:
        st.caption(
            _("Who is registered on several platforms counts on each, so they add up to more than the total.")
        )
    notes.caveats(indicator, [city])
    notes.merged(rows)
    notes.statuses(rows)


def heat_map(build: Build, selection: Selection, chosen: Variant) -> None:
    st.subheader(_("Districts by indicators"), anchor=False)
    indicators = {key: load_catalogue().indicator(key) for key in HEAT}
    read = {key: variant.fitting(chosen, indicators[key], selection.window) for key in HEAT}
    grid = {
        key: query(
            build,
            key,
            selection.city,
            selection.period,
            selection.window,
            by="district",
            variant=read[key].code,
        )
        for key in HEAT
    }
    alt = _("Table of {districts} districts by {indicators} indicators; every number is written in its cell.")
    figure = charts.heat_map(grid, indicators)
    chart_frame.draw(figure, "heat_map", alt.format(districts=len(grid[HEAT[0]]), indicators=len(HEAT)))
    st.caption(
        _(
            "Deeper blue is higher within its own column; colours of different columns do not compare. "
            "An empty cell has no figure."
        )
    )
    named = [variant.titled(indicators[key], read[key]) for key in HEAT if read[key].choices]
    if named:
        st.caption(charts.CHOSEN + " " + ("；" if language() == "zh" else "; ").join(named))


def course(build: Build, selection: Selection, indicator: Indicator, basis: str, code: str) -> None:
    """The city and a few districts over the last periods; at first the districts with the lowest codes."""
    st.subheader(_("Course over time"), anchor=False)
    st.markdown(f"**{variant.titled(indicator, code)}**")
    districts = [area.area_code for area in load_areas().children(selection.city)]
    areas = filters.areas(districts, districts[:LINES_AT_FIRST], MOST_LINES)
    count = POINTS_IN_A_COURSE[selection.period.kind]
    lines = {
        area: series(build, indicator.id, area, selection.period, selection.window, count, basis, code)
        for area in [selection.city, *areas]
    }
    named = {short_area_name(area): charts.from_first_report(rows) for area, rows in lines.items()}
    broken = breaks_in(build, indicator, list(named.values()))
    figure = charts.trend(named, indicator, height=380, breaks=broken)
    chart_frame.draw(figure, "course", alternative([rows[-1] for rows in lines.values()]))
    notes.breaks(broken)
    with st.expander(_("The same as a table")):
        for area, rows in lines.items():
            st.markdown(f"**{area_name(area)}**")
            observation_table(rows, indicator, by_period=True)


def alternative(rows: Sequence[Observation]) -> str:
    """What a chart shows, in sentences, for those who do not see it."""
    return " ".join(describe(row, language()) for row in rows)


show()
