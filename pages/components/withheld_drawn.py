"""The mark where a figure is withheld: neither a zero nor a period nobody reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from metrics.observation import Observation
from metrics.small_counts import WITHHELD
from pages.components import style


def mark(figure: go.Figure, rows: Sequence[Observation], drawn: Any) -> None:
    """Put the mark at the foot of each gap of a drawn trace, with what the trace says there to point at."""
    for row, place, text in zip(rows, drawn.x, drawn.hovertext, strict=True):
        if row.status == "suppressed":
            figure.add_annotation(
                x=place, y=0, yref="paper", yanchor="bottom", text=WITHHELD, showarrow=False,
                font={"size": 13, "color": style.MUTED}, hovertext=text,
            )  # fmt: skip
