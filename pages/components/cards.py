"""KPI cards: the figure, the counts behind it, its change on the year, its recent course, its status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from math import nan
from typing import Literal

import streamlit as st

from metrics.comparisons import Change, Comparison
from metrics.explain import status_text
from metrics.indicator import Indicator
from metrics.query import Observation
from metrics.rounding import rounded
from pages.components.tables import badge
from pages.components.variant import titled
from pages.components.words import counts_text, figure_text
from pages.i18n import N_, _, language

DELTA_COLOURS: dict[str, Literal["normal", "inverse"]] = {"higher": "normal", "lower": "inverse"}
# Reasons not to compare that are the status of the figure itself.
SAID_BY_STATUS = ("suppressed_now", "no_value_now")

# What a plain count is, where a rate would show its numerator and denominator.
MEASURE_KINDS = {
    "stock": N_("at the end of the period"),
    "flow": N_("added up over the period"),
    "distinct": N_("each person counted once"),
}


@dataclass(frozen=True)
class Card:
    """What one card shows. `change` is None unless both years are comparable; of an unfinished one, up to a day."""

    indicator: Indicator
    now: Observation
    change: Change | None
    course: Sequence[Observation]
    through_on: date | None = None  # the day up to which both years are read for the change
    not_compared: Comparison | None = None  # with the year before, where there are reasons not to

    @property
    def why_not(self) -> str:
        """The decisive reason in a few words; '' where the status of the figure says it already."""
        if self.not_compared is None or not self.not_compared.reasons:
            return ""
        decisive = self.not_compared.reasons[0]
        return "" if decisive.code in SAID_BY_STATUS else decisive.brief(language())


def grid(cards: Sequence[Card], columns: int = 4) -> None:
    """Cards in rows of equal height."""
    for start in range(0, len(cards), columns):
        row = st.columns(columns)
        for place, card in zip(row, cards[start : start + columns], strict=False):
            with place:
                _draw(card)


def _draw(card: Card) -> None:
    """`None` in a sparkline is a gap; the delta's colour follows the indicator's polarity."""
    lang = language()
    value = figure_text(card.now.value, card.indicator)
    with st.container(border=True, height="stretch"):
        st.metric(
            titled(card.indicator, card.now.variant),
            value,
            delta=_delta(card),
            delta_color=DELTA_COLOURS.get(card.indicator.polarity, "off"),
            delta_description=_compared_with(card),
            help=card.indicator.question(lang),
            chart_data=_sparkline(card),
            chart_type="line",
        )
        st.html(f'<p class="redvest-card-counts">{_foot(card)}</p>')


def _compared_with(card: Card) -> str:
    """Beside the change what it is a change on; without one, why there is none."""
    if card.indicator.kind == "growth":
        return _("is itself a change on the year before")
    if card.change and card.through_on:
        return _("on the year before, both up to {day}").format(day=f"{card.through_on:%m-%d}")
    return _("on the year before") if card.change else _("no comparable year before")


def _delta(card: Card) -> str | int | None:
    """Streamlit greys a zero only when it is the number 0."""
    if card.change is None:
        return None
    return 0 if card.change.is_nothing else card.change.text(language())


def _sparkline(card: Card) -> list[float] | None:
    """The recent course, rounded as printed; NaN is drawn as a gap. None when nothing is known."""
    if all(row.value is None for row in card.course):
        return None
    places = card.indicator.decimals
    return [nan if row.value is None else float(rounded(row.value, places)) for row in card.course]


def _foot(card: Card) -> str:
    parts = []
    counts = counts_text(card.now, card.indicator)
    if counts:
        parts.append(escape(counts))
    if card.now.status != "ok":
        parts.append(badge(status_text(card.now.told_status, language()), warns=True))
    if not parts:
        parts.append(escape(_(MEASURE_KINDS[card.indicator.numerator.measure.kind])))
    if card.why_not:
        parts.append(escape(_("Not compared: {why}").format(why=card.why_not)))
    return "<br>".join(parts)
