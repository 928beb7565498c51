"""Why two published or derived figures may not be ranked together: one rule per reason, one sentence each.

A rule gets two figures of one concept and returns a Reason, or None when it has no objection. Sentences name
both cities, in Chinese and English.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from metrics.figures import Figure
from metrics.words import load_words

# Only these scopes mean the same thing in every city; a campaign or an organisation is always its own.
COMPARABLE_SCOPES = ("whole_city", "built_up")
# One year and a leap day: figures a year apart describe the same season of neighbouring years, older ones
# another state of affairs (the platforms grow by a tenth a year).
LONGEST_GAP_DAYS = 366
# Months, quarters and years differ by up to three days among themselves; 349 days is not a year.
LONGEST_PERIOD_DIFFERENCE_DAYS = 3
YEAR_DAYS = 365
FLOW_READINGS = ("period", "annual")


@dataclass(frozen=True)
class Reason:
    """One objection to ranking two figures together."""

    code: str  # same_city, scope, counted, denominator, reading, period, as_of, inferred_date, undecided …
    zh: str
    en: str

    def text(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def label(self, lang: str) -> str:
        return load_words().text("reason", self.code, lang)


@dataclass(frozen=True)
class ComparedFigure:
    """A figure with what has to agree before it may be ranked beside another one."""

    figure: Figure
    scope: str  # whole_city | built_up | part | campaign | organisation
    reading: str  # stock | period | annual | cumulative
    counted: str  # persons, person_times, organisation, group …
    denominator: str  # '' for a count

    @property
    def figure_id(self) -> str:
        return self.figure.figure_id

    def city(self, lang: str) -> str:
        return self.figure.area_name(lang)


def reasons_against(first: ComparedFigure, second: ComparedFigure) -> tuple[Reason, ...]:
    """Every objection to ranking these two together; none means they may be."""
    one_city = same_city(first, second)
    if one_city:
        return (one_city,)
    found = tuple(filter(None, (rule(first, second) for rule in RULES)))
    if found:
        return found
    # Whether the order is certain is only a question once both mean the same.
    undecided = order_undecided(first, second)
    return (undecided,) if undecided else ()


def contrast(
    code: str, zh: str, en: str, first: ComparedFigure, second: ComparedFigure, vocabulary: str
) -> Reason:
    """'分母不同：甲为…，乙为…。' from the two figures' traits of that name."""
    words = load_words()

    def said(figure: ComparedFigure, lang: str) -> str:
        return words.text(vocabulary, getattr(figure, vocabulary), lang)

    return Reason(
        code,
        f"{zh}：{first.city('zh')}为{said(first, 'zh')}，{second.city('zh')}为{said(second, 'zh')}。",
        f"{en}: {first.city('en')}: {said(first, 'en')}; {second.city('en')}: {said(second, 'en')}.",
    )


def same_city(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    if first.figure.area_code != second.figure.area_code:
        return None
    return Reason(
        "same_city",
        f"同属{first.city('zh')}，是同一城市的两种说法，不互相排名。",
        f"Both are about {first.city('en')}: two statements about one city are not ranked.",
    )


def no_value(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    missing = [figure for figure in (first, second) if figure.figure.value is None]
    if not missing:
        return None
    return Reason(
        "no_value",
        "、".join(figure.city("zh") for figure in missing) + "没有印出数值。",
        " and ".join(figure.city("en") for figure in missing) + " printed no value.",
    )


def different_scope(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    if first.scope == second.scope and first.scope in COMPARABLE_SCOPES:
        return None
    return Reason(
        "scope",
        f"范围不同：{first.city('zh')}为“{first.figure.scope}”，{second.city('zh')}为“{second.figure.scope}”。",
        f"Different scope: {first.city('en')}: {first.figure.scope_en}; "
        f"{second.city('en')}: {second.figure.scope_en}.",
    )


def different_counted(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    """Persons or attendances; 组织, 团体, 队伍 or 站点."""
    if first.counted == second.counted:
        return None
    return contrast("counted", "计数对象不同", "Different things are counted", first, second, "counted")


def different_denominator(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    if first.denominator == second.denominator:
        return None
    return contrast("denominator", "分母不同", "Different denominators", first, second, "denominator")


def different_reading(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    """A stock, a flow of one year and a count since the beginning are three different quantities."""
    both_flows = first.reading in FLOW_READINGS and second.reading in FLOW_READINGS
    if first.reading == second.reading or both_flows:
        return None
    return contrast("reading", "时间口径不同", "Different time basis", first, second, "reading")


def period_days(figure: ComparedFigure) -> int | None:
    if figure.reading == "annual":
        return YEAR_DAYS
    start, end = figure.figure.period_start, figure.figure.period_end
    return None if start is None or end is None else (end.last - start.first).days + 1


def different_period(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    """Flows need periods of one length, cumulative counts one start; neither may be left unprinted."""
    if first.reading in FLOW_READINGS and second.reading in FLOW_READINGS:
        return different_length(first, second)
    if first.reading == second.reading == "cumulative":
        return different_start(first, second)
    return None


def different_length(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    days = period_days(first), period_days(second)
    if days[0] and days[1] and abs(days[0] - days[1]) <= LONGEST_PERIOD_DIFFERENCE_DAYS:
        return None
    zh = ["一年" if length == YEAR_DAYS else f"{length}天" if length else "未印出" for length in days]
    en = [
        "a year" if length == YEAR_DAYS else f"{length} days" if length else "not printed" for length in days
    ]
    return Reason(
        "period",
        f"统计期长短不同：{first.city('zh')}{zh[0]}，{second.city('zh')}{zh[1]}。",
        f"Periods differ in length: {first.city('en')}: {en[0]}; {second.city('en')}: {en[1]}.",
    )


def different_start(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    starts = first.figure.period_start, second.figure.period_start
    if starts[0] and starts[0] == starts[1]:
        return None
    zh = [f"自{start}起" if start else "起点未印出" for start in starts]
    en = [f"since {start}" if start else "start not printed" for start in starts]
    return Reason(
        "period",
        f"累计起点不同：{first.city('zh')}{zh[0]}，{second.city('zh')}{zh[1]}。",
        f"Cumulated from different starts: {first.city('en')}: {en[0]}; {second.city('en')}: {en[1]}.",
    )


def far_apart(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    earlier, later = sorted((first, second), key=lambda figure: figure.figure.as_of.last)
    if (later.figure.as_of.last - earlier.figure.as_of.last).days <= LONGEST_GAP_DAYS:
        return None
    months = whole_months(earlier.figure.as_of.last, later.figure.as_of.last)
    dates = earlier.figure.as_of, later.figure.as_of
    return Reason(
        "as_of",
        f"时点相隔约{months}个月，超过12个月：{earlier.city('zh')}{dates[0]}，{later.city('zh')}{dates[1]}。",
        f"About {months} months apart, more than 12: {earlier.city('en')} {dates[0]}, "
        f"{later.city('en')} {dates[1]}.",
    )


def whole_months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def inferred_date(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    """A date worked out from the text may be off, and with it how far the two figures are apart."""
    inferred = [figure for figure in (first, second) if figure.figure.is_date_inferred]
    if not inferred:
        return None
    return Reason(
        "inferred_date",
        "、".join(f"{figure.city('zh')}（{figure.figure.as_of}）" for figure in inferred)
        + "的日期由正文推断，原文未印全。",
        "Date inferred from the text, not printed in full: "
        + ", ".join(f"{figure.city('en')} ({figure.figure.as_of})" for figure in inferred)
        + ".",
    )


def order_undecided(first: ComparedFigure, second: ComparedFigure) -> Reason | None:
    """余, 近, 约 and rounding can leave open which of two numbers is larger."""
    limits = first.figure.interval(), second.figure.interval()
    if limits[0] is None or limits[1] is None or limits[0].decides_against(limits[1]):
        return None
    values = [
        (figure.city(lang), figure.figure.value_text(lang))
        for lang in ("zh", "en")
        for figure in (first, second)
    ]
    return Reason(
        "undecided",
        f"先后无法确定：{values[0][0]}{values[0][1]}，{values[1][0]}{values[1][1]}，可能的范围有重叠。",
        f"The order is open: {values[2][0]} {values[2][1]}, {values[3][0]} {values[3][1]} may overlap.",
    )


RULES: tuple[Callable[[ComparedFigure, ComparedFigure], Reason | None], ...] = (
    no_value,
    different_scope,
    different_counted,
    different_denominator,
    different_reading,
    different_period,
    far_apart,
    inferred_date,
)
