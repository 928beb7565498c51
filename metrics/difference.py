"""Whether two figures differ by more than chance.

Of two proportions the p-value is that of the pooled test (the chi-squared test without correction), or of Fisher's
exact test, two-sided, where some expected count is below 5. The interval of the difference is Newcombe's from two
Wilson intervals (method 10 of R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890).

Both take the two groups for different people, independent of each other. Between two periods they are mostly the
same people, who tend to go on as they were: then the test errs towards "not distinguishable". A part is therefore
compared with the rest of the whole, never with the whole that contains it.

Other figures with an interval have no counts to be taken apart: against a benchmark or a fixed number the interval
must leave it out, against another window the interval of the difference must leave out 0. The city's value contains
the district's own there, so the error is on the side of silence: with share w of the city, city − district is only
(1 − w) of rest − district.

This is the one test for comparisons, sentences, verdicts and targets: `tested` says which groups it is of.
"""

from dataclasses import dataclass
from math import erfc, exp, lgamma, sqrt

from metrics.areas import load_areas
from metrics.indicator import Indicator
from metrics.judging import can_be_judged, compares_areas, is_whole, limits
from metrics.observation import Observation
from metrics.statistics import difference_interval, wilson_interval

LEVEL = 0.05
DAYS_OF_11_MONTHS = 340
FEWEST_EXPECTED = 5
SAME_PEOPLE = (
    "检验把两期当作互不相干的两组人；其实多半是同一批人，所以偏保守：说“有差别”可信，说“分不清”不等于没有变化。",
    "The test takes the two periods for different people; mostly they are the same, so it errs towards finding no "
    "difference.",
)
REST_OF_WHOLE = (
    "与全市其余地区比较（已减去本地区），两组人互不重叠。",
    "Tested against the rest of the city without the area itself, so the two groups share nobody.",
)
OTHER_PEOPLE = ("两组人互不重叠。", "The two groups share nobody.")
PART_OF_WHOLE = (
    "全市的数里含本地区自己，所以偏保守：说“有差别”可信，说“分不清”不等于没有差别。",
    "The city's figure contains the area itself, so the test errs towards finding no difference.",
)
PEERS = (
    "中位数当作定值，不计它自己的误差；本地区不在其中。",
    "The median is taken as a fixed number without error of its own; the area itself is no part of it.",
)
FIXED = ("对方是一个定值，不带抽样误差。", "The other side is a fixed number without error of its own.")


@dataclass(frozen=True)
class Difference:
    """What a test says of two figures; the interval is that of the difference, in points or the figures' unit."""

    p_value: float | None  # of two proportions; None elsewhere, where the interval decides
    lower: float
    upper: float
    method: str  # pooled | fisher | interval
    assumes: tuple[str, str]  # zh, en

    @property
    def is_distinguishable(self) -> bool:
        if self.p_value is not None:
            return self.p_value < LEVEL
        return self.lower > 0 or self.upper < 0

    def text(self, lang: str) -> str:
        if lang == "zh":
            return "差别超出偶然波动" if self.is_distinguishable else "与偶然波动分不清"
        return "more than chance" if self.is_distinguishable else "not distinguishable from chance"


def tested(kind: str, now: Observation, other: Observation, indicator: Indicator) -> Difference | None:
    """The test of two figures, where both can be tested and they are not partly the same records.

    kind "benchmark": an area against the rest of the city it lies in, or against another area. Any other kind: a
    figure against the same one of another window. None for a part that does not fit into its whole.

    Only whole figures are judged: an unfinished one, though read up to the same day as the other, has records still to
    come that the other has long since had.
    """
    if not (is_whole(now, indicator) and is_whole(other, indicator)):
        return None
    if kind == "benchmark" and (now.area_code == other.area_code or not compares_areas(now)):
        return None
    window = indicator.numerator.window or now.window
    is_near = abs((now.period_end - other.period_end).days) < DAYS_OF_11_MONTHS
    if kind != "benchmark" and window == "rolling12" and is_near:
        return None  # partly the same months
    if not indicator.is_proportion:
        return by_intervals(kind, now, other, indicator)
    counts = (now.numerator, now.denominator, other.numerator, other.denominator)
    if None in counts:
        return None
    above, below, other_above, other_below = (float(count or 0) for count in counts)
    if kind != "benchmark":
        return two_proportions(above, below, other_above, other_below, SAME_PEOPLE)
    if load_areas().city_of(now.area_code) != other.area_code:
        return two_proportions(above, below, other_above, other_below, OTHER_PEOPLE)
    rest_above, rest_below = other_above - above, other_below - below
    if not 0 <= rest_above <= rest_below:
        return None
    return two_proportions(above, below, rest_above, rest_below, REST_OF_WHOLE)


def by_intervals(kind: str, now: Observation, other: Observation, indicator: Indicator) -> Difference | None:
    """The test of figures that are no proportions, by their intervals; None where one cannot be judged."""
    if kind == "benchmark":
        if other.status != "ok" or other.value is None:
            return None
        is_part = load_areas().city_of(now.area_code) == other.area_code
        return against_fixed(now, other.value, indicator, PART_OF_WHOLE if is_part else FIXED)
    if not (can_be_judged(now, indicator) and can_be_judged(other, indicator)):
        return None
    lower, upper = difference_interval(now.value or 0, limits(now), other.value or 0, limits(other))
    return Difference(None, float(lower), float(upper), "interval", SAME_PEOPLE)


def against_fixed(
    now: Observation, value: float, indicator: Indicator, assumes: tuple[str, str] = FIXED
) -> Difference | None:
    """A figure against a number without error of its own; None where the figure cannot be judged."""
    if not can_be_judged(now, indicator):
        return None
    lower, upper = limits(now)
    return Difference(None, lower - value, upper - value, "interval", assumes)


def two_proportions(
    count: float,
    people: float,
    other_count: float,
    other_people: float,
    assumes: tuple[str, str] = OTHER_PEOPLE,
) -> Difference | None:
    """The first against the second; None where either has nobody."""
    if not people or not other_people:
        return None
    lower, upper = newcombe(count, people, other_count, other_people)
    share, total = (count + other_count) / (people + other_people), people + other_people
    expected = min(people, other_people) * min(share, 1 - share)
    if expected < FEWEST_EXPECTED:
        p = fisher(round(count), round(people), round(other_count), round(other_people))
        return Difference(p, 100 * lower, 100 * upper, "fisher", assumes)
    error = sqrt(share * (1 - share) * total / (people * other_people))
    p = erfc(abs(count / people - other_count / other_people) / error / sqrt(2))
    return Difference(p, 100 * lower, 100 * upper, "pooled", assumes)


def newcombe(count: float, people: float, other_count: float, other_people: float) -> tuple[float, float]:
    """Limits of the difference of two shares, as fractions of 1."""
    lows, highs = wilson_interval([count, other_count], [people, other_people])
    lower, upper = difference_interval(
        count / people, (lows[0], highs[0]), other_count / other_people, (lows[1], highs[1])
    )
    return float(lower), float(upper)


def fisher(count: int, people: int, other_count: int, other_people: int) -> float:
    """Two-sided p-value of Fisher's exact test: all tables no more probable than the one found."""
    successes = count + other_count
    first, last = max(0, successes - other_people), min(people, successes)

    def weight(k: int) -> float:
        return choose(people, k) + choose(other_people, successes - k)

    found, whole = weight(count), choose(people + other_people, successes)
    # Tables exactly as probable must not be lost to rounding.
    likely = sum(exp(weight(k) - whole) for k in range(first, last + 1) if weight(k) <= found + 1e-9)
    return min(1.0, likely)


def choose(n: int, k: int) -> float:
    """Logarithm of the number of ways to choose k of n."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
