"""Intervals of observed values, by what the value is: a proportion, hours per person, a count per residents."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation, alike
from metrics.sides import Question, read_observations
from metrics.statistics import byar_interval, hours_interval, wilson_interval

CONFIDENCE = 0.95
METHOD_NAMES = {
    "wilson": ("Wilson 计分区间（占比）", "Wilson score interval of a proportion"),
    "hours": (
        "人均时长区间（按每人时长的平方和）",
        "interval of mean hours, from the sum of squared hours per person",
    ),
    "byar": ("计数的 Byar 区间（不足 10 时为精确区间）", "Byar's interval of a count (exact below 10)"),
}
# Sums of squared hours are not kept for windows whose months overlap those of the next.
SQUARES = "service_hours_squared"
# The fewest people for whom the coverage of the interval of mean hours was measured (docs/statistics.md).
FEWEST_PEOPLE = 5


def with_intervals(build: Build, question: Question, rows: list[Observation]) -> list[Observation]:
    """The rows with limits in the value's unit, for those that have a value and whose indicator has a method."""
    method = question.indicator.interval_method
    measured = [number for number, row in enumerate(rows) if row.value is not None]
    if not method or not measured:
        return rows
    if method == "hours":
        limits = hours_limits(build, question, [rows[number] for number in measured])
    else:
        limits = count_limits(question.indicator, method, [rows[number] for number in measured])
    result = list(rows)
    for number, (lower, upper) in zip(measured, limits, strict=True):
        result[number] = alike(rows[number], lower=known(lower), upper=known(upper))
    return result


def count_limits(indicator: Indicator, method: str, rows: Sequence[Observation]) -> list[tuple[float, float]]:
    above = np.array([row.numerator for row in rows], dtype=np.float64)
    below = np.array([row.denominator for row in rows], dtype=np.float64)
    if method == "wilson":
        lower, upper = (indicator.factor * limit for limit in wilson_interval(above, below, CONFIDENCE))
    else:
        lower, upper = byar_interval(above, below, CONFIDENCE, indicator.factor)
    return list(zip(lower.tolist(), upper.tolist(), strict=True))


def hours_limits(build: Build, question: Question, rows: Sequence[Observation]) -> list[tuple[float, float]]:
    """Limits of mean hours; nan where the build holds no sum of squares: breakdowns, variants, rolling windows."""
    squares: dict[tuple[str, date], float | None] = {}
    if not question.dimension and not question.variant.choices:
        key = (SQUARES, "residence", question.window)
        codes, days = [row.area_code for row in rows], [row.period_end for row in rows]
        found = read_observations(build, key, "", codes, days)
        squares = {(code, day): value for code, day, _, value in found}
    known_squares = [squares.get((row.area_code, row.period_end)) for row in rows]
    people = np.array([row.denominator for row in rows], dtype=np.float64)
    lower, upper = hours_interval(
        np.array([row.numerator for row in rows], dtype=np.float64),
        np.array([np.nan if value is None else value for value in known_squares], dtype=np.float64),
        np.where(people >= FEWEST_PEOPLE, people, np.nan),
        CONFIDENCE,
    )
    return list(zip(lower.tolist(), upper.tolist(), strict=True))


def known(limit: float) -> float | None:
    return None if np.isnan(limit) else limit


def method_text(method: str, lang: str) -> str:
    return METHOD_NAMES[method][0 if lang == "zh" else 1]
