"""From which month a monthly figure has kept another level, told by control sums (CUSUM).

Every month is set against the same month of the year before, so that spring and 3·5 are no change. Twelve such
growths say what is usual; a change is signalled only where the sum of what lies beyond it crosses its limit, and is
said to begin where that sum left zero. A year after a change the figures of the year before have it too and growth
falls back: a signal the other way that begins then is an echo, and is told as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

import numpy as np

from metrics.analysis.finding import Finding, percent_text
from metrics.analysis.months_left_out import why_left_out
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period, month_number
from metrics.sentences import area_name_in_full, basis_text, status_text, variant_text
from metrics.series_breaks import SeriesBreak, breaks_across
from metrics.statistics import cusum

MONTHS = 60  # growths looked at, at most
BASE = 12  # the first growths: what is usual
FEWEST_OF_BASE = 10
LIMIT = 5.0  # standard deviations, as OpenPrescribing has it
# A change shows for twelve months; the sums need some to leave zero again.
ECHO_AFTER = range(BASE - 2, BASE + 4)
COMPARED = (
    "ok",
)  # as comparisons: over an earlier year's population a change might be one of population only


@dataclass(frozen=True)
class Month:
    """One month beside that of the year before. growth: a fraction of 1, None where either is not known whole."""

    period: str
    value: float | None
    before: float | None  # the same month of the year before
    growth: float | None
    usual: float | None  # the growth expected from the months before
    signal: str  # rose | fell | echo where the limit is crossed, else ''
    status: str
    told_status: str = ""  # as readers are told it


@dataclass(frozen=True)
class LevelChange:
    """A run of months beyond the limit."""

    signal: str  # rose | fell | echo
    began: str  # the month the sum left zero
    signalled: str  # the month it crossed its limit
    usual: float  # the growth before
    growth: float  # the mean since it began, up to the last month beyond the limit


@dataclass(frozen=True, kw_only=True)
class LevelChanges(Finding):
    """n: months with a growth."""

    indicator: str
    months_left_out: int
    changes: tuple[LevelChange, ...]
    rows: tuple[Month, ...]


def level_changes(build: Build, asked: Asked, area_code: str, period: Period) -> LevelChanges:
    """The months up to the end of a period. Raises AnalysisRefused for what does not happen month by month."""
    indicator = require_monthly(asked.indicator)
    last = Period.containing("month", period.end)
    rows = replace(asked, window="month").through(build, area_code, last, MONTHS + BASE)
    return level_changes_of(rows, indicator, build.breaks)


def require_monthly(indicator: Indicator) -> Indicator:
    if not indicator.happens_in_window:
        raise AnalysisRefused(
            f"“{indicator.name('zh')}”不是逐月发生的数，看不出哪个月起变了；请用流量或活跃人数，如 service_hours。",
            f"{indicator.id} does not happen month by month, so no month is told in which it changed; ask for a flow "
            "or for active people, such as service_hours.",
        )
    return indicator


def level_changes_of(
    rows: Sequence[Observation], indicator: Indicator, breaks: Sequence[SeriesBreak] = ()
) -> LevelChanges:
    """The finding from consecutive months, the first year of which is only compared with."""
    pairs = list(zip(rows[BASE:], rows[:-BASE], strict=True))
    growths = [growth(now, before, indicator, breaks) for now, before in pairs]
    statuses = [status_beside(*pair, bool(broken(*pair, indicator, breaks))) for pair in pairs]
    known = [place for place, one in enumerate(growths) if one is not None]
    reported = [place for place, (status, _) in enumerate(statuses) if status != "not_reported"]
    first = (known or reported or [len(pairs)])[0]
    pairs, statuses, growths = pairs[first:], statuses[first:], growths[first:]
    lacking = [told for (_, told), one in zip(statuses, growths, strict=True) if one is None]
    base = [one for one in growths[:BASE] if one is not None]
    is_enough = len(base) >= FEWEST_OF_BASE and len(known) > len(base) and pstdev(base) > 0
    signals = [""] * len(pairs)
    usual: list[float | None] = [None] * len(pairs)
    changes: tuple[LevelChange, ...] = ()
    if is_enough:
        chart = cusum([np.nan if one is None else one for one in growths], BASE, LIMIT)
        usual = [float(one) for one in chart.target]
        sums = chart.above.tolist(), (-chart.below).tolist()
        periods = [now.period for now, _ in pairs]
        changes, signals = changes_of(periods, growths, usual, chart.direction.tolist(), sums)
    table = tuple(
        Month(
            now.period.code, number(now), number(before), one, level, signal,
            *beside,
        )
        for (now, before), beside, one, level, signal in zip(pairs, statuses, growths, usual, signals, strict=True)
    )  # fmt: skip
    status = "ok" if is_enough else "insufficient"
    if not known and rows:
        # Where nothing can be compared, what is missing of every month is the finding's status.
        missing = {one for one, _ in statuses} or {row.status for row in rows}
        status = missing.pop() if len(missing) == 1 and missing != {"ok"} else status
    between = sorted({one for now, before in pairs for one in broken(now, before, indicator, breaks)})
    left_out = {lang: why_left_out(lacking, between, indicator, lang) for lang in ("zh", "en")}
    zh, en = sentences(rows[-1], indicator, table, changes, status, left_out)
    return LevelChanges(
        area_code=rows[-1].area_code, status=status, n=len(known), zh=zh, en=en, build_id=rows[-1].build_id,
        indicator=indicator.id, months_left_out=len(lacking), changes=changes, rows=table,
    )  # fmt: skip


def status_beside(now: Observation, before: Observation, is_broken: bool) -> tuple[str, str]:
    """The status of a month's growth, and as readers are told it: that of the first of the two that is not whole."""
    spoiling = [row for row in (now, before) if row.status not in COMPARED]
    if spoiling:
        return spoiling[0].status, spoiling[0].told_status
    return ("series_break", "series_break") if is_broken else ("ok", "ok")


def broken(
    now: Observation, before: Observation, indicator: Indicator, breaks: Sequence[SeriesBreak]
) -> list[SeriesBreak]:
    """The breaks that keep a month from being held against that of the year before."""
    months = ((before.period, "month"), (now.period, "month"))
    return breaks_across(breaks, indicator, now.basis, now.area_code, *months)


def growth(
    now: Observation, before: Observation, indicator: Indicator, breaks: Sequence[SeriesBreak]
) -> float | None:
    """Against the same month of the year before, of two whole figures of one series."""
    if now.status not in COMPARED or before.status not in COMPARED or now.value is None or not before.value:
        return None
    if broken(now, before, indicator, breaks):
        return None
    return float(now.value) / float(before.value) - 1


def number(row: Observation) -> float | None:
    return None if row.value is None else float(row.value)


def changes_of(
    periods: Sequence[Period],
    growths: Sequence[float | None],
    usual: Sequence[float | None],
    direction: Sequence[int],
    sums: tuple[Sequence[float], Sequence[float]],
) -> tuple[tuple[LevelChange, ...], list[str]]:
    """Runs of alerts as changes, and per month the word of the run it belongs to.

    A run the same way within a year is the change going on (the usual level moves towards it only slowly).
    """
    signals = [""] * len(periods)
    changes: list[LevelChange] = []
    place = 0
    while place < len(periods):
        way = int(direction[place])
        if not way:
            place += 1
            continue
        end = place
        while (
            end + 1 < len(periods)
            and direction[end + 1] in (way, 0)
            and (direction[end + 1] == way or growths[end + 1] is None)
        ):
            end += 1
        own = sums[0] if way > 0 else sums[1]
        began = place
        while began > 0 and own[began - 1] > 0:
            began -= 1
        word = word_of(way, month_number(periods[began].start), changes)
        signals[place : end + 1] = [word] * (end + 1 - place)
        since = [one for one in growths[began : end + 1] if one is not None]
        if word:
            changes.append(
                LevelChange(word, periods[began].code, periods[place].code, usual[began] or 0.0, fmean(since))
            )
        else:
            signals[place : end + 1] = [changes[-1].signal] * (end + 1 - place)
        place = end + 1
    return tuple(changes), signals


def word_of(way: int, began: int, changes: Sequence[LevelChange]) -> str:
    """rose or fell; echo a year after a change the other way; '' for a change that goes on."""
    word = "rose" if way > 0 else "fell"
    for one in changes:
        months = began - month_number(Period.parse(one.began).start)
        if one.signal not in (word, "echo") and months in ECHO_AFTER:
            return "echo"
        if one is changes[-1] and one.signal == word and months < BASE:
            return ""
    return word


WORDS = {"rose": ("升高", "higher"), "fell": ("降低", "lower")}


def sentences(
    last: Observation,
    indicator: Indicator,
    table: Sequence[Month],
    changes: Sequence[LevelChange],
    status: str,
    left_out: Mapping[str, str],
) -> tuple[str, str]:
    where = {lang: area_name_in_full(last.area_code, lang) for lang in ("zh", "en")}
    name = {lang: indicator.name(lang) for lang in ("zh", "en")}
    if len(indicator.bases) > 1:
        name["zh"] += f"（{basis_text(last.basis, 'zh')}）"
        name["en"] += f" ({basis_text(last.basis, 'en')})"
    name = {lang: name[lang] + variant_text(last.variant, lang) for lang in name}
    head_zh, head_en = f"{where['zh']}{name['zh']}", f"{where['en']}, {name['en'][0].lower()}{name['en'][1:]}"
    if status not in ("ok", "insufficient"):
        why = {lang: left_out[lang] or status_text(status, lang) for lang in ("zh", "en")}
        return (
            f"{head_zh}：{why['zh']}，看不出水平改变。",
            f"{head_en}: {why['en']}, so no change of level is told.",
        )
    if status != "ok":
        also = {
            "zh": left_out["zh"] and f"；{left_out['zh']}",
            "en": left_out["en"] and f"; {left_out['en']}",
        }
        return (
            f"{head_zh}：能与上年同月比的月份不足（至少要 {BASE + 1} 个，开头一年的 {FEWEST_OF_BASE} 个且不全一样），"
            f"看不出水平改变{also['zh']}。",
            f"{head_en}: too few months can be set against the year before (at least {BASE + 1}, {FEWEST_OF_BASE} "
            f"of them in the first year and not all alike) to tell a change of level{also['en']}.",
        )
    span = (Period.parse(table[0].period), Period.parse(table[-1].period))
    zh = f"{head_zh} {span[0].label('zh')}至{span[1].label('zh')}逐月与上年同月比"
    en = f"{head_en}, {span[0].label('en')} to {span[1].label('en')}, each month against that of the year before"
    real = [one for one in changes if one.signal in WORDS]
    if not real:
        zh, en = (
            f"{zh}：没有月份越过控制限，看不出水平改变",
            f"{en}: no month crosses the limit, so no change of level is seen",
        )
    told_zh, told_en = [], []
    for one in real:
        began, seen = Period.parse(one.began), Period.parse(one.signalled)
        word_zh, word_en = WORDS[one.signal]
        rates = percent_text(one.usual), percent_text(one.growth)
        told_zh.append(
            f"自{began.label('zh')}起水平{word_zh}（同比由平常的 {rates[0]} 变为平均 {rates[1]}，"
            f"{seen.label('zh')}越过控制限）"
        )
        told_en.append(
            f"{word_en} since {began.label('en')} (growth from the usual {rates[0]} to {rates[1]} on average; the "
            f"limit was crossed in {seen.label('en')})"
        )
    if real:
        zh, en = f"{zh}：{'；'.join(told_zh)}", f"{en}: {'; '.join(told_en)}"
    if any(one.signal == "echo" for one in changes):
        zh += "；一年后的回摆是因为上年同月已经变了，不另算改变"
        en += "; the swing back a year later comes of the year before having changed already, and is no change of its own"
    if left_out["zh"]:
        zh, en = f"{zh}；{left_out['zh']}", f"{en}; {left_out['en']}"
    return f"{zh}。", f"{en}."
