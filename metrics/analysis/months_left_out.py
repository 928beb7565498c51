"""Why months of a course are held against nothing: what each lacks, in words, and how many lack it."""

from collections import Counter
from collections.abc import Sequence

from metrics.indicator import Indicator
from metrics.sentences import status_text
from metrics.series_breaks import SeriesBreak, clauses


def why_left_out(
    lacking: Sequence[str], breaks: Sequence[SeriesBreak], indicator: Indicator, lang: str
) -> str:
    """'12 个月没有完整可比的数，没有比（8 个月没有常住人口数，4 个月…）'; '' for none. `lacking`: a told status a month."""
    if not lacking:
        return ""
    zh, why = lang == "zh", Counter(lacking).most_common()
    words = [(in_words(told, breaks, indicator, lang), count) for told, count in why]
    if len(words) == 1:
        reasons = words[0][0]
    elif zh:
        reasons = "；".join(f"{count} 个月{text}" for text, count in words)
    else:
        reasons = "; ".join(f"{count}: {text}" for text, count in words)
    if zh:
        return f"{len(lacking)} 个月没有完整可比的数，没有比（{reasons}）"
    return f"{len(lacking)} months have no whole figure to compare and were left out ({reasons})"


def in_words(told: str, breaks: Sequence[SeriesBreak], indicator: Indicator, lang: str) -> str:
    """What a month lacks; a break and a missing population by their names."""
    zh = lang == "zh"
    if told == "series_break":
        return clauses(breaks, lang)
    if told == "ok":
        return "上年同月为零" if zh else "nothing in the same month of the year before"
    if told == "no_denominator" and indicator.denominator and indicator.denominator.measure.scopes:
        return "没有常住人口数，不能计算" if zh else "no population is known, so no value"
    return status_text(told, lang)
