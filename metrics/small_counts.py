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
    withheld = (
        f"少于 {least} 人的数（1 至 {least - 1} 人），以及可以推算出它们的数，不予显示。"
        if lang == "zh"
        else f"Counts of 1 to {least - 1} people, and what they could be computed from, are withheld."
    )
    warning = exposed_text(build, lang)
    return f"{withheld}{'' if lang == 'zh' or not warning else ' '}{warning}"


def exposed(build: Build) -> int:
    """How many small counts follow from a public build and those before it: of one an earlier program published.
    None is published like that any more (etl.disclosing.exposing)."""
    return int(build.manifest.get("disclosure_exposed", "0"))


def exposed_text(build: Build, lang: str) -> str:
    """One sentence on them, wherever the figures are shown; '' where there are none, as in every build of today."""
    found = exposed(build)
    if not found:
        return ""
    return (
        f"注意：对照更早的版本，有 {found} 个本应不显示的小数字可以从本版本推算出来，请不要再对外提供本版本，"
        "并重新发布（python -m etl publish）。"
        if lang == "zh"
        else f"Beware: {found} small count{'s' * (found > 1)} that should be withheld can be computed from this build and "
        "earlier ones; hand it out no further and publish again (python -m etl publish)."
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
    least, found = build.disclosure_threshold, exposed(build)
    told = f"少于 {least} 人不显示 counts below {least} withheld"
    return f"{told}；有 {found} 个可以推算出来 {found} can be computed all the same" if found else told
