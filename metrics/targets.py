"""The target of a figure: whether it is met, as sure as the figure's interval allows.

Met is a value on the better side of the target or at it, by the indicator's polarity. Where the whole interval lies
on that side it is met beyond chance; where the target lies within the interval it could be either. What may be
judged is what comparisons judge (metrics.judging), so both say the same.
"""

from typing import Any

from metrics.citations import cited
from metrics.definitions import LANGUAGES
from metrics.difference import against_fixed
from metrics.indicator import Indicator
from metrics.judging import FEWEST_FOR_HOURS, has_enough_people
from metrics.observation import Observation
from metrics.sentences import format_number, with_unit

# verdict → 中文, English
VERDICTS = {
    "met": ("已达到", "met"),
    "not_met": ("未达到", "not met"),
    "met_within_interval": (
        "数值达到目标，但目标在 95% 区间内，不能排除偶然",
        "met by the value, but the target lies within the 95 % interval, so chance is not ruled out",
    ),
    "not_met_within_interval": (
        "数值未达到目标，但目标在 95% 区间内，不能排除偶然",
        "not met by the value, but the target lies within the 95 % interval, so chance is not ruled out",
    ),
    "no_better_side": ("这个指标高低无所谓好坏，不判断", "not judged: neither higher nor lower is better"),
    "too_few": (
        f"不足 {FEWEST_FOR_HOURS} 人，时长的平均数不判断",
        f"not judged: mean hours of fewer than {FEWEST_FOR_HOURS} people",
    ),
    "earlier_population": (
        "用的是较早年份的人口，不判断",
        "not judged: the population is that of an earlier year",
    ),
    "not_final": ("数字缺失或尚不完整，不判断", "not judged: the figure is missing or not complete"),
}

# What is to be said beside how far a mark is away.
WITHIN = (
    "（目标在 95% 区间内，不能排除偶然）",
    " (the mark lies within the 95 % interval, so chance is not ruled out)",
)
FEW_PEOPLE = (
    f"（不足 {FEWEST_FOR_HOURS} 人，时长的平均数不作判断）",
    f" (mean hours of fewer than {FEWEST_FOR_HOURS} people are not judged)",
)
RESERVATIONS = {"met_within_interval": WITHIN, "not_met_within_interval": WITHIN, "too_few": FEW_PEOPLE}


def target_told(indicator: Indicator, observation: Observation) -> dict[str, Any] | None:
    """The target in force for the figure's area, year and window, with its unit and the verdict; texts in both
    languages. None where there is none; a target is of the usual definition."""
    target = indicator.target(observation.area_code, observation.period_end.year, observation.window)
    if target is None or observation.variant:
        return None
    said = verdict(indicator, observation, target.value)
    told = VERDICTS[said]
    texts = {}
    for lang, words in zip(LANGUAGES, told, strict=True):
        number = with_unit(format_number(target.value, decimals_of(target.value)), indicator, lang)
        opened, closed = ("（", "）") if lang == "zh" else (" (", ")")
        joint = "：" if lang == "zh" else ": "
        texts[lang] = f"{number}{opened}{target.name(lang)}{closed}{joint}{words}"
    return {
        "value": target.value, "unit": indicator.unit, "from_year": target.from_year, "to_year": target.to_year,
        "area_code": target.area or None, "window": target.window or None, "source": target.source,
        "source_text": {lang: cited(target.source, lang) for lang in LANGUAGES}, "verdict": said, **texts,
    }  # fmt: skip


def verdict(indicator: Indicator, observation: Observation, target: float) -> str:
    """One of VERDICTS."""
    if indicator.polarity == "neither":
        return "no_better_side"
    if observation.status == "denominator_year" and observation.value is not None:
        return "earlier_population"
    if observation.value is None or observation.status != "ok":
        return "not_final"
    if not has_enough_people(observation, indicator):
        return "too_few"
    sign = 1 if indicator.polarity == "higher" else -1
    is_met = sign * (observation.value - target) >= 0
    difference = against_fixed(observation, target, indicator)
    is_within = difference is not None and difference.lower < 0 < difference.upper
    return ("met" if is_met else "not_met") + ("_within_interval" if is_within else "")


def reservation(indicator: Indicator, observation: Observation, target: float) -> tuple[str, str]:
    """What the verdict leaves open, in brackets; '' where it leaves nothing open, or the status says it."""
    return RESERVATIONS.get(verdict(indicator, observation, target), ("", ""))


def decimals_of(value: float) -> int:
    """As many as the target is written with: 8 → 0, 0.5 → 1."""
    text = f"{value:g}"
    return len(text.partition(".")[2])
