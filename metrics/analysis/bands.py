"""Percentile bands through time: how the peers spread in each period, and the area's line over them.

The peers are one version of one group, the same areas throughout, the area itself not among them. With fewer than
three peers there is no band, with fewer than ten no outer percentiles: the tenth percentile of four areas would be
drawn between the two lowest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from metrics.analysis.finding import Finding, together, with_status
from metrics.analysis.peer_groups import PeerGroup, group_for
from metrics.analysis.peers import FEWEST_PEERS
from metrics.analysis.reading import Asked
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import describe_subject, format_value, status_text
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
    peers = [asked.through(build, code, period, count) for code in chosen.areas if code != area_code]
    return bands_of(own, peers, chosen, asked.indicator)


def bands_of(
    own: Sequence[Observation],
    peers: Sequence[Sequence[Observation]],
    group: PeerGroup,
    indicator: Indicator,
) -> PercentileBands:
    """The finding from one series per area, all of the same periods."""
    values = np.array(
        [[np.nan if row.value is None else float(row.value) for row in series] for series in peers]
    ).reshape(len(peers), len(own))
    known = (~np.isnan(values)).sum(axis=0)
    found = percentile_bands(values, PERCENTILES) if len(peers) else np.full((len(PERCENTILES), len(own)), 0)
    rows = []
    for number, row in enumerate(own):
        peer_count = int(known[number])
        wanted = PERCENTILES if peer_count >= FEWEST_FOR_OUTER else INNER
        percentiles = {
            f"p{percent}": float(found[place][number])
            for place, percent in enumerate(PERCENTILES)
            if percent in wanted and peer_count >= FEWEST_PEERS
        }
        value = None if row.value is None else float(row.value)
        rows.append(BandPoint(row.period.code, value, row.status, peer_count, percentiles))
    last, latest = rows[-1], own[-1]
    compared = [latest, *(s[-1] for s in peers if s[-1].value is not None)]
    if last.value is None:
        status = latest.status
    elif not last.percentiles:
        status = "insufficient"
    else:
        status = together([row.status for row in compared])
    zh, en = sentences(latest, rows, indicator, group, status, compared)
    return PercentileBands(
        area_code=latest.area_code, status=status, n=last.peers, zh=zh, en=en, build_id=latest.build_id,
        indicator=indicator.id, group_id=group.group_id, group_version=group.version, rows=tuple(rows),
    )  # fmt: skip


def sentences(
    latest: Observation,
    rows: Sequence[BandPoint],
    indicator: Indicator,
    group: PeerGroup,
    status: str,
    observations: Sequence[Observation],
) -> tuple[str, str]:
    subject = {lang: describe_subject(latest, indicator, lang) for lang in ("zh", "en")}
    last = rows[-1]
    if last.value is None or not last.percentiles:
        zh, en = status_text(status, "zh"), status_text(status, "en")
        if last.value is not None:
            zh, en = (
                f"有数据的对比地区不足 {FEWEST_PEERS} 个",
                f"fewer than {FEWEST_PEERS} peers with a figure",
            )
        return f"{subject['zh']}：{zh}，不画百分位带。", f"{subject['en']}: {en}, so there is no band."
    compared = [row for row in rows if row.value is not None and row.percentiles]
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
    return with_status(
        status,
        f"{subject['zh']}为 {value['zh']}，在 {last.peers} 个对比地区（{group.name('zh')}）中{place[0]}；"
        f"{len(compared)} 期中有 {above} 期高于中位数",
        f"{subject['en']}: {value['en']}, {place[1]} of {last.peers} peers ({group.name('en')}); above their median "
        f"in {above} of {len(compared)} periods",
        observations,
    )
