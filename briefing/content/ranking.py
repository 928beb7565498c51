"""Which areas may be ranked, in which order, and which of them differ from the whole."""

from collections.abc import Sequence

from metrics.areas import load_areas
from metrics.indicator import Indicator
from metrics.observation import Observation

FEWEST_TO_RANK = 2


def may_rank(row: Observation) -> bool:
    """Only complete figures of real areas: a borrowed or unfinished one would win or lose for no merit."""
    level = load_areas().get(row.area_code).level
    return row.status == "ok" and row.value is not None and level not in ("unknown", "city")


def ranks(rows: Sequence[Observation], indicator: Indicator) -> dict[str, int]:
    """Area code → rank, best first; equal values share a rank. Empty where ranking says nothing."""
    if indicator.polarity == "neither":
        return {}
    values = {row.area_code: row.value for row in rows if may_rank(row) and row.value is not None}
    if len(values) < FEWEST_TO_RANK:
        return {}
    if indicator.polarity == "higher":
        return {code: 1 + sum(other > value for other in values.values()) for code, value in values.items()}
    return {code: 1 + sum(other < value for other in values.values()) for code, value in values.items()}


def in_order(rows: Sequence[Observation], rank: dict[str, int]) -> list[Observation]:
    """Ranked areas first, best first; the others as they came (districts, zones, unknown last)."""
    return sorted(rows, key=lambda row: rank.get(row.area_code, len(rows) + 1))


def side_of(row: Observation, whole: Observation) -> str:
    """'above' or 'below' when the area's interval leaves the whole's value out, 'level' when it does not.

    '' where there is no interval or no ranking. The area is a part of the whole, so this errs towards 'level'.
    """
    if not may_rank(row) or row.lower is None or row.upper is None or whole.value is None:
        return ""
    if row.lower > whole.value:
        return "above"
    return "below" if row.upper < whole.value else "level"
