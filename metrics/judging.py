"""Which figures may be judged at all: the one rule of sentences, comparisons, verdicts, ranks and targets."""

from metrics.indicator import OVER_TIME, Indicator
from metrics.observation import Observation
from metrics.variants import indicator_of

# Hours are so unequal that below this many people the interval is too narrow too often (docs/statistics.md).
FEWEST_FOR_HOURS = 100


def has_enough_people(row: Observation, indicator: Indicator) -> bool:
    """Whether chance may be told from a mean of hours per person; of other figures it may for any number."""
    return indicator.interval_method != "hours" or (row.denominator or 0) >= FEWEST_FOR_HOURS


def is_whole(row: Observation, indicator: Indicator) -> bool:
    """Whether a figure is complete, of its own year's population, and of people enough."""
    return row.status == "ok" and row.value is not None and has_enough_people(row, indicator)


def can_be_judged(row: Observation, indicator: Indicator) -> bool:
    """Whether a figure is whole and has an interval; counts have none."""
    has_interval = bool(indicator.interval_method) and row.lower is not None and row.upper is not None
    return has_interval and is_whole(row, indicator)


def compares_areas(row: Observation) -> bool:
    """Whether a figure, by its definition and the one chosen, may be held against another area's at all."""
    return indicator_of(row).comparability != OVER_TIME


def limits(row: Observation) -> tuple[float, float]:
    assert row.lower is not None, "only figures with an interval are told apart"
    assert row.upper is not None, "only figures with an interval are told apart"
    return row.lower, row.upper
