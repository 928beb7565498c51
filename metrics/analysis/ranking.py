"""The districts and zones of a city in order, with the interval of each rank and tiers that cannot be told apart.

Intervals and tiers judge, so they are of whole figures only (metrics.judging), ranked among themselves. Where fewer
than three are whole all are ranked by their bare values: of an unfinished window the order is all there is to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.analysis.finding import Finding, status_of, together, with_status
from metrics.analysis.intervals import NONE, Limits, limits_of
from metrics.analysis.reading import Asked
from metrics.areas import load_areas
from metrics.build import Build
from metrics.comparisons.reasons import not_between_areas
from metrics.indicator import Indicator
from metrics.judging import FEWEST_FOR_HOURS, compares_areas, has_enough_people, is_whole
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import format_value, variant_text, window_text
from metrics.statistics import Ranks, rank_intervals

FEWEST_AREAS = 3
SEED = 20_231_205  # any fixed number: the same build gives the same ranks


@dataclass(frozen=True)
class RankedArea:
    """One area; without a value it has no rank, and the status says why. Rank 1 is the best (else highest) value."""

    area_code: str
    area_name: str
    value: float | None
    lower: float | None  # 95 % interval of the value
    upper: float | None
    rank: int | None
    rank_lower: int | None  # the best rank it could as well have
    rank_upper: int | None  # the worst
    tier: int | None  # areas of a tier: their rank interval reaches that of the area that leads it
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True, kw_only=True)
class Ranking(Finding):
    """n: areas with a rank. rows: the best first, those without a value last."""

    indicator: str
    has_intervals: bool
    tiers: int | None
    rows: tuple[RankedArea, ...]


def ranking(build: Build, asked: Asked, city: str, period: Period) -> Ranking:
    """The districts and zones of a city in one period."""
    rows = asked.children(build, city, period)
    return ranking_of(city, rows, limits_of(rows), asked.indicator)


def ranking_of(
    city: str, rows: Sequence[Observation], limits: Sequence[Limits], indicator: Indicator
) -> Ranking:
    """The finding from the children's figures: whole ones with an interval where three are, else all by bare values."""
    known = [row.value is not None for row in rows]
    is_judged = [
        is_whole(row, indicator) and compares_areas(row) and not np.isnan(one.lower)
        for row, one in zip(rows, limits, strict=True)
    ]
    has_intervals = sum(is_judged) >= FEWEST_AREAS
    relied_on = [one if judged else NONE for judged, one in zip(is_judged, limits, strict=True)]
    ranks = ranks_of(rows, relied_on, indicator, has_intervals)
    table = [
        ranked_area(row, one, ranks, place, has_intervals)
        for place, (row, one) in enumerate(zip(rows, limits, strict=True))
    ]
    table.sort(key=lambda row: (row.rank is None, row.rank or 0, row.area_code))
    ranked = [row for row in table if row.rank is not None]
    if len(ranked) < FEWEST_AREAS:
        status = "insufficient" if any(known) or not rows else together([row.status for row in rows])
    else:
        status = together([row.status for row in ranked])
    tiers = max((row.tier or 0 for row in ranked), default=0) or None
    if tiers:
        notes = of_those_left_out(rows, ranked, indicator)
    else:
        notes = [bare_note(indicator, rows, any(not np.isnan(one.lower) for one in limits))]
        notes += without_figure(len(table) - len(ranked))
    zh, en = sentences(city, rows, ranked, notes, tiers, indicator, status)
    return Ranking(
        area_code=city, status=status, n=len(ranked), zh=zh, en=en, build_id=rows[0].build_id if rows else "",
        indicator=indicator.id, has_intervals=has_intervals, tiers=tiers, rows=tuple(table),
    )  # fmt: skip


def ranked_area(
    row: Observation, limits: Limits, ranks: Ranks, place: int, has_intervals: bool
) -> RankedArea:
    """One area; without intervals the bare rank is all there is to say."""
    uncertain = (ranks.lower, ranks.upper, ranks.tier)
    best, worst, tier = (whole_or_none(part[place]) if has_intervals else None for part in uncertain)
    return RankedArea(
        row.area_code, load_areas().get(row.area_code).area_name,
        None if row.value is None else float(row.value), number_or_none(limits.lower),
        number_or_none(limits.upper), whole_or_none(ranks.rank[place]), best, worst, tier, row.status, row.told_status,
    )  # fmt: skip


def ranks_of(
    rows: Sequence[Observation], limits: Sequence[Limits], indicator: Indicator, has_intervals: bool
) -> Ranks:
    """By the figures that have limits here, or by all bare values; an area left out has nan throughout."""
    highest_first = indicator.polarity != "lower"
    values = [np.nan if row.value is None else float(row.value) for row in rows]
    if indicator.is_proportion and has_intervals:
        # A denominator may be shown for an area whose numerator is hidden: it has no place all the same.
        sides = [
            (np.nan, np.nan)
            if np.isnan(one.lower)
            else (float(row.numerator or 0), float(row.denominator or 0))
            for row, one in zip(rows, limits, strict=True)
        ]
        above, below = zip(*sides, strict=True)
        return rank_intervals(numerator=above, denominator=below, seed=SEED, highest_first=highest_first)
    errors = [one.standard_error if has_intervals else 0.0 for one in limits]
    return rank_intervals(values, errors, seed=SEED, highest_first=highest_first)


def number_or_none(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def whole_or_none(number: float) -> int | None:
    return None if np.isnan(number) else int(number)


def sentences(
    city: str,
    rows: Sequence[Observation],
    ranked: Sequence[RankedArea],
    notes: Sequence[tuple[str, str]],
    tiers: int | None,
    indicator: Indicator,
    status: str,
) -> tuple[str, str]:
    where = {lang: load_areas().get(city).name(lang) for lang in ("zh", "en")}
    when = {lang: window_text(rows[0], lang) if rows else "" for lang in ("zh", "en")}
    chosen = {lang: variant_text(rows[0].variant, lang) if rows else "" for lang in ("zh", "en")}
    subject = (
        f"{where['zh']} {when['zh']}各区县{indicator.name('zh')}{chosen['zh']}",
        f"{where['en']}, {when['en']}, {indicator.name('en').lower()}{chosen['en']} by district",
    )
    if len(ranked) < FEWEST_AREAS:
        return (
            f"{subject[0]}：只有 {len(ranked)} 个地区有数据，不足 {FEWEST_AREAS} 个，不排序。",
            f"{subject[1]}: {areas_have(len(ranked))} a figure, fewer than {FEWEST_AREAS}, so they are not ranked.",
        )
    first = ranked[0]
    best = {lang: load_areas().get(first.area_code).name(lang) for lang in ("zh", "en")}
    value = {lang: format_value(first.value, indicator, lang) for lang in ("zh", "en")}
    zh, en = (
        f"{subject[0]}：{best['zh']}居首（{value['zh']}）",
        f"{subject[1]}: {best['en']} is first ({value['en']})",
    )
    if tiers is not None:
        level = sum(row.tier == 1 for row in ranked) - 1
        zh += (
            f"，名次区间与它重叠、同在一档的还有 {level} 个" if level else "，与其余各地可以分开"
        ) + f"；{len(ranked)} 个地区分为 {tiers} 档"
        en += (
            f", {level} {'other is' if level == 1 else 'others are'} in its tier, with rank intervals that overlap"
            if level
            else ", apart from all others"
        ) + f"; {len(ranked)} areas in {tiers} {'tier' if tiers == 1 else 'tiers'}"
    for note_zh, note_en in notes:
        zh, en = f"{zh}；{note_zh}", f"{en}; {note_en}"
    shown = {one.area_code for one in ranked}
    return with_status(status, zh, en, [row for row in rows if row.area_code in shown])


def bare_note(indicator: Indicator, rows: Sequence[Observation], has_limits: bool) -> tuple[str, str]:
    """Why ranks are told without ranges and tiers."""
    if not all(compares_areas(row) for row in rows):
        zh, en = why_not_between_areas(indicator)
        return (
            f"{zh}：名次只按数值排，不给名次范围，也不分档",
            f"{en}: ranks are as printed, without ranges or tiers",
        )
    if not has_limits:
        return "没有可用的区间，名次不含误差", "there is no interval, so ranks are as printed"
    of_hours = indicator.interval_method == "hours"
    who_zh = f"完整的、满 {FEWEST_FOR_HOURS} 人的数" if of_hours else "完整的数"
    who = f"complete figures of {FEWEST_FOR_HOURS} people and more" if of_hours else "complete figures"
    return (
        f"{who_zh}才判断，这里不足 {FEWEST_AREAS} 个：只列名次，不给名次范围，也不分档",
        f"only {who} are judged, and fewer than {FEWEST_AREAS} are: ranks are as printed, without ranges or tiers",
    )


def why_not_between_areas(indicator: Indicator) -> tuple[str, str]:
    """The reason by which comparisons refuse it, to begin or end a sentence of an analysis."""
    why = not_between_areas(indicator)
    return why.zh.rstrip("。"), why.en[0].lower() + why.en[1:].rstrip(".")


def of_those_left_out(
    rows: Sequence[Observation], ranked: Sequence[RankedArea], indicator: Indicator
) -> list[tuple[str, str]]:
    """Who has a figure and is not ranked, and why; then how many have none."""
    places = {one.area_code for one in ranked}
    known = [row for row in rows if row.value is not None]
    small = [row for row in known if not has_enough_people(row, indicator)]
    part = [row for row in known if row.status != "ok" and row not in small]
    told = []
    if small:
        told.append((
            f"{len(small)} 个地区不足 {FEWEST_FOR_HOURS} 人，时长的平均数不排名",
            f"{len(small)} of fewer than {FEWEST_FOR_HOURS} people not ranked by mean hours",
        ))  # fmt: skip
    if part:
        why = {lang: status_of(together([row.status for row in part]), known, lang) for lang in ("zh", "en")}
        areas = "area" if len(part) == 1 else "areas"
        told.append((
            f"{len(part)} 个地区的数不完整，不排名（{why['zh']}）",
            f"{len(part)} {areas} not complete and not ranked ({why['en']})",
        ))  # fmt: skip
    return told + without_figure(len(rows) - len(places) - len(small) - len(part))


def without_figure(count: int) -> list[tuple[str, str]]:
    if not count:
        return []
    return [(f"{count} 个地区没有可排的数据", f"{areas_have(count)} no figure to rank")]


def areas_have(count: int) -> str:
    """'1 area has' / '3 areas have'."""
    return "1 area has" if count == 1 else f"{count} areas have"
