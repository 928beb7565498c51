"""The drops a figure is made of, from a build's ledger: which they are, and how they are named."""

from datetime import date
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build
from metrics.small_counts import WITHHELD, rows_text

MOST_DROPS_NAMED = 12
LEDGER_COLUMNS = (
    "drop_id", "source", "area_code", "file_name", "supplier", "first_on", "last_on", "rows_read", "rows_accepted",
    "rows_unchanged", "rows_quarantined", "is_synthetic",
)  # fmt: skip


def contributing_drops(
    build: Build, area_code: str, sources: tuple[str, ...], start: date | None, end: date
) -> list[dict[str, Any]]:
    """Ledger rows, oldest first, of drops in force about the area, a part of it or its city whose days touch the window.

    A registration counts for all days after it, so for registers every earlier drop contributes too. Row counts
    are None where the build withholds them.
    """
    drops = []
    for drop in build.drops():
        if (
            drop["status"] != "loaded"
            or drop["source"] not in sources
            or not concerns(drop["area_code"], area_code)
        ):
            continue
        first_on, last_on = drop["first_on"], drop["last_on"]
        begins_before_end = first_on is None or first_on <= end
        lasts_past_start = (
            start is None or last_on is None or last_on >= start or drop["source"] == "registrations"
        )
        if begins_before_end and lasts_past_start:
            drops.append({column: plain(drop[column]) for column in LEDGER_COLUMNS})
    return drops


def concerns(about: str | None, area_code: str) -> bool:
    """Whether a drop about an area may hold rows of another: it is the same, contains it or is a part of it."""
    areas = load_areas()
    if about is None or about == area_code:
        return True
    if about not in areas:
        return False
    return about == areas.city_of(area_code) or area_code == areas.city_of(about)


def newest(drops: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """The drops to name where there is little room, newest first, and how many more there are."""
    return drops[::-1][:MOST_DROPS_NAMED], max(0, len(drops) - MOST_DROPS_NAMED)


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def drop_lines(drops: list[dict[str, Any]]) -> list[str]:
    """The newest drops: accepted + unchanged / read, with a mark for what the build withholds."""
    named, more = newest(drops)
    lines = []
    for drop in named:
        about = [drop["source"], drop["area_code"] or ""]
        accepted, unchanged, read = (
            rows_text(drop[column]) for column in ("rows_accepted", "rows_unchanged", "rows_read")
        )
        about.append(f"{accepted} + {unchanged} / {read}")
        lines.append(f"报送 drop {drop['drop_id']}: {drop['file_name']} ({', '.join(filter(None, about))})")
    if more:
        lines.append(f"报送 drops: 另有更早的 {more:,} 份 and {more:,} earlier ones")
    if any(drop["rows_read"] is None for drop in named):
        lines.append(f"    {WITHHELD} 行数不予显示 row count withheld")
    return lines
