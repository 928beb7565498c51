"""Sentences around figures: caveats, what to do when there is nothing yet, what a status means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from metrics.build import Build
from metrics.comparisons import Comparison
from metrics.context import missing_sentences
from metrics.explain import status_text
from metrics.indicator import Indicator
from metrics.query import Observation
from metrics.series_breaks import SeriesBreak
from metrics.variants import Variant
from pages.components.words import member_name
from pages.i18n import _, language

MOST_MISSING = 5  # sentences shown at once; the others can be opened
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


def caveats(indicator: Indicator, rows: Sequence[Observation] = ()) -> None:
    """What a reader must know about an indicator, and about the definition its figures are read by."""
    chosen = dict.fromkeys(row.variant for row in rows if row.variant)
    notes = [note for code in chosen for note in Variant.parse(code).notes(language())]
    sentences = [*notes, *indicator.caveats(language())]
    if sentences:
        st.caption("  \n".join(f"※ {sentence}" for sentence in sentences))


def missing(build: Build, rows: Iterable[Observation]) -> None:
    """What has not been reported of any of the figures shown: who, what, which months and where."""
    sentences = missing_sentences(build, rows, language())
    if not sentences:
        return
    _lines(sentences[:MOST_MISSING])
    if len(sentences) > MOST_MISSING:
        with st.expander(_("{count} more are missing").format(count=len(sentences) - MOST_MISSING)):
            _lines(sentences[MOST_MISSING:])


def not_compared(found: Iterable[Comparison]) -> None:
    """Why figures are not compared, in full; those with the same reasons in one line."""
    told: dict[str, list[str]] = {}
    for one in found:
        told.setdefault(one.text(language()), []).append(one.indicator.name(language()))
    comma, colon = ("、", "：") if language() == "zh" else (", ", ": ")
    if told:
        _lines([f"{comma.join(names)}{colon}{why}" for why, names in told.items()])


def _lines(sentences: Sequence[str]) -> None:
    """As HTML: names of suppliers come from outside and are no Markdown."""
    text = "<br>".join(escape(f"※ {sentence}") for sentence in sentences)
    st.html(f'<p class="redvest-note">{text}</p>')


def breaks(found: Iterable[SeriesBreak]) -> None:
    """The breaks drawn in a chart, in full."""
    for one in found:
        st.caption(f"┆ {one.sentence(language())}")


def merged(rows: Iterable[Observation]) -> None:
    """Which withheld members (or districts) are told together, and how."""
    for row in rows:
        if row.is_merged:
            names = member_name(row.dimension, row.member)
            st.caption(_("{members}: the total less those shown.").format(members=names))


def statuses(rows: Iterable[Observation]) -> None:
    """A legend of the statuses that occur among the rows, other than ok."""
    found = sorted({row.told_status for row in rows} - {"ok"})
    if found:
        words = "; ".join(status_text(status, language()) for status in found)
        st.caption(_("Marked in this view: {words}").format(words=words))
