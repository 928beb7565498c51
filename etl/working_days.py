"""Chinese working days: weekends, public holidays and the make-up days worked for them.

The State Council says only each autumn which days of the next year are worked, so no rule can tell, and the
calendar comes from a maintained library. Days beyond what it knows are never guessed: they get no deadline,
but a day from which on nobody can say whether it was kept.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import get_workdays, is_workday

EARLIEST_YEAR, LATEST_YEAR = 1989, 2100  # where to look for what the library knows


@dataclass(frozen=True)
class Deadline:
    """When what ended on `day` had to be recorded."""

    day: date
    late_after: date | None  # the last day in time; None where the calendar does not reach so far
    doubtful_after: date | None  # recorded after this day (and not after late_after): nobody can say


@lru_cache(maxsize=1)
def years_known() -> tuple[int, int]:
    """First and last year whose working days the library knows."""
    known = [year for year in range(EARLIEST_YEAR, LATEST_YEAR + 1) if _is_known(year)]
    return known[0], known[-1]


def _is_known(year: int) -> bool:
    try:
        is_workday(date(year, 1, 1))
    except RuntimeError:  # what the library raises, in a narrower form, for a year it has no calendar of
        return False
    return True


def _working_days(first: date, last: date, allowed: int) -> list[date]:
    """The working days by which the deadlines of these days are counted: asking for all 23 years takes 0.5 s.

    No month has fewer than fifteen of them, so three days for each one allowed, and a month, are enough.
    """
    known_first, known_last = years_known()
    start = max(first, date(known_first, 1, 1))
    end = min(max(last, start) + timedelta(days=3 * allowed + 30), date(known_last, 12, 31))
    return list(get_workdays(start, end)) if start <= end else []


def deadlines(first: date, last: date, allowed: int) -> Iterator[Deadline]:
    """The deadline of every day from `first` to `last`: `allowed` working days after it.

    So many calendar days are always in time, because there are never more working days than days. Before the
    years known, working days are counted from the first known one: what is late even so is late.
    """
    known_first, known_last = (
        date(year, *day) for year, day in zip(years_known(), ((1, 1), (12, 31)), strict=True)
    )
    working = _working_days(first, last, allowed)
    day = first
    while day <= last:
        place = bisect_right(working, day) + allowed - 1
        late_after = working[place] if place < len(working) else None
        if day < known_first:
            yield Deadline(day, late_after, day + timedelta(days=allowed))
        elif late_after is None:
            yield Deadline(day, None, max(known_last, day + timedelta(days=allowed)))
        else:
            yield Deadline(day, late_after, None)
        day += timedelta(days=1)
