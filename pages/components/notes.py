"""Sentences around figures: caveats, what to do when there is nothing yet, what a status means."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from metrics.explain import status_text
from metrics.indicator import Indicator
from metrics.query import Observation
from metrics.series_breaks import SeriesBreak
from pages.i18n import _, language

FIRST_COMMANDS = (
    "python -m etl sample demo-drops --city 130200 --volunteers 15000\npython -m etl load demo-drops"
)


def no_build() -> None:
    """An empty warehouse: one friendly sentence and the commands that fill it."""
    st.info(_("No drops have been loaded yet, so there is nothing to compute. Load your own files:"))
    st.code("python -m etl load", language="bash")
    st.write(_("or look around with a synthetic city first:"))
    st.code(FIRST_COMMANDS, language="bash")
    label = _("The published figures of five cities can be read already")
    st.page_link("pages/cities.py", label=label, icon=":material/arrow_forward:")


def no_coverage() -> None:
    st.info(_("No city of this build has data yet; the drops page shows what was received."))


def caveats(indicator: Indicator) -> None:
    """What a reader must know about an indicator, where its figures are shown."""
    sentences = indicator.caveats(language())
    if sentences:
        st.caption("  \n".join(f"※ {sentence}" for sentence in sentences))


def breaks(found: Iterable[SeriesBreak]) -> None:
    """The breaks drawn in a chart, in full."""
    for one in found:
        st.caption(f"┆ {one.sentence(language())}")


def statuses(rows: Iterable[Observation]) -> None:
    """A legend of the statuses that occur among the rows, other than ok."""
    found = sorted({row.status for row in rows} - {"ok"})
    if found:
        words = "; ".join(status_text(status, language()) for status in found)
        st.caption(_("Marked in this view: {words}").format(words=words))
