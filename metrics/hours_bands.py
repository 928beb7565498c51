"""Bands of hours given per person in a window: where each begins (data/reference/hours_bands.csv)."""

from dataclasses import dataclass
from functools import lru_cache

from metrics.paths import REFERENCE
from metrics.reference import read_rows


@dataclass(frozen=True)
class HoursBand:
    """Persons with hours_from ≤ hours < hours_below; the last band has no upper edge."""

    band_code: str
    hours_from: float
    hours_below: float | None


@lru_cache(maxsize=1)
def hours_bands() -> tuple[HoursBand, ...]:
    """The bands in order. Raises ReferenceFault when they leave a gap or overlap: people would be lost."""
    bands: list[HoursBand] = []
    expected = 0
    columns = ("band_code", "hours_from", "hours_below")
    rows = read_rows(REFERENCE / "hours_bands.csv", columns, key=("band_code",))
    for row in rows:
        if row.integer("hours_from") != expected:
            raise row.fault("hours_from", f"{expected}, so that no hours are missing or counted twice")
        is_last = row is rows[-1]
        below = None if is_last and not row.text("hours_below") else row.integer("hours_below")
        if is_last and below is not None:
            raise row.fault("hours_below", "nothing, because the last band has no upper edge")
        if below is not None and below <= expected:
            raise row.fault("hours_below", f"more than {expected}")
        bands.append(HoursBand(row.required("band_code"), expected, below))
        expected = below or 0
    return tuple(bands)


def edges() -> list[float]:
    return [band.hours_from for band in hours_bands()]
