"""Percentile bands through time: how the peers spread in each period, and the area's line over them.

The peers are one version of one group, the same areas throughout, the area itself not among them. With fewer than
three peers there is no band, with fewer than ten no outer percentiles: the tenth percentile of four areas would be
drawn between the two lowest. Who counts in a period is the rule of comparisons (metrics.comparisons.peers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from metrics.analysis.finding import Finding, with_status
from metrics.analysis.peer_groups import PeerGroup, group_for
from metrics.analysis.reading import Asked
from metrics.build import Build
from metrics.comparisons.peers import FEWEST_PEERS, PeerMedian, among
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import describe_subject, format_value
from metrics.statistics import percentile_bands

PERCENTILES = (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90)
INNER = (25, 50, 75)
FEWEST_FOR_OUTER = 10


@dataclass(frozen=True)
class BandPoint:
    """One period; percentiles are by name ('p10' … 'p90'), those that cannot be given are not in it."""

    period: str
    value: float | None  # of the area
    status: str  # of the area's figure
    peers: int  # with a value
    percentiles: dict[str, float]
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True, kw_only=True)
class PercentileBands(Finding):
    """n: peers with a value in the last period."""

    indicator: str
    group_id: str
    group_version: str
    rows: tuple[BandPoint, ...]


def bands(
    build: Build,
    asked: Asked,
    area_code: str,
    period: Period,
    group: str | None = None,
    count: int = 12,
    home: Path | None = None,
    version: str | None = None,
) -> PercentileBands:
    """The bands of `count` consecutive periods, oldest first."""
    chosen = group_for(area_code, group, period.end, home, version)
    own = asked.through(build, area_code, period, count)
    found = [among(build, row, asked.indicator, chosen) for row in own]
    return bands_of([row.period.code for row in own], found, chosen, asked.indicator)


def bands_of(
    periods: Sequence[str], found: Sequence[PeerMedian], group: PeerGroup, indicator: Indicator
) -> PercentileBands:
    """The finding from the peers beside the figure of each period; an unfinished one is read up to a day in it."""
    rows = []
    for period, one in zip(periods, found, strict=True):
        count, row = len(one.rows), one.now
        wanted = PERCENTILES if count >= FEWEST_FOR_OUTER else INNER
        limits = percentile_bands(one.values, wanted) if count >= FEWEST_PEERS else ()
        percentiles = {f"p{percent}": float(limit) for percent, limit in zip(wanted, limits, strict=False)}
        value = None if row.value is None else float(row.value)
        rows.append(BandPoint(period, value, row.status, count, percentiles, row.told_status))
    latest = found[-1].now
    compared = [latest, *found[-1].rows]
    status = found[-1].reasons[0].status if found[-1].reasons else latest.status
    zh, en = sentences(found, rows, indicator, group, status, compared)
    return PercentileBands(
        area_code=latest.area_code, status=status, n=rows[-1].peers, zh=zh, en=en, build_id=latest.build_id,
        indicator=indicator.id, group_id=group.group_id, group_version=group.version, rows=tuple(rows),
    )  # fmt: skip


def sentences(
    found: Sequence[PeerMedian],
    rows: Sequence[BandPoint],
    indicator: Indicator,
    group: PeerGroup,
    status: str,
    observations: Sequence[Observation],
) -> tuple[str, str]:
    latest, last, reasons = found[-1].now, rows[-1], found[-1].reasons
    subject = {lang: describe_subject(latest, indicator, lang) for lang in ("zh", "en")}
    if last.value is None or reasons:
        zh, en = (found[-1].why_not(lang) for lang in ("zh", "en"))
        return (
            f"{subject['zh']}：{zh}，不与百分位带比较。",
            f"{subject['en']}: {en}, so it is not held against the band.",
        )
    # Like for like only: an unfinished figure that is not read up to the same day as its peers is above nothing.
    compared = [row for row, one in zip(rows, found, strict=True) if row.percentiles and not one.reasons]
    above = sum(row.value > row.percentiles["p50"] for row in compared if row.value is not None)
    below = [int(name[1:]) for name, value in last.percentiles.items() if value <= last.value]
    edge = max(below) if below else None
    lowest = min(int(name[1:]) for name in last.percentiles)
    value = {lang: format_value(last.value, indicator, lang) for lang in ("zh", "en")}
    place = (
        (f"低于第 {lowest} 百分位", f"below the {lowest}th percentile")
        if edge is None
        else (f"达到第 {edge} 百分位", f"at or above the {edge}th percentile")
    )
    through = found[-1].through
    until = (f"，都截至 {through}", f", all up to {through}") if through else ("", "")
    left = {lang: found[-1].left_out_told(lang) for lang in ("zh", "en")}
    return with_status(
        status,
        f"{subject['zh']}为 {value['zh']}，在 {last.peers} 个对比地区（{group.name('zh')}{until[0]}）中{place[0]}；"
        f"{len(compared)} 期中有 {above} 期高于中位数" + (f"；最近一期{left['zh']}" if left["zh"] else ""),
        f"{subject['en']}: {value['en']}, {place[1]} of {last.peers} peers ({group.name('en')}{until[1]}); above their "
        f"median in {above} of {len(compared)} periods"
        + (f"; in the last period {left['en']}" if left["en"] else ""),
        observations,
    )
