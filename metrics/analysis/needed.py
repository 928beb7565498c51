"""What it takes: how many more people or hours until a target or the peers' median is reached, and per month.

The denominator stays as it is: more active among the registered, not more registered. A count that is hidden or not
reported takes nothing that could be told.
"""

from dataclasses import dataclass
from pathlib import Path

from metrics.analysis.finding import Finding, with_status
from metrics.analysis.peers import peer_position
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.build import Build
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
from metrics.statistics import required_count

DECEMBER = 12
FEW = 10


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
    needed: float | None  # more of the numerator: people, visits, hours; 0 when it is reached
    months_left: int  # of the year the period lies in
    needed_per_month: float | None  # None when the year is over
    per_month_so_far: float | None  # numerator per month since 1 January, for what grows from then on


def what_it_takes(
    build: Build,
    asked: Asked,
    area_code: str,
    period: Period,
    target: str | None = None,
    group: str | None = None,
    home: Path | None = None,
) -> WhatItTakes:
    """To a target (a number in the indicator's unit, or the id of a standard), else to the peers' median.

    The figure is read as asked; without a window, what grows over the year is read since 1 January.
    """
    indicator = asked.indicator
    if indicator.kind == "growth":
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”是增速，不能换算成还差多少人或多少小时。",
            f"{indicator.id} is a growth: what is missing to it is no count of people or hours.",
        )
    if asked.window is None and period.kind == "month":
        asked = Asked(asked.indicator_id, "ytd", asked.basis)
    own = asked.at(build, area_code, period)
    if target is not None:
        return needed_for(own, goal_from(target, indicator), indicator)
    found = peer_position(build, asked, area_code, period, group, home)
    if found.median is None:
        return needed_for(own, None, indicator)
    zh, en = f"{found.n} 个对比地区的中位数", f"the median of its {found.n} peers"
    return needed_for(own, Goal(found.median, zh, en), indicator)


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


def needed_for(own: Observation, goal: Goal | None, indicator: Indicator) -> WhatItTakes:
    """The finding for one figure and one goal; no goal when there are too few peers."""
    needed = per_month = pace = None
    left = DECEMBER - own.period_end.month
    if own.value is None or own.numerator is None:
        status = own.status
    elif goal is None:
        status = "insufficient"
    else:
        status = own.status
        whole = 1.0 if own.denominator is None else float(own.denominator)
        needed = float(required_count(goal.value / indicator.factor, float(own.numerator), whole))
        per_month = needed / left if left else None
        if own.window in ("ytd", "year") and indicator.numerator.measure.kind != "stock":
            pace = float(own.numerator) / own.period_end.month
    zh, en = sentences(own, goal, indicator, status, needed, left, per_month, pace)
    return WhatItTakes(
        area_code=own.area_code, status=status, n=round(own.denominator or own.numerator or 0), zh=zh, en=en,
        build_id=own.build_id, indicator=indicator.id, goal=None if goal is None else goal.value, observation=own,
        needed=needed, months_left=left, needed_per_month=per_month, per_month_so_far=pace,
    )  # fmt: skip


def sentences(
    own: Observation,
    goal: Goal | None,
    indicator: Indicator,
    status: str,
    needed: float | None,
    left: int,
    per_month: float | None,
    pace: float | None,
) -> tuple[str, str]:
    subject = {lang: describe_subject(own, indicator, lang) for lang in ("zh", "en")}
    if needed is None or goal is None:
        zh, en = status_text(status, "zh"), status_text(status, "en")
        if own.value is not None and goal is None:
            zh, en = "可比的对比地区太少", "too few peers to compare with"
        return (
            f"{subject['zh']}：{zh}，说不出还差多少。",
            f"{subject['en']}: {en}, so what is missing cannot be told.",
        )
    unit = counted(indicator)
    mark = {lang: format_value(goal.value, indicator, lang) for lang in ("zh", "en")}
    value = {lang: format_value(own, indicator, lang) for lang in ("zh", "en")}
    zh = f"{subject['zh']}为 {value['zh']}，{goal.zh}为 {mark['zh']}"
    en = f"{subject['en']}: {value['en']}; {goal.en} is {mark['en']}"
    if not needed:
        return with_status(status, f"{zh}，已经达到", f"{en}, which is reached")
    zh += f"，还差 {with_unit(format_count(needed), unit, 'zh')}"
    en += f", {format_count(needed)} more {unit.unit_name('en')} are needed"
    if per_month is not None:
        zh += f"，其余 {left} 个月平均每月 {with_unit(pace_text(per_month), unit, 'zh')}"
        en += f", {pace_text(per_month)} in each of the {left} months left"
    if pace is not None:
        zh += f"（今年以来每月 {pace_text(pace)}）"
        en += f" ({pace_text(pace)} a month so far)"
    return with_status(status, zh, en)


def pace_text(number: float) -> str:
    """So many a month; few with a decimal, so that two in six months is not nobody."""
    return format_number(number, 1 if number < FEW else 0)


def counted(indicator: Indicator) -> Indicator:
    """The numerator's measure as an indicator of its own, for its unit."""
    return Asked(indicator.numerator.measure.id).indicator
