"""Where ordinary ends: the numbers behind the flags, one row each in data/reference/flag_thresholds.csv."""

from functools import lru_cache
from pathlib import Path

from metrics.paths import REFERENCE
from metrics.reference import read_rows

COLUMNS = ("name", "value", "unit", "why_zh", "why_en")


def read_thresholds(directory: Path) -> dict[str, int]:
    """Value of each threshold by name. Raises ReferenceFault for a table that cannot be used."""
    rows = read_rows(directory / "flag_thresholds.csv", COLUMNS, key=("name",))
    for row in rows:
        for column in ("unit", "why_zh", "why_en"):
            row.required(column)
    return {row.required("name"): row.integer("value") for row in rows}


@lru_cache(maxsize=1)
def load_thresholds() -> dict[str, int]:
    return read_thresholds(REFERENCE)
