"""How much a ranking owes to the definition: values and ranks of the same areas under every variant 口径.

A ranking that keeps its order whatever is chosen may be quoted without saying how it was counted; one that does
not should not be quoted at all without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.observe import observe
from metrics.periods import Period
from metrics.query import ask
from metrics.refusals import QueryRefused
from metrics.variants import Variant, variants_of


@dataclass(frozen=True)
class UnderVariant:
    """The areas under one variant."""

    variant: Variant
    observations: Mapping[str, Observation]  # by area, in the order asked for
    ranks: Mapping[
        str, int
    ]  # of the areas with a value; 1 is best (highest, if neither is), ties share a rank
    tau: float | None  # Kendall's tau-b against the usual ranking; None if it says nothing
    is_whole: bool  # whether every area ranked usually is ranked here

    def value(self, area_code: str) -> float | None:
        return self.observations[area_code].value

    @property
    def has_order(self) -> bool:
        """Whether it tells any two areas apart: where nobody is counted (a hundred hours a year), all share rank 1."""
        return len(set(self.ranks.values())) > 1

    @property
    def compares(self) -> bool:
        """Whether its ranks may stand beside the usual ones: every area ranked, and not all of them alike."""
        return self.is_whole and self.has_order


@dataclass(frozen=True)
class Sensitivity:
    """The usual ranking and what becomes of it. The first of `rows` is the usual one."""

    indicator: Indicator
    rows: tuple[UnderVariant, ...]
    without_values: tuple[Variant, ...]  # variants in which no area has a value

    @property
    def areas(self) -> list[str]:
        """By usual rank; those without a value last."""
        usual = self.rows[0]
        return sorted(usual.observations, key=lambda area: usual.ranks.get(area, len(usual.observations) + 1))

    def rank_range(self, area_code: str) -> tuple[int, int] | None:
        """Best and worst rank under the variants that rank every area: ranks among fewer do not compare, and a
        rank shared by all is none."""
        ranks = [row.ranks[area_code] for row in self.rows if row.compares and area_code in row.ranks]
        return (min(ranks), max(ranks)) if ranks else None

    @property
    def compared(self) -> list[UnderVariant]:
        """The other variants whose ranking may be held against the usual one."""
        return [row for row in self.rows[1:] if row.compares]

    def value_range(self, area_code: str) -> tuple[float, float] | None:
        values = [row.value(area_code) for row in self.rows]
        known = [value for value in values if value is not None]
        return (min(known), max(known)) if known else None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: one entry per variant and one per area."""
        return {
            "indicator": self.indicator.id,
            "variants": [
                {
                    "variant": row.variant.code,
                    "label": {lang: row.variant.label(lang) for lang in ("zh", "en")},
                    "kendall_tau": row.tau,
                    "ranks_every_area": row.is_whole,
                    "tells_areas_apart": row.has_order,
                    "observations": [one.as_dict() for one in row.observations.values()],
                    "ranks": dict(row.ranks),
                }
                for row in self.rows
            ],
            "areas": [
                {
                    "area_code": area,
                    "value": self.rows[0].value(area),
                    "rank": self.rows[0].ranks.get(area),
                    "rank_range": self.rank_range(area),
                    "value_range": self.value_range(area),
                }
                for area in self.areas
            ],
            "variants_without_values": [variant.code for variant in self.without_values],
        }


def sensitivity(
    build: Build,
    indicator_id: str,
    area_codes: Sequence[str],
    period: Period,
    window: str | None = None,
    basis: str | None = None,
) -> Sensitivity:
    """One city: its districts and zones; several areas: these. Raises what query() raises, and QueryRefused when
    fewer than two areas have a value to be ranked."""
    question = ask(indicator_id, period, window, basis, "")
    indicator, areas = question.indicator, [load_areas().get(code) for code in ranked_areas(area_codes)]
    rows: list[UnderVariant] = []
    without_values = []
    cities = dict.fromkeys(load_areas().city_of(area.area_code) for area in areas)
    platforms = dict.fromkeys(name for city in cities for name in build.offered(city)["platform"])
    for variant in variants_of(indicator, question.window, offered={"platform": list(platforms)}):
        asked = ask(indicator_id, period, window, basis, "", variant.code)
        found = {row.area_code: row for row in observe(build, asked, areas, [period])}
        ranks = ranked(found, indicator)
        if rows and not ranks:
            without_values.append(variant)
            continue
        usual = rows[0] if rows else None
        rows.append(
            UnderVariant(
                variant=variant,
                observations=found,
                ranks=ranks,
                tau=tau_b(usual.ranks, ranks) if usual else None,
                is_whole=usual is None or usual.ranks.keys() <= ranks.keys(),
            )
        )
    if len(rows[0].ranks) < 2:
        raise QueryRefused(
            f"有“{indicator.name('zh')}”数值的地区不到两个，无法比较排名。",
            f"Fewer than two areas have a value of {indicator_id}: there is no ranking to compare.",
        )
    return Sensitivity(indicator, tuple(rows), tuple(without_values))


def ranked_areas(area_codes: Sequence[str]) -> list[str]:
    """What is ranked: a city's children, or the areas named; never an unknown bucket, which is no place."""
    areas = load_areas()
    chosen = list(dict.fromkeys(area_codes))
    if len(chosen) == 1:
        chosen = [child.area_code for child in areas.children(chosen[0])]
    places = [code for code in chosen if areas.get(code).level != "unknown"]
    if len(places) < 2:
        raise QueryRefused(
            "比较排名至少要两个地区：给出一个城市，或者几个地区。",
            "A ranking needs two areas: name a city, or several areas.",
        )
    return places


def ranked(observations: Mapping[str, Observation], indicator: Indicator) -> dict[str, int]:
    """Area → rank; 1 is the highest, or the lowest where lower is better. Equal values share the better rank."""
    sign = 1 if indicator.polarity == "lower" else -1
    keys = {area: sign * row.value for area, row in observations.items() if row.value is not None}
    return {area: 1 + sum(other < key for other in keys.values()) for area, key in keys.items()}


def tau_b(first: Mapping[str, int], second: Mapping[str, int]) -> float | None:
    """Kendall's tau-b of two rankings of the areas in both (M. G. Kendall, Biometrika 33, 1945): 1 the same order,
    -1 the reverse; None for fewer than two areas, or when one ranking is one tie."""
    common = [area for area in first if area in second]
    agreement = untied_first = untied_second = 0
    for one, other in combinations(common, 2):
        a, b = sign_of(first[one] - first[other]), sign_of(second[one] - second[other])
        agreement += a * b
        untied_first += abs(a)
        untied_second += abs(b)
    if not untied_first or not untied_second:
        return None
    return agreement / sqrt(untied_first * untied_second)


def sign_of(number: int) -> int:
    return (number > 0) - (number < 0)


def most_moved(result: Sensitivity, row: UnderVariant) -> tuple[str, int, int] | None:
    """The area that moves furthest from its usual rank, with both ranks; None when none moves."""
    usual = result.rows[0].ranks
    moved = [
        (area, usual[area], rank) for area, rank in row.ranks.items() if area in usual and usual[area] != rank
    ]
    return max(moved, key=lambda item: abs(item[1] - item[2]), default=None)
