"""Funnel plot: each district's rate over its size, and how far rates may lie apart by chance for that size.

Only for proportions, for which chance is known. Districts differ by more than chance nearly everywhere, so the limits
are widened by the spread between districts (additive over-dispersion); both are given. The curve is interpolated
between whole people; who lies outside is told by whole people: without widening, where chance alone does as much in
at most 0.1 % of cases on that side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from metrics.analysis.finding import Finding, status_of, together, with_status
from metrics.analysis.ranking import FEWEST_AREAS, why_not_between_areas
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.areas import load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.judging import compares_areas, is_whole
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import describe_subject, format_number, format_value, status_text
from metrics.statistics import funnel_limits, overdispersion

LEVELS = (0.95, 0.998)
CURVE_POINTS = 60
UNJUDGED = "unjudged"
ROUNDING = 1e-6  # of a person: a count at its limit is not beyond it


@dataclass(frozen=True)
class FunnelPoint:
    """One area; limits are in percent, of whole people, widened for over-dispersion. At a limit is inside."""

    area_code: str
    area_name: str
    denominator: float
    value: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float
    place: str  # inside | above | below: of the 99.8 % limits; unjudged: not a whole figure
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True)
class FunnelLine:
    """The limits at one size, by chance alone and widened, in percent."""

    denominator: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float
    chance_lower_998: float
    chance_upper_998: float


@dataclass(frozen=True, kw_only=True)
class Funnel(Finding):
    """n: areas with a rate. The average is all that are judged taken together; of all where nobody is."""

    indicator: str
    average: float | None
    phi: float | None  # mean squared z-score; 1 is chance alone
    tau: float | None  # standard deviation between areas beyond chance, in percentage points
    curve: tuple[FunnelLine, ...]
    rows: tuple[FunnelPoint, ...]
    left_out: tuple[str, ...]  # areas without a rate


def funnel(build: Build, asked: Asked, city: str, period: Period) -> Funnel:
    """The districts and zones of a city. Raises AnalysisRefused for what is not a proportion."""
    indicator = asked.indicator
    if not indicator.is_proportion:
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”不是人占人的比例，没有漏斗图的控制限；活跃率、有时间记录占比有。",
            f"{indicator.id} is no proportion of people, so a funnel has no limits for it; active_rate has.",
        )
    return funnel_of(asked.at(build, city, period), asked.children(build, city, period), indicator)


def funnel_of(whole: Observation, rows: Sequence[Observation], indicator: Indicator) -> Funnel:
    """The finding from the children's figures; the city gives place, period and subject."""
    shown = [row for row in rows if row.value is not None]
    left_out = tuple(row.area_code for row in rows if row.value is None)
    average = phi = tau = None
    curve: list[FunnelLine] = []
    points: list[FunnelPoint] = []
    whole_ones = [row for row in shown if is_whole(row, indicator) and compares_areas(row)]
    judged = whole_ones if len(whole_ones) >= FEWEST_AREAS else []
    if len(shown) >= FEWEST_AREAS:
        above, below = counts_of(judged or shown)
        average = float(above.sum() / below.sum())
        spread = overdispersion(above, below, average)
        tau_squared = 0.0 if np.isnan(spread.tau_squared) else spread.tau_squared
        phi, tau = (None if np.isnan(spread.phi) else spread.phi), 100 * tau_squared**0.5
        _, sizes = counts_of(shown)
        points = [
            point if row in judged else replace(point, place=UNJUDGED)
            for row, point in zip(shown, points_of(shown, sizes, average, tau_squared), strict=True)
        ]
        curve = curve_of(sizes, average, tau_squared)
    if points:
        status = together([row.status for row in judged or shown])
    else:
        status = "insufficient" if shown else together([row.status for row in rows])
    zh, en = sentences(whole, shown, points, average, phi, indicator, status)
    return Funnel(
        area_code=whole.area_code, status=status, n=len(shown), zh=zh, en=en, build_id=whole.build_id,
        indicator=indicator.id, average=None if average is None else 100 * average, phi=phi, tau=tau,
        curve=tuple(curve), rows=tuple(points), left_out=left_out,
    )  # fmt: skip


def counts_of(rows: Sequence[Observation]) -> tuple[np.ndarray, np.ndarray]:
    above, below = ([float(getattr(row, side) or 0) for row in rows] for side in ("numerator", "denominator"))
    return np.array(above), np.array(below)


def points_of(
    shown: Sequence[Observation], below: np.ndarray, average: float, tau_squared: float
) -> list[FunnelPoint]:
    limits = funnel_limits(below, average, "proportion", LEVELS, tau_squared, whole_numbers=True)
    lower, upper = (100 * side for side in limits)
    fewest, most = (side[1] * below for side in limits)
    points = []
    for place, row in enumerate(shown):
        value, count = float(row.value or 0), float(row.numerator or 0)
        is_above, is_below = count > most[place] + ROUNDING, count < fewest[place] - ROUNDING
        where = "above" if is_above else "below" if is_below else "inside"
        points.append(
            FunnelPoint(
                row.area_code, load_areas().get(row.area_code).area_name, float(below[place]), value,
                float(lower[0][place]), float(upper[0][place]), float(lower[1][place]), float(upper[1][place]),
                where, row.status, row.told_status,
            )
        )  # fmt: skip
    return points


def curve_of(below: np.ndarray, average: float, tau_squared: float) -> list[FunnelLine]:
    """The limits from the smallest area to the largest, evenly on a logarithmic scale."""
    sizes = np.unique(np.round(np.geomspace(below.min(), below.max(), CURVE_POINTS)))
    wide = funnel_limits(sizes, average, "proportion", LEVELS, tau_squared)
    chance = funnel_limits(sizes, average, "proportion", LEVELS)
    columns = (wide[0][0], wide[1][0], wide[0][1], wide[1][1], chance[0][1], chance[1][1])
    return [
        FunnelLine(float(size), *(float(100 * column[place]) for column in columns))
        for place, size in enumerate(sizes)
    ]


def sentences(
    whole: Observation,
    shown: Sequence[Observation],
    points: Sequence[FunnelPoint],
    average: float | None,
    phi: float | None,
    indicator: Indicator,
    status: str,
) -> tuple[str, str]:
    subject = {lang: describe_subject(whole, indicator, lang) for lang in ("zh", "en")}
    if average is None:
        zh, en = status_text(status, "zh"), status_text(status, "en")
        if status == "insufficient":
            zh, en = (
                f"有数据的地区不足 {FEWEST_AREAS} 个",
                f"fewer than {FEWEST_AREAS} areas have a figure",
            )
        return f"{subject['zh']}：{zh}，不画漏斗图。", f"{subject['en']}: {en}, so there is no funnel."
    middle = {lang: format_value(100 * average, indicator, lang) for lang in ("zh", "en")}
    judged = [row for row, point in zip(shown, points, strict=True) if point.place != UNJUDGED]
    if not judged:
        unjudged = (
            f"完整的数才判断，这里不足 {FEWEST_AREAS} 个",
            f"only complete figures are judged, and fewer than {FEWEST_AREAS} are",
        )
        if not all(compares_areas(row) for row in shown):
            unjudged = why_not_between_areas(indicator)
        return with_status(
            status,
            f"{subject['zh']}：{len(points)} 个地区合计 {middle['zh']}；{unjudged[0]}：控制限照画，不判断谁在控制限之外",
            f"{subject['en']}: {len(points)} areas together {middle['en']}; {unjudged[1]}: limits are drawn, nobody is "
            "said to lie outside",
            shown,
        )
    above, below = (sum(point.place == place for point in points) for place in ("above", "below"))
    zh = (
        f"{subject['zh']}：{len(judged)} 个地区合计 {middle['zh']}，放宽过度离散后超出 99.8% 控制限的，"
        f"偏高 {above} 个、偏低 {below} 个"
    )
    en = (
        f"{subject['en']}: {len(judged)} areas together {middle['en']}; outside the 99.8% limits, widened for "
        f"over-dispersion, lie {above} above and {below} below"
    )
    if phi is not None:
        times = format_number(phi, 1)
        zh, en = (
            f"{zh}；离散程度是偶然的 {times} 倍",
            f"{en}; they vary {times} times as much as by chance",
        )
    left = [row for row in shown if row not in judged]
    if left:
        why = {lang: status_of(together([row.status for row in left]), shown, lang) for lang in ("zh", "en")}
        zh = f"{zh}；{len(left)} 个地区的数不完整，只画出，不判断（{why['zh']}）"
        areas = "area" if len(left) == 1 else "areas"
        en = f"{en}; {len(left)} {areas} not complete, drawn and not judged ({why['en']})"
    return with_status(status, zh, en)
