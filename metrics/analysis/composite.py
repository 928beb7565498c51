"""A composite index of a city's districts, and how far their ranks depend on its weights.

An area that lacks a part has no index: leaving the part out would weigh the others anew without saying so. For the
sensitivity, weights are drawn from all there are (a flat Dirichlet distribution, seeded): the ranks an area takes in
the middle 95 of 100 draws, and the share of draws in which it is first.

As in a ranking, areas whose parts are all whole (metrics.judging) are ranked among themselves; where fewer than three
are, all stand by their bare values, and no other weights are tried.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.analysis.composites import Composite, Part
from metrics.analysis.finding import Finding, percent_text, together, with_status
from metrics.analysis.ranking import FEWEST_AREAS, SEED, why_not_between_areas
from metrics.analysis.reading import Asked, both_statuses
from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.indicator import OVER_TIME
from metrics.judging import compares_areas, is_whole
from metrics.observation import Observation
from metrics.periods import Period

DRAWS = 10_000
MIDDLE = (2.5, 97.5)
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class PartValue:
    """One part of one area's index."""

    indicator: str
    weight: float
    value: float | None
    normalised: float | None  # 0 to 100, or standard deviations from the mean; higher is better
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True)
class CompositeArea:
    """One area; without a score where a part is missing, which `missing` names."""

    area_code: str
    area_name: str
    score: float | None
    rank: int | None
    rank_lower: int | None  # the ranks of the middle 95 % of drawn weightings
    rank_upper: int | None
    first_share: float | None  # of drawn weightings in which it is first, a fraction of 1
    missing: tuple[str, ...]
    parts: tuple[PartValue, ...]
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True, kw_only=True)
class CompositeIndex(Finding):
    """n: areas with an index. rows: the first first, those without an index last."""

    composite: str
    normalisation: str
    weights: dict[str, float]
    draws: int
    rows: tuple[CompositeArea, ...]


def composite_index(build: Build, definition: Composite, city: str, period: Period) -> CompositeIndex:
    """The districts and zones of a city."""
    columns = [
        Asked(part.indicator_id, part.window, part.basis).children(build, city, period)
        for part in definition.parts
    ]
    return composite_of(city, definition, columns, period)


def composite_of(
    city: str, definition: Composite, columns: Sequence[Sequence[Observation]], period: Period
) -> CompositeIndex:
    """The finding from one column of observations per part, all of the same areas in the same order."""
    areas = [row.area_code for row in columns[0]]
    values = np.array(
        [[np.nan if row.value is None else float(row.value) for row in column] for column in columns]
    ).T
    judged = np.array([
        all(
            is_whole(cell, load_catalogue().indicator(cell.indicator)) and compares_areas(cell) for cell in cells
        )
        for cells in zip(*columns, strict=True)
    ], dtype=bool)  # fmt: skip
    is_judged = int(judged.sum()) >= FEWEST_AREAS
    whole = judged if is_judged else ~np.isnan(values).any(axis=1)
    enough = int(whole.sum()) >= FEWEST_AREAS
    if not enough:
        whole = np.zeros(len(areas), dtype=bool)
    levels = np.full(values.shape, np.nan)
    if enough:
        levels[whole] = normalise(values[whole], definition)
    scores = levels @ np.array(definition.weights)
    places, first = sensitivity(levels[whole], DRAWS, SEED) if is_judged else (np.empty((0, 2)), np.empty(0))
    ranks = ranks_of(scores[whole][np.newaxis])[0] if enough else np.empty(0)
    order = {int(area): number for number, area in enumerate(np.flatnonzero(whole))}
    rows = []
    for number, area_code in enumerate(areas):
        cells = [column[number] for column in columns]
        parts = tuple(
            PartValue(
                part.indicator_id,
                part.weight,
                cell.value,
                finite(levels[number, k]),
                cell.status,
                cell.told_status,
            )
            for k, (part, cell) in enumerate(zip(definition.parts, cells, strict=True))
        )
        at = order.get(number)
        rows.append(
            CompositeArea(
                area_code, load_areas().get(area_code).area_name, finite(scores[number]),
                None if at is None else int(ranks[at]),
                int(places[at][0]) if is_judged and at is not None else None,
                int(places[at][1]) if is_judged and at is not None else None,
                float(first[at]) if is_judged and at is not None else None,
                tuple(part.indicator for part in parts if part.value is None), parts,
                *both_statuses(cells),
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.area_code))
    ranked = [row for row in rows if row.rank is not None]
    status = together([row.status for row in ranked]) if ranked else "insufficient"
    zh, en = sentences(city, definition, period, rows, status)
    return CompositeIndex(
        area_code=city, status=status, n=len(ranked), zh=zh, en=en,
        build_id=columns[0][0].build_id if areas else "", composite=definition.composite_id,
        normalisation=definition.normalisation,
        weights={part.indicator_id: part.weight for part in definition.parts}, draws=DRAWS, rows=tuple(rows),
    )  # fmt: skip


def normalise(values: Numbers, definition: Composite) -> Numbers:
    """Areas by parts → comparable numbers, higher being better; a part in which all agree tells nothing: 50, or 0."""
    signs = np.array([-1.0 if part.is_reversed else 1.0 for part in definition.parts])
    values = values * signs
    if definition.normalisation == "min_max":
        low, high = values.min(axis=0), values.max(axis=0)
        span = np.where(high > low, high - low, 1)
        return np.where(high > low, 100 * (values - low) / span, 50.0)
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1)


def sensitivity(levels: Numbers, draws: int, seed: int) -> tuple[Numbers, Numbers]:
    """Per area the ranks of the middle 95 % of weightings, and the share of weightings in which it is first.

    An area that shares the first place counts as first.
    """
    weights = np.random.default_rng(seed).dirichlet(np.ones(levels.shape[1]), draws)
    ranks = ranks_of(weights @ levels.T)
    return np.percentile(ranks, MIDDLE, axis=0, method="nearest").T, (ranks == 1).mean(axis=0)


def ranks_of(scores: Numbers) -> NDArray[np.int64]:
    """Ranks along each row, the highest score 1; equal scores share the smallest rank."""
    # Rounded, so that scores equal but for the last bit are a tie.
    rounded = np.round(scores, 9)
    return 1 + (rounded[:, :, np.newaxis] < rounded[:, np.newaxis, :]).sum(axis=2)


def finite(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def part_name(part: Part | str, lang: str) -> str:
    indicator_id = part if isinstance(part, str) else part.indicator_id
    name = load_catalogue().indicator(indicator_id).name(lang)
    return name if lang == "zh" else name[0].lower() + name[1:]


def sentences(
    city: str, definition: Composite, period: Period, rows: Sequence[CompositeArea], status: str
) -> tuple[str, str]:
    where = {lang: load_areas().get(city).name(lang) for lang in ("zh", "en")}
    weights = {
        lang: " + ".join(f"{part_name(p, lang)} {percent_text(p.weight, 0)}" for p in definition.parts)
        for lang in ("zh", "en")
    }
    subject = (
        f"{where['zh']} {period.label('zh')}{definition.name('zh')}（{weights['zh']}）",
        f"{where['en']}, {period.label('en')}, {definition.name('en').lower()} ({weights['en']})",
    )
    ranked = [row for row in rows if row.rank is not None]
    lacking = [row for row in rows if row.missing]
    if not ranked:
        return (
            f"{subject[0]}：各部分齐全的地区不足 {FEWEST_AREAS} 个，不计算指数。",
            f"{subject[1]}: fewer than {FEWEST_AREAS} areas have every part, so there is no index.",
        )
    first = ranked[0]
    best = {lang: load_areas().get(first.area_code).name(lang) for lang in ("zh", "en")}
    if first.first_share is None:
        why = why_unjudged(definition)
        zh = f"{subject[0]}：{why[0]}，只按现有的数列名次，{best['zh']}暂列第一，不试其他权重"
        en = (
            f"{subject[1]}: {why[1]}, so ranks are as printed, {best['en']} first for now, and no other weights are "
            "tried"
        )
    else:
        share = percent_text(first.first_share, 0)
        zh = (
            f"{subject[0]}：{best['zh']}居首；换用任意权重时，它在 {share} 的情形下仍居首，"
            f"95% 的情形下名次在 {first.rank_lower}–{first.rank_upper} 之间"
        )
        en = (
            f"{subject[1]}: {best['en']} is first; of all possible weightings it is first in {share}, and between "
            f"{first.rank_lower} and {first.rank_upper} in the middle 95%"
        )
    left_out = [row for row in rows if row.rank is None and not row.missing]
    if left_out:
        names = {lang: [load_areas().get(row.area_code).name(lang) for row in left_out] for lang in best}
        zh += f"；有的部分不完整或人数太少，没有指数：{'、'.join(names['zh'])}"
        en += f"; no index where a part is not complete or of few people: {', '.join(names['en'])}"
    if lacking:
        zh += f"；{len(lacking)} 个地区没有指数：{who_lacks_what(lacking, 'zh')}"
        has = "area has" if len(lacking) == 1 else "areas have"
        en += f"; {len(lacking)} {has} no index: {who_lacks_what(lacking, 'en')}"
    return with_status(status, zh, en)


def why_unjudged(definition: Composite) -> tuple[str, str]:
    """Why ranks are bare: a part that no two areas may be compared by, else too few areas that are complete."""
    ids = (part.indicator_id for part in definition.parts)
    past = [one for one in map(load_catalogue().indicator, ids) if one.comparability == OVER_TIME]
    if past:
        zh, en = why_not_between_areas(past[0])
        names = "、".join(part_name(one.id, "zh") for one in past)
        return f"{names}：{zh}", f"{part_name(past[0].id, 'en')}: {en}"
    return (
        f"各部分的数都完整的地区不足 {FEWEST_AREAS} 个",
        f"fewer than {FEWEST_AREAS} areas are complete in every part",
    )


def who_lacks_what(rows: Sequence[CompositeArea], lang: str) -> str:
    """'8 个缺少注册率，2 个缺少注册率、活跃率': how many areas lack just the same parts, the most first."""
    told = []
    for parts, count in Counter(row.missing for row in rows).most_common():
        names = [part_name(part, lang) for part in parts]
        if lang == "zh":
            told.append(f"{count} 个缺少{'、'.join(names)}")
        else:
            told.append(f"{count} {'lacks' if count == 1 else 'lack'} {' and '.join(names)}")
    return ("，" if lang == "zh" else ", ").join(told)
