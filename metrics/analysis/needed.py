"""What it takes: how many more people or hours until a target or the peers' median is reached, and per month.

Where lower is better it is how many fewer; where neither is, how far the figure lies from the mark, and nothing is
called reached. The denominator stays as it is: more active among the registered, not more registered. A count that
is hidden or not reported takes nothing that could be told.
"""

from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

from metrics.analysis.finding import Finding, with_status
from metrics.analysis.peer_groups import group_for
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.build import Build
from metrics.comparisons.peers import PeerMedian, among
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.reference import did_you_mean
from metrics.sentences import (
    describe_subject,
    format_count,
    format_number,
    format_value,
    status_text,
    with_unit,
)
from metrics.standards import load_standards
from metrics.statistics import excess_count, required_count
from metrics.targets import reservation

DECEMBER = 12
CATALOGUE = ("catalogue", "目标")  # the target of the indicator's own definition
FEW = 10
NO_GOAL = ("没有目标", "there is no goal")


@dataclass(frozen=True)
class Goal:
    """A value to be reached, in the indicator's unit, and where it comes from."""

    value: float
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class WhatItTakes(Finding):
    """n: the denominator in whole people or hours (the numerator itself for a plain count)."""

    indicator: str
    goal: float | None
    observation: Observation
    needed: float | None  # of the numerator: people, visits, hours; 0 when it is reached
    direction: str  # more | fewer: what is needed; '' when it is reached or not known
    months_left: int  # of the year the period lies in
    needed_per_month: float | None  # None when the year is over, and for what months cannot be added up to
    per_month_so_far: float | None  # numerator per month since 1 January, for what is added over months


def what_it_takes(
    build: Build,
    asked: Asked,
    area_code: str,
    period: Period,
    target: str | None = None,
    group: str | None = None,
    home: Path | None = None,
) -> WhatItTakes:
    """To a target (a number in the indicator's unit, the id of a standard, or `catalogue` for the target in force
    that the indicator's definition names), else to the peers' median.

    The figure is read as asked; without a window, what grows over the year is read since 1 January.
    """
    indicator = asked.indicator
    if indicator.kind == "growth":
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”是增速，不能换算成还差多少人或多少小时。",
            f"{indicator.id} is a growth: what is missing to it is no count of people or hours.",
        )
    if asked.window is None and period.kind == "month":
        asked = replace(asked, window="ytd")
    own = asked.at(build, area_code, period)
    if target is not None:
        goal = catalogue_goal(own, indicator) if target in CATALOGUE else goal_from(target, indicator)
        require_possible(goal.value, indicator)
        return needed_for(own, goal, indicator)
    found = among(build, own, indicator, group_for(area_code, group, period.end, home))
    if found.median is None or found.reasons:
        return needed_for(found.now, None, indicator, found)
    goal = Goal(found.median, found.median_told("zh"), found.median_told("en"))
    return needed_for(found.now, goal, indicator)


def catalogue_goal(own: Observation, indicator: Indicator) -> Goal:
    """The target in force for the figure's area, year and window; it is set for the usual definition."""
    target = indicator.target(own.area_code, own.period_end.year, own.window)
    if target is None or own.variant:
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”没有对这个地区、时期、窗口和口径有效的目标；可以给一个数：--target 50。",
            f"{indicator.id} has no target in force for this area, period, window and definition; give a number: "
            "--target 50.",
        )
    return Goal(target.value, f"目标（{target.name('zh')}）", f"the target ({target.name('en')})")


def goal_from(text: str, indicator: Indicator) -> Goal:
    """A number, or a standard that is switched on, has a threshold and is about this indicator."""
    try:
        return Goal(float(text), "目标", "the target")
    except ValueError:
        pass
    known = {
        one.standard_id: one
        for one in load_standards()
        if one.is_on and one.threshold is not None and one.concept_id == indicator.id
    }
    if text not in known:
        raise AnalysisRefused(
            f"“{text}”既不是数，也不是“{indicator.name('zh')}”的标准；可用：{'、'.join(known) or '无'}。",
            f"'{text}' is neither a number nor a standard of {indicator.id}.{did_you_mean(text, known)} "
            f"There {'are ' + ', '.join(known) if known else 'is none'}.",
        )
    one = known[text]
    assert one.threshold is not None
    return Goal(
        float(one.threshold), f"{one.name('zh')}（{one.edition}）", f"{one.name('en')} ({one.edition})"
    )


def require_possible(value: float, indicator: Indicator) -> None:
    """A count cannot be negative, nor can more than all do what a proportion counts."""
    if not isfinite(value) or value < 0:
        raise AnalysisRefused(
            f"目标 {value:g} 不能用：应是不小于 0 的数。",
            f"A target of {value:g} cannot be used: expected a number of zero or more.",
        )
    if indicator.is_proportion and value > indicator.factor:
        most = {lang: format_value(indicator.factor, indicator, lang) for lang in ("zh", "en")}
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”是占比，最多 {most['zh']}；目标 {value:g} 达不到。",
            f"{indicator.id} is a proportion and at most {most['en']}: a target of {value:g} cannot be reached.",
        )


def needed_for(
    own: Observation, goal: Goal | None, indicator: Indicator, peers: PeerMedian | None = None
) -> WhatItTakes:
    """The finding for one figure and one goal; without a goal, `peers` say why."""
    needed = per_month = pace = None
    direction = ""
    left = DECEMBER - own.period_end.month
    if own.value is None or own.numerator is None:
        status = own.status
    elif goal is None:
        status = peers.reasons[0].status if peers else "insufficient"
    else:
        status = own.status
        whole = 1.0 if own.denominator is None else float(own.denominator)
        needed, direction = distance(goal.value / indicator.factor, float(own.numerator), whole, indicator)
        # What does not grow from 1 January on is a stock here.
        kind = indicator.numerator.measure.kind if indicator.happens_in_window else "stock"
        if left and (kind == "stock" or (kind == "flow" and direction != "fewer" and is_of_year(own))):
            per_month = needed / left
        # An unfinished year has had fewer months than the calendar says.
        if kind == "flow" and is_of_year(own) and own.status != "provisional":
            pace = float(own.numerator) / own.period_end.month
    zh, en = sentences(own, goal, indicator, status, needed, direction, left, per_month, pace, peers)
    return WhatItTakes(
        area_code=own.area_code, status=status, n=round(own.denominator or own.numerator or 0), zh=zh, en=en,
        build_id=own.build_id, indicator=indicator.id, goal=None if goal is None else goal.value, observation=own,
        needed=needed, direction=direction, months_left=left, needed_per_month=per_month, per_month_so_far=pace,
    )  # fmt: skip


def distance(goal: float, above: float, whole: float, indicator: Indicator) -> tuple[float, str]:
    """How many more, or fewer, of the numerator, by what is better; both are looked at where neither is."""
    more, fewer = float(required_count(goal, above, whole)), float(excess_count(goal, above, whole))
    if more and indicator.polarity != "lower":
        return more, "more"
    if fewer and indicator.polarity != "higher":
        return fewer, "fewer"
    return 0.0, ""


def is_of_year(own: Observation) -> bool:
    return own.window in ("ytd", "year")


def sentences(
    own: Observation,
    goal: Goal | None,
    indicator: Indicator,
    status: str,
    needed: float | None,
    direction: str,
    left: int,
    per_month: float | None,
    pace: float | None,
    peers: PeerMedian | None = None,
) -> tuple[str, str]:
    subject = {lang: describe_subject(own, indicator, lang) for lang in ("zh", "en")}
    if needed is None or goal is None:
        zh, en = status_text(status, "zh"), status_text(status, "en")
        if own.value is not None and goal is None:
            zh, en = (peers.why_not("zh"), peers.why_not("en")) if peers else NO_GOAL
        return (
            f"{subject['zh']}：{zh}，说不出还差多少。",
            f"{subject['en']}: {en}, so what is missing cannot be told.",
        )
    unit = counted(indicator)
    mark = {lang: format_value(goal.value, indicator, lang) for lang in ("zh", "en")}
    value = {lang: format_value(own, indicator, lang) for lang in ("zh", "en")}
    zh = f"{subject['zh']}为 {value['zh']}，{goal.zh}为 {mark['zh']}"
    en = f"{subject['en']}: {value['en']}; {goal.en} is {mark['en']}"
    unit_en = unit.unit_name("en")
    count = {"zh": with_unit(format_count(needed), unit, "zh"), "en": f"{format_count(needed)} {unit_en}"}
    if indicator.polarity == "neither":
        return with_status(status, *beside(zh, en, count, direction), [own])
    reserved = reservation(indicator, own, goal.value)
    if not needed:
        return with_status(
            status, f"{zh}，已经达到{reserved[0]}", f"{en}, which is reached{reserved[1]}", [own]
        )
    zh += f"，{LACKING[direction]} {count['zh']}"
    en += f", {format_count(needed)} {direction} {unit_en} are needed"
    if per_month is not None:
        zh += f"，其余 {left} 个月平均每月 {with_unit(pace_text(per_month), unit, 'zh')}"
        en += f", {pace_text(per_month)} in each of the {left} months left"
    if pace is not None and left:  # a year that is over has no "so far"
        zh += f"（今年以来每月 {pace_text(pace)}）"
        en += f" ({pace_text(pace)} a month so far)"
    return with_status(status, zh + reserved[0], en + reserved[1], [own])


# What is needed when lower is better is to have fewer, such as fewer who lapse.
LACKING = {"more": "还差", "fewer": "还要减少"}


def beside(zh: str, en: str, count: dict[str, str], direction: str) -> tuple[str, str]:
    """Where neither higher nor lower is better, how far apart the two lie; nobody has to do anything."""
    if not direction:
        return f"{zh}，两者相当", f"{en}, which is as much"
    word, en_word = ("少", "stays below") if direction == "more" else ("多", "exceeds")
    return (
        f"{zh}，比照它{word} {count['zh']}（高低不分好坏）",
        f"{en}, which it {en_word} by {count['en']} (neither higher nor lower is better)",
    )


def pace_text(number: float) -> str:
    """So many a month; few with a decimal, so that two in six months is not nobody."""
    return format_number(number, 1 if number < FEW else 0)


def counted(indicator: Indicator) -> Indicator:
    """The numerator's measure as an indicator of its own, for its unit."""
    return Asked(indicator.numerator.measure.id).indicator
