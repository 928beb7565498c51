"""The rules that make peer groups: same city, same type of area, same band of population.

The groups themselves are data (data/reference/peer_groups.csv), so that a comparison made last year can be made
again: a rule or a population that changed makes a new version and leaves the old rows as they are. To write the
rows of a version: python -m metrics.analysis.peer_rules VERSION VALID_FROM >> data/reference/peer_groups.csv
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import date

from metrics.areas import Area, load_areas
from metrics.population import PopulationRow, load_population, population_for

COLUMNS = ("group_id", "version", "valid_from", "area_code", "kind")
RULE_KINDS = ("same_city", "same_type", "population_band")
# Persons, lower edge included; the last band has no upper edge. Districts have some ten thousand to one and a
# half million residents, cities some millions, and a city is never the peer of a district.
BAND_EDGES = {"district": (0, 300_000, 500_000, 1_000_000), "city": (0, 5_000_000)}


def area_type(area: Area) -> str:
    """city | district | county | county_city | zone, told from level and name; unknown for the unknown bucket."""
    if area.level != "district":
        return area.level
    return {"县": "county", "市": "county_city"}.get(area.area_name[-1], "district")


def population_band(area: Area, population: int) -> str:
    """'district-300000-500000': lower edge included, upper edge not."""
    kind = "city" if area.level == "city" else "district"
    edges = BAND_EDGES[kind]
    lower = max(edge for edge in edges if edge <= population)
    upper = edges[edges.index(lower) + 1] if lower != edges[-1] else None
    return f"{kind}-{lower}-{'over' if upper is None else upper}"


def generated(
    version: str, valid_from: date, population: Sequence[PopulationRow]
) -> Iterator[tuple[str, str, str, str, str]]:
    """The rows of one version, as the rules and a population make them.

    The shipped table is made of the shipped population, so that it is the same in every data home; with a build's
    rows the bands of its home come out. An area without a population of that or an earlier year is in no band.
    """
    areas = sorted(
        (area for area in load_areas() if area.level != "unknown"), key=lambda area: area.area_code
    )
    for kind in RULE_KINDS:
        rows = []
        for area in areas:
            group = group_of(area, kind, valid_from.year, population)
            if group:
                rows.append((f"{kind}-{group}", version, valid_from.isoformat(), area.area_code, kind))
        yield from sorted(rows)


def group_of(area: Area, kind: str, year: int, population: Sequence[PopulationRow]) -> str:
    """The group a rule puts an area in; '' for none."""
    if kind == "same_city":
        return area.parent_code
    if kind == "same_type":
        return area_type(area)
    match = population_for(population, area.area_code, year)
    return population_band(area, match.population) if match else ""


if __name__ == "__main__":
    csv.writer(sys.stdout, lineterminator="\n").writerows(
        generated(sys.argv[1], date.fromisoformat(sys.argv[2]), load_population())
    )
