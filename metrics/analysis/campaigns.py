"""What 3·5 (学雷锋纪念日) and 12·5 (国际志愿者日) bring: the week around the day against the weeks about it.

The week is the day itself and three days on either side, so every weekday is in it once, as in the weeks it is held
against: the four before and the four after, of which the median is taken, as the Spring Festival may lie in one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from metrics.analysis.days import Day

CAMPAIGN_DAYS = {
    (3, 5): ("3·5 学雷锋纪念日", "5 March, Learn from Lei Feng Day"),
    (12, 5): ("12·5 国际志愿者日", "5 December, International Volunteer Day"),
}
WEEKS_EITHER_SIDE = 4
FEWEST_WEEKS = 4


@dataclass(frozen=True)
class Campaign:
    """One campaign day of one year; None where days are hidden or not reported."""

    name_zh: str
    name_en: str
    day: date
    week_visits: float | None
    usual_week: float | None  # median visits of the weeks about it
    weeks: int  # how many of them there were
    ratio: float | None


def campaigns(days: Sequence[Day], broken_on: Sequence[date] = ()) -> list[Campaign]:
    """Every campaign day that lies within the days, oldest first; a week with a break among those about it has no ratio."""
    visits = {day.day: day.visits for day in days}
    found = []
    for year in sorted({day.year for day in visits}):
        for (month, number), names in CAMPAIGN_DAYS.items():
            day = date(year, month, number)
            if day in visits:
                found.append(campaign(day, names, visits, broken_on))
    return found


def campaign(
    day: date, names: tuple[str, str], visits: Mapping[date, float | None], broken_on: Sequence[date] = ()
) -> Campaign:
    around = week_around(day, visits)
    shifts = [shift for shift in range(-WEEKS_EITHER_SIDE, WEEKS_EITHER_SIDE + 1) if shift]
    others = [week_around(day + timedelta(weeks=shift), visits) for shift in shifts]
    known = [other for other in others if other is not None]
    # Weeks with hidden days are the quiet ones: a median of the others would be no usual week.
    reach = 7 * WEEKS_EITHER_SIDE + 3
    nearby = [day + timedelta(days=shift) for shift in range(-reach, reach + 1)]
    is_hidden = any(one in visits and visits[one] is None for one in nearby)
    is_broken = any(nearby[0] < on <= nearby[-1] for on in broken_on)
    usual = median(known) if len(known) >= FEWEST_WEEKS and not is_hidden and not is_broken else None
    ratio = around / usual if around is not None and usual else None
    return Campaign(*names, day, around, usual, len(known), ratio)


def week_around(day: date, visits: Mapping[date, float | None]) -> float | None:
    """Visits of seven days with the day in the middle; None when one of them is hidden or not reported."""
    found = [visits.get(day + timedelta(days=shift)) for shift in range(-3, 4)]
    known = [one for one in found if one is not None]
    return sum(known) if len(known) == len(found) else None
