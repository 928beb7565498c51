"""Whether two proportions differ by more than chance.

The p-value is that of the pooled test of two proportions (the chi-squared test without correction), or of Fisher's
exact test, two-sided, where some expected count is below 5. The interval of the difference is Newcombe's from two
Wilson intervals (method 10 of R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890).

Both take the two groups for different people, independent of each other. Between two periods they are mostly the
same people, who tend to go on as they were: then the test errs towards "not distinguishable". A part is therefore
compared with the rest of the whole, never with the whole that contains it.

This is the one test of proportions for comparisons, sentences and verdicts: `tested` says which groups it is of.
"""

from dataclasses import dataclass
from math import erfc, exp, lgamma, sqrt

from metrics.areas import load_areas
from metrics.indicator import Indicator
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
FIXED = ("对方是一个定值，不带抽样误差。", "The other side is a fixed number without error of its own.")


@dataclass(frozen=True)
class Difference:
    """What a test says of two proportions; the interval is that of the difference, in percentage points."""

    p_value: float | None  # None against a fixed number, where the interval decides
    lower: float
    upper: float
    method: str  # pooled | fisher | wilson
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
    """The test of two proportions, where there are two, of people, and they are not partly the same records.

    kind "benchmark": an area against the rest of the city it lies in, or against another area. Any other kind: a
    figure against the same one of another window. None for a part that does not fit into its whole.
    """
    counts = (now.numerator, now.denominator, other.numerator, other.denominator)
    if not indicator.is_proportion or None in counts:
        return None
    above, below, other_above, other_below = (float(count or 0) for count in counts)
    if kind != "benchmark":
        window = indicator.numerator.window or now.window
        if window == "rolling12" and abs((now.period_end - other.period_end).days) < DAYS_OF_11_MONTHS:
            return None  # partly the same months
        return two_proportions(above, below, other_above, other_below, SAME_PEOPLE)
    if now.area_code == other.area_code:
        return None
    if load_areas().city_of(now.area_code) != other.area_code:
        return two_proportions(above, below, other_above, other_below, OTHER_PEOPLE)
    rest_above, rest_below = other_above - above, other_below - below
    if not 0 <= rest_above <= rest_below:
        return None
    return two_proportions(above, below, rest_above, rest_below, REST_OF_WHOLE)


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
