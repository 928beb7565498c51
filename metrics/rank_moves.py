"""Ranks held against each other: how alike two orders are, and how far an area moves between them.

A tie takes as many places as it has areas and says nothing of the order among them: of twelve areas that share rank 3
none is told from the others, and one that is usually 14th has not moved. So places are held against places, and the
distance is between the nearest two.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

Places = tuple[int, int]  # first and last place that an area's rank stands for; the same unless it is tied
TIED = {"zh": "（并列）", "en": " (tied)", "": "（并列 tied）"}


@dataclass(frozen=True)
class Move:
    """An area's places in two rankings."""

    area_code: str
    before: Places
    after: Places

    @property
    def distance(self) -> int:
        """Places moved for certain; 0 where the two overlap."""
        return max(self.after[0] - self.before[1], self.before[0] - self.after[1], 0)

    def text(self, lang: str = "") -> str:
        """Such as `15 → 3–14（并列）`; without a language in both."""
        return f"{places_text(self.before, lang)} → {places_text(self.after, lang)}"


def places_text(places: Places, lang: str = "") -> str:
    first, last = places
    return str(first) if first == last else f"{first}–{last}{TIED[lang]}"


def ranks_among(ranks: Mapping[str, int], areas: Sequence[str]) -> dict[str, int]:
    """The ranks these areas have among themselves; equal ones share the better."""
    return {area: 1 + sum(ranks[other] < ranks[area] for other in areas) for area in areas}


def places_of(ranks: Mapping[str, int]) -> dict[str, Places]:
    """The places that ranks stand for: of 1, 2, 2 they are 1, 2–3 and 2–3. As `ranks_among` gives them: without gaps
    but those of ties."""
    tied = Counter(ranks.values())
    return {area: (rank, rank + tied[rank] - 1) for area, rank in ranks.items()}


def nearest_place(usual: Places, found: Places) -> int:
    """The place of `found` nearest to the usual rank: that rank itself where the order is not told apart from it."""
    if Move("", usual, found).distance == 0:
        return usual[0]
    return found[0] if found[0] > usual[1] else found[1]


def moves(before: Mapping[str, int], after: Mapping[str, int], areas: Sequence[str]) -> list[Move]:
    """How each of these areas, ranked in both, moves among them; in their order."""
    first, second = places_of(ranks_among(before, areas)), places_of(ranks_among(after, areas))
    return [Move(area, first[area], second[area]) for area in areas]


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
