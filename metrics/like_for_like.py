"""Windows that are not over, and the windows to compare them with: each up to the corresponding day.

A month of which fifteen days have been reported is compared with the first fifteen days of the month before and
of the same month last year, never with a whole month.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from metrics.periods import PERIOD_KINDS, Period, month_end, month_number


class Cut(NamedTuple):
    """A calendar window up to a day in it."""

    period: Period
    through_on: date

    @property
    def is_whole(self) -> bool:
        return self.through_on == self.period.end


def counterpart(day: date, months_earlier: int) -> date:
    """The corresponding day some months earlier: the same day of the month, the last day for the last day.

    31 March corresponds to 28 or 29 February, 28 February to 31 January, 30 March to 28 or 29 February.
    """
    number = month_number(day)
    last = month_end(number - months_earlier)
    return last if day == month_end(number) else last.replace(day=min(day.day, last.day))


def cut(period: Period, reached: Period, day: date) -> Cut:
    """A period up to the day that corresponds to a day of another period of its kind."""
    months = month_number(reached.start) - month_number(period.start)
    return Cut(period, counterpart(day, months))


def cuts(day: date) -> Iterator[Cut]:
    """The month, quarter and year of a day, up to it; and likewise the one before each and the same a year earlier.

    None for the last day of a month: what whole months amount to is known anyway, and drops mostly end with one.
    """
    if day == month_end(month_number(day)):
        return
    for kind in PERIOD_KINDS:
        reached = Period.containing(kind, day)
        for period in dict.fromkeys((reached, reached.previous(), reached.year_earlier())):
            yield cut(period, reached, day)
