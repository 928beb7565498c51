"""The median of the areas a figure may be held against: which peers count, which do not and why.

A peer counts with a whole figure only, beside an unfinished one with one up to the same day; the area itself never.
Fewer than three have no median that is not somebody's own figure.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

from metrics.analysis.peer_groups import NotInGroup, PeerGroup, group_for
from metrics.analysis.peers import FEWEST_PEERS
from metrics.areas import load_areas
from metrics.build import Build
from metrics.comparisons.reasons import Reason
from metrics.comparisons.unfinished import reached_by, up_to
from metrics.indicator import Indicator
from metrics.like_for_like import Cut
from metrics.observation import Observation
from metrics.observe import observe
from metrics.query import ask, require_known
from metrics.refusals import QueryRefused
from metrics.variants import Variant, terms_of

PEER = "peer"
AT = "@"  # before the version of a group: peer:same_type@2020
OTHER_DAY = "other_day"  # beside an unfinished figure: one of another day
# Status of a peer that does not count → why, in a word or two.
LEFT_OUT = {
    "not_reported": ("未报送", "not reported"),
    "suppressed": ("不予显示", "suppressed"),
    "provisional": ("不完整", "not complete"),
    "denominator_year": ("用较早年份的人口", "population of an earlier year"),
    "no_denominator": ("没有分母", "no denominator"),
    "insufficient": ("没有可比基数", "no base"),
    "series_break": ("口径或平台变动", "break in the series"),
    OTHER_DAY: ("报到另一天", "reported to another day"),
}
OF_ITS_OWN_PAST = Reason(
    "over_time_only", "insufficient", "按这个定义只宜与同一地区的其他时期比。",
    "So defined, a figure is comparable with other periods of the same area only.",
)  # fmt: skip
BETWEEN_CITIES = (
    "各市平台和做法不同，仅供参考",
    "cities differ in platforms and practice, so this is no more than a hint",
)


class LeftOut(NamedTuple):
    """A peer that does not count."""

    area_code: str
    status: str


@dataclass(frozen=True)
class PeerMedian:
    """One version of a group as it stands beside one figure; no median, and why, where it cannot."""

    group: PeerGroup | None  # None where the area is in no such group
    counted: tuple[str, ...]  # the areas the median is of
    left_out: tuple[LeftOut, ...]
    median: float | None
    reason: Reason | None = None
    is_between_cities: bool = False  # of an indicator that should not be ranked across them

    def told(self, lang: str) -> str:
        """'唐山市各区县和功能区，2023 版，计入 16 个地区，未计 2 个：未报送 1、不予显示 1'; '' without a group."""
        if self.group is None:
            return ""
        which, zh = (0 if lang == "zh" else 1), lang == "zh"
        version, count = self.group.version, len(self.counted)
        parts = [self.group.name(lang), f"{version} 版" if zh else f"version {version}"]
        if count:
            parts.append(f"计入 {count} 个地区" if zh else f"of {count} areas")
        statuses = Counter(one.status for one in self.left_out).most_common()
        is_one = len(statuses) == 1
        why = [LEFT_OUT[status][which] + ("" if is_one else f" {number}") for status, number in statuses]
        left = len(self.left_out)
        if why and zh:
            parts.append((f"未计 {left} 个：" if count else f"{left} 个地区都不计入：") + "、".join(why))
        elif why:
            parts.append(
                (f"{left} not counted: " if count else f"none of {left} areas counts: ") + ", ".join(why)
            )
        return ("，" if zh else ", ").join(parts)

    def note(self, lang: str) -> str:
        """What a reader must know before concluding anything from it; '' mostly."""
        return BETWEEN_CITIES[0 if lang == "zh" else 1] if self.is_between_cities else ""


def peer_median(
    build: Build, now: Observation, indicator: Indicator, chosen: str = PEER, home: Path | None = None,
    at: Cut | None = None,
) -> PeerMedian:  # fmt: skip
    """`at` is the day up to which an unfinished figure is read: then a peer counts that is reported to the same.

    `chosen` is 'peer' for the usual group, or 'peer:same_type', 'peer:coastal', 'peer:same_type@2020'.

    Raises AnalysisRefused for a group, or a version, that nobody knows.
    """
    name, _, version = chosen.partition(":")[2].partition(AT)
    try:
        group = group_for(now.area_code, name or None, now.period_end, home, version or None)
    except NotInGroup as none:
        return PeerMedian(None, (), (), None, Reason("no_peer_group", "insufficient", none.zh, none.en))
    if comparability_code(indicator, Variant.parse(now.variant)) == "over_time":
        return PeerMedian(group, (), (), None, OF_ITS_OWN_PAST)
    codes = [code for code in group.areas if code != now.area_code]
    rows = figures(build, now, codes)
    statuses = {code: status_of(rows.get(code)) for code in codes}
    if at is not None:
        rows, statuses = cut_to(build, rows, at, statuses)
    wanted = "ok" if at is None else "provisional"
    whole = {code: row.value for code, row in rows.items() if row.status == wanted and row.value is not None}
    left_out = tuple(LeftOut(code, statuses[code]) for code in codes if code not in whole)
    cities = {load_areas().city_of(code) for code in (now.area_code, *whole)}
    crosses = len(cities) > 1 and indicator.comparability == "within_city"
    if len(whole) < FEWEST_PEERS:
        return PeerMedian(group, tuple(whole), left_out, None, too_few(len(whole), len(codes)))
    return PeerMedian(group, tuple(whole), left_out, float(median(whole.values())), None, crosses)


def figures(build: Build, now: Observation, codes: list[str]) -> dict[str, Observation]:
    """The same figure of other areas, all in one reading; none of a city without the platform it is about."""
    question = ask(now.indicator, now.period, now.window, now.basis, now.dimension or None, now.variant)
    known = []
    for code in codes:
        try:
            require_known(build, question.variant, code, question.dimension)
        except QueryRefused:
            continue
        known.append(load_areas().get(code))
    rows = observe(build, question, known, [now.period]) if known else []
    return {row.area_code: row for row in rows if row.member == now.member}


def cut_to(
    build: Build, rows: dict[str, Observation], at: Cut, statuses: dict[str, str]
) -> tuple[dict[str, Observation], dict[str, str]]:
    """Figures of areas reported up to the same day, and the statuses of all, those of another day by a word of their own."""
    found, told = {}, dict(statuses)
    for code, row in rows.items():
        reached = reached_by(build, row)
        if reached == at and (read := up_to(build, row, at)):
            found[code], told[code] = read, status_of(read)
        elif row.status == "ok" or (reached is not None and reached != at):
            told[code] = OTHER_DAY
    return found, told


def status_of(row: Observation | None) -> str:
    """Why a peer does not count; one without any row of the kind has reported none."""
    if row is None:
        return "not_reported"
    return row.status if row.status != "ok" else "insufficient"


def too_few(counted: int, peers: int) -> Reason:
    zh = f"{peers} 个对比地区中只有 {counted} 个有完整的数，不足 {FEWEST_PEERS} 个。"
    en = f"Only {counted} of {peers} peers have a whole figure, fewer than {FEWEST_PEERS}."
    if not counted:
        zh, en = "对比地区都没有完整的数。", "None of the peers has a whole figure."
    return Reason("too_few_peers", "insufficient", zh, en)


def comparability_code(indicator: Indicator, variant: Variant) -> str:
    """What a figure may be held against: over the residents of a part, while everybody is counted, not another area,
    whose part is another one."""
    is_of_a_part = any(variant.reading(term).scope for term in terms_of(indicator))
    return "over_time" if is_of_a_part else indicator.comparability
