"""How a figure lies to another one: percentage points for rates, percent of the other for everything else."""

from dataclasses import dataclass

from metrics.indicator import Indicator
from metrics.rounding import rounded

FINEST = 4  # decimals of a difference that a test tells from nothing


@dataclass(frozen=True)
class Change:
    """`amount` is in percentage points when `is_points`, else in percent of the other value."""

    amount: float
    is_points: bool

    @property
    def is_nothing(self) -> bool:
        """Whether it is written as '0.0' where no test tells it from nothing."""
        return not rounded(self.amount, 1)

    def text(self, lang: str, *, is_told_apart: bool = False) -> str:
        """'+2.3 个百分点' / '+2.3 points', '-4.0%': always signed; what rounds to nothing is '0.0'.

        `is_told_apart`: a test says that there is a difference, so it is written with as many decimals as show it.
        """
        finest = FINEST if is_told_apart else 1
        places = next((places for places in range(1, finest + 1) if rounded(self.amount, places)), 1)
        amount = rounded(self.amount, places)
        number = f"{amount:+f}" if amount else "0.0"
        if not self.is_points:
            return f"{number}%"
        return f"{number} 个百分点" if lang == "zh" else f"{number} points"


def change_of(value: float, other: float, indicator: Indicator) -> Change | None:
    """None where the other value is zero and a percentage of it would say nothing."""
    if indicator.unit == "percent":
        return Change(float(value) - float(other), is_points=True)
    return Change(100.0 * (float(value) - float(other)) / other, is_points=False) if other else None
