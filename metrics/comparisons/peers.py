"""The median of the areas a figure may be held against: which peers count, which do not and why.

The one rule wherever a median of peers is told (comparisons, explanations, analyses): like for like. Beside a whole
figure a peer counts with a whole one only, beside an unfinished figure with one up to the same day; the area itself
never. Fewer than three have no median that is not somebody's own figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

from metrics.analysis.peer_groups import NotInGroup, PeerGroup, group_for
from metrics.areas import load_areas
from metrics.build import Build
from metrics.comparisons.reasons import Reason, about_one, not_between_areas
from metrics.comparisons.unfinished import reached_by, up_to
from metrics.indicator import Indicator
from metrics.judging import compares_areas
from metrics.like_for_like import Cut
from metrics.observation import OTHER_DAY, Observation
from metrics.observe import observe
from metrics.query import ask, require_known
from metrics.refusals import QueryRefused
from metrics.status_words import STATUS_TEXTS

PEER = "peer"
FEWEST_PEERS = 3
MOST_NAMED = 3
AT = "@"  # before the version of a group: peer:same_type@2020
# Status of a peer that does not count → why, in a word or two.
LEFT_OUT = {
    "not_reported": ("未报送", "not reported"),
    "suppressed": ("不予显示", "suppressed"),
    "provisional": ("不完整", "not complete"),
    "denominator_year": ("用较早年份的人口", "population of an earlier year"),
    "no_denominator": ("没有分母", "no denominator"),
    "insufficient": ("没有可比基数", "no base"),
    "series_break": ("口径或平台变动", "break in the series"),
    OTHER_DAY: STATUS_TEXTS[OTHER_DAY],
}
BETWEEN_CITIES = (
    "各市平台和做法不同，仅供参考",
    "cities differ in platforms and practice, so this is no more than a hint",
)


class LeftOut(NamedTuple):
    """A peer that does not count; its status as readers are told it is that of its figure (see Observation)."""

    area_code: str
    status: str
    told_status: str


@dataclass(frozen=True)
class PeerMedian:
    """One version of a group as it stands beside one figure; no median, and why, where it cannot."""

    group: PeerGroup | None  # None where the area is in no such group
    now: Observation  # the figure, up to the day that all are read to where it is unfinished
    rows: tuple[Observation, ...] = ()  # of the areas that count, read alike
    left_out: tuple[LeftOut, ...] = ()
    median: float | None = None
    reasons: tuple[Reason, ...] = ()  # why the figure is not held against it, the decisive one first
    through: date | None = None  # the day up to which an unfinished figure and its peers are read
    is_between_cities: bool = False  # of an indicator that should not be ranked across them

    @property
    def counted(self) -> tuple[str, ...]:
        """The areas the median is of."""
        return tuple(row.area_code for row in self.rows)

    @property
    def values(self) -> list[float]:
        return [float(row.value) for row in self.rows if row.value is not None]

    def told(self, lang: str) -> str:
        """'唐山市各区县和功能区，2023 版，计入 16 个地区，未计 2 个：…'; '' without a group."""
        if self.group is None:
            return ""
        zh, count = lang == "zh", len(self.counted)
        version = self.group.version
        parts = [self.group.name(lang), f"{version} 版" if zh else f"version {version}"]
        if count:
            parts.append(f"计入 {count} 个地区" if zh else f"of {count} areas")
        if self.left_out:
            parts.append(self.left_out_told(lang))
        return ("，" if zh else ", ").join(parts)

    def left_out_told(self, lang: str) -> str:
        """'未计 5 个：4 个未报送，路南区不予显示'; those of a reason by name where they are few, '' for none."""
        if not self.left_out:
            return ""
        which, zh, left = (0 if lang == "zh" else 1), lang == "zh", len(self.left_out)
        of: dict[str, list[str]] = {}
        for one in self.left_out:
            of.setdefault(one.status, []).append(load_areas().get(one.area_code).name(lang))
        why = [
            told_of(LEFT_OUT[status][which], names, len(of) == 1, zh)
            for status, names in sorted(of.items(), key=lambda item: -len(item[1]))
        ]
        if zh:
            return (f"未计 {left} 个：" if self.counted else f"{left} 个地区都不计入：") + "，".join(why)
        return (f"{left} not counted: " if self.counted else f"none of {left} areas counts: ") + ", ".join(
            why
        )

    def why_not(self, lang: str) -> str:
        """Why the figure is not held against it, without the last full stop."""
        return ("" if lang == "zh" else " ").join(one.text(lang) for one in self.reasons).rstrip("。.")

    def median_told(self, lang: str) -> str:
        """'16 个对比地区的中位数，都截至 2023-11-15，未计 2 个：…'."""
        count, zh = len(self.rows), lang == "zh"
        parts = [f"{count} 个对比地区的中位数" if zh else f"the median of its {count} peers"]
        if self.through:
            parts.append(f"都截至 {self.through}" if zh else f"all up to {self.through}")
        if self.left_out:
            parts.append(self.left_out_told(lang))
        beside = ("，" if zh else ", ").join(parts[1:])
        if not beside:
            return parts[0]
        return f"{parts[0]}（{beside}）" if zh else f"{parts[0]} ({beside})"

    def note(self, lang: str) -> str:
        """What a reader must know before concluding anything from it; '' mostly."""
        return BETWEEN_CITIES[0 if lang == "zh" else 1] if self.is_between_cities else ""


def told_of(why: str, names: Sequence[str], is_only: bool, zh: bool) -> str:
    """Who is left out for one reason: by name where they are few, else how many, where there are other reasons."""
    if len(names) > MOST_NAMED:
        return why if is_only else f"{len(names)} 个{why}" if zh else f"{why} {len(names)}"
    return f"{'、'.join(names)}{why}" if zh else f"{why} ({', '.join(names)})"


def peer_median(
    build: Build, now: Observation, indicator: Indicator, chosen: str = PEER, home: Path | None = None
) -> PeerMedian:
    """`chosen` is 'peer' for the usual group, or 'peer:same_type', 'peer:coastal', 'peer:same_type@2020'.

    Raises AnalysisRefused for a group, or a version, that nobody knows.
    """
    name, _, version = chosen.partition(":")[2].partition(AT)
    try:
        group = group_for(now.area_code, name or None, now.period_end, home, version or None)
    except NotInGroup as none:
        why = Reason("no_peer_group", "insufficient", none.zh, none.en)
        return PeerMedian(None, now, reasons=(*about_one(now, now, indicator, "now"), why))
    return among(build, now, indicator, group)


def among(build: Build, now: Observation, indicator: Indicator, group: PeerGroup) -> PeerMedian:
    """A figure among the other areas of one version of a group."""
    if not compares_areas(now):
        why = not_between_areas(indicator)
        return PeerMedian(group, now, reasons=(*about_one(now, now, indicator, "now"), why))
    codes = [code for code in group.areas if code != now.area_code]
    rows = figures(build, now, codes)
    statuses = {code: status_of(rows.get(code)) for code in codes}
    at = reached_by(build, now)
    now_cut = up_to(build, now, at) if at else None
    if at is None or now_cut is None:
        return stand(now, rows, statuses, group, indicator)
    return stand(now_cut, *cut_to(build, rows, at, statuses), group, indicator, at.through_on)


def stand(
    now: Observation,
    rows: Mapping[str, Observation],
    statuses: Mapping[str, str],
    group: PeerGroup,
    indicator: Indicator,
    through: date | None = None,
) -> PeerMedian:
    """Who counts, and the median of those; `statuses` has every peer, also one without a row.

    With `through` the figure and the rows are up to that day, and unfinished ones count.
    """
    wanted = "ok" if through is None else "provisional"
    counted = {code: row for code, row in rows.items() if row.status == wanted and row.value is not None}
    left_out = tuple(
        LeftOut(code, status, told_as(status, rows.get(code)))
        for code, status in statuses.items()
        if code not in counted
    )
    reasons = tuple(about_one(now, now, indicator, "now", through is not None))
    found = PeerMedian(group, now, tuple(counted.values()), left_out, None, reasons, through)
    if len(counted) < FEWEST_PEERS:
        return replace(found, reasons=(*reasons, too_few(len(counted), len(statuses), through is not None)))
    cities = {load_areas().city_of(code) for code in (now.area_code, *counted)}
    crosses = len(cities) > 1 and indicator.comparability == "within_city"
    return replace(found, median=float(median(found.values)), is_between_cities=crosses)


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


def told_as(status: str, row: Observation | None) -> str:
    """A status in the words of the figure it is of."""
    return row.told_status if row is not None and row.status == status else status


def too_few(counted: int, peers: int, is_cut: bool) -> Reason:
    have = ("报到同一天的数", "a figure up to the same day") if is_cut else ("完整的数", "a whole figure")
    zh = f"{peers} 个对比地区中只有 {counted} 个有{have[0]}，不足 {FEWEST_PEERS} 个。"
    en = f"Only {counted} of {peers} peers {'has' if counted == 1 else 'have'} {have[1]}, fewer than {FEWEST_PEERS}."
    if not counted:
        zh, en = f"对比地区都没有{have[0]}。", f"None of the peers has {have[1]}."
    return Reason("too_few_peers", "insufficient", zh, en)
