"""What a build does with small counts, in words for wherever its figures are shown (docs/disclosure.md)."""

from collections.abc import Iterable

from metrics.build import Build
from metrics.rounding import rounded_text

WITHHELD = "※"


def rows_text(rows: int | None) -> str:
    """A row count of a build's ledger, or the mark of one that is withheld."""
    return WITHHELD if rows is None else f"{rows:,}"


def sum_of(counts: Iterable[int | None]) -> int | None:
    """Row counts together; withheld where one of them is."""
    total = 0
    for rows in counts:
        if rows is None:
            return None
        total += rows
    return total


def nature(build: Build, lang: str) -> str:
    """One sentence on what the build withholds, wherever its figures are shown."""
    if build.is_internal:
        return (
            "内部版本：小数字不作匿名处理，仅供内部使用，不得对外公布。"
            if lang == "zh"
            else "For internal eyes: small counts are shown; not to be published."
        )
    least = build.disclosure_threshold
    return (
        f"少于 {least} 人的数（1 至 {least - 1} 人），以及可以推算出它们的数，不予显示。"
        if lang == "zh"
        else f"Counts of 1 to {least - 1} people, and what they could be computed from, are withheld."
    )


def how_much(build: Build, lang: str) -> str:
    """The same, and how many of the build's figures that is."""
    if build.is_internal:
        return nature(build, lang)
    cells, hidden = (int(build.manifest.get(f"disclosure_{name}", "0")) for name in ("cells", "hidden"))
    share = rounded_text(100 * hidden / cells, 0) if cells else 0
    return (
        f"{nature(build, lang)}本版本 {cells:,} 个数中有 {hidden:,} 个（{share}%）不予显示，多为区县按月、按年龄性别的细分。"
        if lang == "zh"
        else f"{nature(build, lang)} Of {cells:,} figures in this build {hidden:,} ({share} %) are withheld, "
        "mostly months and breakdowns of districts."
    )


def mark(build: Build) -> str:
    """A few words beside a build's id, in both languages."""
    if build.is_internal:
        return "内部版本，不作匿名处理 Internal, small counts shown"
    least = build.disclosure_threshold
    return f"少于 {least} 人不显示 counts below {least} withheld"
