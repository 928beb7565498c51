"""Days as numbers (days since 1970-01-01), and drawing days so that some are likelier than others."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.sample.calibration import Calendar

Array = npt.NDArray[Any]

NEVER = 10**7  # a day no span reaches: "not left", "no second registration"


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def first_day(year: int) -> int:
    return day_number(date(year, 1, 1))


def last_day(year: int) -> int:
    return day_number(date(year, 12, 31))


def year_of(days: Array) -> Array:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


class DayWeights:
    """A weight per day of a span; draws days in proportion to them."""

    def __init__(self, first: int, weights: Array) -> None:
        self.first = first
        self.cumulative = np.concatenate([[0.0], np.cumsum(weights)])

    def draw(self, generator: np.random.Generator, start: Array, end: Array) -> Array:
        """One day in each [start, end] (both inclusive, inside the span)."""
        low = self.cumulative[start - self.first]
        high = self.cumulative[end - self.first + 1]
        point = low + generator.random(len(start)) * (high - low)
        days = self.first + np.searchsorted(self.cumulative, point, side="right") - 1
        return np.clip(days, start, end)


def service_days(calendar: Calendar, first_year: int, last_year: int) -> DayWeights:
    """Saturdays, 5 March and 5 December high, spring festival low."""
    first, last = first_day(first_year), last_day(last_year)
    days = np.arange(first, last + 1)
    weights = np.array(calendar.weekday_weights)[(days + 3) % 7]  # 1970-01-01 was a Thursday
    before, after = calendar.spring_festival_days
    for festival in calendar.spring_festivals:
        start = day_number(festival)
        weights[(days >= start + before) & (days <= start + after)] *= calendar.spring_festival_weight
    for year in range(first_year, last_year + 1):
        for peak in calendar.peaks:
            day = date(year, peak.month, peak.day)
            near = np.abs(days - day_number(day)) <= peak.around
            # The peak day counts as a Sunday whatever its weekday: schools and offices turn out for it.
            weights[near] = weights[near] * peak.around_weight
            weights[day_number(day) - first] = calendar.weekday_weights[6] * peak.weight
    return DayWeights(first, weights)


def registration_days(calendar: Calendar, first_year: int, last_year: int) -> DayWeights:
    """People register in March (学雷锋月), September (school year) and December, on any weekday."""
    first, last = first_day(first_year), last_day(last_year)
    months = np.array([(date(1970, 1, 1) + timedelta(int(day))).month for day in range(first, last + 1)])
    return DayWeights(first, np.array(calendar.registration_month_weights)[months - 1])
