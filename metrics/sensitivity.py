"""How much a ranking owes to the definition: values and ranks of the same areas under every variant 口径.

A ranking that keeps its order whatever is chosen may be quoted without saying how it was counted; one that does
not should not be quoted at all without it.

A variant under which all areas are tied, or hardly any is shown, ranks nothing: it is named and left out. Ranks are
compared among the same areas only, those that every compared variant shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build
from metrics.comparisons.reasons import OF_ITS_OWN_PAST
from metrics.indicator import OVER_TIME, Indicator
from metrics.observation import Observation
from metrics.observe import observe
from metrics.periods import Period
from metrics.query import ask
from metrics.rank_moves import Move, Places, moves, nearest_place, places_of, ranks_among, tau_b
from metrics.refusals import QueryRefused
from metrics.variants import Variant, variants_of

# A variant that shows fewer areas ranks nothing, nor does one that shows less than this share of those usually
# ranked: what all variants show would shrink to the few it has.
FEWEST_AREAS, LEAST_SHARE = 3, 0.5


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
    why_left_out: str = (
        ""  # over_time_only | all_tied | few_areas: why its ranks are not held against the usual ones
    )

    def value(self, area_code: str) -> float | None:
        return self.observations[area_code].value

    @property
    def has_order(self) -> bool:
        """Whether it tells any two areas apart: where nobody is counted (a hundred hours a year), all share rank 1."""
        return len(set(self.ranks.values())) > 1

    @property
    def compares(self) -> bool:
        """Whether its ranks may stand beside the usual ones."""
        return not self.why_left_out


@dataclass(frozen=True)
class Sensitivity:
    """The usual ranking and what becomes of it. The first of `rows` is the usual one."""

    indicator: Indicator
    rows: tuple[UnderVariant, ...]
    without_values: tuple[Variant, ...]  # variants in which no area has a value

    @property
    def compared(self) -> list[UnderVariant]:
        """The other variants whose ranking may be held against the usual one."""
        return [row for row in self.rows[1:] if row.compares]

    @property
    def common_areas(self) -> list[str]:
        """The areas that the usual and every compared variant show, by usual rank; ranges are of ranks among these."""
        rows = [self.rows[0], *self.compared]
        return [area for area in self.areas if all(area in row.ranks for row in rows)]

    @property
    def has_two_sets(self) -> bool:
        """Whether ranges are of ranks among fewer areas than the usual ranks are: then both are told side by side."""
        return 2 <= len(self.common_areas) < len(self.rows[0].ranks)

    def common_ranks(self, row: UnderVariant) -> dict[str, int]:
        """The ranks by one variant of the areas that all show."""
        return ranks_among(row.ranks, self.common_areas)

    @property
    def areas(self) -> list[str]:
        """By usual rank; those without a value last."""
        usual = self.rows[0]
        return sorted(usual.observations, key=lambda area: usual.ranks.get(area, len(usual.observations) + 1))

    def common_places(self, row: UnderVariant) -> dict[str, Places]:
        """The places that those ranks stand for: a tie takes as many as it has areas."""
        return places_of(self.common_ranks(row))

    def common_marks(self, row: UnderVariant) -> dict[str, int]:
        """Of those places the one nearest to the usual rank; the usual rank where both overlap (see rank_moves)."""
        usual = self.common_places(self.rows[0])
        return {area: nearest_place(usual[area], found) for area, found in self.common_places(row).items()}

    @cached_property
    def rank_ranges(self) -> dict[str, tuple[int, int]]:
        """Best and worst rank of the common areas; a tie counts with its place nearest to the usual rank."""
        if len(self.common_areas) < 2:
            return {}
        marks = [self.common_marks(row) for row in (self.rows[0], *self.compared)]
        return {
            area: (min(mark[area] for mark in marks), max(mark[area] for mark in marks)) for area in marks[0]
        }

    def rank_range(self, area_code: str) -> tuple[int, int] | None:
        """None for an area that some compared variant does not show."""
        return self.rank_ranges.get(area_code)

    def furthest_apart(self) -> str | None:
        """The area with the most places between its best and worst rank, those of a usual tie not counted; None
        when none moves."""
        usual = self.common_places(self.rows[0])
        apart = {
            area: max(found[1] - usual[area][1], 0) + max(usual[area][0] - found[0], 0)
            for area, found in self.rank_ranges.items()
        }
        return max((area for area in apart if apart[area]), key=lambda area: apart[area], default=None)

    def value_range(self, area_code: str) -> tuple[float, float] | None:
        values = [row.value(area_code) for row in (self.rows[0], *self.compared)]
        known = [value for value in values if value is not None]
        return (min(known), max(known)) if known else None

    def as_rows(self) -> list[dict[str, Any]]:
        """One plain row per variant and area: the observation, its rank and what the variant does to the ranking."""
        return [
            {
                **observation.as_dict(),
                **{f"variant_{lang}": row.variant.label(lang) for lang in ("zh", "en")},
                "rank": row.ranks.get(area),
                "usual_rank": self.rows[0].ranks.get(area),
                "rank_among_compared": among.get(area),
                "kendall_tau": row.tau,
                "left_out": row.why_left_out or None,
            }
            for row in self.rows
            for among in [self.common_ranks(row) if row.compares else {}]
            for area, observation in row.observations.items()
        ]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: one entry per variant and one per area."""
        among = self.common_ranks(self.rows[0])
        return {
            "indicator": self.indicator.id,
            "variants": [
                {
                    "variant": row.variant.code,
                    "label": {lang: row.variant.label(lang) for lang in ("zh", "en")},
                    "kendall_tau": row.tau,
                    "ranks_every_area": row.is_whole,
                    "tells_areas_apart": row.has_order,
                    "left_out": row.why_left_out or None,
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
                    "rank_among_compared": among.get(area),
                    "rank_range": self.rank_range(area),
                    "value_range": self.value_range(area),
                }
                for area in self.areas
            ],
            "compared_variants": [row.variant.code for row in (self.rows[0], *self.compared)],
            "compared_areas": self.common_areas,
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
    fewer than two areas have a value to be ranked, or all have the same."""
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
        why_left_out = reason_left_out(usual.ranks, ranks) if usual else ""
        if usual and is_over_time_only(variant, indicator):
            why_left_out = OF_ITS_OWN_PAST.code
        rows.append(
            UnderVariant(
                variant=variant,
                observations=found,
                ranks=ranks,
                tau=tau_b(usual.ranks, ranks) if usual and not why_left_out else None,
                is_whole=usual is None or usual.ranks.keys() <= ranks.keys(),
                why_left_out=why_left_out,
            )
        )
    if len(rows[0].ranks) < 2:
        raise QueryRefused(
            f"有“{indicator.name('zh')}”数值的地区不到两个，无法比较排名。",
            f"Fewer than two areas have a value of {indicator_id}: there is no ranking to compare.",
        )
    if len(set(rows[0].ranks.values())) == 1:
        raise QueryRefused(
            f"各地区的“{indicator.name('zh')}”都相同，没有名次可比。",
            f"All areas have the same value of {indicator_id}: there is no ranking to compare.",
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


def reason_left_out(usual: Mapping[str, int], ranks: Mapping[str, int]) -> str:
    """Why, for a variant that cannot rank the areas that are ranked usually, '' for one that can."""
    shared = [ranks[area] for area in usual if area in ranks]
    if len(shared) < max(min(FEWEST_AREAS, len(usual)), LEAST_SHARE * len(usual)):
        return "few_areas"
    return "all_tied" if len(set(shared)) == 1 else ""


def is_over_time_only(variant: Variant, indicator: Indicator) -> bool:
    """Whether a choice makes of a figure that compares with other areas one that does not."""
    return variant.as_read(indicator).comparability == OVER_TIME != indicator.comparability


def most_moved(result: Sensitivity, row: UnderVariant) -> Move | None:
    """The area that moves furthest from its usual rank, its places among the areas that both show; None when none
    moves for certain or the variant is left out."""
    if not row.compares:
        return None
    usual = result.rows[0].ranks
    both = [area for area in result.areas if area in usual and area in row.ranks]
    furthest = max(moves(usual, row.ranks, both), key=lambda move: move.distance, default=None)
    return furthest if furthest and furthest.distance else None
