"""Breaks in a series, drawn in a chart over time."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from metrics.query import Observation
from metrics.series_breaks import SeriesBreak, break_position
from pages.components import style
from pages.i18n import language

BREAK_CHARACTERS = 34  # of the text beside the line; all of it is in the notes below


def draw_break(figure: go.Figure, one: SeriesBreak, rows: Sequence[Observation]) -> None:
    """Upright and text; the text is cut to fit, and whole where the pointer rests on it."""
    place = break_position([row.period for row in rows], one.on)
    if place is None:
        return
    whole = one.sentence(language())
    text = whole if len(whole) <= BREAK_CHARACTERS else whole[: BREAK_CHARACTERS - 1] + "…"
    is_late = place > len(rows) / 2
    figure.add_vline(x=place, line={"color": style.MUTED, "width": 1.4, "dash": "dash"})
    figure.add_annotation(
        {"x": place, "y": 1.0, "yref": "paper", "xanchor": "right" if is_late else "left", "yanchor": "top"},
        text=text,
        hovertext=whole,
        showarrow=False,
        font={"size": 12, "color": style.MUTED},
    )
