"""The districts and zones of a city in order, with the interval of each rank and tiers that cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.analysis.finding import Finding, together, with_status
from metrics.analysis.intervals import NONE, Limits, limits_of
from metrics.analysis.reading import Asked
from metrics.areas import load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.judging import FEWEST_FOR_HOURS, has_enough_people
from metrics.observation import Observation
from metrics.periods import Period, window_label
from metrics.sentences import format_value, variant_text
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
    tier: int | None  # areas of a tier cannot be told from the area that leads it
    status: str


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
    """The finding from the children's figures; an area without an interval is ranked by its bare value only if none
    has one, and where too few people give hours the interval is not relied on."""
    known = [row.value is not None for row in rows]
    is_few = [not has_enough_people(row, indicator) for row in rows]
    relied_on = [NONE if few else one for few, one in zip(is_few, limits, strict=True)]
    has_intervals = any(not np.isnan(one.lower) for one in relied_on)
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
    small = sum(a and b for a, b in zip(known, is_few, strict=True)) if has_intervals else 0
    left_out = (len(table) - len(ranked) - small, small)
    zh, en = sentences(city, rows, ranked, left_out, tiers, indicator, status)
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
        number_or_none(limits.upper), whole_or_none(ranks.rank[place]), best, worst, tier, row.status,
    )  # fmt: skip


def ranks_of(
    rows: Sequence[Observation], limits: Sequence[Limits], indicator: Indicator, has_intervals: bool
) -> Ranks:
    highest_first = indicator.polarity != "lower"
    values = [np.nan if row.value is None else float(row.value) for row in rows]
    if indicator.is_proportion:
        # A denominator may be shown for an area whose numerator is hidden: it has no place all the same.
        return rank_intervals(
            numerator=[np.nan if row.value is None else float(row.numerator or 0) for row in rows],
            denominator=[np.nan if row.value is None else float(row.denominator or 0) for row in rows],
            seed=SEED, highest_first=highest_first,
        )  # fmt: skip
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
    left_out: tuple[int, int],  # areas without a figure, and areas of too few people to rely on theirs
    tiers: int | None,
    indicator: Indicator,
    status: str,
) -> tuple[str, str]:
    where = {lang: load_areas().get(city).name(lang) for lang in ("zh", "en")}
    when = {lang: window_label(rows[0].period, rows[0].window, lang) if rows else "" for lang in ("zh", "en")}
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
    if tiers is None:
        zh, en = f"{zh}；没有可用的区间，名次不含误差", f"{en}; there is no interval, so ranks are as printed"
    else:
        level = sum(row.tier == 1 for row in ranked) - 1
        zh += (
            f"，与它分不出高下的还有 {level} 个" if level else "，与其余各地可以分开"
        ) + f"；{len(ranked)} 个地区分为 {tiers} 档"
        en += (
            f", {level} {'other' if level == 1 else 'others'} cannot be told from it"
            if level
            else ", apart from all others"
        ) + f"; {len(ranked)} areas in {tiers} {'tier' if tiers == 1 else 'tiers'}"
    without, small = left_out
    if small:
        zh = f"{zh}；{small} 个地区不足 {FEWEST_FOR_HOURS} 人，时长的平均数不排名"
        en = f"{en}; {small} of fewer than {FEWEST_FOR_HOURS} people not ranked by mean hours"
    if without:
        zh, en = f"{zh}；{without} 个地区没有可排的数据", f"{en}; {areas_have(without)} no figure to rank"
    shown = {one.area_code for one in ranked}
    return with_status(status, zh, en, [row for row in rows if row.area_code in shown])


def areas_have(count: int) -> str:
    """'1 area has' / '3 areas have'."""
    return "1 area has" if count == 1 else f"{count} areas have"
