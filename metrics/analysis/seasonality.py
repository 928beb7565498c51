"""When people serve: months, weekdays, Saturdays, public holidays, 3·5 and 12·5.

Days come from the build's table days, months from the cube. Hidden days are counted, and no share is made of the
others: a public build hides the quiet days, so shares of what is shown would make Saturdays busier than they are.
Beside hidden days the share of Saturdays is that of visits counted by kind of day (saturdays.py), where it is shown.
Months are whole figures of their own, not sums of days; one that is hidden leaves its year out. A seasonal index is
given for three complete years and more: with fewer, one rainy May would be the month of May. A break in the series is
named; a year or a week beside others that it parts is held against nothing, and no mean is taken of years on both sides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from metrics.analysis.campaigns import Campaign, campaigns
from metrics.analysis.days import VISITS, Day, read_days
from metrics.analysis.finding import Finding, percent_text, together, with_status
from metrics.analysis.holidays import (
    DAY_KIND_NAMES,
    DAY_KINDS,
    SATURDAY,
    day_kind,
    years_without_calendar,
)
from metrics.analysis.saturdays import SaturdayShare, saturday_shares, share_to_date
from metrics.areas import load_areas
from metrics.build import Build
from metrics.observation import Observation
from metrics.periods import MONTH_NAMES, Period
from metrics.sentences import area_name_in_full, format_count, format_number, status_text
from metrics.series_breaks import SeriesBreak, breaks_in, clauses

FEWEST_YEARS = 3
WEEKDAYS = (
    ("星期一", "Monday"), ("星期二", "Tuesday"), ("星期三", "Wednesday"), ("星期四", "Thursday"),
    ("星期五", "Friday"), ("星期六", "Saturday"), ("星期日", "Sunday"),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """The days of one kind taken together; hidden days are in `hidden` and in no other number."""

    code: str
    name_zh: str
    name_en: str
    days: int
    hidden: int
    visits: float | None  # of the days that are shown; None when every day of the kind is hidden
    hours: float | None
    visits_share: float | None  # of all visits, a fraction of 1; None when any day is hidden
    visits_per_day: float | None  # None when a day of the kind is hidden


@dataclass(frozen=True)
class Month:
    """One month of the calendar; index 1 is the average month of its year."""

    month: int
    name_zh: str
    name_en: str
    years: int  # complete years it was taken from
    visits: float | None  # mean visits of those years
    index: float | None


@dataclass(frozen=True, kw_only=True)
class Seasonality(Finding):
    """n: days read."""

    first_day: str | None
    last_day: str | None
    hidden_days: int
    months_left_out: int  # reported in part or not at all
    years_without_calendar: tuple[int, ...]
    saturday_share: float | None  # of visits, a fraction of 1; None when it is withheld
    saturdays: tuple[SaturdayShare, ...]  # in the windows of the period
    months: tuple[Month, ...]
    day_kinds: tuple[Part, ...]
    campaigns: tuple[Campaign, ...]
    rows: tuple[Part, ...]  # Monday to Sunday


def seasonality(build: Build, area_code: str, period: Period) -> Seasonality:
    """Everything reported up to the end of a period."""
    found = read_days(build, area_code, period, load_areas().city_of(area_code))
    days = found.days
    weekdays = parts(days, lambda day: str(day.day.weekday()), {str(n): w for n, w in enumerate(WEEKDAYS)})
    kinds = parts(days, lambda day: day_kind(day.day), {kind: DAY_KIND_NAMES[kind] for kind in DAY_KINDS})
    left_out = sum(month.status not in ("ok", "suppressed") for month in found.months)
    status = "not_reported" if not days else "suppressed" if found.hidden else "ok"
    saturday = weekdays[SATURDAY].visits_share
    if found.hidden and found.is_gapless:
        saturday = share_to_date(build, area_code, days[-1].day)
    broken = breaks_in(build, VISITS.indicator, [found.months]) if days else []
    months, special = month_index(found.months, broken), campaigns(days, [one.on for one in broken])
    unknown_years = years_without_calendar([day.day for day in days])
    zh, en = sentences(
        area_code, days, found.hidden, saturday, months, special, unknown_years, status, broken
    )
    status = together([status, *(["series_break"] if broken else [])])
    return Seasonality(
        area_code=area_code, status=status, n=len(days), zh=zh, en=en, build_id=build.build_id,
        first_day=days[0].day.isoformat() if days else None,
        last_day=days[-1].day.isoformat() if days else None,
        hidden_days=found.hidden, months_left_out=left_out, years_without_calendar=tuple(unknown_years),
        saturday_share=saturday, saturdays=saturday_shares(build, area_code, period),
        months=tuple(months), day_kinds=tuple(kinds), campaigns=tuple(special),
        rows=tuple(weekdays),
    )  # fmt: skip


def parts(
    days: Sequence[Day], code_of: Callable[[Day], str], names: dict[str, tuple[str, str]]
) -> list[Part]:
    """The days by kind, in the order of the names."""
    is_whole = all(day.visits is not None for day in days)
    total = sum(day.visits or 0.0 for day in days) if is_whole else 0.0
    result = []
    for code, (zh, en) in names.items():
        of_kind = [day for day in days if code_of(day) == code]
        shown = [day for day in of_kind if day.visits is not None]
        is_known = bool(shown) or not of_kind
        visits = sum(day.visits or 0.0 for day in shown)
        hours = sum(day.hours or 0.0 for day in shown)
        result.append(
            Part(
                code, zh, en, len(of_kind), len(of_kind) - len(shown), visits if is_known else None,
                hours if is_known else None,
                visits / total if total else None,
                visits / len(shown) if shown and len(shown) == len(of_kind) else None,
            )
        )  # fmt: skip
    return result


def month_index(months: Sequence[Observation], breaks: Sequence[SeriesBreak] = ()) -> list[Month]:
    """Each month against the average month of its year, over complete years; no index below three of them.

    A year with a break in it is not complete; over years on both sides of one there is no mean of visits.
    """
    years: dict[int, dict[int, float]] = {}
    for row in months:
        if row.status == "ok" and row.value is not None:
            years.setdefault(row.period_end.year, {})[row.period_end.month] = float(row.value)
    whole = [
        number for number, year in years.items()
        if len(year) == 12 and sum(year.values()) > 0
        and not any(one.side((date(number, 1, 1), date(number, 12, 31))) == "across" for one in breaks)
    ]  # fmt: skip
    complete = [years[number] for number in whole]
    spans = [(date(number, 1, 1), date(number, 12, 31)) for number in whole]
    is_one_series = not any(one.parts(spans[0], spans[-1]) for one in breaks) if spans else True
    result = []
    for number, name in enumerate(MONTH_NAMES, start=1):
        visits = None
        if complete and is_one_series:
            visits = sum(year[number] for year in complete) / len(complete)
        index = None
        if len(complete) >= FEWEST_YEARS:
            index = sum(12 * year[number] / sum(year.values()) for year in complete) / len(complete)
        result.append(Month(number, f"{number}月", name, len(complete), visits, index))
    return result


def sentences(
    area_code: str,
    days: Sequence[Day],
    hidden: int,
    saturday: float | None,
    months: list[Month],
    special: list[Campaign],
    unknown_years: list[int],
    status: str,
    breaks: Sequence[SeriesBreak] = (),
) -> tuple[str, str]:
    where = {lang: area_name_in_full(area_code, lang) for lang in ("zh", "en")}
    if saturday is None and not hidden:
        told = "not_reported" if not days else status
        zh, en = status_text(told, "zh"), status_text(told, "en")
        if told == "ok":
            zh, en = "没有服务记录", "no records of service"
        return f"{where['zh']}：{zh}。", f"{where['en']}: {en}."
    first, last = days[0].day, days[-1].day
    zh, en = f"{where['zh']} {first} 至 {last}：", f"{where['en']}, {first} to {last}: "
    if hidden and saturday is not None:
        few = (
            f"{len(days):,} 天中有 {format_count(hidden)} 天",
            f"{format_count(hidden)} of {len(days):,} days",
        )
        zh += f"{percent_text(saturday)} 的服务人次在星期六；{few[0]}不逐日显示，不给其他日子的占比"
        en += f"{percent_text(saturday)} of visits were on Saturdays; {few[1]} are withheld, so no share of other days is given"
    elif saturday is None:
        zh += f"{len(days):,} 天中有 {format_count(hidden)} 天不予显示，不给星期六等的占比"
        en += f"{format_count(hidden)} of {len(days):,} days are withheld, so no share of Saturdays or other days is given"
    else:
        zh += f"{percent_text(saturday)} 的服务人次在星期六"
        en += f"{percent_text(saturday)} of visits were on Saturdays"
    indexed = [month for month in months if month.index is not None]
    if indexed:
        busiest = max(indexed, key=lambda month: month.index or 0)
        times = format_number(busiest.index, 1)
        zh += f"；最忙的是{busiest.name_zh}，为月均的 {times} 倍（{busiest.years} 个完整年份）"
        en += (
            f"; the busiest month is {busiest.name_en}, {times} times the average month "
            f"({busiest.years} complete years)"
        )
    else:
        zh += f"；完整年份不足 {FEWEST_YEARS} 个，不给季节指数"
        en += f"; fewer than {FEWEST_YEARS} complete years, so no seasonal index"
    for one in [one for one in special if one.ratio is not None][-2:]:
        times = format_number(one.ratio, 1)
        zh += f"；{one.day.year} 年 {one.name_zh}前后一周为平常一周的 {times} 倍"
        en += f"; the week around {one.name_en} {one.day.year} had {times} times a usual week"
    if unknown_years:
        years = [str(year) for year in unknown_years]
        zh += f"；{'、'.join(years)} 年的节假日安排不在日历库中，单列"
        en += f"; the holiday calendar does not reach {', '.join(years)}, told apart"
    if breaks:
        zh += f"；{clauses(breaks, 'zh')}，跨越它的年份和周不作比较"
        en += f"; {clauses(breaks, 'en')}, and no year or week is compared across it"
    if hidden:
        return f"{zh}。", f"{en}."
    return with_status(status, zh, en)
