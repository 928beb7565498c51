"""The filters of the analysis page: which analysis, and of the options those that this one looks at.

An option is a field of the registry's Call; each has one widget here, whichever analysis asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from metrics.analysis.composites import load_composites
from metrics.analysis.peer_groups import group_names
from metrics.analysis.registry import ANALYSES, Analysis
from metrics.build import Build, data_home
from metrics.indicator import Indicator
from metrics.periods import Period
from pages.components import address, asked, filters
from pages.components.filters import Selection
from pages.i18n import _, language

FIRST = "ranking"
COUNTS = ("4", "8", "12", "16", "24")
IN_A_ROW = 4


def analysis() -> Analysis:
    names = {one.name: one.question(language()) for one in ANALYSES.values()}
    first = FIRST if FIRST in names else next(iter(names))
    return ANALYSES[filters.choice("analysis", _("Analysis"), list(names), first, lambda name: names[name])]


@dataclass(frozen=True)
class Asking:
    """What has been chosen before an option is: most depend on it."""

    build: Build
    selection: Selection
    area: str
    indicator: Indicator | None = None

    @property
    def known_indicator(self) -> Indicator:
        assert self.indicator is not None  # an analysis with such an option has one
        return self.indicator


def options(asking: Asking, chosen: Analysis) -> dict[str, Any]:
    """Field of Call → what the reader chose, for the options of this analysis; a default is left out."""
    found: dict[str, Any] = {}
    # The window of the first row; its own default is left to the analysis, which may know a better one.
    if "window" in chosen.options and asking.selection.window != asking.selection.period.kind:
        found["window"] = asking.selection.window
    shown = [name for name in chosen.options if name in WIDGETS]
    places = iter(_places(len(shown) + chosen.needs_indicator))
    if chosen.needs_indicator:
        with next(places):
            asking = replace(asking, indicator=filters.indicator(asked.every_indicator(), asked.USUAL))
        found["indicator"] = asking.known_indicator.id
    for name, place in zip(shown, places, strict=True):
        with place:
            value = WIDGETS[name](asking)
        if value not in (None, "", False):
            found[name] = value
    return found


def _places(count: int) -> list[DeltaGenerator]:
    """Columns for so many widgets, a few in a row."""
    found: list[DeltaGenerator] = []
    while len(found) < count:
        found += st.columns(IN_A_ROW, vertical_alignment="bottom")
    return found[:count]


def _basis(asking: Asking) -> str:
    bases = asking.known_indicator.bases
    return filters.basis(bases, bases[0])


def _variant(asking: Asking) -> str:
    return asked.definition(asking.build, asking.selection, asking.known_indicator)


def _group(asking: Asking) -> str:
    """'' is the area's own city, or for a city the other cities."""
    names = {
        "": _("as usual"),
        **group_names(asking.area, asking.selection.period.end, data_home(), language()),
    }
    return filters.choice("group", _("Peers"), list(names), "", lambda name: names[name])


def _count(asking: Asking) -> int:
    return int(filters.choice("count", _("How many periods"), COUNTS, "12", str))


def _target(asking: Asking) -> str:
    """A number, a standard or `catalogue`; what it cannot be is said by the analysis."""
    value = address.resolve_text("target", str.strip)
    key = address.prepare("target", value)
    st.text_input(
        _("Target (empty: the peers' median)"), key=key, on_change=address.take, args=("target", key),
        help=_("A number in the indicator's unit, the name of a standard, or “catalogue” for the target in force"),
        max_chars=40,
    )  # fmt: skip
    return value


def _before(asking: Asking) -> Period | None:
    period = asking.selection.period
    usual = period.year_earlier()
    offered = filters.offered_periods(asking.build, asking.selection.city)[period.kind]
    earlier = {usual.code: usual} | {one.code: one for one in offered if one < period}
    label = _("Earlier period")
    code = filters.choice(
        "before", label, list(earlier), usual.code, lambda name: earlier[name].label(language())
    )
    return earlier[code]


def _composite(asking: Asking) -> str:
    names = {name: one.name(language()) for name, one in load_composites().items()}
    return filters.choice("composite", _("Index"), list(names), next(iter(names)), lambda name: names[name])


def _is_corrected(asking: Asking) -> bool:
    names = {"no": _("each by itself"), "yes": _("corrected (Benjamini–Hochberg)")}
    return (
        filters.choice("corrected", _("Many comparisons"), list(names), "no", lambda name: names[name])
        == "yes"
    )


# `window` is the first row's; a version of a peer group other than the one in force is asked on the command line.
WIDGETS: dict[str, Callable[[Asking], Any]] = {
    "basis": _basis, "variant": _variant, "group": _group, "count": _count, "target": _target, "before": _before,
    "composite": _composite, "is_corrected": _is_corrected,
}  # fmt: skip
