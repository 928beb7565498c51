"""Sleeping registrations: people on the register who have no counted record for 12, 24 or 36 months."""

from dataclasses import dataclass

from metrics.analysis.finding import Finding, percent_text, together, with_status
from metrics.analysis.reading import Asked, require_table, told_among
from metrics.build import Build
from metrics.observation import AT_MOST, Observation
from metrics.periods import Period, end_label
from metrics.sentences import area_name_in_full, at_most, format_count, status_text

MONTHS = (12, 24, 36)
PERCENT = 100


@dataclass(frozen=True)
class Sleeping:
    """People registered at least so many months ago, without a record since; None is hidden or not reported."""

    months: int
    people: int | None
    share: float | None  # of all registered, a fraction of 1
    lower: float | None  # 95 % interval, fractions of 1
    upper: float | None
    status: str
    told_status: str = ""


@dataclass(frozen=True, kw_only=True)
class SleepingRegistrations(Finding):
    """n: registered volunteers (0 where not known)."""

    period_end: str
    rows: tuple[Sleeping, ...]


def sleeping(build: Build, area_code: str, period: Period) -> SleepingRegistrations:
    """The register at a period's end; each count, share and status is that of its indicator."""
    require_table(build, "cohorts")  # published together with the counts of sleeping registrations
    registered = Asked("registered_volunteers").at(build, area_code, period)
    shares = [Asked(f"sleeping_share_{months}m").at(build, area_code, period) for months in MONTHS]
    return sleeping_of(registered, [row_of(*one) for one in zip(MONTHS, shares, strict=True)])


def row_of(months: int, row: Observation) -> Sleeping:
    people = None if row.value is None or row.numerator is None else round(row.numerator)
    share, lower, upper = (
        None if part is None else part / PERCENT for part in (row.value, row.lower, row.upper)
    )
    return Sleeping(months, people, share, lower, upper, row.status, row.told_status)


def sleeping_of(registered: Observation, rows: list[Sleeping]) -> SleepingRegistrations:
    area_code, people = registered.area_code, registered.value
    where = {lang: f"{area_name_in_full(area_code, lang)}" for lang in ("zh", "en")}
    when = {lang: end_label(registered.period, lang, registered.counted_through) for lang in ("zh", "en")}
    told = [row for row in rows if row.share is not None]
    status = together([row.status for row in told] or [row.status for row in rows])
    words = told_among(status, told or rows)
    if not told:
        zh = f"{where['zh']} {when['zh']}：{status_text(words, 'zh')}。"
        en = f"{where['en']}, {when['en']}: {status_text(words, 'en')}."
    else:
        is_shared = len({row.told_status for row in told}) == 1  # else each says its own
        zh, en = ("；".join(part_told(row, is_shared, "zh") for row in told),
                  "; ".join(part_told(row, is_shared, "en") for row in told))  # fmt: skip
        zh, en = with_status(
            words if is_shared else "ok",
            f"{where['zh']} {when['zh']}在册 {format_count(people)} 人，其中{zh}",
            f"{where['en']}, {when['en']}: of {format_count(people)} registered, {en}",
        )
    return SleepingRegistrations(
        area_code=area_code, status=status, n=round(people or 0), zh=zh, en=en, build_id=registered.build_id,
        told_status=words, period_end=registered.period_end.isoformat(), rows=tuple(rows),
    )  # fmt: skip


def part_told(row: Sleeping, is_shared: bool, lang: str) -> str:
    """One count of sleepers, with its status where not all have the same."""
    share, people, zh = percent_text(row.share or 0), format_count(row.people), lang == "zh"
    if AT_MOST in row.told_status.split("+"):
        people = at_most(people, lang)
    if row.status != "ok" and not is_shared:
        share += ("，" if zh else "; ") + status_text(row.told_status, lang)
    if zh:
        gap = "" if people.startswith("至") else " "
        return f"注册满 {row.months} 个月而 {row.months} 个月没有服务记录的{gap}{people} 人（{share}）"
    return (
        f"{people} ({share}) registered {row.months} months ago or earlier have no record of the last "
        f"{row.months}"
    )
