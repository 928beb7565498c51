"""Permanent population 常住人口: the denominators, each with its year, scope, basis, rounding and source.

Source: data/reference/population.csv, one row per area, day and scope.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from metrics.areas import load_areas
from metrics.paths import REFERENCE
from metrics.reference import Row, read_rows

# What a count covers. In a district that contains functional zones the first kind of row counts the zones'
# residents too; as zones are areas of their own here, such a row is never anybody's denominator.
SCOPES = (
    "whole_city", "excluding_zones", "zone", "unclear", "built_up", "age_16_70", "by_county_code_including_zones",
)  # fmt: skip
BASES = ("census", "year_end_estimate", "year_end_estimate_before_census_revision", "supplied_by_user")
# Which scopes answer which question, the preferred ones first.
ACCEPTED_SCOPES = {
    "whole": ("excluding_zones", "whole_city", "zone", "unclear"),
    "built_up": ("built_up",),
    "age_16_70": ("age_16_70",),
}


@dataclass(frozen=True)
class PopulationRow:
    """One count of permanent residents of one area on one day."""

    area_code: str
    area_name: str  # as the source prints it
    year: int
    as_of: date
    population: int  # persons
    scope: str  # one of SCOPES
    basis: str  # one of BASES
    rounded_to: int  # persons: 100 means printed as xx.xx万
    source: str
    certainty: str


@dataclass(frozen=True)
class PopulationMatch:
    """The row that answers a question about a year; not exact when an earlier year had to stand in."""

    population: int
    year: int
    exact_year: bool
    row: PopulationRow


def read_population(directory: Path) -> list[PopulationRow]:
    """Every row of population.csv. Raises ReferenceFault naming file, row and column."""
    columns = (
        "area_code", "area_name", "year", "as_of", "permanent_population",
        "scope", "basis", "rounded_to", "source", "certainty",
    )  # fmt: skip
    rows = read_rows(directory / "population.csv", columns, key=("area_code", "as_of", "scope"))
    return [population_row(row) for row in rows]


def population_row(row: Row) -> PopulationRow:
    areas = load_areas()
    countable = [area.area_code for area in areas if area.level != "unknown"]
    area_code = row.reference("area_code", countable, "an area code of areas.csv")
    if areas.resolve(row.text("area_name"), areas.city_of(area_code)) != area_code:
        raise row.fault("area_name", f"a name of {area_code}, which is {areas.get(area_code).area_name}")
    as_of = row.partial_date("as_of")
    if as_of is None or as_of.first != as_of.last:
        raise row.fault("as_of", "the day of the count, such as 2020-11-01")
    year = row.integer("year")
    if year != as_of.first.year:
        raise row.fault("year", f"the year of as_of, {as_of.first.year}")
    population, rounded_to = row.integer("permanent_population"), row.integer("rounded_to")
    if not population:
        raise row.fault("permanent_population", "at least one person, because rates are divided by it")
    if not rounded_to or population % rounded_to:
        raise row.fault("rounded_to", f"a rounding that {population} is a multiple of")
    return PopulationRow(
        area_code=area_code,
        area_name=row.text("area_name"),
        year=year,
        as_of=as_of.first,
        population=population,
        scope=row.choice("scope", SCOPES),
        basis=row.choice("basis", BASES),
        rounded_to=rounded_to,
        source=row.required("source"),
        certainty=row.required("certainty"),
    )


@lru_cache(maxsize=1)
def _shipped() -> tuple[PopulationRow, ...]:
    return tuple(read_population(REFERENCE))


def load_population() -> list[PopulationRow]:
    """The rows of data/reference/population.csv."""
    return list(_shipped())


def population_for(area_code: str, year: int, scope: str = "whole") -> PopulationMatch | None:
    """The denominator of an area in a year, else of the nearest earlier year, else None.

    scope 'whole' is the area itself, zones not included; 'built_up' is the built-up area and 'age_16_70' its
    residents of these ages, for both of which nothing is shipped. Never a later year: that would know more than
    could be known then. Unknown areas have none.
    """
    if scope not in ACCEPTED_SCOPES:
        raise ValueError(f"population scope '{scope}': expected one of {', '.join(ACCEPTED_SCOPES)}.")
    load_areas().get(area_code)  # an unknown code is a mistake, not a missing denominator
    return best_match(load_population(), area_code, year, scope)


def best_match(rows: list[PopulationRow], area_code: str, year: int, scope: str) -> PopulationMatch | None:
    preferred = ACCEPTED_SCOPES[scope]
    candidates = [
        row for row in rows if row.area_code == area_code and row.year <= year and row.scope in preferred
    ]
    if not candidates:
        return None
    best = max(
        candidates,
        # A row of unclear scope may or may not count zone residents, so it only stands in.
        key=lambda row: (row.year, row.scope != "unclear", row.as_of, -preferred.index(row.scope)),
    )
    return PopulationMatch(best.population, best.year, best.year == year, best)
