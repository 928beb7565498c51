"""Periods (a month, a quarter, a year) and windows (how a period is read).

Every period ends on the last day of a month, so a window always ends on a month-end too: that day is called
T in the definitions. The cube counts months by number, year * 12 + month - 1, so that twelve months earlier
is minus twelve.
"""

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from metrics.refusals import Refused

PERIOD_KINDS = ("month", "quarter", "year")
WINDOWS = ("month", "quarter", "year", "ytd", "rolling12", "to_date")
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
# A year before this is a typing error: the first volunteer registers of any city are from the 1990s.
EARLIEST_YEAR = 1900
LATEST_YEAR = 2999


class PeriodNotKnown(Refused):
    """The text is no period, or the window cannot be read for it."""


def month_number(day: date) -> int:
    """The month a day lies in, as a running number (January of year 0 is 0)."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=4096)
def month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


@lru_cache(maxsize=4096)
def month_end(number: int) -> date:
    year, month = number // 12, number % 12 + 1
    return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, quarter or year; first and last day both belong to it."""

    kind: str  # month | quarter | year
    start: date
    end: date

    @classmethod
    def of(cls, kind: str, first_month: int) -> "Period":
        """The period of this kind that begins with a numbered month."""
        return cls(kind, month_start(first_month), month_end(first_month + MONTHS_IN[kind] - 1))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """'2021' is a year, '2021-Q3' a quarter, '2021-05' a month. Raises PeriodNotKnown."""
        found = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", text.strip().upper(), re.ASCII)
        if not found or not EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR:
            raise PeriodNotKnown(
                f"“{text}”不是统计期：请写年份（2021）、季度（2021-Q3）或月份（2021-05）。",
                f"'{text}' is not a period: write a year (2021), a quarter (2021-Q3) or a month (2021-05).",
            )
        january = int(found[1]) * 12
        if found[2]:
            return cls.of("quarter", january + 3 * int(found[2]) - 3)
        if found[3]:
            return cls.of("month", january + int(found[3]) - 1)
        return cls.of("year", january)

    @classmethod
    def containing(cls, kind: str, day: date) -> "Period":
        number = month_number(day)
        return cls.of(kind, number - number % MONTHS_IN[kind])

    @classmethod
    def ending(cls, kind: str, day: date) -> "Period":
        """The last period of this kind that is over at the end of the given day."""
        period = cls.containing(kind, day)
        return period if period.end == day else period.previous()

    @property
    def code(self) -> str:
        """The text that parse() reads back."""
        if self.kind == "year":
            return f"{self.start.year}"
        if self.kind == "quarter":
            return f"{self.start.year}-Q{self.start.month // 3 + 1}"
        return f"{self.start.year}-{self.start.month:02d}"

    def label(self, lang: str) -> str:
        """'2021年3季度' / '2021 Q3'."""
        year = self.start.year
        if self.kind == "year":
            return f"{year}年" if lang == "zh" else f"{year}"
        if self.kind == "quarter":
            quarter = self.start.month // 3 + 1
            return f"{year}年{quarter}季度" if lang == "zh" else f"{year} Q{quarter}"
        return f"{year}年{self.start.month}月" if lang == "zh" else f"{self.month_name} {year}"

    @property
    def month_name(self) -> str:
        """The English name of the period's last month."""
        return MONTH_NAMES[self.end.month - 1]

    def previous(self, n: int = 1) -> "Period":
        """The period n periods of the same kind earlier (later, for a negative n)."""
        return Period.of(self.kind, month_number(self.start) - n * MONTHS_IN[self.kind])

    def years_earlier(self, n: int) -> "Period":
        return Period.of(self.kind, month_number(self.start) - 12 * n)

    def year_earlier(self) -> "Period":
        return self.years_earlier(1)


def require_window(period: Period, window: str | None) -> str:
    """The window a period is read in: its own kind unless another is asked for. Raises PeriodNotKnown."""
    if window is None:
        return period.kind
    if window not in WINDOWS:
        raise PeriodNotKnown(
            f"没有“{window}”这种统计窗口；可用：{'、'.join(WINDOWS)}。",
            f"There is no window '{window}'; there are {', '.join(WINDOWS)}.",
        )
    if window in PERIOD_KINDS and window != period.kind:
        raise PeriodNotKnown(
            f"窗口“{window}”不能用于 {period.code}：它只能用于同类统计期；"
            "ytd、rolling12、to_date 可用于任何统计期。",
            f"The window '{window}' cannot be read for {period.code}, which is a {period.kind}; "
            "ytd, rolling12 and to_date can be read for any period.",
        )
    return window


def window_span(period: Period, window: str | None = None) -> tuple[date | None, date]:
    """First and last day of a window; the first is None for to_date, which has no beginning."""
    window = require_window(period, window)
    if window == "to_date":
        return None, period.end
    if window == "ytd":
        return date(period.end.year, 1, 1), period.end
    if window == "rolling12":
        return month_start(month_number(period.end) - 11), period.end
    return period.start, period.end


def window_label(period: Period, window: str, lang: str, through: date | None = None) -> str:
    """The window in words, e.g. '2021年1–5月' / 'January–May 2021'.

    `through`: the last day counted of a period that still runs; what is counted to date is counted up to it.
    """
    if window == period.kind:
        return period.label(lang)
    year, month = period.end.year, period.end.month
    if window == "ytd" and month == 12:
        return Period.containing("year", period.end).label(lang)
    if window == "ytd" and month == 1:
        return Period.containing("month", period.end).label(lang)
    last_month = f"{period.month_name} {year}"
    if window == "to_date" and through:
        day = day_label(through, lang)
        return f"截至{day}累计" if lang == "zh" else f"everything up to {day}"
    if window == "ytd":
        return f"{year}年1–{month}月" if lang == "zh" else f"January–{last_month}"
    if window == "rolling12":
        return f"截至{year}年{month}月的12个月" if lang == "zh" else f"the 12 months to {last_month}"
    return f"截至{year}年{month}月底累计" if lang == "zh" else f"everything up to the end of {last_month}"


def window_until(days: Collection[date | None], period: Period, window: str, lang: str) -> str:
    """The window of several counts in words, from the last days counted (None: it is over); to date, up to the latest."""
    through = None if None in days else max((day for day in days if day), default=None)
    return window_label(period, window, lang, through)


def day_label(day: date, lang: str) -> str:
    """'2023年5月20日' / '20 May 2023'."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def end_label(period: Period, lang: str, through: date | None = None) -> str:
    """The moment a stock is read at: '2023年5月末' / 'end of May 2023'; while it runs '截至2023年5月20日'."""
    if through:
        day = day_label(through, lang)
        return f"截至{day}" if lang == "zh" else f"as of {day}"
    label = period.label(lang)
    if lang == "zh":
        return f"{label}末"
    return f"end of {label}"
