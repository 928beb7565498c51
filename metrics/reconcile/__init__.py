"""Reconciliation: a city's figures against its parts, and against what the city itself has printed.

Everything is told: what agrees, what differs for a known reason, and what nobody can explain yet.
"""

from dataclasses import dataclass

from metrics.areas import load_areas
from metrics.build import Build
from metrics.periods import Period, require_window, window_until
from metrics.reconcile.parts import PartsCheck, check_parts
from metrics.reconcile.published import PublishedCheck, check_published
from metrics.reconcile.statements import StatementsCheck, check_statements
from metrics.refusals import Refused
from metrics.small_counts import mark

__all__ = ["PartsCheck", "PublishedCheck", "Reconciliation", "StatementsCheck", "reconcile"]


class ReconcileRefused(Refused):
    """Only a whole city can be held against its parts."""


@dataclass(frozen=True)
class Reconciliation:
    """What was checked of one city in one period."""

    build_id: str
    is_synthetic: bool
    disclosure: str  # what the build withholds, in a few words
    area_code: str
    period: Period
    window: str
    parts: tuple[PartsCheck, ...]
    published: tuple[PublishedCheck, ...]
    statements: tuple[StatementsCheck, ...]

    def window_text(self, lang: str) -> str:
        """The window in words; while it runs, up to the last day counted."""
        counts = (check for check in self.parts if check.window == self.window and check.whole is not None)
        return window_until([check.counted_through for check in counts], self.period, self.window, lang)

    @property
    def to_look_into(self) -> int:
        """How many checks found a difference nobody has a reason for."""
        verdicts = [
            *(check.verdict for check in self.parts),
            *(check.verdict for check in self.published),
            *(check.verdict for check in self.statements),
        ]
        return sum(verdict in ("flagged", "contradicts") for verdict in verdicts)


def reconcile(build: Build, area_code: str, period: Period, window: str | None = None) -> Reconciliation:
    """Every check of a city. Raises ReconcileRefused for a district, and what query() raises."""
    area = load_areas().get(area_code)
    if area.level != "city":
        city = load_areas().get(load_areas().city_of(area_code))
        raise ReconcileRefused(
            f"{area.area_name}没有下级地区可以核对；请核对{city.area_name}（{city.area_code}）。",
            f"{area.area_name_en or area_code} has no parts to be held against: reconcile {city.area_name_en} "
            f"({city.area_code}).",
        )
    return Reconciliation(
        build.build_id,
        build.is_synthetic,
        mark(build),
        area_code,
        period,
        require_window(period, window),
        tuple(check_parts(build, area, period, window)),
        tuple(check_published(build, area_code, period)),
        tuple(check_statements(area_code)),
    )
