"""Service by day, as the build's table days has it, with every reported day in it: a day without a row is zero.

Months that are not wholly reported are left out altogether, so that a missing week is never taken for a quiet one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from metrics.analysis.reading import Asked, require_table
from metrics.build import Build
from metrics.observation import Observation
from metrics.periods import Period, month_number

VISITS = Asked("service_visits", "month", "service")


@dataclass(frozen=True)
class Day:
    """Counted records on one day, by place of service; None is hidden."""

    day: date
    visits: float | None
    hours: float | None


@dataclass(frozen=True)
class Days:
    """The days of the wholly reported months, and the months themselves, oldest first."""

    days: tuple[Day, ...]
    months: tuple[Observation, ...]  # visits of every month since the first reported one, whatever its status

    @property
    def is_gapless(self) -> bool:
        """Whether the days are all those up to the last one: no month among them was left out."""
        through = [month for month in self.months if self.days and month.period_end <= self.days[-1].day]
        return (
            bool(through)
            and through[0].period_start <= self.days[0].day
            and len(self.days) == ((self.days[-1].day - through[0].period_start).days + 1)
        )

    @property
    def hidden(self) -> int:
        return sum(day.visits is None for day in self.days)


def read_days(build: Build, area_code: str, period: Period, city: str) -> Days:
    """Every reported day up to a period's end; no days when the city has not reported service hours."""
    require_table(build, "days")
    span = build.coverage(city).get("service_hours")
    if span is None or span.first_on > period.end:
        return Days((), ())
    last = Period.containing("month", period.end)
    count = month_number(last.start) - month_number(span.first_on) + 1
    months = VISITS.through(build, area_code, last, count)
    found = {
        day: (visits, hours)
        for day, visits, hours in build.rows(
            "SELECT service_date, visits, hours FROM days WHERE area_code = ? AND service_date BETWEEN ? AND ?",
            (area_code, months[0].period_start, last.end),
        )
    }
    days = whole_months(months, found)
    if area_code != city and not build.is_internal:
        # A public build has days of cities only: no row of a district is no day without service.
        days = [Day(day.day, None, None) for day in days]
    return Days(tuple(days), tuple(months))


def whole_months(
    months: Sequence[Observation], found: dict[date, tuple[float | None, float | None]]
) -> list[Day]:
    """Every day of the months that are wholly reported."""
    days = []
    for month in months:
        # A month whose total is hidden is reported all the same: its days are hidden one by one.
        if month.status not in ("ok", "suppressed"):
            continue
        day = month.period_start
        while day <= month.period_end:
            days.append(Day(day, *found.get(day, (0.0, 0.0))))
            day += timedelta(days=1)
    return days
