"""How a printed figure is to be asked of a build, and what keeps the two from being the same thing."""

import re
from dataclasses import dataclass
from datetime import date

from metrics.build import Build
from metrics.comparability import ComparedFigure, Reason
from metrics.indicator import Indicator
from metrics.periods import month_number
from metrics.variants import Variant

# 全市(燕赵志愿云): the whole city, on one platform. Other words in brackets name a system or a campaign.
PLATFORM = re.compile(r"全市[（(](燕赵志愿云|志愿山东|志愿汇|志愿四川|i志愿)[）)]")


@dataclass(frozen=True)
class Asked:
    """The window a printed figure is compared in, and the definition: of one platform's own register, if that was
    printed and the build counts it."""

    window: str
    variant: str = ""


def platform_of(scope: str) -> str:
    found = PLATFORM.fullmatch(scope)
    return found[1] if found else ""


def asked_of(build: Build, printed: ComparedFigure, indicator: Indicator, stock_window: str) -> Asked:
    """The reading nearest to what was printed; not_alike says where it is not the same."""
    asked = window_of(printed, indicator, stock_window)
    platform = platform_of(printed.figure.scope)
    if platform in build.platforms(printed.figure.area_code):
        variant = Variant.parse(f"registered=platform:{platform}")
        if variant.applies_to(indicator):
            return Asked(asked.window, variant.code)
    return asked


def window_of(printed: ComparedFigure, indicator: Indicator, stock_window: str) -> Asked:
    if printed.reading == "stock":
        return Asked(stock_window or "month")
    if printed.reading == "cumulative":
        return Asked("to_date")
    if indicator.kind == "growth":
        return Asked("month")
    return Asked("ytd" if begins_with_the_year(printed) else "rolling12")


def begins_with_the_year(printed: ComparedFigure) -> bool:
    start, end = printed.figure.period_start, printed.figure.period_end
    return bool(
        start and end and start.first == date(end.last.year, 1, 1) and start.first.year == end.first.year
    )


def not_alike(
    build: Build, printed: ComparedFigure, indicator: Indicator, asked: Asked
) -> tuple[Reason, ...]:
    """Every way in which the computed figure means something else than the printed one."""
    found = (scope(printed), span(printed, indicator), start_of_all(build, printed, indicator, asked))
    return tuple(reason for reason in found if reason)


def scope(printed: ComparedFigure) -> Reason | None:
    if printed.scope == "whole_city":
        return None
    if printed.scope == "built_up":
        return Reason(
            "built_up",
            "公布数是建成区的注册人数除以建成区常住人口，计算数是全市的：不是同一范围。",
            "The printed figure is of the built-up area, over its own residents; the computed one of the whole city.",
        )
    return Reason(
        "scope",
        f"公布数的范围是“{printed.figure.scope}”，计算数是全市。",
        f"The printed figure covers {printed.figure.scope_en}, the computed one the whole city.",
    )


def span(printed: ComparedFigure, indicator: Indicator) -> Reason | None:
    """Whether a window of ours has the printed days."""
    if (
        printed.reading not in ("period", "annual")
        or indicator.kind == "growth"
        or begins_with_the_year(printed)
    ):
        return None
    if printed.reading == "annual":
        return Reason(
            "which_year",
            "公布数是“每年”，没有印出是哪十二个月；计算数取截至当月的十二个月。",
            "The printed figure is per year without saying which; the computed one is of the twelve months up to then.",
        )
    if printed.figure.period_start is None:
        return Reason(
            "period_not_printed",
            "公布数没有印出统计期，当年还是历年不明；计算数取截至当月的十二个月。",
            "No period is printed, so it may be a year or all years; the computed figure is of twelve months.",
        )
    return Reason(
        "other_period",
        f"公布数的统计期是 {printed.figure.period_text()}，没有对应的窗口；计算数取截至当月的十二个月。",
        f"The printed period is {printed.figure.period_text()}, which no window matches; the computed figure is of "
        "the twelve months up to then.",
    )


def start_of_all(build: Build, printed: ComparedFigure, indicator: Indicator, asked: Asked) -> Reason | None:
    """Totals since a beginning are alike only if they begin together, and never are those of one year."""
    if printed.reading != "cumulative":
        return None
    start = printed.figure.period_start
    if start is None:
        return Reason(
            "start_not_printed",
            "公布数是累计数，没有印出从何时算起（不是一年的数）；计算数从最早的报送算起。",
            "The printed figure is cumulative (not of one year) and does not say since when; the computed one counts "
            "from the first report.",
        )
    spans = build.coverage(printed.figure.area_code)
    names = [name for name in indicator.numerator.measure.sources if name != "registrations"]
    reported = [spans[name].first_on for name in names if name in spans]
    if reported and month_number(start.first) == month_number(max(reported)):
        return None
    since = str(max(reported)) if reported else "—"
    return Reason(
        "other_start",
        f"公布数自 {start} 起累计（不是一年的数），报送的数据自 {since} 起。",
        f"The printed figure is cumulative since {start} (not of one year), the data reported begin on {since}.",
    )
