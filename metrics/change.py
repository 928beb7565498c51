"""How a figure moved between two whole windows: percentage points for rates, percent for everything else."""

from dataclasses import dataclass

from metrics.indicator import Indicator
from metrics.observation import Observation


@dataclass(frozen=True)
class Change:
    """`amount` is in percentage points when `is_points`, else in percent of the earlier value."""

    amount: float
    is_points: bool

    def text(self, lang: str) -> str:
        """'+2.3 个百分点' / '+2.3 points', '-4.0%': always signed; what rounds to nothing is '0.0'."""
        rounded = round(self.amount, 1)
        number = f"{rounded:+.1f}" if rounded else "0.0"
        if not self.is_points:
            return f"{number}%"
        return f"{number} 个百分点" if lang == "zh" else f"{number} points"


def change(now: Observation, before: Observation, indicator: Indicator) -> Change | None:
    """The move from `before` to `now`, two observations of one indicator.

    None unless both are `ok`: a window that is still running, borrowed another year's population or lacks
    reports would show a move that did not happen. None also when the earlier value is zero and a percentage
    of it would say nothing.
    """
    if now.status != "ok" or before.status != "ok" or now.value is None or before.value is None:
        return None
    difference = float(now.value) - float(before.value)
    if indicator.unit == "percent":
        return Change(difference, is_points=True)
    return Change(100.0 * difference / before.value, is_points=False) if before.value else None
