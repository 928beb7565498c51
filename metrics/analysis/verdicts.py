"""Each district against its city: better, similar or worse, with what is to be expected by chance alone.

Judged is what sentences judge, by their test (metrics.judging, metrics.difference): proportions against the rest of
the city, other figures where the 95 % interval leaves the city's value out. Of many such tests some do so by chance; how many is
said, and on request Benjamini and Hochberg's correction is made.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.analysis.finding import Finding, together, with_status
from metrics.analysis.intervals import Limits, limits_of, p_value
from metrics.analysis.ranking import number_or_none, why_not_between_areas
from metrics.analysis.reading import Asked
from metrics.areas import load_areas
from metrics.build import Build
from metrics.difference import tested
from metrics.indicator import Indicator
from metrics.judging import FEWEST_FOR_HOURS, compares_areas, is_whole
from metrics.observation import Observation
from metrics.observe import CONFIDENCE
from metrics.periods import Period
from metrics.sentences import chance_note, describe_subject, format_value, status_text
from metrics.statistics import benjamini_hochberg, compare_to_benchmark, expected_by_chance

NOT_COMPARED = "not_compared"
WORDS = {
    "better": ("优于全市", "better"), "worse": ("差于全市", "worse"), "higher": ("高于全市", "higher"),
    "lower": ("低于全市", "lower"), "similar": ("与全市没有显著差别", "similar"),
    NOT_COMPARED: ("不作比较", "not compared"),
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """One area; p_value and adjusted are nan-free: None where there is no test."""

    area_code: str
    area_name: str
    value: float | None
    lower: float | None
    upper: float | None
    verdict: str
    p_value: float | None
    adjusted: float | None  # by Benjamini and Hochberg over the areas tested
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True, kw_only=True)
class Verdicts(Finding):
    """n: areas tested."""

    indicator: str
    benchmark: float | None  # the city's value
    is_corrected: bool
    expected_by_chance: float
    counts: dict[str, int]
    note_zh: str
    note_en: str
    rows: tuple[Verdict, ...]


def verdicts(build: Build, asked: Asked, city: str, period: Period, is_corrected: bool = False) -> Verdicts:
    """Every district and zone of a city against the city's own value."""
    rows = asked.children(build, city, period)
    whole = asked.at(build, city, period)
    return verdicts_of(whole, rows, limits_of(rows), asked.indicator, is_corrected)


def verdicts_of(
    whole: Observation,
    rows: Sequence[Observation],
    limits: Sequence[Limits],
    indicator: Indicator,
    is_corrected: bool = False,
) -> Verdicts:
    """The finding from figures and intervals; the city itself, should it be among the rows, is not compared."""
    judged = [judge(row, one, whole, indicator) for row, one in zip(rows, limits, strict=True)]
    words = np.array([word for word, _ in judged], dtype="U12")
    chances = np.array([chance for _, chance in judged], dtype=np.float64)
    adjusted = benjamini_hochberg(chances)
    if is_corrected:
        words = np.where((words != NOT_COMPARED) & (adjusted >= 1 - CONFIDENCE), "similar", words)
    table = tuple(
        Verdict(
            row.area_code, load_areas().get(row.area_code).area_name,
            None if row.value is None else float(row.value), number_or_none(one.lower), number_or_none(one.upper),
            str(word), number_or_none(chance), number_or_none(corrected), row.status,
            row.told_status,
        )
        for row, one, word, chance, corrected in zip(rows, limits, words, chances, adjusted, strict=True)
    )  # fmt: skip
    compared = [row for row in table if row.verdict != NOT_COMPARED]
    counts = dict(Counter(row.verdict for row in table))
    by_chance = float(expected_by_chance(len(compared), CONFIDENCE))
    if whole.value is None:
        status = whole.status
    elif not compared:
        status = "insufficient"
    else:
        status = together([whole.status, *(row.status for row in compared)])
    note = note_on_chance(len(compared), is_corrected)
    are_compared = {row.area_code for row in compared}
    behind = [whole, *(row for row in rows if row.area_code in are_compared)]
    zh, en = sentences(whole, indicator, counts, note, status, behind if compared else [])
    return Verdicts(
        area_code=whole.area_code, status=status, n=len(compared), zh=zh, en=en, build_id=whole.build_id,
        indicator=indicator.id, benchmark=whole.value, is_corrected=is_corrected, expected_by_chance=by_chance,
        counts=counts, note_zh=note[0], note_en=note[1], rows=table,
    )  # fmt: skip


def judge(row: Observation, own: Limits, whole: Observation, indicator: Indicator) -> tuple[str, float]:
    """One area's word and the probability of a difference as large by chance (nan where there is no test)."""
    if not is_whole(row, indicator) or whole.status != "ok" or row.value is None or whole.value is None:
        return NOT_COMPARED, np.nan
    difference = tested("benchmark", row, whole, indicator)
    if difference is None:
        return NOT_COMPARED, np.nan
    benchmark = float(whole.value)
    # The word is that of a point on the side the value lies on, once chance has been left behind.
    side = float(row.value) if difference.is_distinguishable else benchmark
    word = str(compare_to_benchmark(side, side, benchmark, indicator.polarity))
    chance = p_value(row, own, benchmark) if difference.p_value is None else difference.p_value
    return word, chance


def note_on_chance(tests: int, is_corrected: bool = False) -> tuple[str, str]:
    """As sentences say it (metrics.sentences.chance_note), or what a correction promises; '' for a single test."""
    if is_corrected:
        return (
            f"{tests} 次比较已按 Benjamini–Hochberg 校正：显示有差异的当中，预计至多 5% 出于偶然",
            f"{tests} tests, corrected by Benjamini and Hochberg: of those that differ, 5 % at most are expected to "
            "do so by chance",
        )
    return chance_note(tests, "zh").rstrip("。"), chance_note(tests, "en").rstrip(".")


def sentences(
    whole: Observation,
    indicator: Indicator,
    counts: dict[str, int],
    note: tuple[str, str],
    status: str,
    tested_rows: Sequence[Observation],
) -> tuple[str, str]:
    subject = {lang: describe_subject(whole, indicator, lang) for lang in ("zh", "en")}
    if whole.value is None:
        zh, en = status_text(status, "zh"), status_text(status, "en")
        return f"{subject['zh']}：{zh}，不作比较。", f"{subject['en']}: {en}, so nothing is compared with it."
    value = {lang: format_value(whole, indicator, lang) for lang in ("zh", "en")}
    if not compares_areas(whole):
        zh, en = why_not_between_areas(indicator)
        return (
            f"{subject['zh']}为 {value['zh']}；{zh}，不与全市比较。",
            f"{subject['en']}: {value['en']}; {en}, so no district is held against the city.",
        )
    if not tested_rows:
        return (
            f"{subject['zh']}为 {value['zh']}；没有可以判断的区县：完整的、带区间的数才判断，时长的平均数还要满 "
            f"{FEWEST_FOR_HOURS} 人。",
            f"{subject['en']}: {value['en']}; no district is judged: only complete figures with an interval are, and "
            f"mean hours of {FEWEST_FOR_HOURS} people and more.",
        )
    told = [word for word in WORDS if counts.get(word) and word != NOT_COMPARED]
    zh = "，".join(f"{counts[word]} 个地区{WORDS[word][0]}" for word in told)
    en = ", ".join(f"{counts[word]} {WORDS[word][1]}" for word in told)
    return with_status(
        status,
        f"{subject['zh']}为 {value['zh']}：{zh}" + (f"（{note[0]}）" if note[0] else ""),
        f"{subject['en']}: {value['en']}; {en}" + (f" ({note[1]})" if note[1] else ""),
        tested_rows,
    )
