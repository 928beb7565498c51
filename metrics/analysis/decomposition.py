"""Why a city's rate changed between two periods: its districts' own rates, or their weights in the city.

Every leaf takes part, the unknown bucket too, so that the effects add up to the city's change exactly. Where a leaf
is hidden or missing, or the leaves do not add up to the city, nothing is worked out. Nor is what is not whole
(metrics.judging): a part of a year, though read to its last day, is not subtracted from a whole one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.analysis.finding import Finding, together, with_status
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.analysis.unfinished import what_is_not_whole
from metrics.areas import load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period, window_span
from metrics.sentences import (
    area_name_in_full,
    format_number,
    format_value,
    status_text,
    variant_text,
    window_text,
)
from metrics.series_breaks import SeriesBreak, breaks_within
from metrics.statistics import decompose_change

# Sums of many hours are off by a crumb of their size; a missing district never is.
CRUMB = 1e-9


@dataclass(frozen=True)
class Effect:
    """One leaf's part in the change, in the indicator's unit (percentage points for rates)."""

    area_code: str
    area_name: str
    before: float | None
    after: float | None
    rate: float  # its own rate changed
    structure: float  # its weight changed
    total: float


@dataclass(frozen=True, kw_only=True)
class Decomposition(Finding):
    """n: leaves with people in either period. rows: the largest effects first."""

    indicator: str
    period_before: str
    period_after: str
    before: float | None
    after: float | None
    change: float | None
    rate: float | None
    structure: float | None
    rows: tuple[Effect, ...]


def decomposition(
    build: Build, asked: Asked, city: str, period: Period, before: Period | None = None
) -> Decomposition:
    """The change from `before` (default: a year earlier). Raises AnalysisRefused for what cannot be split."""
    before = before or period.year_earlier()
    indicator = require_ratio(asked.indicator)
    require_like(period, before, asked.window)
    whole = [asked.at(build, city, when) for when in (before, period)]
    leaves = [asked.leaves(build, city, when) for when in (before, period)]
    since = window_span(before, indicator.numerator.window or whole[0].window)[0] or before.end
    breaks = breaks_within(build.breaks, indicator, whole[0].basis, city, since, period.end)
    return decomposition_of(whole, leaves, indicator, breaks)


def require_ratio(indicator: Indicator) -> Indicator:
    if indicator.kind != "ratio":
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”不是比率，没有结构可分；请用活跃率、人均时长等。",
            f"{indicator.id} is no ratio, so it has no structure to be told apart; ask a rate.",
        )
    return indicator


def require_like(period: Period, before: Period, window: str | None) -> None:
    """The two must be windows of one length, the earlier first."""
    same = period.kind == before.kind and (window != "ytd" or period.end.month == before.end.month)
    if not same or before >= period:
        raise AnalysisRefused(
            f"{before.code} 和 {period.code} 不是先后两个同样长的统计期，不能分解变化。",
            f"{before.code} and {period.code} are not two windows of one length, the earlier first.",
        )


def decomposition_of(
    whole: Sequence[Observation],
    leaves: Sequence[Sequence[Observation]],
    indicator: Indicator,
    breaks: Sequence[SeriesBreak] = (),
) -> Decomposition:
    """The finding from the city and its leaves, each before and after, the leaves in one order."""
    before, after = whole
    status, why = obstacle(whole, leaves, indicator, breaks)
    rows: list[Effect] = []
    if why is None:
        rows = effects(leaves, indicator)
    structure = sum(row.structure for row in rows) if why is None else None
    is_comparable = not breaks and not what_is_not_whole(whole, leaves, indicator)
    change = None
    if is_comparable and before.value is not None and after.value is not None:
        change = float(after.value) - float(before.value)
    # The rest, so that the two add up to the change to the last bit.
    rate = None if structure is None or change is None else change - structure
    zh, en = sentences(whole, indicator, rows, change, rate, structure, status, why)
    return Decomposition(
        area_code=after.area_code, status=status, n=len(rows), zh=zh, en=en, build_id=after.build_id,
        indicator=indicator.id, period_before=before.period.code, period_after=after.period.code,
        before=before.value, after=after.value, change=change, rate=rate, structure=structure, rows=tuple(rows),
    )  # fmt: skip


def obstacle(
    whole: Sequence[Observation],
    leaves: Sequence[Sequence[Observation]],
    indicator: Indicator,
    breaks: Sequence[SeriesBreak],
) -> tuple[str, tuple[str, str] | None]:
    """The status, and what is in the way in both languages (None: nothing)."""
    if breaks:
        return "series_break", (breaks[-1].clause("zh"), breaks[-1].clause("en"))
    for row in whole:
        if row.value is None:
            when = {lang: window_text(row, lang) for lang in ("zh", "en")}
            return row.status, (
                f"{when['zh']}{status_text(row.status, 'zh')}",
                f"{when['en']} is missing: {status_text(row.status, 'en')}",
            )
    unfinished = what_is_not_whole(whole, leaves, indicator)
    if unfinished:
        return "insufficient", unfinished
    missing = [row for rows in leaves for row in rows if row.numerator is None or is_hidden(row)]
    if missing:
        codes = dict.fromkeys(row.area_code for row in missing)
        names = {lang: [load_areas().get(code).name(lang) for code in codes] for lang in ("zh", "en")}
        return together([row.status for row in missing]), (
            f"有的地区没有数据（{'、'.join(names['zh'])}）",
            f"some areas have no figure ({', '.join(names['en'])})",
        )
    for row, rows in zip(whole, leaves, strict=True):
        for side in ("numerator", "denominator"):
            total = sum(float(getattr(leaf, side) or 0) for leaf in rows)
            city = float(getattr(row, side) or 0)
            if abs(total - city) > CRUMB * max(1.0, city):
                return "insufficient", (
                    f"各区县的分{'子' if side == 'numerator' else '母'}之和不等于全市",
                    f"the districts' {side}s do not add up to the city's",
                )
    return together([row.status for row in (*whole, *leaves[0], *leaves[1]) if row.value is not None]), None


def is_hidden(row: Observation) -> bool:
    """Nobody to divide by is no obstacle where there is nothing above either; a hidden denominator is one."""
    return row.denominator is None and (row.status == "suppressed" or bool(row.numerator))


def effects(leaves: Sequence[Sequence[Observation]], indicator: Indicator) -> list[Effect]:
    sums = [
        np.array([float(getattr(leaf, side) or 0) for leaf in rows])
        for rows in leaves
        for side in ("numerator", "denominator")
    ]
    parts = decompose_change(*sums)
    rows = [
        Effect(
            old.area_code, load_areas().get(old.area_code).area_name,
            None if old.value is None else float(old.value), None if new.value is None else float(new.value),
            indicator.factor * float(rate), indicator.factor * float(structure),
            indicator.factor * float(rate + structure),
        )
        for old, new, rate, structure in zip(*leaves, parts.rate, parts.structure, strict=True)
        if old.denominator or new.denominator
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-abs(row.total), row.area_code))


def sentences(
    whole: Sequence[Observation],
    indicator: Indicator,
    rows: Sequence[Effect],
    change: float | None,
    rate: float | None,
    structure: float | None,
    status: str,
    why: tuple[str, str] | None,
) -> tuple[str, str]:
    before, after = whole
    where = {lang: area_name_in_full(after.area_code, lang) for lang in ("zh", "en")}
    when = {lang: [window_text(row, lang) for row in (before, after)] for lang in ("zh", "en")}
    chosen = {lang: variant_text(after.variant, lang) for lang in ("zh", "en")}
    subject = (
        f"{where['zh']}{indicator.name('zh')}{chosen['zh']}从{when['zh'][0]}到{when['zh'][1]}",
        f"{where['en']}, {indicator.name('en').lower()}{chosen['en']}, {when['en'][0]} to {when['en'][1]}",
    )
    if why is not None or change is None or rate is None or structure is None:
        zh, en = why or (status_text(status, "zh"), status_text(status, "en"))
        return f"{subject[0]}：{zh}，不作分解。", f"{subject[1]}: {en}, so the change is not split."
    values = {lang: [format_value(row, indicator, lang) for row in whole] for lang in ("zh", "en")}
    zh = (
        f"{subject[0]}由 {values['zh'][0]} 变为 {values['zh'][1]}（{amount(change, indicator, 'zh')}）："
        f"各区县自身水平的变化贡献 {amount(rate, indicator, 'zh')}，各区县比重的变化贡献 {amount(structure, indicator, 'zh')}"
    )
    en = (
        f"{subject[1]}: {values['en'][0]} to {values['en'][1]} ({amount(change, indicator, 'en')}), of which "
        f"{amount(rate, indicator, 'en')} by the districts' own rates and {amount(structure, indicator, 'en')} by "
        "their weights"
    )
    if rows:
        first = {lang: load_areas().get(rows[0].area_code).name(lang) for lang in ("zh", "en")}
        zh += f"；影响最大的是{first['zh']}（{amount(rows[0].total, indicator, 'zh')}）"
        en += f"; the largest part is {first['en']}'s ({amount(rows[0].total, indicator, 'en')})"
    return with_status(status, zh, en, whole)


def amount(number: float, indicator: Indicator, lang: str) -> str:
    """'+2.34 个百分点', '-0.12 小时': signed, with one decimal more than the figure, so that parts are seen to add up."""
    decimals = indicator.decimals + 1
    text = format_number(number, decimals)
    if number > 0 and text.strip("0."):
        text = f"+{text}"
    if indicator.unit == "percent":
        return f"{text} 个百分点" if lang == "zh" else f"{text} points"
    return f"{text} {indicator.unit_name(lang)}"
