"""What may be claimed of a figure beyond its value: each claim only when its own test has been made.

Facts without words; metrics.sentences says them. Three kinds:
* against a benchmark: an area against its city, or against another area;
* the trend of the last five points;
* the change on the year before, where both years are complete.

Figures are told apart by the test of comparisons (metrics.difference): a district against the rest of its city,
without itself, for the city contains it; a year against the year before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from metrics.areas import load_areas
from metrics.change import Change, change_of
from metrics.difference import Difference, tested
from metrics.indicator import Indicator
from metrics.judging import can_be_judged
from metrics.observation import Observation
from metrics.periods import PERIOD_KINDS
from metrics.statistics import trend
from metrics.variants import indicator_of

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
    change: Change | None = None

    @property
    def is_significant(self) -> bool:
        return self.is_tested and self.direction != "similar"


def claims(observation: Observation, context: Context) -> list[Claim]:
    """Every claim the context allows. Raises ValueError for a context that is about another question."""
    indicator = indicator_of(observation)
    found: list[Claim | None] = []
    if context.benchmark is not None:
        found.append(against_benchmark(observation, context.benchmark, indicator))
    if context.year_earlier is not None and context.is_year_comparable:
        found.append(on_the_year(observation, context.year_earlier, indicator))
    if context.course:
        found.append(recent_trend(observation, context.course, indicator))
    return [claim for claim in found if claim is not None]


def against_benchmark(row: Observation, benchmark: Observation, indicator: Indicator) -> Claim | None:
    """How an area lies to its city or another area. Never an area against itself, nor the unknown bucket."""
    require_same(row, benchmark, but=("area_code",))
    is_place = load_areas().get(row.area_code).level != "unknown" and row.area_code != benchmark.area_code
    if not (is_place and can_be_judged(row, indicator) and benchmark.status == "ok"):
        return None
    if row.value is None or benchmark.value is None:
        return None
    difference = tested("benchmark", row, benchmark, indicator)
    if difference is None:
        return None
    direction = direction_of(difference, row.value - benchmark.value)
    return Claim("benchmark", direction, True, judgement(direction, indicator), benchmark)


def judged_beside(
    rows: Iterable[Observation], benchmark: Observation, indicator: Indicator
) -> dict[str, Claim]:
    """Area code → how it lies to the whole, of the areas that may be judged; how many are judged at once is its length."""
    found = {row.area_code: against_benchmark(row, benchmark, indicator) for row in rows}
    return {area_code: claim for area_code, claim in found.items() if claim is not None}


def on_the_year(row: Observation, before: Observation, indicator: Indicator) -> Claim | None:
    """The change on the year before, if it may be computed at all; a growth is a change already."""
    require_same(row, before, but=("period_start", "period_end"))
    if row.period.year_earlier() != before.period:
        raise ValueError(f"{before.period.code} is not the year before {row.period.code}.")
    whole = row.status == before.status == "ok" and indicator.kind != "growth"
    if not whole or row.value is None or before.value is None:
        return None
    moved = change_of(row.value, before.value, indicator)
    if moved is None:
        return None
    difference = tested("year_earlier", row, before, indicator)
    if difference is not None:
        direction = direction_of(difference, moved.amount)
    else:
        direction = "similar" if moved.is_nothing else "higher" if moved.amount > 0 else "lower"
        return Claim("change", direction, False, "", before, moved)
    return Claim("change", direction, True, judgement(direction, indicator), before, moved)


def direction_of(difference: Difference, amount: float) -> str:
    """higher, lower, or similar where chance would do as much."""
    if not difference.is_distinguishable:
        return "similar"
    return "higher" if amount > 0 else "lower"


def recent_trend(row: Observation, course: Sequence[Observation], indicator: Indicator) -> Claim | None:
    """The trend of the last points. Points that share months (stocks, windows to date) are not independent."""
    if row.window not in PERIOD_KINDS or not indicator.numerator.is_of_window:
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
