"""What must be withheld beyond one build's own need, because of what earlier builds told.

Where a small count could be computed from what is shown and what was told (recovered.py), more of the same table is
withheld, from the smallest part on: all of the area's breakdown, the area's total, a coarser window, the city's own
count. With that one withheld nothing is left to compute from: the table an earlier build published remains possible.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from metrics.disclosure.cells import YEAR
from metrics.disclosure.choose import Flags
from metrics.disclosure.decisions import Decision, Moment, Withheld
from metrics.disclosure.grids import Grid
from metrics.disclosure.kinds import told_by_kinds
from metrics.disclosure.recovered import Found, Told, between, in_columns, in_table, over_time, told_of
from metrics.disclosure.steps import Split
from metrics.disclosure.tables import COUNTED, DAY_KIND, Counted, from_key
from metrics.members import OVERLAPPING

Key = tuple[str, str, str]  # of a count, its city and dimension


@dataclass(frozen=True)
class Asked:
    """One breakdown of a city that is decided."""

    count: Counted
    grid: Grid
    split: Split | None = None

    @property
    def key(self) -> Key:
        return self.count.key, self.grid.place.city, self.grid.dimension

    @property
    def of_total(self) -> Key:
        return self.count.beside or self.count.key, self.grid.place.city, ""

    @property
    def is_flow(self) -> bool:
        return self.count.adds_over_time or bool(self.count.beside)


class Demands:
    """Lines demanded so far, by breakdown and moment."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.of: dict[Key, dict[Moment, Withheld]] = {}
        self.told_zeros: dict[str, Flags] = {}  # by city: nobody on a kind of day, as earlier builds told
        self.exposed = 0  # small counts for which nothing was left to withhold

    def added_to(self, key: Key, before: dict[Moment, Withheld]) -> dict[Moment, Withheld]:
        for moment, demanded in self.of.get(key, {}).items():
            before[moment] = before[moment].union(demanded) if moment in before else demanded
        return before

    def of_city(self, in_order: Iterable[Asked], decisions: Mapping[Key, Decision]) -> bool:
        """Look at everything decided of a city; whether anything more is demanded now."""
        told: dict[Key, Told] = {}
        is_more, left = False, 0
        for asked in in_order:
            demanded = self.of.get(asked.key, {})
            of = told_of(decisions[asked.key], asked.is_flow, demanded, self.threshold)
            told[asked.key] = of
            total = told.get(asked.of_total) if asked.grid.dimension else None
            for found in self.found(asked, of, total):
                is_new = self.demand(asked, found, decisions)
                is_more, left = is_more or is_new, left + (not is_new)
            for found in self.of_kinds(asked, of, total):
                is_new = self.demand_of_kinds(asked, found, decisions)
                is_more, left = is_more or is_new, left + (not is_new)
            for key, found in self.differences(asked, of, told):
                is_new = self.demand_of_total(key, found, found.level, decisions)
                is_more, left = is_more or is_new, left + (not is_new)
        self.exposed += 0 if is_more else left
        return is_more

    def found(self, asked: Asked, of: Told, total: Told | None) -> set[Found]:
        if asked.grid.dimension in OVERLAPPING:
            return set(in_columns(of))
        found = set(in_table(of, total))
        if asked.count.adds_over_time:
            found |= set(over_time(of, total))
        return found

    def of_kinds(self, asked: Asked, of: Told, total: Told | None) -> Iterator[Found]:
        if asked.grid.dimension == DAY_KIND and total is not None:
            zeros = self.told_zeros.get(asked.grid.place.city)
            yield from told_by_kinds(of, total, np.zeros_like(of.mask) if zeros is None else zeros)

    def differences(self, asked: Asked, of: Told, told: Mapping[Key, Told]) -> Iterator[tuple[Key, Found]]:
        """Totals to withhold because what is shown of them less what was told of a part is small."""
        city, dimension = asked.grid.place.city, asked.grid.dimension
        if dimension in OVERLAPPING and (total := told.get(asked.of_total)) is not None:
            for member in range(len(asked.grid.labels)):
                for found, _ in between(total, of, member, self.threshold):
                    yield asked.of_total, found
        if asked.split is None:
            return
        low = (from_key(asked.split.low), city, "")
        high = (from_key(asked.split.high), city, "") if asked.split.high is not None else None
        for found, is_told in between(told[low], of, 0, self.threshold):
            yield (low if is_told else asked.key), found
        if high is not None and high in told:
            for found, is_told in between(of, told[high], 0, self.threshold):
                yield (asked.key if is_told else high), found

    def demand(self, asked: Asked, found: Found, decisions: Mapping[Key, Decision]) -> bool:
        """Withhold the smallest part that is not withheld yet; whether there is one."""
        at = decisions[asked.key].get((found.moment[0], found.level))
        moment = (found.moment[0], found.level)
        is_of_time = found.level > found.moment[1]
        if asked.grid.dimension:
            if found.area > 0 and not (at.rows | at.apart)[found.area - 1]:
                return self.add(asked.key, moment, at, "rows", found.area - 1)
            if found.area <= 0 and not at.city.all():
                # A few more members would be told by those that are left, as the city's own sum is.
                return self.add(asked.key, moment, at, "city", slice(None))
        # With the area's own total withheld its breakdown tells less; of a total only the city's is left.
        area = found.area if asked.grid.dimension or is_of_time else 0
        return self.demand_of_total(asked.of_total, found._replace(area=area), found.level, decisions)

    def demand_of_kinds(self, asked: Asked, found: Found, decisions: Mapping[Key, Decision]) -> bool:
        """Withhold kinds of day of longer windows: the area's, the smallest other area's that has none, the city's."""
        year, decision = found.moment[0], decisions[asked.key]
        finer = decision.get(found.moment).rows
        sums = asked.grid.values[1:, :, asked.grid.cells.years == year].sum(axis=(1, 2))
        for level in range(found.level, YEAR + 1):
            at = decision.get((year, level))
            left = finer & ~at.rows
            if left.any():
                area = found.area - 1
                if area < 0 or not left[area]:
                    area = int(np.where(left, sums, np.inf).argmin())
                return self.add(asked.key, (year, level), at, "rows", area)
        for level in range(found.moment[1], YEAR + 1):
            at = decision.get((year, level))
            if not at.city.all():
                return self.add(asked.key, (year, level), at, "city", slice(None))
        return False

    def demand_of_total(self, key: Key, found: Found, level: int, decisions: Mapping[Key, Decision]) -> bool:
        """Withhold an area's total or, where it is withheld, the city's: of that window, then of longer ones."""
        year = found.moment[0]
        is_flow = any(count.key == key[0] and count.adds_over_time for count in COUNTED)
        for one in range(level, (YEAR if is_flow else level) + 1):
            at = decisions[key].get((year, one))
            if one == level and found.area > 0 and not (at.rows | at.apart)[found.area - 1]:
                return self.add(key, (year, one), at, "rows", found.area - 1)
            if not at.city.all():
                return self.add(key, (year, one), at, "city", slice(None))
            if found.level == found.moment[1]:
                break  # with its city withheld, a window's own table is safe
        return False

    def add(self, key: Key, moment: Moment, like: Withheld, lines: str, which: int | slice) -> bool:
        fresh = Withheld.nothing(len(like.city), len(like.rows))
        demanded = self.of.setdefault(key, {}).setdefault(moment, fresh)
        flags = getattr(demanded, lines)
        is_new = not np.all(flags[which])
        flags[which] = True
        return is_new
