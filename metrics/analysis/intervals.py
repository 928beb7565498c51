"""95 % intervals of figures that analyses rank and judge, and how surely they differ from a benchmark."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from metrics.observation import Observation

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


def limits_of(rows: Sequence[Observation]) -> list[Limits]:
    """The interval each figure was read with (metrics.intervals)."""
    return [
        NONE if row.lower is None or row.upper is None else Limits(float(row.lower), float(row.upper))
        for row in rows
    ]


def p_value(row: Observation, limits: Limits, benchmark: float) -> float:
    """Two-sided probability of a difference this large by chance, from the standard error; nan without interval.

    Of figures that are no proportions: those have a test of their own (metrics.difference).
    """
    if row.value is None or np.isnan(limits.lower):
        return float("nan")
    difference = abs(float(row.value) - benchmark)
    if not limits.standard_error:
        return 1.0 if not difference else 0.0
    return float(2 * ndtr(-difference / limits.standard_error))
