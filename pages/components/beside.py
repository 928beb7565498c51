"""A figure beside others, as many as the reader chooses: other periods, its target, its city, its peer groups."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from metrics.analysis.peer_groups import PeerGroupsNotUsable, group_names, own_lists
from metrics.areas import load_areas
from metrics.build import Build, data_home
from metrics.comparisons import NAMES, compare
from metrics.comparisons.peers import AT, PEER
from metrics.query import Observation, query
from pages.components import filters
from pages.components.filters import Selection
from pages.i18n import _, language

OFFERED = ("previous", "year_earlier", "target", "benchmark")
AT_FIRST = OFFERED[:2]


def panel(build: Build, asked: Observation, area_code: str) -> None:
    """One sentence a comparison, in the order chosen; what is not compared says why."""
    now = asked
    if area_code != asked.area_code:
        question = (asked.period, asked.window, asked.basis, None, asked.variant)
        now = query(build, asked.indicator, area_code, *question)[0]
    home = usable_home()
    offered = choices(now, home)
    # A key of its own for each area: the peer groups of one are not those of another.
    kinds = st.pills(
        _("Compared with"), list(offered), selection_mode="multi", default=AT_FIRST,
        format_func=offered.__getitem__, key=f"beside_{area_code}_{language()}",
    )  # fmt: skip
    periods = filters.choose_against(build, load_areas().city_of(now.area_code), now.period)
    found = compare(build, now, kinds, chosen=periods, home=home)
    st.markdown("\n".join(f"- {one.text(language())}" for one in found))


def chosen_periods(build: Build, selection: Selection) -> str:
    """The periods chosen to compare with, for the words of a selection; '' when none is."""
    periods = filters.against(build, selection.city, selection.period)
    joint = "、" if language() == "zh" else ", "
    named = joint.join(one.label(language()) for one in periods)
    return _("compared with {periods}").format(periods=named) if named else ""


def usable_home() -> Path | None:
    """The data home, whose own lists are peer groups too; None where they cannot be read: its steward is told by the
    commands, and readers have the shipped groups."""
    try:
        own_lists(data_home())
    except PeerGroupsNotUsable:
        return None
    return data_home()


def choices(now: Observation, home: Path | None) -> dict[str, str]:
    """What may be chosen, as compare() takes it → what it is called."""
    lang = language()
    names = {kind: NAMES[kind][0 if lang == "zh" else 1] for kind in OFFERED}
    groups = group_names(now.area_code, now.period_end, home, lang)
    joint = "：" if lang == "zh" else ": "
    median = NAMES[PEER][0 if lang == "zh" else 1]
    return names | {
        f"{PEER}:{key}": f"{median}{joint}{name}" for key, name in groups.items() if AT not in key
    }
