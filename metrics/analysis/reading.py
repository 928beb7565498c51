"""How analyses read a build: figures through query() and series(), counts of the cube by their cell.

The one place where an analysis meets query(), so that whatever a question can carry is passed on from here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.indicator import Indicator
from metrics.observation import Observation, strongest
from metrics.periods import Period, require_window
from metrics.query import query, series
from metrics.refusals import Refused
from metrics.variants import Variant


class AnalysisRefused(Refused):
    """The analysis cannot be made as asked; the sentences say what is in the way."""


@dataclass(frozen=True)
class Asked:
    """An indicator and how it is to be read."""

    indicator_id: str
    window: str | None = None
    basis: str | None = None
    variant: str | None = None  # a choice of definition

    @property
    def indicator(self) -> Indicator:
        """As its variant reads it."""
        return Variant.parse(self.variant).as_read(load_catalogue().indicator(self.indicator_id))

    def at(self, build: Build, area_code: str, period: Period) -> Observation:
        return query(
            build, self.indicator_id, area_code, period, self.window, self.basis, None, self.variant
        )[0]

    def leaves(self, build: Build, area_code: str, period: Period) -> list[Observation]:
        """One row per leaf of a city, the unknown bucket last."""
        question = (self.window, self.basis, "district", self.variant)
        return query(build, self.indicator_id, area_code, period, *question)

    def children(self, build: Build, area_code: str, period: Period) -> list[Observation]:
        """One row per district and zone; the unknown bucket is nobody's district, so it is left out."""
        return [row for row in self.leaves(build, area_code, period) if not row.area_code.startswith("U")]

    def through(self, build: Build, area_code: str, period: Period, count: int) -> list[Observation]:
        question = (self.window, count, self.basis, self.variant)
        return series(build, self.indicator_id, area_code, period, *question)


class Reported(NamedTuple):
    """Whether a window has been reported, by its status and as readers are told it (see Observation.told_status)."""

    status: str
    told_status: str

    @classmethod
    def of(cls, row: Observation) -> "Reported":
        return cls(row.status, row.told_status)


class Cell(NamedTuple):
    """One count of the cube; None with a status that says why there is none."""

    value: float | None
    status: str
    told_status: str = ""  # as readers are told the status, where it has words of its own

    @classmethod
    def of(cls, row: Observation) -> "Cell":
        return cls(row.value, row.status, row.told_status)


class HasStatus(Protocol):
    @property
    def status(self) -> str: ...
    @property
    def told_status(self) -> str: ...


def told_among(status: str, parts: Iterable[HasStatus]) -> str:
    """The words' codes of those parts that have a status, joined as status_text() reads them."""
    told = dict.fromkeys(one.told_status or one.status for one in parts if one.status == status)
    return "+".join(told) or status


def both_statuses(parts: Sequence[HasStatus]) -> tuple[str, str]:
    """The strongest status of some parts, and as readers are told it."""
    status = strongest("ok", *(one.status for one in parts))
    return status, told_among(status, parts)


def cell(
    build: Build,
    measure_id: str,
    area_code: str,
    period: Period,
    window: str | None = None,
    member: tuple[str, str] = ("", ""),
) -> Cell:
    """A count by residence that is no indicator of its own, such as people who lapsed.

    `window` is 'stock' for what is read at a moment; `member` a dimension and its member. Where the window was
    reported no row is zero, and a row without a value is hidden. What is told by the window before (who is new, who
    has lapsed) is not reported where that is not, as the indicators of it are (metrics.reach.windows_before).
    """
    asked = None if window == "stock" else require_window(period, window)
    reported = people_reported(build, area_code, period, asked)
    if reported.status != "not_reported" and (
        measure_id == "lapsed_volunteers" or member[0] == "activity_state"
    ):
        before = people_reported(build, area_code, period.previous(), asked)
        if before.status == "not_reported":
            return Cell(None, "not_reported")
        status = strongest(reported.status, before.status)
        reported = Reported(status, told_among(status, (reported, before)))
    if reported.status == "not_reported":
        return Cell(None, *reported)
    rows = build.rows(
        "SELECT value FROM observations WHERE measure = ? AND basis = 'residence' AND area_code = ? "
        "AND time_window = ? AND period_end = ? AND dimension = ? AND member = ?",
        (measure_id, area_code, asked or "stock", period.end, *member),
    )
    if not rows:
        return Cell(0.0, *reported)
    return Cell(None, "suppressed") if rows[0][0] is None else Cell(float(rows[0][0]), *reported)


def people_reported(build: Build, area_code: str, period: Period, window: str | None = None) -> Reported:
    """Whether registrations and records of a window have come: ok, provisional or not_reported.

    Asked of counts made of both; where one is hidden the next one is asked, and the city's at last.
    """
    places = dict.fromkeys((area_code, load_areas().city_of(area_code)))
    for place in places:
        for measure_id in ("active_volunteers", "service_hours"):
            row = Asked(measure_id, window).at(build, place, period)
            if row.status != "suppressed":
                return Reported.of(row)
    return Reported("ok", "ok")


def require_table(build: Build, name: str) -> None:
    """Raise AnalysisRefused when the build was published by a program that did not yet write a table."""
    if not build.has_table(name):
        raise AnalysisRefused(
            f"数据版本 {build.build_id} 里没有“{name}”表：请运行 python -m etl publish 重新发布。",
            f"The build {build.build_id} has no table '{name}': run python -m etl publish.",
        )
