"""95 % intervals of figures that analyses rank and judge, and how surely they differ from a benchmark."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from metrics.analysis.reading import cell
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.statistics import hours_interval

# Windows in which the squares of hours per person are counted.
SQUARED_WINDOWS = ("month", "quarter", "year", "ytd", "to_date")
# Standard errors in the width of a 95 % interval.
WIDTH = 2 * 1.959963984540054


@dataclass(frozen=True)
class Limits:
    """An interval in the indicator's unit; nan where there is none."""

    lower: float
    upper: float

    @property
    def standard_error(self) -> float:
        """That of a normal distribution with an interval as wide."""
        return (self.upper - self.lower) / WIDTH


NONE = Limits(float("nan"), float("nan"))


def limits_of(build: Build, rows: Sequence[Observation], indicator: Indicator) -> list[Limits]:
    """The interval of each figure: its own, or that of mean hours per person of the area's residents."""
    return [own_limits(build, row, indicator) for row in rows]


def own_limits(build: Build, row: Observation, indicator: Indicator) -> Limits:
    if row.value is None:
        return NONE
    if row.lower is not None and row.upper is not None:
        return Limits(float(row.lower), float(row.upper))
    if (
        not is_hours_per_person(indicator)
        or row.window not in SQUARED_WINDOWS
        or not build.has_table("cohorts")
    ):
        return NONE
    squares = cell(build, "service_hours_squared", row.area_code, row.period, row.window).value
    total, people = float(row.numerator or 0), float(row.denominator or 0)
    if squares is None or not total or total**2 > people * squares * (1 + 1e-9):
        return NONE
    lower, upper = hours_interval(total, squares, people)
    return Limits(float(lower), float(upper))


def is_hours_per_person(indicator: Indicator) -> bool:
    """Whether the value is mean hours of people who are all counted below."""
    above, below = indicator.numerator, indicator.denominator
    if indicator.kind != "ratio" or below is None or above.measure.id != "service_hours":
        return False
    return above.basis == "residence" and below.measure.id in ("registered_volunteers", "active_volunteers")


def p_value(row: Observation, limits: Limits, benchmark: float, indicator: Indicator) -> float:
    """Two-sided probability of a difference this large by chance; nan where there is no interval.

    For proportions the score test, whose inversion Wilson's interval is: p < 0.05 exactly when the interval leaves
    the benchmark out. Else from the standard error.
    """
    if row.value is None or np.isnan(limits.lower):
        return float("nan")
    if indicator.is_proportion and row.denominator:
        share = benchmark / indicator.factor
        error = indicator.factor * np.sqrt(share * (1 - share) / float(row.denominator))
    else:
        error = limits.standard_error
    difference = abs(float(row.value) - benchmark)
    if not error:
        return 1.0 if not difference else 0.0
    return float(2 * ndtr(-difference / error))
