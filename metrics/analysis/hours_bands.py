"""The bands hours per person are counted in: data/reference/hours_bands.csv."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from metrics.paths import REFERENCE
from metrics.reference import read_rows


@dataclass(frozen=True)
class HoursBand:
    """hours_from ≤ hours < hours_below (the first one: more than zero); the last one has no upper edge."""

    band_code: str
    hours_from: float
    hours_below: float | None


def band_name(band: HoursBand, lang: str) -> str:
    """'10 至不满 20 小时' / '10 to under 20 h'."""
    if band.hours_below is None:
        return f"{band.hours_from:g} 小时及以上" if lang == "zh" else f"{band.hours_from:g} h and more"
    if lang == "zh":
        return f"{band.hours_from:g} 至不满 {band.hours_below:g} 小时"
    return f"{band.hours_from:g} to under {band.hours_below:g} h"


def read_hours_bands(directory: Path) -> tuple[HoursBand, ...]:
    """The bands in order. Raises ReferenceFault when they leave a gap or overlap: people would be lost."""
    rows = read_rows(
        directory / "hours_bands.csv", ("band_code", "hours_from", "hours_below"), key=("band_code",)
    )
    bands: list[HoursBand] = []
    expected = 0.0
    for row in rows:
        start, below = row.number("hours_from"), row.number("hours_below")
        if start is None or float(start) != expected:
            raise row.fault("hours_from", f"{expected:g}, so that nobody is missing or counted twice")
        if (below is None) != (row is rows[-1]):
            raise row.fault("hours_below", "an upper edge, except for the last band")
        if below is not None and below <= start:
            raise row.fault("hours_below", f"more than {start}")
        expected = float(below or 0)
        bands.append(
            HoursBand(row.required("band_code"), float(start), None if below is None else float(below))
        )
    return tuple(bands)


@lru_cache(maxsize=1)
def hours_bands() -> tuple[HoursBand, ...]:
    return read_hours_bands(REFERENCE)
