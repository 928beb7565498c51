"""What an attacker makes of members that overlap: counts nobody publishes, as further cells of a table.

Of each area, window and end: who is elsewhere only (`rest` of a member), how many more registrations than people there
are (`excess`), and, of up to three members, who is on exactly which of them (`region`).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from tests.metrics.disclosure.told import Cell, Table

PLATFORM, REST, EXCESS, REGION = "platform", "platform rest", "platform excess", "platform region"
DERIVED = (REST, EXCESS, REGION)
# Of these a total is not the sum.
OVERLAPPING = (PLATFORM, REST, EXCESS)
MOST_IN_REGIONS = 3


def with_overlaps(table: Table, parent: dict[str, str], *, is_true: bool) -> Table:
    """The table and what can be asked of its overlaps: unknown, or as it is where the table is the truth."""
    places: dict[str, list[str]] = defaultdict(list)
    for area, city in parent.items():
        places[city].append(area)
    names, moments = platforms_of(table, parent), set()
    for cell in table:
        if cell.dimension == PLATFORM:
            moments.add(cell._replace(area=parent.get(cell.area, cell.area), dimension="", member=""))
    found = dict(table)
    for moment in moments:
        for area in (moment.area, *places[moment.area]):
            found |= derived(table, moment._replace(area=area), names[moment.area], is_true)
    return found


def platforms_of(table: Table, parent: dict[str, str]) -> dict[str, list[str]]:
    """The platforms of each city, at whatever time."""
    found: dict[str, set[str]] = defaultdict(set)
    for cell in table:
        if cell.dimension == PLATFORM:
            found[parent.get(cell.area, cell.area)].add(cell.member)
    return {city: sorted(names) for city, names in found.items()}


def derived(table: Table, total: Cell, names: list[str], is_true: bool) -> Table:
    on = {name: table.get(total._replace(dimension=PLATFORM, member=name), 0.0) or 0.0 for name in names}
    everybody = table.get(total, 0.0) or 0.0
    found: Table = {
        total._replace(dimension=REST, member=name): everybody - on[name] if is_true else None
        for name in names
    }
    excess = total._replace(dimension=EXCESS, member="&".join(names))
    found[excess] = sum(on.values()) - everybody if is_true else None
    if len(names) <= MOST_IN_REGIONS:
        for size in range(1, len(names) + 1):
            for region in combinations(names, size):
                found[total._replace(dimension=REGION, member="&".join(region))] = None
    return found


def relations_of(cell: Cell, names: list[str]) -> list[tuple[list[Cell], list[Cell]]]:
    """Pairs of sums that are equal, by one cell; `names` are the platforms of its city."""
    total = cell._replace(dimension="", member="")
    if cell.dimension == EXCESS:
        parts = [cell._replace(dimension=PLATFORM, member=name) for name in cell.member.split("&")]
        return [(parts, [total, cell])]
    if cell.dimension != REST:
        return []
    member = cell._replace(dimension=PLATFORM)
    found = [([member, cell], [total])]
    if len(names) <= MOST_IN_REGIONS:
        every = ["&".join(one) for size in range(1, len(names) + 1) for one in combinations(names, size)]
        on_it = [
            cell._replace(dimension=REGION, member=one) for one in every if cell.member in one.split("&")
        ]
        found.append((on_it, [member]))
    return found
