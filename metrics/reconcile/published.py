"""Computed figures against what the same city has printed about the same thing and the same day.

A printed 余, 多, 超 is a lower bound, 近 an upper one, 约 about, anything else an interval of its last printed
digit (metrics.printed). Figures with another scope, period or start are shown beside each other with the reason
and never judged. Source: data/reference/concept_indicators.csv says which indicator answers which concept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.comparability import ComparedFigure, Reason
from metrics.compare import Concept, concepts
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.paths import REFERENCE
from metrics.periods import WINDOWS, Period
from metrics.printed import Interval
from metrics.query import query
from metrics.reconcile.readings import Asked, asked_of, not_alike, platform_of
from metrics.reference import read_rows
from metrics.sentences import status_text

VERDICTS = ("within", "explained", "contradicts", "not_compared")


@dataclass(frozen=True)
class PublishedCheck:
    """One printed figure and what the build says about the same thing."""

    concept: Concept
    printed: ComparedFigure
    indicator: Indicator
    asked: Asked
    # At the month-ends around the printed day; one if that is a month-end itself.
    computed: tuple[Observation, ...]
    verdict: str  # one of VERDICTS
    reasons: tuple[Reason, ...] = ()

    @property
    def value(self) -> float | None:
        """The computed value nearest to the printed day: the last one."""
        return None if self.computed[-1].value is None else float(self.computed[-1].value)

    @property
    def difference(self) -> float | None:
        printed = self.printed.figure.value
        return None if self.value is None or printed is None else self.value - float(printed)


@dataclass(frozen=True)
class Answer:
    """Which indicator answers a concept; a count to date stands for what is printed as a stock."""

    indicator: Indicator
    stock_window: str


def check_published(build: Build, city_code: str, period: Period) -> list[PublishedCheck]:
    """Every figure the city has printed about a day in the period, in the order of the concepts."""
    return [
        check(build, concept, figure, answers()[concept.concept_id])
        for concept, figure in printed_by(city_code)
        if period.start <= figure.figure.as_of.last <= period.end
    ]


def printed_by(city_code: str) -> Iterator[tuple[Concept, ComparedFigure]]:
    for concept in concepts():
        if concept.concept_id in answers():
            for figure in concept.figures:
                if figure.figure.area_code == city_code:
                    yield concept, figure


def check(build: Build, concept: Concept, printed: ComparedFigure, answer: Answer) -> PublishedCheck:
    asked = asked_of(build, printed, answer.indicator, answer.stock_window)
    rows = tuple(
        query(
            build, answer.indicator.id, printed.figure.area_code, period, asked.window, variant=asked.variant
        )[0]
        for period in month_ends(printed, asked.window)
    )
    verdict, reasons = judge(build, printed, answer.indicator, asked, rows)
    return PublishedCheck(concept, printed, answer.indicator, asked, rows, verdict, reasons)


def month_ends(printed: ComparedFigure, window: str) -> list[Period]:
    """The months whose ends enclose the printed day, or the one that ends on it.

    '2021-12' may be any day of December, so November's end encloses it on the other side. A window that begins
    in January has nothing before January's end.
    """
    first, last = printed.figure.as_of.first, printed.figure.as_of.last
    at_last = Period.containing("month", last)
    if first == last == at_last.end:
        return [at_last]
    before = Period.ending("month", first - timedelta(days=1))
    if window == "ytd" and before.end.year != last.year:
        return [at_last]
    return [before, at_last]


def judge(
    build: Build, printed: ComparedFigure, indicator: Indicator, asked: Asked, rows: tuple[Observation, ...]
) -> tuple[str, tuple[Reason, ...]]:
    """Unlike readings are explained before any number is looked at."""
    unlike = not_alike(build, printed, indicator, asked)
    missing = [row for row in rows if row.value is None]
    limits = printed.figure.interval()
    if limits is None:
        return "not_compared", (Reason("no_value", "原文没有印出数值。", "The text prints no value."),)
    if missing:
        status = missing[-1].status
        why = Reason(
            "not_computed",
            f"没有计算出的数字：{status_text(status, 'zh')}。",
            f"Nothing computed: {status_text(status, 'en')}.",
        )
        return "not_compared", (why, *unlike)
    if unlike:
        return "explained", unlike
    values = [float(row.value) for row in rows if row.value is not None]
    found = compare(limits, min(values), max(values))
    if found == "overlaps":
        day = printed.figure.as_of
        ends = "、".join(str(row.period_end) for row in rows)
        return "explained", (
            Reason(
                "period",
                f"公布数截至 {day}，计算数取 {ends}：两个月末之间可以对上。",
                f"The printed figure is of {day}, the computed ones of {ends.replace('、', ' and ')}: it lies between.",
            ),
        )
    if found == "within":
        return "within", ()
    excuses = tuple(excuses_for(build, printed, rows, found))
    return ("explained", excuses) if excuses else ("contradicts", (outside(found),))


def compare(limits: Interval, lowest: float, highest: float) -> str:
    """within (wholly), overlaps (in part), above or below where the true number can lie by what was printed."""
    lower, upper = float(limits.lower), float("inf") if limits.upper is None else float(limits.upper)
    if lower <= lowest and highest <= upper:
        return "within"
    if highest < lower:
        return "below"
    return "above" if lowest > upper else "overlaps"


def excuses_for(
    build: Build, printed: ComparedFigure, rows: tuple[Observation, ...], side: str
) -> Iterator[Reason]:
    """Known reasons for which a computed figure of the same reading may lie outside."""
    if build.is_synthetic:
        yield Reason(
            "sample_data",
            "数据版本是合成的示例数据，不描述真实的城市。",
            "The build holds synthetic sample data, which describe no real city.",
        )
    unsure = next((row.status for row in rows if row.status == "provisional"), None)
    if unsure:
        yield Reason(
            "incomplete",
            "计算数尚不完整（有报送缺失或期间未完）。",
            "The computed figure is not complete: something has not been reported, or the window is not over.",
        )
    platform = platform_of(printed.figure.scope)
    if platform and side == "above" and not rows[-1].variant:
        yield Reason(
            "platform",
            f"公布数只含“{platform}”一个平台，计算数含全部平台（同一人只算一次）。",
            f"The printed figure covers one platform ({printed.figure.scope_en}), the computed one all of them, "
            "each person once.",
        )


def outside(side: str) -> Reason:
    if side == "below":
        return Reason(
            "below",
            "计算数低于公布数可能的最小值，没有已知的原因，请核查。",
            "The computed figure is below the least the printed one can mean, for no known reason: look into it.",
        )
    return Reason(
        "above",
        "计算数高于公布数可能的最大值，没有已知的原因，请核查。",
        "The computed figure is above the most the printed one can mean, for no known reason: look into it.",
    )


@lru_cache(maxsize=1)
def answers() -> dict[str, Answer]:
    """Concept → the indicator that answers it. Raises ReferenceFault for a word nobody knows."""
    catalogue = load_catalogue()
    known = {concept.concept_id for concept in concepts()}
    ids = [indicator.id for indicator in catalogue.all()]
    columns = ("concept_id", "indicator", "stock_window")
    rows = read_rows(REFERENCE / "concept_indicators.csv", columns, key=("concept_id",))
    return {
        row.reference("concept_id", known, "a concept of concepts.csv"): Answer(
            catalogue.indicator(row.reference("indicator", ids, "an indicator or measure")),
            row.choice("stock_window", ("", *WINDOWS)),
        )
        for row in rows
    }
