"""Colours, fonts and the little CSS Streamlit's theme cannot express. One place to change a colour.

The palette is Okabe and Ito's, told apart by readers with any of the common colour deficiencies; colour
never carries a meaning alone (words and shapes say it too).
"""

from pathlib import Path

import streamlit as st

FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
INK = "#1f2933"
MUTED = "#5f6b7a"
LINE = "#d9dee4"
VEST = "#9e2a2b"
BLUE = "#1d5b8f"
PALE_BLUE = "#8fb6d6"
GREY = "#b8c0ca"
ORANGE = "#c8630a"
CATEGORIES = ("#1d5b8f", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#6b6b6b", "#8c6d1f")
# From pale to deep of one hue, so that it also reads in grey print.
SEQUENCE = ((0.0, "#f1f6fb"), (0.5, "#b3d1e9"), (1.0, "#66a3d4"))
SHEET = Path(__file__).parent / "style.css"
WORDMARK = Path(__file__).parent / "wordmark.svg"
VEST_ICON = Path(__file__).parent / "vest.svg"


def apply() -> None:
    st.html(SHEET)
