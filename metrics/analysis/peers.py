"""Where an area stands among its peers: their median and quartiles, and its place.

Who counts is the rule of comparisons (metrics.comparisons.peers): like for like, the area itself never. Peers that do
not count are named with the reason; fewer than three that do are not compared.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from metrics.analysis.finding import Finding, with_status
from metrics.analysis.peer_groups import PeerGroup, group_for
from metrics.analysis.reading import Asked
from metrics.areas import load_areas
from metrics.build import Build
from metrics.comparisons.peers import PeerMedian, among
from metrics.indicator import Indicator
from metrics.observation import OTHER_DAY, Observation
from metrics.periods import Period
from metrics.sentences import describe_subject, format_value


@dataclass(frozen=True)
class Peer:
    """One peer; without a value, the status says why it does not count."""

    area_code: str
    area_name: str
    value: float | None
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True, kw_only=True)
class PeerPosition(Finding):
    """n: peers that count, the area itself not among them. An unfinished figure is read up to `through`."""

    indicator: str
    group_id: str
    group_version: str
    observation: Observation
    through: str | None
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
    found = among(build, asked.at(build, area_code, period), asked.indicator, chosen)
    return position(found, chosen, asked.indicator)


def position(found: PeerMedian, group: PeerGroup, indicator: Indicator) -> PeerPosition:
    """The finding from a figure and the peers that count."""
    own, values = found.now, found.values
    lower = upper = difference = rank = None
    if found.median is not None:
        lower, upper = (float(limit) for limit in np.percentile(values, (25, 75)))
    if own.value is not None and found.median is not None and not found.reasons:
        difference = float(own.value) - found.median
        rank = 1 + sum(value > own.value for value in values)
    status = found.reasons[0].status if found.reasons else own.status
    zh, en = sentences(found, group, indicator, rank)
    if rank is not None:
        zh, en = with_status(status, zh, en, [own, *found.rows])
    return PeerPosition(
        area_code=own.area_code, status=status, n=len(values), zh=zh, en=en, build_id=own.build_id,
        indicator=indicator.id, group_id=group.group_id, group_version=group.version, observation=own,
        through=None if found.through is None else found.through.isoformat(),
        lower_quartile=lower, median=found.median, upper_quartile=upper, difference=difference, rank=rank,
        rows=rows_of(found, group),
    )  # fmt: skip


def rows_of(found: PeerMedian, group: PeerGroup) -> tuple[Peer, ...]:
    """Every peer in the group's order."""
    values = {row.area_code: (row.value, row.status, row.told_status) for row in found.rows}
    for one in found.left_out:
        status = "provisional" if one.status == OTHER_DAY else one.status
        values[one.area_code] = None, status, one.told_status
    return tuple(
        Peer(code, load_areas().get(code).area_name, *values[code]) for code in group.areas if code in values
    )


def sentences(found: PeerMedian, group: PeerGroup, indicator: Indicator, rank: int | None) -> tuple[str, str]:
    """Both sentences; complete with full stop where nothing is compared."""
    own, count = found.now, len(found.rows)
    subject = {lang: describe_subject(own, indicator, lang) for lang in ("zh", "en")}
    value = {lang: format_value(own, indicator, lang) for lang in ("zh", "en")}
    left = {lang: found.left_out_told(lang) for lang in ("zh", "en")}
    if rank is None:
        zh, en = (found.why_not(lang) for lang in ("zh", "en"))
        of = (f"为 {value['zh']}", f" {value['en']}") if own.value is not None else ("", "")
        return (
            f"{subject['zh']}{of[0]}，不与对比组（{group.name('zh')}，{group.version} 版）比较：{zh}"
            + (f"；{left['zh']}。" if left["zh"] else "。"),
            f"{subject['en']}{':' if of[1] else ''}{of[1]}, not compared with its peers ({group.name('en')}, version "
            f"{group.version}): {en}" + (f"; {left['en']}." if left["en"] else "."),
        )
    middle = {lang: format_value(found.median, indicator, lang) for lang in ("zh", "en")}
    until = (f"，都截至 {found.through}", f", all up to {found.through}") if found.through else ("", "")
    return (
        f"{subject['zh']}为 {value['zh']}，{count} 个对比地区（{group.name('zh')}，{group.version} 版{until[0]}）的"
        f"中位数为 {middle['zh']}，在 {count + 1} 个地区中由高到低居第 {rank}"
        + (f"；{left['zh']}" if left["zh"] else ""),
        f"{subject['en']}: {value['en']}; the median of its {count} peers ({group.name('en')}, version "
        f"{group.version}{until[1]}) is {middle['en']}; number {rank} of {count + 1} from the highest"
        + (f"; {left['en']}" if left["en"] else ""),
    )
