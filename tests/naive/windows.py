"""When a window begins, and which one of the same length came before it."""

from __future__ import annotations

from datetime import date, timedelta

Period = tuple[date, date]


def window_start(window: str, end: date) -> date | None:
    """First day of the window ending on `end` (the last day of a month); None: from the beginning."""
    if window == "month":
        return date(end.year, end.month, 1)
    if window == "quarter":
        return date(end.year, end.month - 2, 1)
    if window in {"year", "ytd"}:
        return date(end.year, 1, 1)
    if window == "rolling12":
        return date(end.year, 1, 1) if end.month == 12 else date(end.year - 1, end.month + 1, 1)
    assert window == "to_date", window
    return None


def window_before(window: str, end: date) -> Period:
    """First and last day of the month, quarter or year before the one ending on `end`."""
    assert window in {"month", "quarter", "year"}, window
    start = window_start(window, end)
    assert start is not None
    end_before = start - timedelta(days=1)
    start_before = window_start(window, end_before)
    assert start_before is not None
    return start_before, end_before


def is_within(day: date, start: date | None, end: date) -> bool:
    """Both ends belong to the window."""
    return (start is None or start <= day) and day <= end


def month_number(day: date) -> int:
    """Months are numbered through, so that k months earlier is k less."""
    return day.year * 12 + day.month
