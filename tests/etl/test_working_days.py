"""Deadlines in Chinese working days: the same as by the library that is asked for every day of its calendar."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

import pytest
from chinese_calendar import get_workdays

from etl.working_days import deadlines, years_known

FIRST, LAST = years_known()
WORKED = list(get_workdays(date(FIRST, 1, 1), date(LAST, 12, 31)))


@pytest.mark.parametrize("allowed", [1, 10, 60])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2021, 1, 1), date(2021, 12, 31)),  # around the longest holidays
        (date(2021, 2, 10), date(2021, 2, 10)),
        (date(FIRST - 2, 6, 1), date(FIRST - 2, 7, 1)),  # before what is known
        (date(FIRST - 1, 12, 1), date(FIRST, 2, 1)),
        (date(LAST, 11, 1), date(LAST + 1, 2, 1)),  # and beyond it
        (date(LAST + 1, 2, 1), date(LAST + 1, 2, 3)),
    ],
)
def test_the_last_day_in_time_is_so_many_working_days_later(first: date, last: date, allowed: int) -> None:
    found = list(deadlines(first, last, allowed))
    assert [one.day for one in found] == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for one in found:
        place = bisect_right(WORKED, one.day) + allowed - 1
        assert one.late_after == (WORKED[place] if place < len(WORKED) else None)
        is_sure = date(FIRST, 1, 1) <= one.day and one.late_after is not None
        assert (one.doubtful_after is None) == is_sure
