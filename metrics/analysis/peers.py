"""Where an area stands among its peers: their median and quartiles, and its place.

The area itself is never part of what it is held against. Peers without a comparable value are named with the
reason; fewer than three peers with one are not compared, because their median would be somebody's own figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from metrics.analysis.finding import Finding, together, with_status
from metrics.analysis.peer_groups import PeerGroup, group_for
from metrics.analysis.reading import Asked
from metrics.areas import load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import describe_subject, format_value, status_text

FEWEST_PEERS = 3


@dataclass(frozen=True)
class Peer:
    """One peer; without a value, the status says why it could not be counted in."""

    area_code: str
    area_name: str
    value: float | None
    status: str


@dataclass(frozen=True, kw_only=True)
class PeerPosition(Finding):
    """n: peers with a value, the area itself not among them."""

    indicator: str
    group_id: str
    group_version: str
    observation: Observation
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    difference: float | None  # the area's value less the median, in the indicator's unit
    rank: int | None  # 1 is the largest value, of n + 1; equal values share the smaller number
    rows: tuple[Peer, ...]


def peer_position(
    build: Build,
    asked: Asked,
    area_code: str,
    period: Period,
    group: str | None = None,
    home: Path | None = None,
    version: str | None = None,
) -> PeerPosition:
    """The area among its peers in one period."""
    chosen = group_for(area_code, group, period.end, home, version)
    own = asked.at(build, area_code, period)
    others = [asked.at(build, code, period) for code in chosen.areas if code != area_code]
    return position(own, others, chosen, asked.indicator)


def position(
    own: Observation, others: Sequence[Observation], group: PeerGroup, indicator: Indicator
) -> PeerPosition:
    """The finding from observations; `others` are the peers, without the area itself."""
    values = [float(other.value) for other in others if other.value is not None]
    lower = median = upper = None
    if len(values) >= FEWEST_PEERS:
        lower, median, upper = (float(found) for found in np.percentile(values, (25, 50, 75)))
    difference = rank = None
    if own.value is None:
        status = own.status
    elif median is None:
        status = "insufficient"
    else:
        status = together([own.status, *(one.status for one in others if one.value is not None)])
        difference = float(own.value) - median
        rank = 1 + sum(value > own.value for value in values)
    zh, en = sentences(own, indicator, group, len(values), median, rank)
    if median is not None and own.value is not None:
        zh, en = with_status(status, zh, en, [own, *(one for one in others if one.value is not None)])
    return PeerPosition(
        area_code=own.area_code, status=status, n=len(values), zh=zh, en=en, build_id=own.build_id,
        indicator=indicator.id, group_id=group.group_id, group_version=group.version, observation=own,
        lower_quartile=lower, median=median, upper_quartile=upper, difference=difference, rank=rank,
        rows=tuple(
            Peer(one.area_code, load_areas().get(one.area_code).area_name, one.value, one.status)
            for one in others
        ),
    )  # fmt: skip


def sentences(
    own: Observation,
    indicator: Indicator,
    group: PeerGroup,
    count: int,
    median: float | None,
    rank: int | None,
) -> tuple[str, str]:
    """Both sentences; complete with full stop where nothing is compared."""
    subject = {lang: describe_subject(own, indicator, lang) for lang in ("zh", "en")}
    if own.value is None:
        zh, en = status_text(own.status, "zh"), status_text(own.status, "en")
        return f"{subject['zh']}：{zh}，不作比较。", f"{subject['en']}: {en}, so it is not compared."
    value = {lang: format_value(own, indicator, lang) for lang in ("zh", "en")}
    if median is None:
        return (
            f"{subject['zh']}为 {value['zh']}；“{group.name('zh')}”中只有 {count} 个有可比数据的对比地区，"
            f"不足 {FEWEST_PEERS} 个，不作比较。",
            f"{subject['en']}: {value['en']}; only {count} of its peers ({group.name('en')}) have a comparable "
            f"figure, fewer than {FEWEST_PEERS}, so it is not compared.",
        )
    middle = {lang: format_value(median, indicator, lang) for lang in ("zh", "en")}
    return (
        f"{subject['zh']}为 {value['zh']}，{count} 个对比地区（{group.name('zh')}，{group.version} 版）的"
        f"中位数为 {middle['zh']}，在 {count + 1} 个地区中由高到低居第 {rank}",
        f"{subject['en']}: {value['en']}; the median of its {count} peers ({group.name('en')}, version "
        f"{group.version}) is {middle['en']}; number {rank} of {count + 1} from the highest",
    )
