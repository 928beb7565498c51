"""Cohort retention: of the people who registered in a quarter, how many served in each quarter since.

Source: the build's table cohorts: per quarter of registration and quarter since, people still registered and those
of them with a counted record in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.analysis.finding import Finding, percent_text, together, with_status
from metrics.analysis.reading import Reported, people_reported, require_table, told_among
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.periods import Period, month_number
from metrics.sentences import area_name_in_full, format_count, status_text
from metrics.series_breaks import SeriesBreak, breaks_across, clauses
from metrics.statistics import wilson_interval

# A curve read off one cohort is that cohort's story; from two on it is told as what usually happens.
FEWEST_COHORTS = 2
A_YEAR = 4  # quarters


@dataclass(frozen=True)
class CohortCell:
    """One cohort in one quarter; None is hidden or not reported."""

    cohort: str  # '2021-Q3', the quarter of registration
    quarter: str
    age: int  # quarters since the quarter of registration, which is 0
    registered: int | None
    active: int | None
    share: float | None  # active of registered, a fraction of 1
    status: str
    told_status: str = ""


@dataclass(frozen=True)
class AgePoint:
    """All cohorts of one age taken together; cohorts with a hidden or unfinished cell are not in it."""

    age: int
    cohorts: int
    left_out: int  # cohorts of this age whose cell could not be used
    registered: int
    active: int
    share: float
    lower: float  # 95 % interval, fractions of 1
    upper: float


@dataclass(frozen=True, kw_only=True)
class Retention(Finding):
    """n: cohorts. rows: one cell per cohort and quarter, oldest cohort first."""

    last_quarter: str
    curve: tuple[AgePoint, ...]
    rows: tuple[CohortCell, ...]


def retention(build: Build, area_code: str, period: Period, count: int = 12) -> Retention:
    """The matrix of the last `count` cohorts up to the quarter a period ends in."""
    require_table(build, "cohorts")
    last = Period.containing("quarter", period.end)
    quarters = [last.previous(back) for back in range(count - 1, -1, -1)]
    statuses = {quarter.end: people_reported(build, area_code, quarter) for quarter in quarters}
    found = {
        (start, end): (registered, active)
        for start, end, registered, active in build.rows(
            "SELECT cohort_start, quarter_end, registered, active FROM cohorts "
            "WHERE area_code = ? AND cohort_start >= ? AND quarter_end <= ?",
            (area_code, quarters[0].start, last.end),
        )
    }
    cells = [
        cell_of(
            cohort, quarter, found.get((cohort.start, quarter.end)), statuses[quarter.end],
            breaks_between(build, area_code, cohort, quarter),
        )
        for cohort in quarters
        for quarter in quarters
        if quarter >= cohort
    ]  # fmt: skip
    return retention_of(
        build.build_id, area_code, last, cells, breaks_between(build, area_code, quarters[0], last)
    )


def breaks_between(build: Build, area_code: str, cohort: Period, quarter: Period) -> list[SeriesBreak]:
    """The breaks that keep who registered in one quarter from being followed into another; none within one."""
    if cohort == quarter:
        return []
    rate = load_catalogue().indicator("active_rate")
    spans = (cohort, cohort.kind), (quarter, quarter.kind)
    return breaks_across(build.breaks, rate, rate.bases[0], area_code, *spans)


def cell_of(
    cohort: Period,
    quarter: Period,
    counts: tuple[float | None, float | None] | None,
    reported: Reported,
    breaks: Sequence[SeriesBreak] = (),
) -> CohortCell:
    """One cell; no row in a reported quarter means nobody registered, or nobody of them is left.

    Across a break in the series there are counts and no share.
    """
    age = (month_number(quarter.start) - month_number(cohort.start)) // 3
    registered: int | None
    active: int | None
    registered = active = None
    status, told = reported
    if status != "not_reported":
        above, below = (counts[1], counts[0]) if counts else (0, 0)
        registered = None if below is None else round(below)
        active = None if above is None else round(above)
        if registered is None or active is None:
            status = told = "suppressed"
        elif not registered:
            status = told = together([status, "no_denominator"])
        elif breaks:
            status = told = together([status, "series_break"])
    share = active / registered if registered and active is not None and not breaks else None
    return CohortCell(cohort.code, quarter.code, age, registered, active, share, status, told)


def retention_of(
    build_id: str, area_code: str, last: Period, cells: list[CohortCell], breaks: Sequence[SeriesBreak] = ()
) -> Retention:
    curve = [point for age in sorted({cell.age for cell in cells}) if (point := point_of(age, cells))]
    used = [cell for cell in cells if cell.share is not None]
    status = together(
        [cell.status for cell in cells if cell.status in ("suppressed", "provisional", "series_break")]
    )
    if not used:
        status = together([cell.status for cell in cells]) if cells else "insufficient"
    told = told_among(status, cells)
    zh, en = sentences(area_code, last, curve, told, breaks)
    return Retention(
        area_code=area_code, status=status, n=len({cell.cohort for cell in used}), zh=zh, en=en,
        build_id=build_id, told_status=told, last_quarter=last.code, curve=tuple(curve), rows=tuple(cells),
    )  # fmt: skip


def point_of(age: int, cells: list[CohortCell]) -> AgePoint | None:
    """One age of the curve from the cells that are complete; None when there is none."""
    of_age = [cell for cell in cells if cell.age == age and cell.status != "no_denominator"]
    whole = [cell for cell in of_age if cell.status == "ok" and cell.share is not None]
    registered = sum(cell.registered or 0 for cell in whole)
    if not registered:
        return None
    active = sum(cell.active or 0 for cell in whole)
    lower, upper = wilson_interval(active, registered)
    return AgePoint(
        age, len(whole), len(of_age) - len(whole), registered, active, active / registered, float(lower), float(upper)
    )  # fmt: skip


def sentences(
    area_code: str, last: Period, curve: list[AgePoint], told: str, breaks: Sequence[SeriesBreak] = ()
) -> tuple[str, str]:
    where = {lang: area_name_in_full(area_code, lang) for lang in ("zh", "en")}
    across = ("", "")
    if breaks:
        across = (
            f"；{clauses(breaks, 'zh')}，跨越它的批次不算入",
            f"; {clauses(breaks, 'en')}, and cohorts are not followed across it",
        )
    point = next((one for one in curve if one.age == A_YEAR), None)
    if point is None or point.cohorts < FEWEST_COHORTS:
        zh, en = "注册满一年的批次不足两批", "fewer than two quarters' cohorts are a year old"
        if told in ("not_reported", "suppressed"):
            zh, en = status_text(told, "zh"), status_text(told, "en")
        return (
            f"{where['zh']}截至{last.label('zh')}：{zh}，说不出一年后的留存{across[0]}。",
            f"{where['en']}, to {last.label('en')}: {en}, so retention after a year cannot be told{across[1]}.",
        )
    limits = f"{percent_text(point.lower)}–{percent_text(point.upper)}"
    return with_status(
        told,
        f"{where['zh']}截至{last.label('zh')}：{point.cohorts} 个季度批次合计 {format_count(point.registered)} 名在册者中，"
        f"注册满一年的那个季度有服务记录的占 {percent_text(point.share)}（95% 区间 {limits}）{across[0]}",
        f"{where['en']}, to {last.label('en')}: of {format_count(point.registered)} people in {point.cohorts} "
        f"quarterly cohorts, {percent_text(point.share)} served in the quarter a year after the one they "
        f"registered in (95% interval {limits}){across[1]}",
    )
