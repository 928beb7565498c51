"""Tables as plain HTML: every cell can be read aloud, copied and printed, and nothing in them is English
chrome. (Streamlit's data grid is a canvas with English menus.) All text is escaped here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import streamlit as st

Cell = str | int | None
MISSING = "—"


@dataclass(frozen=True)
class Column:
    """One column: the key in each row, its heading, and how cells look.

    `look` is one of '' (wrapping text), 'short' (one line), 'label' (one line,
    as narrow as it gets), 'number' (right), 'code', 'wide', 'badge'.
    """

    key: str
    heading: str
    look: str = ""


@dataclass(frozen=True)
class Row:
    """One row: cells by column key; `look` is '', 'muted' or 'total'."""

    cells: Mapping[str, Cell]
    look: str = ""
    warns: frozenset[str] = field(default_factory=frozenset)  # badge columns that deserve attention


def draw(columns: Sequence[Column], rows: Iterable[Row], caption: str = "") -> None:
    """Draw the table; a caption says what it shows, for those who hear it."""
    st.html(markup(columns, rows, caption))


def markup(columns: Sequence[Column], rows: Iterable[Row], caption: str = "") -> str:
    head = "".join(
        f'<th scope="col" class="{_look(column)}">{escape(column.heading)}</th>' for column in columns
    )
    body = "".join(
        f'<tr class="{row.look}">{"".join(_cell(column, row) for column in columns)}</tr>' for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    table = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="redvest-table" tabindex="0">{table}</div>'


def _cell(column: Column, row: Row) -> str:
    value = row.cells.get(column.key)
    text = MISSING if value is None or value == "" else escape(str(value)).replace("\n", "<br>")
    if column.look == "badge" and text != MISSING:
        text = badge(str(value), column.key in row.warns)
    return f'<td class="{_look(column)}">{text}</td>'


def badge(text: str, warns: bool = False) -> str:
    """A small framed word, e.g. a status; HTML."""
    return f'<span class="redvest-badge{" warn" if warns else ""}">{escape(text)}</span>'


def _look(column: Column) -> str:
    return "short" if column.look == "badge" else column.look
