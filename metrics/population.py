"""Permanent population 常住人口: the denominators, each with its year, scope, basis, rounding and source.

Source: data/reference/population.csv, one row per area, day and scope; and, of a data home, its own rows of the same
form in <home>/reference/population.csv, which go before shipped ones of the same area, day and scope. A build keeps
the home's rows, so its figures stay what they were.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from metrics.areas import load_areas
from metrics.paths import REFERENCE
from metrics.reference import ReferenceFault, Row, read_rows
from metrics.refusals import Refused

OF_HOME = "reference/population.csv"
# What a column of it should hold, for the Chinese sentence.
EXPECTED_ZH = {
    "area_code": "areas.csv 里的区划代码",
    "area_name": "该区划代码的地名",
    "year": "as_of 所在的年份",
    "as_of": "统计日期，如 2020-11-01",
    "permanent_population": "人数，一个大于零的整数，不带单位和千位分隔符",
    "scope": "统计范围，如 whole_city、built_up（建成区）、age_16_70（16–70岁）",
    "basis": "统计口径：census、year_end_estimate、year_end_estimate_before_census_revision 或 supplied_by_user",
    "rounded_to": "四舍五入到多少人，如 1 或 1000，人数应是它的整数倍",
    "source": "出处，不能空着",
    "certainty": "有多可靠，不能空着",
}


class PopulationNotUsable(Refused):
    """A data home's population.csv cannot be used; the sentences say where and what was expected."""


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


def read_population(directory: Path, or_encoding: str | None = None) -> list[PopulationRow]:
    """Every row of population.csv (UTF-8, or as said). Raises ReferenceFault naming file, row and column."""
    columns = (
        "area_code", "area_name", "year", "as_of", "permanent_population",
        "scope", "basis", "rounded_to", "source", "certainty",
    )  # fmt: skip
    rows = read_rows(
        directory / "population.csv", columns, key=("area_code", "as_of", "scope"), or_encoding=or_encoding
    )
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


def load_population(own: Iterable[PopulationRow] = ()) -> list[PopulationRow]:
    """The rows of data/reference/population.csv; a home's own go before those of the same area, day and scope."""
    mine = list(own)
    replaced = {(row.area_code, row.as_of, row.scope) for row in mine}
    kept = [row for row in _shipped() if (row.area_code, row.as_of, row.scope) not in replaced]
    return [*kept, *mine]


def population_of_home(home: Path) -> list[PopulationRow]:
    """The rows a data home adds; none when it has no such file. Raises PopulationNotUsable."""
    if not (home / OF_HOME).exists():
        return []
    try:
        # As a Chinese spreadsheet saves CSV when nobody chooses UTF-8.
        return read_population((home / OF_HOME).parent, or_encoding="gb18030")
    except ReferenceFault as fault:
        if fault.repeats is not None:
            said = f"第 {fault.row_no} 行与第 {fault.repeats} 行的地区、日期、统计范围相同，只应有一行"
            raise PopulationNotUsable(f"{OF_HOME} 不能用：{said}。", f"reference/{fault}") from None
        column = fault.column
        where = f"第 {fault.row_no} 行 {column} 列：写的是“{fault.found}”，" if column else ""
        expected = EXPECTED_ZH.get(column, "") if column else ""
        said = (
            f"应为{expected}" if expected else "表头和行列应与 data/reference/population.csv 一样，且不重复"
        )
        raise PopulationNotUsable(f"{OF_HOME} 不能用：{where}{said}。", f"reference/{fault}") from None


def rows_of_build(rows: Iterable[tuple[Any, ...]]) -> list[PopulationRow]:
    """The rows of a build's table home_population, in its columns' order."""
    return [PopulationRow(*row) for row in rows]


def population_for(
    rows: Sequence[PopulationRow], area_code: str, year: int, scope: str = "whole"
) -> PopulationMatch | None:
    """The denominator of an area in a year, else of the nearest earlier year, else None.

    scope 'whole' is the area itself, zones not included; 'built_up' is the built-up area and 'age_16_70' its
    residents of these ages, for both of which nothing is shipped. Never a later year: that would know more than
    could be known then. Unknown areas have none.

    rows: whoever has a build asks Build.population_for, which knows those of its home; only what is made of shipped
    tables alone (derived figures, the shipped peer groups) reads load_population().
    """
    if scope not in ACCEPTED_SCOPES:
        raise ValueError(f"population scope '{scope}': expected one of {', '.join(ACCEPTED_SCOPES)}.")
    load_areas().get(area_code)  # an unknown code is a mistake, not a missing denominator
    return best_match(rows, area_code, year, scope)


def best_match(
    rows: Sequence[PopulationRow], area_code: str, year: int, scope: str
) -> PopulationMatch | None:
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
