"""A figure beside others: the period before, the year before, a target, a benchmark, any chosen period.

Each comparison says how the two lie to each other, or why they are not compared. An unfinished window is compared
like for like, with other periods and with other areas up to the same day, and the result is provisional.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from metrics.areas import load_areas
from metrics.build import Build
from metrics.change import Change, change_of
from metrics.comparisons.comparison import KINDS, NAMES, Comparison
from metrics.comparisons.peers import PEER, peer_median
from metrics.comparisons.reasons import Reason, about_one, reasons_against
from metrics.comparisons.unfinished import like_for_like, side_by_side
from metrics.difference import PEERS, Difference, against_fixed, tested
from metrics.observation import Observation
from metrics.periods import PERIOD_KINDS, Period
from metrics.query import query
from metrics.sentences import area_name_in_full
from metrics.variants import indicator_of

__all__ = [
    "KINDS",
    "NAMES",
    "Change",
    "Comparison",
    "Difference",
    "Fixed",
    "Reason",
    "TargetLike",
    "between",
    "compare",
]


class TargetLike(Protocol):
    """What the catalogue says should be reached."""

    @property
    def value(self) -> float: ...
    @property
    def source(self) -> str: ...
    def name(self, lang: str) -> str: ...
    def holds(self, area_code: str, year: int, window: str) -> bool: ...


@dataclass(frozen=True)
class Fixed:
    """A number to compare with that is no observation: a peer median, somebody's figure."""

    value: float
    name_zh: str
    name_en: str


def compare(
    build: Build,
    now: Observation,
    kinds: Sequence[str] = ("previous", "year_earlier"),
    *,
    chosen: Sequence[Period] = (),
    fixed: Sequence[Fixed] = (),
    targets: Sequence[TargetLike] | None = None,
    home: Path | None = None,
) -> list[Comparison]:
    """One figure beside several others, in the order asked for; then each chosen period, then each fixed number.

    A target comes from the catalogue unless others are given; the benchmark is the area's city. A peer median is
    asked for as 'peer' or as peer_median() takes it; one's own lists are those of the data home. There is one
    comparison for each that was asked for: what is not compared says why. Raises AnalysisRefused for a peer group
    that nobody knows.
    """
    found = []
    for kind in kinds:
        if kind.partition(":")[0] == PEER:
            found.append(with_peers(build, now, kind, home))
            continue
        if kind not in ("previous", "year_earlier", "target", "benchmark"):
            raise ValueError(
                f"comparison '{kind}': expected previous, year_earlier, target, benchmark or {PEER}."
            )
        if kind == "target":
            found.append(with_target(now, targets))
        elif kind == "benchmark":
            found.append(
                between(build, kind, now, beside(build, now, load_areas().city_of(now.area_code), now.period))
            )
        else:
            period = now.period.previous() if kind == "previous" else now.period.year_earlier()
            found.append(between(build, kind, now, beside(build, now, now.area_code, period)))
    found += [between(build, "chosen", now, beside(build, now, now.area_code, period)) for period in chosen]
    found += [with_fixed("benchmark", now, one.value, one.name_zh, one.name_en) for one in fixed]
    return found


def beside(build: Build, now: Observation, area_code: str, period: Period) -> Observation:
    """The same figure of another area or period."""
    is_own_kind = now.window in PERIOD_KINDS
    window = period.kind if is_own_kind else now.window
    question = (window, now.basis, now.dimension or None, now.variant)
    rows = query(build, now.indicator, area_code, period, *question)
    return next(row for row in rows if row.member == now.member)


def between(build: Build, kind: str, now: Observation, other: Observation) -> Comparison:
    """The comparison of two observations that have been read already."""
    indicator = indicator_of(now)
    through, asked = None, (now, other)
    if now.status == "provisional" and kind in ("previous", "year_earlier", "chosen"):
        pair = like_for_like(build, now, other)
        if pair:
            now, other, through = pair
    elif now.status == other.status == "provisional" and now.area_code != other.area_code:
        pair = side_by_side(build, now, other)
        if pair:
            now, other, through = pair
    reasons = reasons_against(
        kind, asked, (now, other) if through else None, indicator, build.breaks, build.population
    )
    moved = None
    if not reasons:
        moved = change_of(
            now.value or 0, other.value or 0, indicator
        )  # both have values, or there were reasons
        if moved is None:
            reasons = (NOTHING,)
    zh, en = NAMES[kind]
    if kind == "benchmark" and other.area_code != load_areas().city_of(now.area_code):
        zh, en = area_name_in_full(other.area_code, "zh"), area_name_in_full(other.area_code, "en")
    difference = tested(kind, now, other, indicator) if moved else None
    return Comparison(
        kind, zh, en, now, other, other.value, moved, reasons, difference, through, indicator=indicator
    )


OTHER_DEFINITION = Reason(
    "other_definition", "insufficient", "目标是按通常口径定的，不与其他口径的数比较。",
    "The target is set for the usual definition, and figures of another one are not held against it.",
)  # fmt: skip
NOTHING = Reason(
    "nothing_before", "insufficient", "对方为零，不能说变化了百分之几。",
    "The other figure is zero, and a percentage of it says nothing.",
    "对方为零", "the other figure is zero",
)  # fmt: skip


def with_target(now: Observation, targets: Sequence[TargetLike] | None) -> Comparison:
    """The target in force for the area, year and window; one of its own goes before one for everybody."""
    indicator = indicator_of(now)
    zh, en = NAMES["target"]
    asked = (now.area_code, now.period_end.year, now.window)
    best: TargetLike | None
    if targets is None:
        best = indicator.target(*asked)
    else:
        held = [one for one in targets if one.holds(*asked)]
        best = max(held, key=lambda one: bool(getattr(one, "area", "")), default=None)
    if best is not None and now.variant:
        return Comparison(
            "target", zh, en, now, None, None, None, (OTHER_DEFINITION,), indicator=indicator
        )  # fmt: skip
    if best is None:
        none = Reason(
            "no_target",
            "insufficient",
            "没有对这个地区和时期有效的目标。",
            "No target is in force for this area and period.",
        )
        return Comparison("target", zh, en, now, None, None, None, (none,), indicator=indicator)
    return with_fixed("target", now, best.value, f"{zh}（{best.name('zh')}）", f"{en} ({best.name('en')})")


def with_peers(build: Build, now: Observation, asked: str, home: Path | None) -> Comparison:
    """The median of the group's other areas, read as the figure itself is, taken as a fixed number.

    Of an unfinished window, all up to the same day.
    """
    indicator, (zh, en) = indicator_of(now), NAMES[PEER]
    peers = peer_median(build, now, indicator, asked, home)
    now, reasons, moved = peers.now, peers.reasons, None
    through = (peers.through, peers.through) if peers.through else None
    if not reasons and now.value is not None and peers.median is not None:
        moved = change_of(now.value, peers.median, indicator)
        reasons = () if moved else (NOTHING,)
    difference = (
        against_fixed(now, peers.median, indicator, PEERS) if moved and peers.median is not None else None
    )
    return Comparison(
        PEER, zh, en, now, None, peers.median, moved, reasons, difference, through, peers, indicator=indicator
    )


def with_fixed(kind: str, now: Observation, value: float, zh: str, en: str) -> Comparison:
    indicator = indicator_of(now)
    reasons = tuple(about_one(now, now, indicator, "now"))
    moved = None if reasons or now.value is None else change_of(now.value, value, indicator)
    if moved is None and not reasons:
        reasons = (NOTHING,)
    difference = against_fixed(now, value, indicator) if moved else None
    return Comparison(kind, zh, en, now, None, value, moved, reasons, difference, indicator=indicator)
