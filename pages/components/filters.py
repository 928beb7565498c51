"""The filter row: which city, period, window, indicator, basis and breakdown a page shows.

Each filter reads its value from the URL, falls back to a default with a note, and offers only what the
build can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.compare import concepts
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import window_of_all
from pages.components import address
from pages.components.words import (
    BASES,
    PERIOD_KIND_NAMES,
    WINDOW_NAMES,
    area_name,
    dimension_name,
    indicator_name,
    short_area_name,
)
from pages.i18n import _, language

MOST_PERIODS = {"year": 12, "quarter": 24, "month": 60}
MOST_AGAINST = 6
KIND_ORDER = ("year", "quarter", "month")
LONG_WINDOWS = ("ytd", "rolling12", "to_date")


@dataclass(frozen=True)
class Selection:
    """What the reader asked to see."""

    city: str
    period: Period
    window: str

    def text(self, *more: str, rows: Iterable[Observation] = ()) -> str:
        """The selection in words, for headings and exports of some rows: a window that runs is named by their last day."""
        window = window_of_all(rows, self.period, self.window, language())
        return " · ".join([area_name(self.city), window, *[part for part in more if part]])


def selection(build: Build) -> Selection | None:
    """City, period and window in one row; None when no city has data yet."""
    cities = build.cities_with_data()
    if not cities:
        return None
    columns = st.columns([1.3, 1.5, 1.4, 1.4], vertical_alignment="top")
    with columns[0]:
        city = choice("city", _("City"), cities, cities[0], area_name)
    with columns[1]:
        periods = offered_periods(build, city)
        period = _resolve_period(build, city, periods)
        _kind_switch(period, {kind: _newest(build, city, periods[kind]).code for kind in KIND_ORDER})
    with columns[2]:
        _period_choice(periods[period.kind], period, build.last_period(city, period.kind))
    with columns[3]:
        windows = [period.kind, *LONG_WINDOWS]
        window = choice("window", _("Read as"), windows, period.kind, lambda name: _(WINDOW_NAMES[name]))
    return Selection(city, period, window)


def indicator(offered: Sequence[str], default: str) -> Indicator:
    """One of the offered indicators and measures."""
    return load_catalogue().indicator(choice("indicator", _("Indicator"), offered, default, indicator_name))


def basis(bases: Sequence[str], default: str) -> str:
    """Which area a service record counts for; shown, but fixed, when the indicator has only one."""
    return choice("basis", _("Counted by"), bases, default, lambda name: _(BASES[name]))


def breakdown(dimensions: Sequence[str], default: str) -> str:
    return choice("by", _("Broken down by"), dimensions, default, dimension_name)


def concept(offered: Sequence[str]) -> str:
    """What several cities may have printed a figure about."""
    names = {item.concept_id: item.name(language()) for item in concepts()}
    return choice("concept", _("Concept"), offered, offered[0], lambda name: names[name])


def area(city: str) -> str:
    """The city itself or one of its districts and zones."""
    places = [one.area_code for one in load_areas().children(city) if one.level != "unknown"]
    names = {city: _("Whole city")} | {code: short_area_name(code) for code in places}
    return choice("area", _("Area"), [city, *places], city, lambda code: names[code])


def against(build: Build, city: str, period: Period) -> list[Period]:
    """The periods a figure is compared with besides the usual ones, of its own kind; none unless chosen."""
    offered = [one.code for one in offered_periods(build, city)[period.kind]]
    return [Period.parse(code) for code in address.resolve_many("against", offered, (), MOST_AGAINST)]


def choose_against(build: Build, city: str, period: Period) -> list[Period]:
    """The same with its widget; in the URL they are codes joined by commas."""
    value = against(build, city, period)
    labels = {one.code: one.label(language()) for one in offered_periods(build, city)[period.kind]}
    key = address.prepare("against", [one.code for one in value])
    st.multiselect(
        _("And with any other period"),
        list(labels),
        format_func=lambda code: labels.get(code, code),
        key=key,
        max_selections=MOST_AGAINST,
        on_change=address.take,
        args=("against", key),
        placeholder=_("Choose"),
    )
    return value


def areas(offered: Sequence[str], default: Sequence[str], most: int) -> list[str]:
    """A few of the offered areas; in the URL they are codes joined by commas."""
    value = address.resolve_many("areas", offered, default, most)
    key = address.prepare("areas", value)
    names = {area: short_area_name(area) for area in offered}
    st.multiselect(
        _("Districts shown (at most {most})").format(most=most),
        offered,
        format_func=lambda area: names.get(area, area),
        key=key,
        max_selections=most,
        on_change=address.take,
        args=("areas", key),
        placeholder=_("Choose"),
    )
    return value


def offered_periods(build: Build, city: str) -> dict[str, list[Period]]:
    """Periods with data, newest first, by kind; the newest may still be running."""
    spans = list(build.coverage(city).values())
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    found: dict[str, list[Period]] = {}
    for kind in KIND_ORDER:
        period = Period.containing(kind, last)
        found[kind] = []
        while period.end >= first and len(found[kind]) < MOST_PERIODS[kind]:
            found[kind].append(period)
            period = period.previous()
    return found


def _resolve_period(build: Build, city: str, periods: dict[str, list[Period]]) -> Period:
    """The period of the URL; else the last complete year, quarter or month, whichever exists first."""
    complete = [build.last_period(city, kind) for kind in KIND_ORDER]
    default = next((period for period in complete if period is not None), periods["month"][0])
    offered = [period.code for kind in KIND_ORDER for period in periods[kind]]
    return Period.parse(address.resolve("period", offered, default.code))


def _newest(build: Build, city: str, offered: list[Period]) -> Period:
    """The newest complete period of a kind, or the running one when none is complete."""
    return build.last_period(city, offered[0].kind) or offered[0]


def _kind_switch(period: Period, newest: dict[str, str]) -> None:
    """Year, quarter or month; switching goes to the newest complete period of that kind."""
    key = address.prepare("period_kind", period.kind)
    names = {kind: _(PERIOD_KIND_NAMES[kind]) for kind in KIND_ORDER}
    st.segmented_control(
        _("Period kind"),
        list(KIND_ORDER),
        format_func=lambda kind: names.get(kind, kind),
        required=True,
        key=key,
        on_change=_take_kind,
        args=(key, newest),
        width="stretch",
    )


def _take_kind(key: str, newest: dict[str, str]) -> None:
    """Widget callback: periods to compare with were of the kind before."""
    address.take("period", key, newest)
    address.go("against", "")


def _period_choice(offered: list[Period], period: Period, complete: Period | None) -> None:
    labels = {item.code: _period_label(item, complete) for item in offered}
    _draw_choice("period", _("Period"), list(labels), period.code, lambda code: labels.get(code, code))


def _period_label(period: Period, complete: Period | None) -> str:
    label = period.label(language())
    running = complete is None or period > complete
    return _("{period} (still running)").format(period=label) if running else label


def choice(name: str, label: str, options: Sequence[str], default: str, words: Callable[[str], str]) -> str:
    """A filter: its value from the URL, and the widget that changes it."""
    value = address.resolve(name, options, default)
    _draw_choice(name, label, options, value, words)
    return value


def _draw_choice(
    name: str, label: str, options: Sequence[str], value: str, words: Callable[[str], str]
) -> None:
    key = address.prepare(name, value)
    labels = {option: words(option) for option in options}
    st.selectbox(
        label,
        options,
        format_func=lambda option: labels.get(option, option),
        key=key,
        on_change=address.take,
        args=(name, key),
        placeholder=_("Choose"),
    )
