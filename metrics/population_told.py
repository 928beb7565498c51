"""The residents behind a rate in words: how many, of which year and scope, from where, how certain.

One match per population a figure is divided by. Codes and certainty stand in the table; the words for them here.
"""

from typing import Any

from metrics.build import Build
from metrics.definitions import LANGUAGES
from metrics.observation import Observation
from metrics.population import PopulationMatch
from metrics.sentences import format_count
from metrics.variants import indicator_of, terms_of

SCOPE_NAMES = {
    "whole_city": ("全市", "whole city"),
    "excluding_zones": ("不含功能区", "functional zones not included"),
    "zone": ("功能区", "functional zone"),
    "unclear": ("未说明是否含功能区", "not said whether functional zones are included"),
    "built_up": ("建成区", "built-up area"),
    "age_16_70": ("16–70岁", "ages 16 to 70"),
    "by_county_code_including_zones": ("按区划代码，含功能区", "by county code, functional zones included"),
}
BASIS_NAMES = {
    "census": ("人口普查", "census"),
    "year_end_estimate": ("年末估计数", "year-end estimate"),
    "year_end_estimate_before_census_revision": (
        "年末估计数（普查修订前）",
        "year-end estimate before the census revision",
    ),
    "supplied_by_user": ("自行提供", "supplied by the user"),
}
# How a certainty begins; what follows a colon is the table's remark, in its own language.
CERTAINTY_NAMES = {
    "high": "高", "medium": "中", "low-medium": "中低", "low": "低", "derived": "由其他数推得",
}  # fmt: skip


def populations_of(build: Build, observation: Observation) -> list[PopulationMatch]:
    """The population rows a figure is made of; none where it has no population, or there is no row."""
    terms = [term for term in terms_of(indicator_of(observation)) if term.measure.scopes]
    found = [
        build.population_for(
            observation.area_code, observation.period_end.year - term.years_earlier, term.scope
        )
        for term in terms
    ]
    return [match for match in found if match is not None]


def population_text(match: PopulationMatch, asked_year: int, lang: str) -> str:
    """'2020年 7,717,983 人（全市，人口普查，截至 2020-11-01；来源：…；可靠程度：高）'."""
    row, which = match.row, 0 if lang == "zh" else 1
    count, scope, basis = (
        format_count(row.population),
        SCOPE_NAMES[row.scope][which],
        BASIS_NAMES[row.basis][which],
    )
    if lang == "zh":
        stands_in = "" if match.exact_year else f"，代替没有的{asked_year}年"
        return (
            f"{row.year}年 {count} 人（{scope}，{basis}，截至 {row.as_of}{stands_in}；"
            f"来源：{row.source}；可靠程度：{certainty_text(row.certainty)}）"
        )
    stands_in = "" if match.exact_year else f", standing in for {asked_year}"
    return (
        f"{count} in {row.year} ({scope}, {basis}, as of {row.as_of}{stands_in}; "
        f"source: {row.source}; certainty: {row.certainty})"
    )


def certainty_text(certainty: str) -> str:
    """'高' of 'high: figure of the city census bulletin'; what begins otherwise stays as it is written."""
    head, _, _ = certainty.partition(":")
    return CERTAINTY_NAMES.get(head.strip(), certainty)


def populations_told(build: Build, observation: Observation) -> list[dict[str, Any]]:
    """Every population behind a figure as plain values, with its sentence in both languages."""
    year = observation.period_end.year
    return [
        {
            "population": match.population, "year": match.year, "is_exact_year": match.exact_year,
            "as_of": match.row.as_of.isoformat(), "scope": match.row.scope, "basis": match.row.basis,
            "source": match.row.source, "certainty": match.row.certainty,
            **{lang: population_text(match, year, lang) for lang in LANGUAGES},
        }
        for match in populations_of(build, observation)
    ]  # fmt: skip
