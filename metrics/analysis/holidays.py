"""What kind of day a day was: public holiday, weekend, make-up working day, ordinary working day.

The State Council says only each autumn which days of the next year are holidays, so the calendar comes from a
maintained library and days outside its years are 'unknown', never guessed.
"""

from datetime import date
from functools import lru_cache

from chinese_calendar import get_holiday_detail

WORKING, WEEKEND, HOLIDAY, MAKE_UP, UNKNOWN = "working", "weekend", "holiday", "make_up", "unknown"
DAY_KINDS = (WORKING, WEEKEND, HOLIDAY, MAKE_UP, UNKNOWN)
DAY_KIND_NAMES = {
    WORKING: ("工作日", "working days"),
    WEEKEND: ("周末", "weekends"),
    HOLIDAY: ("法定节假日", "public holidays"),
    MAKE_UP: ("调休上班日", "make-up working days"),
    UNKNOWN: ("没有节假日安排的年份", "days of years without a holiday calendar"),
}
SATURDAY = 5


@lru_cache(maxsize=20_000)
def day_kind(day: date) -> str:
    try:
        is_off, name = get_holiday_detail(day)
    except RuntimeError:  # what the library raises, in a narrower form, for a year it has no calendar of
        return UNKNOWN
    if is_off:
        # The library names the day a weekend takes part in a holiday; a plain weekend has no name it knows.
        return WEEKEND if name is None or name in ("Saturday", "Sunday") else HOLIDAY
    return MAKE_UP if day.weekday() >= SATURDAY else WORKING


def years_without_calendar(days: list[date]) -> list[int]:
    """The years among the days that the calendar does not reach."""
    return sorted({day.year for day in days if day_kind(day) == UNKNOWN})
