"""Sleeping registrations: people on the register who have no counted record for 12, 24 or 36 months."""

from dataclasses import dataclass

from metrics.analysis.finding import Finding, percent_text, together, with_status
from metrics.analysis.reading import Asked, cell, require_table
from metrics.build import Build
from metrics.periods import Period, end_label
from metrics.sentences import area_name_in_full, format_count, status_text
from metrics.statistics import wilson_interval

MONTHS = (12, 24, 36)


@dataclass(frozen=True)
class Sleeping:
    """People registered at least so many months ago, without a record since; None is hidden or not reported."""

    months: int
    people: int | None
    share: float | None  # of all registered, a fraction of 1
    lower: float | None  # 95 % interval, fractions of 1
    upper: float | None
    status: str


@dataclass(frozen=True, kw_only=True)
class SleepingRegistrations(Finding):
    """n: registered volunteers (0 where not known)."""

    period_end: str
    rows: tuple[Sleeping, ...]


def sleeping(build: Build, area_code: str, period: Period) -> SleepingRegistrations:
    """The register at a period's end."""
    require_table(build, "cohorts")  # published together with the counts of sleeping registrations
    registered = Asked("registered_volunteers").at(build, area_code, period)
    rows = []
    for months in MONTHS:
        # Whether the records of all those months have come: asked of the window that holds them.
        reported = records_status(build, area_code, period, months)
        found = cell(build, f"sleeping_{months}m_volunteers", area_code, period, "stock")
        status = together([registered.status, found.status, reported])
        value = None if status in ("not_reported", "insufficient") else found.value
        rows.append(row_of(months, value, registered.value, status))
    return sleeping_of(build.build_id, area_code, period, registered.value, rows)


def records_status(build: Build, area_code: str, period: Period, months: int) -> str:
    """ok, provisional, or insufficient when the city's records do not reach so far back."""
    month = Period.containing("month", period.end)
    rows = Asked("service_hours", "month", "residence").through(build, area_code, month, months)
    statuses = [row.status for row in rows if row.status != "suppressed"]
    if "not_reported" in statuses:
        return "insufficient"
    return together(statuses)


def row_of(months: int, people: float | None, registered: float | None, status: str) -> Sleeping:
    if people is None or not registered:
        return Sleeping(months, None if people is None else round(people), None, None, None, status)
    lower, upper = wilson_interval(people, registered)
    return Sleeping(months, round(people), people / registered, float(lower), float(upper), status)


def sleeping_of(
    build_id: str, area_code: str, period: Period, registered: float | None, rows: list[Sleeping]
) -> SleepingRegistrations:
    where = {lang: f"{area_name_in_full(area_code, lang)}" for lang in ("zh", "en")}
    when = {lang: end_label(period, lang) for lang in ("zh", "en")}
    told = [row for row in rows if row.share is not None]
    status = together([row.status for row in told] or [row.status for row in rows])
    if not told:
        zh = f"{where['zh']} {when['zh']}：{status_text(status, 'zh')}。"
        en = f"{where['en']}, {when['en']}: {status_text(status, 'en')}."
    else:
        zh = "；".join(
            f"注册满 {r.months} 个月而 {r.months} 个月没有服务记录的 {format_count(r.people)} 人"
            f"（{percent_text(r.share or 0)}）"
            for r in told
        )
        en = "; ".join(
            f"{format_count(r.people)} ({percent_text(r.share or 0)}) registered {r.months} months ago or earlier have no "
            f"record of the last {r.months}"
            for r in told
        )
        zh, en = with_status(
            status,
            f"{where['zh']} {when['zh']}在册 {format_count(registered)} 人，其中{zh}",
            f"{where['en']}, {when['en']}: of {format_count(registered)} registered, {en}",
        )
    return SleepingRegistrations(
        area_code=area_code, status=status, n=round(registered or 0), zh=zh, en=en, build_id=build_id,
        period_end=period.end.isoformat(), rows=tuple(rows),
    )  # fmt: skip
