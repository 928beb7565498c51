"""How much a build withholds, for pages and for the closing note of a publication."""

from typing import Any

from metrics.build import Build


def withheld(build: Build) -> list[dict[str, Any]]:
    """Per measure, basis and breakdown: cells of areas and of cities that are withheld, and that are published."""
    return build.dicts("""
        SELECT measure, basis, dimension, count(*) FILTER (WHERE value IS NULL) AS hidden,
               count(value) AS published,
               count(*) FILTER (WHERE value IS NULL AND a.parent_code = '') AS hidden_of_cities
        FROM observations o JOIN areas a USING (area_code) GROUP BY ALL ORDER BY ALL""")


def nature(build: Build, lang: str) -> str:
    """One sentence on what the build withholds, wherever its figures are shown."""
    if build.is_internal:
        return (
            "内部版本：小数字未作处理，不得对外公布。"
            if lang == "zh"
            else "For internal eyes: small counts are shown; not to be published."
        )
    least = build.disclosure_threshold
    return (
        f"涉及 1 至 {least - 1} 人的数，以及可以推算出它们的数，不予显示。"
        if lang == "zh"
        else f"Counts of 1 to {least - 1} people, and what they could be computed from, are withheld."
    )
