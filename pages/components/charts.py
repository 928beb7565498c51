"""Charts. Each takes observations as metrics gave them and draws; a missing value is a gap, never a zero.

Every chart is drawn together with a sentence that says what it shows (its alt text), and pages put the
same observations into a table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from metrics.explain import status_text
from metrics.indicator import Indicator
from metrics.query import Observation
from metrics.series_breaks import SeriesBreak
from pages.components import breaks as breaks_drawn
from pages.components import style, withheld_drawn
from pages.components.chart_frame import layout, value_axis, write_unit
from pages.components.words import (
    axis_label,
    counts_text,
    member_name,
    period_text,
    row_name,
    short_area_name,
    value_text,
)
from pages.i18n import _, language

BAR_PIXELS = 34
CHOSEN = "＊"  # marks a column read by another definition than the usual one
UNCERTAIN = {"provisional", "denominator_year", "series_break"}


def ranking(rows: Sequence[Observation], indicator: Indicator, city: Observation) -> go.Figure:
    """Horizontal bars from best to worst with interval whiskers; areas without a value at the bottom."""
    ordered = ranked(rows, indicator)
    names = [short_area_name(row.area_code) for row in ordered]
    figure = go.Figure(
        go.Bar(
            x=[row.value for row in ordered],
            y=names,
            orientation="h",
            marker={"color": [_bar_colour(row) for row in ordered], "line": {"width": 0}},
            error_x=_whiskers(ordered),
            hovertext=[hover(row, indicator) for row in ordered],
            hoverinfo="text",
        )
    )
    for name, row in zip(names, ordered, strict=True):
        figure.add_annotation(
            {"xref": "paper", "x": 1.01, "xanchor": "left", "y": name, "showarrow": False},
            text=value_text(row, indicator),
            font={"size": 13, "color": style.INK if row.value is not None else style.MUTED},
        )
    if city.value is not None and indicator.kind != "measure":
        figure.add_vline(x=city.value, line={"color": style.VEST, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            {"x": city.value, "y": 1.0, "yref": "paper", "yanchor": "bottom", "showarrow": False},
            text=_("Whole city {value}").format(value=value_text(city, indicator)),
            font={"size": 12, "color": style.VEST},
        )
    figure.update_layout(**layout(BAR_PIXELS * len(ordered) + 70, bargap=0.38))
    figure.update_layout(margin={"l": 8, "r": 96, "t": 30, "b": 34})
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=False, tickfont={"size": 13})
    figure.update_xaxes(**value_axis(), rangemode="tozero")
    write_unit(figure, indicator, {"x": 0, "y": 1.0, "yanchor": "bottom"})
    return figure


def trend(
    lines: Mapping[str, Sequence[Observation]],
    indicator: Indicator,
    height: int = 340,
    breaks: Sequence[SeriesBreak] = (),
) -> go.Figure:
    """One line per name over the same periods, oldest first; hollow markers where a value is uncertain.

    A break in the series is a dashed upright with its text: what lies left and right of it does not compare.
    """
    figure = go.Figure()
    for position, (name, rows) in enumerate(lines.items()):
        colour = style.CATEGORIES[position % len(style.CATEGORIES)]
        figure.add_scatter(
            x=[axis_label(row) for row in rows],
            y=[row.value for row in rows],
            name=name,
            mode="lines+markers",
            connectgaps=False,
            line={
                "color": colour,
                "width": 2.2,
                "dash": "solid" if position < len(style.CATEGORIES) else "dot",
            },
            marker={
                "size": 7,
                "color": ["#ffffff" if row.status in UNCERTAIN else colour for row in rows],
                "line": {"color": colour, "width": 1.6},
            },
            hovertext=[f"{name}<br>{hover(row, indicator)}" for row in rows],
            hoverinfo="text",
        )
        withheld_drawn.mark(figure, rows, figure.data[-1])
    figure.update_layout(**layout(height, showlegend=len(lines) > 1))
    figure.update_layout(legend={"orientation": "h", "y": -0.16, "yanchor": "top", "x": 0})
    figure.update_xaxes(type="category", showgrid=False, automargin=True, nticks=12)
    rows = max(lines.values(), key=len, default=())
    for one in breaks:
        breaks_drawn.draw_break(figure, one, rows)
    write_unit(figure, indicator, {"x": 0, "y": 1.02, "yanchor": "bottom"})
    figure.update_yaxes(**value_axis(), rangemode="tozero" if indicator.kind != "growth" else "normal")
    return figure


def heat_map(grid: Mapping[str, Sequence[Observation]], indicators: Mapping[str, Indicator]) -> go.Figure:
    """Areas down, indicators across: the number in each cell, the colour its place among the areas."""
    first = next(iter(grid.values()))
    columns = [
        _wrapped(indicators[key].name(language())) + (CHOSEN if rows and rows[0].variant else "")
        for key, rows in grid.items()
    ]
    areas = [short_area_name(row.area_code) for row in first]
    places = [relative_places(rows) for rows in grid.values()]
    texts = [
        ["" if row.value is None else value_text(row, indicators[key]) for row in rows]
        for key, rows in grid.items()
    ]
    hovers = [[hover(row, indicators[key]) for row in rows] for key, rows in grid.items()]
    figure = go.Figure(
        go.Heatmap(
            z=_turned(places),
            x=columns,
            y=areas,
            text=_turned(texts),
            hovertext=_turned(hovers),
            texttemplate="%{text}",
            hovertemplate="%{hovertext}<extra></extra>",
            colorscale=[list(stop) for stop in style.SEQUENCE],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=3,
            ygap=3,
            textfont={"size": 12.5, "color": style.INK},
        )
    )
    # Plotly writes no text where a cell has no colour, so what is missing is written by hand.
    for key, column in zip(grid, columns, strict=True):
        for row, area in zip(grid[key], areas, strict=True):
            if row.value is None:
                figure.add_annotation(
                    x=column, y=area, showarrow=False, text="—", font={"size": 13, "color": style.MUTED}
                )
    figure.update_layout(**layout(31 * len(areas) + 76, plot_bgcolor="#f4f6f8"))
    figure.update_layout(margin={"l": 8, "r": 8, "t": 58, "b": 8})
    figure.update_yaxes(
        autorange="reversed", automargin=True, showgrid=False, tickfont={"size": 13}, ticks=""
    )
    figure.update_xaxes(ticks="", side="top", showgrid=False, tickfont={"size": 12.5}, tickangle=0)
    return figure


def members(rows: Sequence[Observation], indicator: Indicator) -> go.Figure:
    """One column per member of a dimension, in the dimension's own order, with interval whiskers."""
    figure = go.Figure(
        go.Bar(
            x=[row_name(row) for row in rows],
            y=[row.value for row in rows],
            marker={"color": [style.GREY if row.member == "unknown" else style.PALE_BLUE for row in rows]},
            error_y=_whiskers(rows),
            text=[value_text(row, indicator) for row in rows],
            textposition="inside",
            insidetextanchor="start",
            textfont={"size": 12.5, "color": style.INK},
            hovertext=[hover(row, indicator) for row in rows],
            hoverinfo="text",
        )
    )
    withheld_drawn.mark(figure, rows, figure.data[-1])
    figure.update_layout(**layout(320, bargap=0.35))
    figure.update_xaxes(type="category", showgrid=False, tickfont={"size": 13})
    figure.update_yaxes(**value_axis(), rangemode="tozero")
    write_unit(figure, indicator, {"x": 0, "y": 1.02, "yanchor": "bottom"})
    return figure


def ranked(rows: Sequence[Observation], indicator: Indicator) -> list[Observation]:
    """Best first (by the indicator's polarity), then areas without a value; the unknown bucket stays last."""
    sign = 1 if indicator.polarity == "lower" else -1

    def place(row: Observation) -> tuple[bool, bool, float]:
        value = row.value
        return (row.area_code.startswith("U"), value is None, 0.0 if value is None else sign * value)

    return sorted(rows, key=place)


def from_first_report(rows: Sequence[Observation]) -> list[Observation]:
    """Without the periods before anything was reported; gaps after that stay, and so do two points."""
    reported = [place for place, row in enumerate(rows) if row.status != "not_reported"]
    start = min(reported[0] if reported else 0, max(len(rows) - 2, 0))
    return list(rows[start:])


def relative_places(rows: Sequence[Observation]) -> list[float | None]:
    """Where each value lies between the least (0) and the greatest (1) of its column; for colour only."""
    known = [row.value for row in rows if row.value is not None]
    if not known:
        return [None for _row in rows]
    least, span = min(known), max(known) - min(known)
    return [None if row.value is None else (row.value - least) / span if span else 0.5 for row in rows]


def hover(row: Observation, indicator: Indicator) -> str:
    """What the pointer shows: the figure, its period, the counts behind it, its status."""
    name = short_area_name(row.area_code) if not row.member else member_name(row.dimension, row.member)
    lines = [f"<b>{name}</b> {period_text(row)}", value_text(row, indicator), counts_text(row, indicator)]
    if row.status != "ok":
        lines.append(status_text(row.told_status, language()))
    return "<br>".join(line for line in lines if line)


def _bar_colour(row: Observation) -> str:
    return style.GREY if row.area_code.startswith("U") else style.PALE_BLUE


def _whiskers(rows: Sequence[Observation]) -> dict[str, object] | None:
    """Distances from the value to the interval's ends; None when no row has an interval."""
    if not any(row.lower is not None and row.upper is not None and row.value is not None for row in rows):
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": [None if _none(row) else row.upper - row.value for row in rows],  # type: ignore[operator]
        "arrayminus": [None if _none(row) else row.value - row.lower for row in rows],  # type: ignore[operator]
        "color": style.INK,
        "thickness": 1.3,
        "width": 4,
    }


def _none(row: Observation) -> bool:
    return row.value is None or row.lower is None or row.upper is None


def _wrapped(text: str) -> str:
    """A column heading on two lines when it is long."""
    half = len(text) // 2
    bracket = max(text.find("("), text.find("（"))
    if bracket > 0:
        return f"{text[:bracket]}<br>{text[bracket:]}"
    if language() == "zh":
        return text
    space = text.find(" ", half - 1)
    return text if len(text) <= 14 or space < 0 else f"{text[:space]}<br>{text[space + 1 :]}"


def _turned(columns: list[list[Any]]) -> list[list[Any]]:
    return [list(row) for row in zip(*columns, strict=True)]
