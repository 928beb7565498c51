"""How hours are spread over people: bands, the median's band, Gini and the shares of those who gave most as bounds, stars.

Source: the build's table hours_bands, active volunteers by band of the hours they gave in the window.
"""

from dataclasses import dataclass
from datetime import date

from metrics.analysis.finding import Finding, percent_text, with_status
from metrics.analysis.grouped import (
    Bounds,
    Group,
    gini_bounds,
    median_group,
    top_share_bounds,
)
from metrics.analysis.hours_bands import band_name
from metrics.analysis.reading import AnalysisRefused, Asked, require_table
from metrics.build import Build
from metrics.members import HoursBand, hours_bands
from metrics.observation import strongest
from metrics.periods import Period, require_window, window_label
from metrics.sentences import area_name_in_full, format_count, format_number, status_text

WINDOWS = ("ytd", "year", "to_date")
# The national ladder (志愿服务记录办法, 民政部 2012): one to five stars for so many hours of all time.
STAR_HOURS = (100, 300, 600, 1000, 1500)
TOP, VERY_TOP = 0.1, 0.01
FEWEST_FOR_HUNDREDTH = 1000  # active people: the hundredth of fewer is nine at most, and no group to speak of


@dataclass(frozen=True)
class BandRow:
    """People and hours of one band; None is hidden, and so is everything worked out from it."""

    band_code: str
    hours_from: float
    hours_below: float | None
    people: float | None
    hours: float | None
    people_share: float | None  # fractions of 1
    hours_share: float | None


@dataclass(frozen=True)
class Star:
    """People with so many hours or more, of all time."""

    stars: int
    hours_from: int
    people: float | None


@dataclass(frozen=True, kw_only=True)
class HoursDistribution(Finding):
    """n: active volunteers of the window (0 where it is not known)."""

    window: str
    period_end: str
    mean: float | None  # hours per active volunteer
    median_band: str | None
    gini: Bounds | None  # 0 to 1
    # Share of all hours given by the tenth who gave most, 0 to 1; None where the tenth is fewer than a build shows.
    top_tenth: Bounds | None
    top_hundredth: (
        Bounds | None
    )  # by the hundredth who gave most; None below FEWEST_FOR_HUNDREDTH people, too
    stars: tuple[Star, ...]  # for the window to_date only
    rows: tuple[BandRow, ...]


def hours_distribution(
    build: Build, area_code: str, period: Period, window: str | None = None
) -> HoursDistribution:
    """Active volunteers by hours given. Raises AnalysisRefused for a window the bands are not counted in."""
    require_table(build, "hours_bands")
    window = require_window(period, window)
    if window not in WINDOWS:
        raise AnalysisRefused(
            f"时长分布只按 {'、'.join(WINDOWS)} 统计，没有“{window}”。",
            f"Hours per person are counted for {', '.join(WINDOWS)}, not for '{window}'.",
        )
    active = Asked("active_volunteers", window).at(build, area_code, period)
    found = {
        band: (people, hours)
        for band, people, hours in build.rows(
            "SELECT band, people, hours FROM hours_bands "
            "WHERE area_code = ? AND time_window = ? AND period_end = ?",
            (area_code, window, period.end),
        )
    }
    status = active.status
    if status == "not_reported":
        counts: list[tuple[float | None, float | None]] = [(None, None)] * len(hours_bands())
    else:
        counts = [found.get(band.band_code, (0.0, 0.0)) for band in hours_bands()]
        if any(people is None or hours is None for people, hours in counts):
            status = strongest(status, "suppressed")
    total = None if active.numerator is None else float(active.numerator)
    told = active.told_status if status == active.status else status
    return distribution_of(
        build, area_code, period, window, status, total, counts, told, active.counted_through
    )


def share_of_top(
    groups: list[Group], part: float, people: float | None, least: int, fewest: int
) -> Bounds | None:
    """What a part of the people gave, where that part is no smaller a group than the build shows of anything."""
    if people is None or people < fewest or round(people * part, 6) < least:
        return None
    return top_share_bounds(groups, part)


def distribution_of(
    build: Build,
    area_code: str,
    period: Period,
    window: str,
    status: str,
    total: float | None,
    counts: list[tuple[float | None, float | None]],
    told: str = "",
    through: date | None = None,
) -> HoursDistribution:
    """The finding from people and hours per band, in the order of the bands; None is hidden or not there.

    `through`: the last day counted of a period that still runs.
    """
    bands = hours_bands()
    groups = [
        Group(people, hours, band.hours_from, band.hours_below)
        for band, (people, hours) in zip(bands, counts, strict=True)
        if people is not None and hours is not None
    ]
    whole = len(groups) == len(bands)
    people = sum(group.people for group in groups) if whole else total
    hours = sum(group.hours for group in groups) if whole else None
    rows = tuple(
        BandRow(
            band.band_code, band.hours_from, band.hours_below, count, given, share(count, people), share(given, hours)
        )
        for band, (count, given) in zip(bands, counts, strict=True)
    )  # fmt: skip
    middle = band_of(median_group(groups)) if whole else None
    gini = gini_bounds(groups) if whole else None
    least = build.disclosure_threshold
    top = share_of_top(groups, TOP, people, least, 0) if whole else None
    very_top = share_of_top(groups, VERY_TOP, people, least, FEWEST_FOR_HUNDREDTH) if whole else None
    stars = tuple(star(number, rows) for number in range(len(STAR_HOURS))) if window == "to_date" else ()
    where = {lang: area_name_in_full(area_code, lang) for lang in ("zh", "en")}
    when = {lang: window_label(period, window, lang, through) for lang in ("zh", "en")}
    subject = (f"{where['zh']} {when['zh']}", f"{where['en']}, {when['en']}")
    zh, en = sentences(subject, told or status, people, hours, middle, gini, top, very_top)
    return HoursDistribution(
        area_code=area_code, status=status, n=round(people or 0), zh=zh, en=en, build_id=build.build_id,
        told_status=told, window=window, period_end=period.end.isoformat(), mean=share(hours, people),
        median_band=None if middle is None else middle.band_code,
        gini=gini, top_tenth=top, top_hundredth=very_top, stars=stars, rows=rows,
    )  # fmt: skip


def share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def star(number: int, rows: tuple[BandRow, ...]) -> Star:
    """Edges of bands are the stars' hours, so this is a count, not an estimate."""
    counts = [row.people for row in rows if row.hours_from >= STAR_HOURS[number]]
    known = [count for count in counts if count is not None]
    return Star(number + 1, STAR_HOURS[number], sum(known) if len(known) == len(counts) else None)


def band_of(group: Group | None) -> HoursBand | None:
    if group is None:
        return None
    return next(band for band in hours_bands() if band.hours_from == group.hours_from)


def sentences(
    subject: tuple[str, str],
    status: str,
    people: float | None,
    hours: float | None,
    middle: HoursBand | None,
    gini: Bounds | None,
    top: Bounds | None,
    very_top: Bounds | None,
) -> tuple[str, str]:
    if status == "not_reported":
        return f"{subject[0]}：{status_text(status, 'zh')}。", f"{subject[1]}: {status_text(status, 'en')}."
    if hours is None:
        return (
            f"{subject[0]}：有的时长段人数过少、不予显示，所以不给中位数、基尼系数和前 10% 的占比。",
            f"{subject[1]}: some bands are suppressed because few people are in them, so neither median nor Gini "
            "coefficient nor the share of the top tenth is given.",
        )
    if not people or middle is None or gini is None:
        return f"{subject[0]}没有活跃志愿者。", f"{subject[1]}: no active volunteers."
    count, mean = format_count(people), format_number(hours / people, 1)
    coefficient = f"{format_number(gini.lower, 2)}–{format_number(gini.upper, 2)}"
    top_zh = top_en = ""
    if top:
        among_zh = f"，其中最多的 1% 贡献了 {spread(very_top)}" if very_top else ""
        among_en = f", the hundredth who gave most {spread(very_top)}" if very_top else ""
        top_zh = f"时长最多的 10% 的人贡献了全部时长的 {spread(top)}{among_zh}，"
        top_en = f"the tenth who gave most gave {spread(top)} of all hours{among_en}, "
    zh = (
        f"{subject[0]}的 {count} 名活跃志愿者人均 {mean} 小时，中位数在“{band_name(middle, 'zh')}”；"
        f"{top_zh}基尼系数 {coefficient}（由分段数得出的上下界）"
    )
    en = (
        f"{subject[1]}: {count} active volunteers gave {mean} h on average, the median lies in "
        f"'{band_name(middle, 'en')}'; {top_en}Gini coefficient {coefficient} "
        "(bounds, from bands)"
    )
    return with_status(status, zh, en)


def spread(bounds: Bounds) -> str:
    return f"{percent_text(bounds.lower)}–{percent_text(bounds.upper)}"
