"""What all charts share: how they are put on a page, their fonts and margins, the axis of values and its unit."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from metrics.indicator import Indicator
from pages.components import style
from pages.i18n import _, language

CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True, "showTips": False}


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """Put a figure on the page, with the sentence a screen reader says instead."""
    st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=alt)


def layout(height: int, **more: object) -> dict[str, object]:
    return {
        "height": height,
        "font": {"family": style.FONT, "size": 13, "color": style.INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "hoverlabel": {"bgcolor": "#ffffff", "font": {"family": style.FONT, "size": 13}},
        "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "separators": ".,",
    } | more


def value_axis() -> dict[str, object]:
    return {
        "gridcolor": style.LINE,
        "zerolinecolor": style.LINE,
        "tickfont": {"size": 12, "color": style.MUTED},
        "tickformat": ",",
        "automargin": True,
        "fixedrange": True,
    }


def write_unit(figure: go.Figure, indicator: Indicator, place: dict[str, object]) -> None:
    """The unit of an indicator above its axis."""
    write_above(figure, _("Unit: {unit}").format(unit=indicator.unit_name(language())), place)


def write_above(figure: go.Figure, text: str, place: dict[str, object]) -> None:
    """What the values are, above the axis and level: turned sideways Chinese is hard to read."""
    figure.add_annotation(
        {"xref": "paper", "yref": "paper", "xanchor": "left", "showarrow": False} | place,
        text=text,
        font={"size": 12, "color": style.MUTED},
    )
