"""Which areas may be ranked, and in which order."""

from collections.abc import Sequence

from metrics.areas import load_areas
from metrics.indicator import Indicator
from metrics.judging import compares_areas, is_whole
from metrics.observation import Observation

FEWEST_TO_RANK = 2


def may_rank(row: Observation, indicator: Indicator) -> bool:
    """Only complete figures of real areas: a borrowed or unfinished one would win or lose for no merit."""
    level = load_areas().get(row.area_code).level
    return is_whole(row, indicator) and compares_areas(row) and level not in ("unknown", "city")


def ranks(rows: Sequence[Observation], indicator: Indicator) -> dict[str, int]:
    """Area code → rank, best first; equal values share a rank. Empty where ranking says nothing."""
    if indicator.polarity == "neither":
        return {}
    values = {row.area_code: row.value for row in rows if may_rank(row, indicator) and row.value is not None}
    if len(values) < FEWEST_TO_RANK:
        return {}
    if indicator.polarity == "higher":
        return {code: 1 + sum(other > value for other in values.values()) for code, value in values.items()}
    return {code: 1 + sum(other < value for other in values.values()) for code, value in values.items()}


def in_order(rows: Sequence[Observation], rank: dict[str, int]) -> list[Observation]:
    """Ranked areas first, best first; the others as they came (districts, zones, unknown last)."""
    return sorted(rows, key=lambda row: rank.get(row.area_code, len(rows) + 1))
