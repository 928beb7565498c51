"""Findings of analyses as charts: one function a kind of drawing (metrics.analysis.drawing), none an analysis."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go

from metrics.analysis.drawing import Drawing, Series
from pages.components import chart_frame, style
from pages.i18n import _

BAR_PIXELS, GROUP_PIXELS = 30, 16
LONG_NAME = 5  # characters of a name that no column has room for
MOST_COLUMNS = 12
LIMITS = {"95": "dash", "998": "solid", "chance": "dot"}


def figure(drawn: Drawing) -> go.Figure:
    """The chart of a drawing of any known kind."""
    return KINDS[drawn.kind](drawn)


def bars(drawn: Drawing) -> go.Figure:
    """Lying where names are long, with the level lines across; what is not known says why in its place."""
    is_lying = drawn.are_areas or any(len(name) > LONG_NAME for name in drawn.names)
    is_lying = is_lying or len(drawn.names) > MOST_COLUMNS
    chart = go.Figure()
    for place, one in enumerate(drawn.series):
        along, whiskers = ("x", "error_x") if is_lying else ("y", "error_y")
        chart.add_bar(
            **{
                along: list(one.numbers),
                "y" if is_lying else "x": list(drawn.names),
                whiskers: _whiskers(one),
            },
            orientation="h" if is_lying else "v",
            name=one.heading,
            marker={"color": style.PALE_BLUE if place == 0 else style.CATEGORIES[place]},
            hovertext=_hovers(drawn, one),
            hoverinfo="text",
        )
    if len(drawn.series) == 1:
        _write_values(chart, drawn, is_lying)
    for place, level in enumerate(drawn.levels):
        _draw_level(chart, level.number, f"{level.heading} {level.text}", is_lying, place)
    count = len(drawn.names) * (BAR_PIXELS + GROUP_PIXELS * (len(drawn.series) - 1))
    tops = 18 * len(drawn.levels)
    _finish(chart, drawn, (count + 90 if is_lying else 330) + tops)
    bottom = 34 if len(drawn.series) == 1 else 64
    chart.update_layout(
        bargap=0.35, margin={"l": 8, "r": 110 if is_lying else 8, "t": 34 + tops, "b": bottom}
    )
    # At the foot of the chart, however high that is.
    chart.update_layout(legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0})
    names: dict[str, object] = {"type": "category", "automargin": True, "showgrid": False, "fixedrange": True}
    if is_lying:
        chart.update_yaxes(**names, autorange="reversed", tickfont={"size": 13})
        chart.update_xaxes(**chart_frame.value_axis(), rangemode="tozero")
    else:
        chart.update_xaxes(**names)
        chart.update_yaxes(**chart_frame.value_axis(), rangemode="tozero")
    return chart


def lines(drawn: Drawing) -> go.Figure:
    chart = go.Figure()
    for place, one in enumerate(drawn.series):
        if one.lower:
            _ribbon(chart, list(drawn.names), one.lower, one.upper, "rgba(143,182,214,0.35)")
        _line(chart, drawn, one, style.CATEGORIES[place % len(style.CATEGORIES)])
    return _over_names(chart, drawn)


def bands(drawn: Drawing) -> go.Figure:
    """The spread of the peers pale, its middle half deeper, their median dashed, the area itself on top."""
    own, by_key = drawn.series[0], {one.key: one for one in drawn.series}
    chart, names = go.Figure(), list(drawn.names)
    for lower, upper, colour in (
        ("p10", "p90", "rgba(179,209,233,0.35)"),
        ("p25", "p75", "rgba(102,163,212,0.40)"),
    ):
        if lower in by_key and upper in by_key:
            _ribbon(chart, names, by_key[lower].numbers, by_key[upper].numbers, colour)
            _legend(chart, f"{by_key[lower].heading} – {by_key[upper].heading}", colour)
    if "p50" in by_key:
        _line(chart, drawn, by_key["p50"], style.MUTED, "dash")
    _line(chart, drawn, own, style.VEST)
    chart.data[-1].name = _("This area")
    return _over_names(chart, drawn)


def grid(drawn: Drawing) -> go.Figure:
    """A number a cell, deeper where it is higher; a cell without a number has its reason to point at."""
    down = [one.heading for one in drawn.series]
    chart = go.Figure(
        go.Heatmap(
            z=[list(one.numbers) for one in drawn.series],
            x=list(drawn.names),
            y=down,
            text=[list(one.texts) for one in drawn.series],
            texttemplate="%{text}",
            hovertext=[_hovers(drawn, one) for one in drawn.series],
            hovertemplate="%{hovertext}<extra></extra>",
            colorscale=[list(stop) for stop in style.SEQUENCE],
            showscale=False,
            xgap=2,
            ygap=2,
            textfont={"size": 11.5, "color": style.INK},
        )
    )
    for one in drawn.series:
        for name, number, text in zip(drawn.names, one.numbers, one.texts, strict=True):
            if number is None and text:
                chart.add_annotation(
                    x=name,
                    y=one.heading,
                    text="※",
                    hovertext=text,
                    showarrow=False,
                    font={"color": style.MUTED},
                )
    _finish(chart, drawn, 30 * len(down) + 90)
    axis: dict[str, object] = {"type": "category", "showgrid": False, "automargin": True, "fixedrange": True}
    chart.update_yaxes(**axis, autorange="reversed")
    chart.update_xaxes(
        **axis, side="top", title={"text": drawn.heading, "font": {"size": 12, "color": style.MUTED}}
    )
    chart.update_layout(margin={"l": 8, "r": 8, "t": 60, "b": 8})
    chart.layout.annotations = [note for note in chart.layout.annotations if note.text == "※"]
    return chart


def funnel(drawn: Drawing) -> go.Figure:
    """Areas by size among the limits: within them nothing is told but chance and what spreads all areas."""
    points, *limits = drawn.series
    chart = go.Figure()
    for one in limits:
        dash = next(look for part, look in reversed(LIMITS.items()) if part in one.key)
        line = {"color": style.MUTED, "width": 1.2, "dash": dash}
        chart.add_scatter(
            x=list(one.x), y=list(one.numbers), mode="lines", line=line, name=one.heading, hoverinfo="skip",
            showlegend="lower" not in one.key,
        )  # fmt: skip
    chart.add_scatter(
        x=list(points.x), y=list(points.numbers), mode="markers", name=points.heading, showlegend=False,
        marker={"size": 9, "color": style.BLUE}, hovertext=_hovers(drawn, points), hoverinfo="text",
    )  # fmt: skip
    for place, level in enumerate(drawn.levels):
        _draw_level(chart, level.number, f"{level.heading} {level.text}", False, place)
    _finish(chart, drawn, 430)
    chart.update_layout(showlegend=True, legend={"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0})
    chart.update_xaxes(**chart_frame.value_axis(), title={"text": drawn.heading, "font": {"size": 12}})
    chart.update_yaxes(**chart_frame.value_axis())
    return chart


KINDS: dict[str, Callable[[Drawing], go.Figure]] = {
    "bars": bars, "lines": lines, "bands": bands, "grid": grid, "funnel": funnel,
}  # fmt: skip


def _hovers(drawn: Drawing, one: Series) -> list[str]:
    extra = one.heading if len(drawn.series) > 1 or drawn.kind == "lines" else ""
    return [
        "<br>".join(part for part in (f"<b>{name}</b>", extra, text) if part)
        for name, text in zip(drawn.names, one.texts, strict=True)
    ]


def _whiskers(one: Series) -> dict[str, object] | None:
    if not one.lower:
        return None
    ends = list(zip(one.numbers, one.lower, one.upper, strict=True))
    known = [None not in end for end in ends]
    return {
        "type": "data",
        "symmetric": False,
        "array": [end[2] - end[0] if ok else None for end, ok in zip(ends, known, strict=True)],  # type: ignore[operator]
        "arrayminus": [end[0] - end[1] if ok else None for end, ok in zip(ends, known, strict=True)],  # type: ignore[operator]
        "color": style.INK,
        "thickness": 1.3,
        "width": 4,
    }


def _write_values(chart: go.Figure, drawn: Drawing, is_lying: bool) -> None:
    """Each value beside its bar, at the edge where nothing covers it; the reason where there is none."""
    one = drawn.series[0]
    for name, number, text in zip(drawn.names, one.numbers, one.texts, strict=True):
        at = {"xref": "paper", "x": 1.01, "xanchor": "left", "y": name}
        if not is_lying:
            at = {"x": name, "y": number or 0, "yanchor": "bottom"}
            if one.lower and number is not None:
                continue  # a whisker stands there
        font = {"size": 12.5 if is_lying else 12, "color": style.INK if number is not None else style.MUTED}
        chart.add_annotation({**at, "showarrow": False}, text=text.split("，")[0], hovertext=text, font=font)


def _draw_level(chart: go.Figure, number: float, text: str, is_lying: bool, place: int) -> None:
    """A dashed line; the words of several levels stand above one another."""
    line = {"color": style.CATEGORIES[(5, 2, 3, 0)[place % 4]], "width": 1.5, "dash": "dash"}
    if is_lying:
        chart.add_vline(x=number, line=line)
        at: dict[str, object] = {
            "x": number,
            "y": 1.0,
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": 18 * (place + 1),
        }
    else:
        chart.add_hline(y=number, line=line)
        at = {"x": 1.0, "xref": "paper", "xanchor": "right", "y": 1.0, "yref": "paper", "yanchor": "bottom",
              "yshift": 18 * (place + 1)}  # fmt: skip
    chart.add_annotation({**at, "showarrow": False}, text=text, font={"size": 12, "color": line["color"]})


def _line(chart: go.Figure, drawn: Drawing, one: Series, colour: str, dash: str = "solid") -> None:
    chart.add_scatter(
        x=list(drawn.names), y=list(one.numbers), mode="lines+markers" if dash == "solid" else "lines",
        connectgaps=False, name=one.heading, line={"color": colour, "width": 2.2, "dash": dash},
        marker={"size": 7, "color": colour}, hovertext=_hovers(drawn, one), hoverinfo="text",
    )  # fmt: skip


def _ribbon(
    chart: go.Figure,
    names: list[str],
    lower: tuple[float | None, ...],
    upper: tuple[float | None, ...],
    fill: str,
) -> None:
    """Between two lines; where either is not known, nothing is filled."""
    edge: dict[str, object] = {
        "mode": "lines",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    chart.add_scatter(x=names, y=list(lower), connectgaps=False, **edge)
    chart.add_scatter(x=names, y=list(upper), connectgaps=False, fill="tonexty", fillcolor=fill, **edge)


def _legend(chart: go.Figure, name: str, colour: str) -> None:
    chart.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=name,
        marker={"size": 12, "symbol": "square", "color": colour},
    )


def _over_names(chart: go.Figure, drawn: Drawing) -> go.Figure:
    several = len(drawn.series) > 1
    _finish(chart, drawn, 380)
    chart.update_layout(showlegend=several, legend={"orientation": "h", "y": -0.22, "yanchor": "top", "x": 0})
    title = {"text": drawn.heading, "font": {"size": 12, "color": style.MUTED}}
    chart.update_xaxes(type="category", showgrid=False, automargin=True, fixedrange=True, title=title)
    chart.update_yaxes(**chart_frame.value_axis(), rangemode="tozero")
    return chart


def _finish(chart: go.Figure, drawn: Drawing, height: int) -> None:
    several = len(drawn.series) > 1
    chart.update_layout(**chart_frame.layout(height, showlegend=several))
    chart.update_layout(legend={"orientation": "h", "y": -0.1, "yanchor": "top", "x": 0}, barmode="group")
    if drawn.unit:
        text = _("Unit: {unit}").format(unit=drawn.unit)
        chart_frame.write_above(chart, text, {"x": 0, "y": 1.0, "yanchor": "bottom"})
