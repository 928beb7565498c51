"""What may be claimed of a figure beyond its value: each claim only when its own test has been made.

Facts without words; metrics.sentences says them. Three kinds:
* against a benchmark: the figure's interval against the value of the whole it is a part of;
* the trend of the last five points;
* the change on the year before, where both years are complete; where both have an interval, also whether the
  two can be told apart.

A district is inside its city. It is compared with the city all the same, because that is the figure readers see
beside it, and because the error is on the side of silence: with share w of the city, city − district is only
(1 − w) of rest − district, while the noise of district − rest is 1 / √(1 − w) of the district's own. Against the
city a test thus asks for a difference 1 / √(1 − w) times as large as against the rest (1.15 times for a quarter of
the city) and never claims one that the exact comparison would not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import PERIOD_KINDS
from metrics.statistics import compare_to_benchmark, difference_interval, trend

if TYPE_CHECKING:
    from metrics.comparisons.change import Change

# Hours are so unequal that below this many people the interval is too narrow too often (docs/statistics.md).
FEWEST_FOR_HOURS = 100
MOST_POINTS = 7  # five points, and two gaps at most
DIRECTIONS = {"increasing": "higher", "decreasing": "lower", "no_significant_change": "similar"}


@dataclass(frozen=True)
class Context:
    """Other figures an observation may be held against; what is left out is not compared.

    `course` is the same figure over consecutive periods, oldest first, the observation itself last.
    `judged_at_once` says how many areas the reader sees judged together.
    """

    benchmark: Observation | None = None
    year_earlier: Observation | None = None
    course: Sequence[Observation] = ()
    judged_at_once: int = 1
    is_year_comparable: bool = True  # false across a break in the series: the build knows


@dataclass(frozen=True)
class Claim:
    """One comparison that could be made.

    direction: higher | similar | lower (for a trend: increasing, none, decreasing). `is_tested`: whether chance was
    asked; a change between two counts is a fact without. judgement: better | worse, '' where nothing is better.
    """

    kind: str  # benchmark | change | trend
    direction: str
    is_tested: bool
    judgement: str = ""
    other: Observation | None = None
    change: "Change | None" = None

    @property
    def is_significant(self) -> bool:
        return self.is_tested and self.direction != "similar"


def claims(observation: Observation, context: Context) -> list[Claim]:
    """Every claim the context allows. Raises ValueError for a context that is about another question."""
    indicator = load_catalogue().indicator(observation.indicator)
    found: list[Claim | None] = []
    if context.benchmark is not None:
        found.append(against_benchmark(observation, context.benchmark, indicator))
    if context.year_earlier is not None and context.is_year_comparable:
        found.append(on_the_year(observation, context.year_earlier, indicator))
    if context.course:
        found.append(recent_trend(observation, context.course, indicator))
    return [claim for claim in found if claim is not None]


def against_benchmark(row: Observation, benchmark: Observation, indicator: Indicator) -> Claim | None:
    """The interval against the benchmark's value. Never an area against itself, nor the unknown bucket."""
    require_same(row, benchmark, but=("area_code",))
    is_place = load_areas().get(row.area_code).level != "unknown"
    if not (is_place and can_be_judged(row, indicator) and benchmark.status == "ok"):
        return None
    value = float("nan") if benchmark.value is None else benchmark.value
    is_self = row.area_code == benchmark.area_code
    direction = str(compare_to_benchmark(*limits(row), value, "neither", is_self))
    if direction == "not_compared":
        return None
    return Claim("benchmark", direction, True, judgement(direction, indicator), benchmark)


def on_the_year(row: Observation, before: Observation, indicator: Indicator) -> Claim | None:
    """The change on the year before, if it may be computed at all; a growth is a change already."""
    require_same(row, before, but=("period_start", "period_end"))
    if row.period.year_earlier() != before.period:
        raise ValueError(f"{before.period.code} is not the year before {row.period.code}.")
    from metrics.comparisons.change import change_of  # its package needs sentences, which need claims

    whole = row.status == before.status == "ok" and indicator.kind != "growth"
    if not whole or row.value is None or before.value is None:
        return None
    moved = change_of(row.value, before.value, indicator)
    if moved is None:
        return None
    if not (can_be_judged(row, indicator) and can_be_judged(before, indicator)):
        direction = "similar" if not round(moved.amount, 1) else "higher" if moved.amount > 0 else "lower"
        return Claim("change", direction, False, "", before, moved)
    lower, upper = difference_interval(
        row.value, limits(row), before.value, limits(before)
    )  # fmt: skip
    direction = "higher" if lower > 0 else "lower" if upper < 0 else "similar"
    return Claim("change", direction, True, judgement(direction, indicator), before, moved)


def recent_trend(row: Observation, course: Sequence[Observation], indicator: Indicator) -> Claim | None:
    """The trend of the last points. Points that share months (stocks, windows to date) are not independent."""
    term = indicator.numerator
    if row.window not in PERIOD_KINDS or term.window or term.measure.kind == "stock":
        return None
    if course[-1] != row:
        raise ValueError("a course ends with the observation it is about.")
    recent = course[-MOST_POINTS:]
    for number, point in enumerate(reversed(recent)):
        require_same(row, point, but=("period_start", "period_end"))
        if point.period != row.period.previous(number):
            raise ValueError(f"{point.period.code} is out of place: a course is of consecutive periods.")
    points = [
        (point.value, point.lower, point.upper) if can_be_judged(point, indicator) else (None, None, None)
        for point in recent
    ]
    values, lower, upper = (
        [float("nan") if part is None else part for part in parts] for parts in zip(*points, strict=True)
    )
    found = trend(values, (lower, upper)).direction
    if found not in DIRECTIONS:
        return None
    return Claim("trend", DIRECTIONS[found], True, judgement(DIRECTIONS[found], indicator))


def can_be_judged(row: Observation, indicator: Indicator) -> bool:
    """Whether a figure is whole and its interval may be relied on."""
    if row.status != "ok" or row.value is None or row.lower is None or row.upper is None:
        return False
    return indicator.unit != "hours" or (row.denominator or 0) >= FEWEST_FOR_HOURS


def limits(row: Observation) -> tuple[float, float]:
    assert row.lower is not None, "only figures with an interval are told apart"
    assert row.upper is not None, "only figures with an interval are told apart"
    return row.lower, row.upper


def judgement(direction: str, indicator: Indicator) -> str:
    if direction == "similar" or indicator.polarity == "neither":
        return ""
    return "better" if direction == indicator.polarity else "worse"


def require_same(row: Observation, other: Observation, but: Sequence[str]) -> None:
    """Figures are compared only if they answer the same question, apart from what the comparison is about."""
    asked = (
        "indicator",
        "area_code",
        "period_start",
        "period_end",
        "window",
        "basis",
        "dimension",
        "member",
        "variant",
    )
    for name in asked:
        if name not in but and getattr(row, name, "") != getattr(other, name, ""):
            raise ValueError(
                f"figures with different {name} are not compared: {getattr(row, name)!r} and {getattr(other, name)!r}."
            )
