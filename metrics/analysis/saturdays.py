"""How much of the service is on Saturdays, in the windows of a period: from the build's table of kinds of day.

Kinds of day are counted in whole windows and protected as such, so there is a share in many places where a public
build withholds single days, and in districts, whose days it never shows.
"""

from dataclasses import dataclass
from datetime import date

from metrics.analysis.days import VISITS
from metrics.analysis.reading import Asked
from metrics.build import Build
from metrics.members import SATURDAYS
from metrics.periods import Period
from metrics.sentences import window_text

BESIDE = ("ytd", "rolling12", "to_date")


@dataclass(frozen=True)
class SaturdayShare:
    """Visits of a window, and how many were on Saturdays; all None where that is withheld or not reported."""

    code: str  # the window
    name_zh: str
    name_en: str
    status: str
    saturday_visits: float | None
    visits: float | None
    share: float | None  # a fraction of 1; None without visits
    told_status: str = ""  # as readers are told it


def saturday_shares(build: Build, area_code: str, period: Period) -> tuple[SaturdayShare, ...]:
    """One a window that ends with the period; none where the build is of a time before they were counted."""
    if not build.has_table("day_kinds"):
        return ()
    found = kinds_at(build, area_code, period.end)
    windows = [period.kind, *(window for window in BESIDE if not (period.kind == "year" and window == "ytd"))]
    return tuple(share_of(build, area_code, period, window, found.get(window, {})) for window in windows)


def share_of(
    build: Build, area_code: str, period: Period, window: str, kinds: dict[str, float | None]
) -> SaturdayShare:
    row = Asked(VISITS.indicator_id, window, VISITS.basis).at(build, area_code, period)
    names, status = (window_text(row, "zh"), window_text(row, "en")), row.status
    if None in kinds.values() and status in ("ok", "provisional"):
        status = "suppressed"
    told = row.told_status if status == row.status else status
    if status not in ("ok", "provisional"):
        return SaturdayShare(window, *names, status, None, None, None, told)
    visits = sum(value or 0.0 for value in kinds.values())
    saturdays = kinds.get(SATURDAYS) or 0.0
    return SaturdayShare(
        window, *names, status, saturdays, visits, saturdays / visits if visits else None, told
    )


def share_to_date(build: Build, area_code: str, end: date) -> float | None:
    """Of everything up to the end of a month; None where that is withheld, or nothing."""
    if not build.has_table("day_kinds"):
        return None
    kinds = kinds_at(build, area_code, end).get("to_date", {})
    total = sum(value or 0.0 for value in kinds.values())
    if None in kinds.values() or not total:
        return None
    return (kinds.get(SATURDAYS) or 0.0) / total


def kinds_at(build: Build, area_code: str, end: date) -> dict[str, dict[str, float | None]]:
    """Visits by window and kind of day; None is withheld."""
    found: dict[str, dict[str, float | None]] = {}
    for window, kind, visits in build.rows(
        "SELECT time_window, day_kind, visits FROM day_kinds WHERE area_code = ? AND period_end = ?",
        (area_code, end),
    ):
        found.setdefault(window, {})[kind] = visits
    return found
