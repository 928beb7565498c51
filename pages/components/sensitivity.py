"""口径敏感性: what each choice of definition does to a ranking, drawn as the range of ranks beside its tables."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from metrics.build import Build
from metrics.explain import format_value, status_text
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.rank_moves import Places
from metrics.refusals import QueryRefused
from metrics.sensitivity import Sensitivity, UnderVariant, most_moved, sensitivity
from metrics.sensitivity_text import LEFT_OUT, left_out, range_notes, unfinished_note, verdict
from metrics.sentences import format_number
from metrics.variants import axes_of
from pages.components import chart_frame, downloads, style, tables
from pages.components.filters import Selection
from pages.components.tables import Column, Row
from pages.components.words import short_area_name
from pages.i18n import _, language

ROW_PIXELS = 26
LEAST = 3  # ranks on the axis, so that two areas do not fill it
EVERY = 5  # ranks between the numbers of a long axis, which is read on telephones too


def panel(build: Build, selection: Selection, indicator: Indicator, basis: str) -> None:
    """The districts of the city ranked under every definition that can be asked; nothing where there is none."""
    if not axes_of(indicator):
        return
    st.subheader(
        _("Sensitivity to the definition: {indicator}").format(indicator=indicator.name(language())),
        anchor=False,
    )
    try:
        found = sensitivity(build, indicator.id, [selection.city], selection.period, selection.window, basis)
    except QueryRefused as refused:
        st.info(refused.text(language()))
        return
    st.markdown(f"**{verdict(found, language())}**")
    # With ranks among two sets of areas the table is too wide to stand beside the chart.
    chart, table = (st.container(), st.container()) if found.has_two_sets else st.columns([1, 1.12])
    with chart:
        chart_frame.draw(rank_ranges(found), "sensitivity", verdict(found, language()))
    with table:
        area_table(found)
    st.caption(
        _(
            "Filled: the rank by the usual definition; hollow: by another one, a tie at its place nearest to the "
            "usual rank. Tau is Kendall's: 1 the same order, −1 the reverse."
        )
    )
    variant_table(found)
    for told in (unfinished_note, range_notes, left_out):
        for sentence in told(found, language()):
            st.caption(sentence)
    rows = [one for row in found.rows for one in row.observations.values()]
    named = selection.text(indicator.name(language()), rows=rows)
    downloads.observations(build, rows, named, "sensitivity", _("Download every definition's figures (CSV)"))


def rank_ranges(found: Sensitivity) -> go.Figure:
    """One line per area from its best to its worst rank; an area without a rank says why in its place."""
    usual, areas = found.rows[0], found.areas
    names = [short_area_name(area) for area in areas]
    ranges = {area: found.rank_range(area) for area in areas}
    figure = go.Figure()
    for name, area in zip(names, areas, strict=True):
        best_worst = ranges[area]
        if best_worst:
            line = {"color": style.PALE_BLUE, "width": 6}
            figure.add_scatter(x=list(best_worst), y=[name, name], mode="lines", line=line, hoverinfo="skip")
    for row in [*found.compared, usual]:
        _marks(figure, found, row)
    for name, area in zip(names, areas, strict=True):
        if ranges[area] is None:
            figure.add_annotation(
                {"xref": "paper", "x": 0.01, "xanchor": "left", "y": name, "showarrow": False},
                text=_without_range(usual.observations[area]),
                font={"size": 12, "color": style.MUTED},
            )
    worst = max([LEAST, *(ends[1] for ends in ranges.values() if ends)])
    figure.update_layout(**chart_frame.layout(ROW_PIXELS * len(areas) + 72))
    figure.update_layout(margin={"l": 8, "r": 12, "t": 30, "b": 30})
    figure.update_xaxes(**chart_frame.value_axis(), range=[0.5, worst + 0.5], tickvals=ticks(worst))
    figure.update_yaxes(
        automargin=True, showgrid=False, tickfont={"size": 13}, fixedrange=True,
        categoryorder="array", categoryarray=names, range=[len(names) - 0.5, -0.5],
    )  # fmt: skip
    heading = _("Rank (1 is first)")
    if found.has_two_sets:
        heading = _("Rank among {count} (1 is first)").format(count=len(found.common_areas))
    chart_frame.write_above(figure, heading, {"x": 0, "y": 1.0, "yanchor": "bottom"})
    return figure


def ticks(worst: int) -> list[int]:
    """The ranks written on the axis."""
    return list(range(1, worst + 1)) if worst <= 2 * EVERY else [1, *range(EVERY, worst + 1, EVERY)]


def _marks(figure: go.Figure, found: Sensitivity, row: UnderVariant) -> None:
    """The ranks by one definition; what is filled is the usual one."""
    is_usual = row is found.rows[0]
    marks, places = found.common_marks(row), found.common_places(row)
    figure.add_scatter(
        x=list(marks.values()),
        y=[short_area_name(area) for area in marks],
        mode="markers",
        marker={
            "size": 10 if is_usual else 8,
            "color": style.BLUE if is_usual else "#ffffff",
            "line": {"color": style.BLUE, "width": 1.4},
        },
        hovertext=[
            f"<b>{short_area_name(area)}</b> {_label(row)}<br>"
            + rank_text(places[area], format_value(row.value(area), found.indicator, language()))
            for area in marks
        ],
        hoverinfo="text",
    )


def rank_text(places: Places, value: str) -> str:
    first, last = places
    if first == last:
        return _("rank {rank}: {value}").format(rank=first, value=value)
    return _("tied, ranks {first} to {last}: {value}").format(first=first, last=last, value=value)


def _without_range(usual: Observation) -> str:
    """Why an area has no place in the chart: its status, or that another definition does not show it."""
    if usual.value is None:
        return status_text(usual.told_status, language())
    return _("not shown by every definition")


def area_table(found: Sensitivity) -> None:
    usual, lang = found.rows[0], language()
    among = found.common_ranks(usual)
    rows = []
    for area in found.areas:
        observation, ranks, values = usual.observations[area], found.rank_range(area), found.value_range(area)
        rows.append(
            Row(
                {
                    "area": short_area_name(area),
                    "value": format_value(observation, found.indicator, lang),
                    "rank": usual.ranks.get(area),
                    "among": among.get(area),
                    "ranks": f"{ranks[0]}–{ranks[1]}" if ranks else None,
                    "values": "–".join(format_value(one, found.indicator, lang) for one in values or ()),
                    "status": status_text(observation.told_status, lang),
                },
                warns=frozenset() if observation.status == "ok" else frozenset({"status"}),
            )
        )
    columns = [
        Column("area", _("District"), "short"),
        Column("value", found.indicator.name(lang), "number"),
        *rank_columns(found),
        Column("values", _("Range of values"), "number"),
        Column("status", _("Status"), "badge"),
    ]
    tables.draw(columns, rows, _("By the usual definition, and how far it moves under the others"))


def rank_columns(found: Sensitivity) -> list[Column]:
    """Ranges may be among fewer areas than ranks are; then the rank among those stands beside its range."""
    if not found.has_two_sets:
        return [Column("rank", _("Rank"), "number"), Column("ranks", _("Range of ranks"), "number")]
    common = len(found.common_areas)
    return [
        Column("rank", _("Rank among {count}").format(count=len(found.rows[0].ranks)), "number"),
        Column("among", _("Rank among {count}").format(count=common), "number"),
        Column("ranks", _("Range of ranks among {count}").format(count=common), "number"),
    ]


def variant_table(found: Sensitivity) -> None:
    rows = []
    for row in found.rows:
        moved = most_moved(found, row) if row.compares else None
        rows.append(
            Row(
                {
                    "variant": _label(row),
                    "tau": None if row.tau is None else format_number(row.tau, 2),
                    "areas": len(row.ranks),
                    "moved": f"{short_area_name(moved.area_code)} {moved.text(language())}"
                    if moved
                    else without_move(row),
                }
            )
        )
    columns = [
        Column("variant", _("Choice of definition"), "short"),
        Column("tau", _("Kendall's tau"), "number"),
        Column("areas", _("Districts with a value"), "number"),
        Column("moved", _("Moves most (usual → this rank)"), "wide"),
    ]
    tables.draw(columns, rows)


def without_move(row: UnderVariant) -> str | None:
    """Why no district moves: its ranks are not compared, or stay as they are."""
    if row.why_left_out in LEFT_OUT:
        return LEFT_OUT[row.why_left_out][0 if language() == "zh" else 1]
    return _("none moves") if row.tau is not None else None


def _label(row: UnderVariant) -> str:
    return row.variant.label(language()) or _("usual definition")
