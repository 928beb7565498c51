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

from chinese_calendar.constants import holidays, workdays

FRIDAY = 4


@dataclass(frozen=True)
class Deadline:
    """When what ended on `day` had to be recorded."""

    day: date
    late_after: date | None  # the last day in time; None where the calendar does not reach so far
    doubtful_after: date | None  # recorded after this day (and not after late_after): nobody can say


@lru_cache(maxsize=1)
def years_known() -> tuple[int, int]:
    """First and last year whose working days the library knows."""
    return min(holidays).year, max(holidays).year


@lru_cache(maxsize=1)
def _working_days() -> list[date]:
    # From the library's own tables: its functions look through all of them for every day, half a second in all.
    first, last = (date(year, 1, 1).toordinal() for year in (years_known()[0], years_known()[1] + 1))
    days = map(date.fromordinal, range(first, last))
    return [day for day in days if day in workdays or (day.weekday() <= FRIDAY and day not in holidays)]


def deadlines(first: date, last: date, allowed: int) -> Iterator[Deadline]:
    """The deadline of every day from `first` to `last`: `allowed` working days after it.

    So many calendar days are always in time, because there are never more working days than days. Before the
    years known, working days are counted from the first known one: what is late even so is late.
    """
    known_first, known_last = (
        date(year, *day) for year, day in zip(years_known(), ((1, 1), (12, 31)), strict=True)
    )
    working = _working_days()
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
