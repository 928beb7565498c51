"""Outlook: where a year will end, from how it has gone so far and how earlier years went.

The numerator so far this year over the share that earlier years had reached by the same month (statistics.outlook).
The denominator stays as it is now. Refused with the reason when there are fewer than two complete earlier years, or
the series breaks within the years it rests on.
"""

from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

import numpy as np

from metrics.analysis.finding import Finding, together, with_status
from metrics.analysis.reading import AnalysisRefused, Asked, told_among
from metrics.areas import load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import area_name_in_full, format_value, status_text, variant_text
from metrics.series_breaks import SeriesBreak, breaks_within
from metrics.statistics import outlook

FEWEST_YEARS = 2
# Older years were other years: the register, the platforms and what counted as service have changed since.
MOST_YEARS = 5


@dataclass(frozen=True)
class EarlierYear:
    """The numerator of an earlier year by the same month and in the whole year."""

    year: int
    by_month: float | None
    whole: float | None
    status: str  # the strongest of both; only ok years are used
    is_used: bool
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True, kw_only=True)
class Outlook(Finding):
    """n: earlier years it rests on. Values are in the indicator's unit, counts are of the numerator."""

    indicator: str
    year: int
    month: int  # the last month of this year that is known
    so_far: float | None  # numerator since 1 January
    denominator: float | None  # as of now
    expected_count: float | None
    lower_count: float | None  # 95 % prediction limits
    upper_count: float | None
    expected: float | None
    lower: float | None
    upper: float | None
    rows: tuple[EarlierYear, ...]


def year_end(build: Build, asked: Asked, area_code: str, period: Period) -> Outlook:
    """The outlook for the year a period lies in, as known at the period's last month, or the last one over by then.

    The pace is that of whole months. What has been reached in the month that still runs is no part of it, but what
    happens is not undone: the year ends no lower, so neither the outlook nor a limit lies below it.
    """
    indicator = require_flow(asked.indicator)
    asked_month = Period.containing("month", period.end)
    month = last_whole_month(build, area_code, asked_month)
    to_date = replace(asked, window="ytd")
    now = to_date.at(build, area_code, month)
    reached = now if month == asked_month else to_date.at(build, area_code, asked_month)
    rows = []
    for back in range(1, MOST_YEARS + 1):
        then = to_date.at(build, area_code, month.years_earlier(back))
        december = Period.of("month", (month.end.year - back) * 12 + 11)
        rows.append(earlier(month.end.year - back, then, to_date.at(build, area_code, december)))
    rows = [row for row in reversed(rows) if row.status != "not_reported"]
    used = [row.year for row in rows if row.is_used]
    since = date(min(used), 1, 1) if used else month.start
    breaks = breaks_within(build.breaks, indicator, now.basis, area_code, since, month.end)
    return outlook_of(now, rows, breaks, indicator, reached.numerator)


def last_whole_month(build: Build, area_code: str, asked: Period) -> Period:
    """The month asked about, or the last one of its year that has been reported to its end."""
    reached = build.last_period(load_areas().city_of(area_code), "month")
    if reached is None or reached.end >= asked.end or reached.end.year < asked.end.year:
        return asked
    return reached


def require_flow(indicator: Indicator) -> Indicator:
    """Raise AnalysisRefused for what does not grow from 1 January on."""
    if not indicator.happens_in_window:
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”不是从 1 月 1 日起累积的，不能推算到年末；可用：服务时长、人次、新增注册、"
            "活动、活跃率、人均时长等。",
            f"{indicator.id} does not grow from 1 January on, so it has no outlook; hours, visits, new "
            "registrations, activities, active rate and hours per head have one.",
        )
    return indicator


def earlier(year: int, then: Observation, whole: Observation) -> EarlierYear:
    """A year counts when both its parts are complete, and by this month something had happened."""
    status = together([count_status(then), count_status(whole)])
    by_month, total = (None if row.numerator is None else float(row.numerator) for row in (then, whole))
    is_used = status == "ok" and bool(by_month) and bool(total)
    # A population that stands in is no fault of the count.
    told = told_among(status, [row for row in (then, whole) if count_status(row) == status])
    return EarlierYear(year, by_month, total, status, is_used, told if status != "ok" else "ok")


def count_status(row: Observation) -> str:
    """The status of the numerator: a borrowed or missing denominator is no fault of its own."""
    if row.numerator is None:
        return row.status
    return "ok" if row.status in ("denominator_year", "no_denominator") else row.status


def outlook_of(
    now: Observation,
    rows: list[EarlierYear],
    breaks: list[SeriesBreak],
    indicator: Indicator,
    reached: float | None = None,
) -> Outlook:
    """The finding from this year so far and the earlier years.

    `reached`: the numerator with the month that still runs. Expected count and both limits are
    max(those of statistics.outlook, reached), then min(that, the denominator) for a proportion.
    """
    used = [row for row in rows if row.is_used]
    month = now.period_end.month
    counts: tuple[float | None, ...] = (None, None, None)
    if now.numerator is None:
        status = now.status
    elif breaks:
        status = "series_break"
    elif now.status == "provisional":
        status = "provisional"  # a part of the year so far says nothing of its pace, and nothing is known of it yet
    elif month < 12 and len(used) < FEWEST_YEARS:
        status = "insufficient"
    else:
        status = now.status
        counts = expected_counts(float(now.numerator), month, used)
        if reached is not None:
            counts = tuple(None if one is None else max(one, float(reached)) for one in counts)
        if indicator.is_proportion and now.denominator is not None:
            counts = tuple(None if one is None else min(one, float(now.denominator)) for one in counts)
        counts = tuple(
            None if one is None or not isfinite(one) else one for one in counts
        )  # two unlike years
    values = tuple(value_of(count, now, indicator) for count in counts)
    if counts[0] is None and status == "ok":
        status = "insufficient"
    zh, en = sentences(now, used, breaks, indicator, status, values)
    return Outlook(
        area_code=now.area_code, status=status, n=len(used), zh=zh, en=en, build_id=now.build_id,
        indicator=indicator.id, year=now.period_end.year, month=month,
        so_far=None if now.numerator is None else float(now.numerator),
        denominator=None if now.denominator is None else float(now.denominator),
        expected_count=counts[0], lower_count=counts[1], upper_count=counts[2],
        expected=values[0], lower=values[1], upper=values[2], rows=tuple(rows),
    )  # fmt: skip


def expected_counts(
    so_far: float, month: int, used: list[EarlierYear]
) -> tuple[float | None, float | None, float | None]:
    """Expected numerator of the year with its limits.

    statistics.outlook asks for months; only what was reached by the month and in the year matters to it, so the
    months before and after stand in one place each (distinct counts have no months that could be added up).
    """
    if month == 12:
        return so_far, so_far, so_far
    history = np.zeros((len(used), 12))
    for number, row in enumerate(used):
        # Who leaves during the year is counted in the spring and not in December: then all had been reached.
        history[number, 0] = row.by_month
        history[number, -1] = max((row.whole or 0) - (row.by_month or 0), 0)
    this_year = np.zeros(month)
    this_year[0] = so_far
    found = [float(one) for one in outlook(history, this_year)]
    expected, lower, upper = (None if np.isnan(one) else one for one in found)
    return expected, lower, upper


def value_of(count: float | None, now: Observation, indicator: Indicator) -> float | None:
    """A numerator as the indicator's value over today's denominator."""
    if count is None or indicator.denominator is None:
        return count
    return indicator.factor * count / float(now.denominator) if now.denominator else None


def sentences(
    now: Observation,
    used: list[EarlierYear],
    breaks: list[SeriesBreak],
    indicator: Indicator,
    status: str,
    values: tuple[float | None, ...],
) -> tuple[str, str]:
    year, month = now.period_end.year, now.period_end.month
    name = {lang: indicator.name(lang) + variant_text(now.variant, lang) for lang in ("zh", "en")}
    where = {lang: area_name_in_full(now.area_code, lang) for lang in ("zh", "en")}
    subject = (
        f"{where['zh']} {year}年{name['zh']}",
        f"{where['en']}, {year}, {name['en'][0].lower()}{name['en'][1:]}",
    )
    if values[0] is None:
        zh, en = reason(status, used, breaks)
        return f"{subject[0]}：{zh}，不作年末推算。", f"{subject[1]}: {en}, so there is no outlook."
    texts = [{lang: format_value(value, indicator, lang) for lang in ("zh", "en")} for value in values]
    if month == 12:
        return with_status(
            status, f"{subject[0]}已知：{texts[0]['zh']}", f"{subject[1]}: known, {texts[0]['en']}"
        )
    limits = {
        lang: limits_text(texts[1][lang], None if values[2] is None else texts[2][lang], lang)
        for lang in ("zh", "en")
    }
    years = f"{used[0].year}–{used[-1].year}"
    return with_status(
        status,
        f"{subject[0]}到年末约为 {texts[0]['zh']}（95% 预测区间{limits['zh']}），"
        f"按 {years} 年中 {len(used)} 个完整年份前 {month} 个月的进度推算"
        + ("，分母按现在不变" if indicator.denominator else ""),
        f"{subject[1]}: about {texts[0]['en']} by the end of the year (95% prediction interval "
        f"{limits['en']}), from the pace of {len(used)} complete years of {years} by month {month}"
        + (", the denominator as it is now" if indicator.denominator else ""),
    )


def limits_text(lower: str, upper: str | None, lang: str) -> str:
    """'1,234–5,678'; where earlier years leave the end open, that there is no upper limit."""
    if upper is None:
        return f"从 {lower} 起，没有上限" if lang == "zh" else f"from {lower}, no upper limit"
    return f" {lower}–{upper}" if lang == "zh" else f"{lower}–{upper}"


def reason(status: str, used: list[EarlierYear], breaks: list[SeriesBreak]) -> tuple[str, str]:
    if status == "series_break":
        return breaks[-1].clause("zh"), breaks[-1].clause("en")
    if status == "insufficient" and len(used) < FEWEST_YEARS:
        return (
            f"完整的往年只有 {len(used)} 个，不足 {FEWEST_YEARS} 个",
            f"there are {len(used)} complete earlier years, fewer than {FEWEST_YEARS}",
        )
    if status == "provisional":
        return (
            "今年以来的数没有报全（没有完整的月份，或缺了一部分）",
            "the year so far is not wholly reported (no month of it is over, or a part is missing)",
        )
    return status_text(status, "zh"), status_text(status, "en")
