"""The tables of a build: one place for what publishing writes and readers read.

A build holds aggregates, definitions and the ledger; no fact and nothing about a person.
"""

from collections.abc import Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.engine import insert_values
from metrics.population import PopulationRow, load_population
from metrics.reviews import Reviews, rows_for_build

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMA_VERSION = "3"

# No table has a PRIMARY KEY: a page of an index is written with what lay in memory beside its keys (etl/__init__.py).
TABLES = {
    # build_id, created_at, is_synthetic ('true' or 'false'), schema_version, today, and counts of the cube
    "manifest": "key VARCHAR NOT NULL, value VARCHAR NOT NULL",
    # One row per measure, basis, area, window, last day of the window and member; no row means zero
    # (where coverage says that the window was reported), and a value of NULL that it is suppressed. dimension and
    # member are '' for the total. A stock has one row per month-end, under the window 'stock'.
    "observations": (
        "measure VARCHAR, basis VARCHAR, area_code VARCHAR, time_window VARCHAR, period_end DATE, "
        "dimension VARCHAR, member VARCHAR, value DOUBLE"
    ),
    # What is withheld so that nobody can be recognised: of a measure, city, breakdown, year and level (0 month, 1 quarter,
    # 2 year) a member of the city itself, a member in all its areas, or an area. known_from: the build before the
    # first that withheld it.
    "disclosure": (
        "measure VARCHAR, basis VARCHAR, city VARCHAR, dimension VARCHAR, kind VARCHAR, code VARCHAR, year INTEGER, "
        "level INTEGER, known_from VARCHAR"
    ),
    # The people of active_volunteers in a window (ytd, year or to_date) by band of the hours they gave in it
    # (data/reference/hours_bands.csv), and those hours. No row: nobody.
    "hours_bands": (
        "area_code VARCHAR, time_window VARCHAR, period_end DATE, band VARCHAR, people BIGINT, hours DOUBLE"
    ),
    # Who registered in a quarter (cohort_start is its first day): how many of them are registered at the end of a
    # later one, and how many of those were active in it.
    "cohorts": ("area_code VARCHAR, cohort_start DATE, quarter_end DATE, registered BIGINT, active BIGINT"),
    # Counted records by the day and place of service.
    "days": "area_code VARCHAR, service_date DATE, visits BIGINT, hours DOUBLE",
    # Visits by place of service, on Saturdays and on other days, in every window the cube has visits of.
    "day_kinds": ("area_code VARCHAR, time_window VARCHAR, period_end DATE, day_kind VARCHAR, visits BIGINT"),
    # One row per city and source: the days between which the city is known to have reported.
    "coverage": "area_code VARCHAR, source VARCHAR, first_on DATE, last_on DATE",
    # Platforms of a city whose own register is counted (dimension platform), the largest first; without it: none.
    "platforms": "area_code VARCHAR, position INTEGER, platform VARCHAR",
    "areas": (
        "area_code VARCHAR NOT NULL, area_name VARCHAR, area_name_en VARCHAR, level VARCHAR, "
        "parent_code VARCHAR"
    ),
    "population": (
        "area_code VARCHAR, year INTEGER, as_of DATE, permanent_population BIGINT, scope VARCHAR, "
        "basis VARCHAR, rounded_to INTEGER, source VARCHAR, certainty VARCHAR"
    ),
    # The rows of it that are the data home's own, with the name of the area as its source prints it.
    "home_population": (
        "area_code VARCHAR, area_name VARCHAR, year INTEGER, as_of DATE, permanent_population BIGINT, scope VARCHAR, "
        "basis VARCHAR, rounded_to INTEGER, source VARCHAR, certainty VARCHAR"
    ),
    "indicators": "indicator_id VARCHAR NOT NULL, digest VARCHAR, definition VARCHAR",
    "measures": "measure_id VARCHAR NOT NULL, digest VARCHAR, definition VARCHAR",
    # The data home's reviews: which office found which wording of a definition right.
    "reviews": "indicator_id VARCHAR NOT NULL, digest VARCHAR, reviewed_by VARCHAR, reviewed_on DATE",
    # The ledger, one row per drop. Counts (and what would tell them) are NULL where withheld; then days are those of
    # whole months.
    "drops": (
        "drop_id INTEGER NOT NULL, source VARCHAR, file_name VARCHAR, sha256 VARCHAR, bytes BIGINT, "
        "encoding VARCHAR, delimiter VARCHAR, rows_read BIGINT, rows_accepted BIGINT, "
        "rows_unchanged BIGINT, rows_quarantined BIGINT, rows_superseding BIGINT, rows_blank BIGINT, "
        "rows_skipped BIGINT, area_code VARCHAR, first_on DATE, last_on DATE, supplier VARCHAR, is_synthetic BOOLEAN, "
        "received_at TIMESTAMP, loaded_at TIMESTAMP, status VARCHAR, note_zh VARCHAR, note_en VARCHAR, "
        "part VARCHAR, released_by VARCHAR, replaces VARCHAR"
    ),
    # One row per declared correction and drop it was made in.
    "corrections": (
        "correction_id VARCHAR, drop_id INTEGER, rows BIGINT, what_zh VARCHAR, what_en VARCHAR, why VARCHAR, "
        "who VARCHAR, file VARCHAR"
    ),
    # One row per drop and check that set rows aside: how many (NULL: withheld), never which values.
    "quality": (
        "drop_id INTEGER, check_name VARCHAR, severity VARCHAR, rows BIGINT, message_zh VARCHAR, "
        "message_en VARCHAR"
    ),
    # Rows that count but look wrong: how many per check, drop (with its supplier, '' for none) and the record's
    # area ('' where not even the city is known); and the sentence of each check. In public by check and city only:
    # drop_id and supplier are NULL, and rows where they are few.
    "flags": "check_name VARCHAR, drop_id INTEGER, supplier VARCHAR, area_code VARCHAR, rows BIGINT",
    "flag_checks": "check_name VARCHAR, severity VARCHAR, message_zh VARCHAR, message_en VARCHAR",
    # What each supplier ('' for none named) has reported of each leaf and month: complete, partial, zero, absent or
    # awaited (not due yet), late or not. rows, last_on: of the area; month_rows, usual_rows: of all areas of the
    # city. is_normal: the supplier normally reports the area, so without it a figure is not complete.
    "completeness": (
        "source VARCHAR, supplier VARCHAR, area_code VARCHAR, month DATE, state VARCHAR, is_late BOOLEAN, "
        "rows BIGINT, first_received_on DATE, last_on DATE, is_normal BOOLEAN, why VARCHAR, month_rows BIGINT, "
        "usual_rows DOUBLE"
    ),
    # Months of leaves and cities that are not, or not wholly, reported: not_reported, nobody_expected, provisional.
    "gaps": "source VARCHAR, area_code VARCHAR, month DATE, status VARCHAR",
    # One row per break in a series: from the day broken_on, figures of the area ('*': of all) that rest on what it
    # concerns (sources or measures, separated by |) do not compare with earlier ones.
    "series_breaks": (
        "area_code VARCHAR, concerns VARCHAR, broken_on DATE, kind VARCHAR, text_zh VARCHAR, text_en VARCHAR, "
        "source VARCHAR"
    ),
    # One row per measure, basis, leaf or city, and window that is not over on the last day the city has reported,
    # and per window to compare it with: the same up to the corresponding day through_on. No row means zero.
    "to_day": (
        "measure VARCHAR, basis VARCHAR, area_code VARCHAR, time_window VARCHAR, period_end DATE, "
        "through_on DATE, value DOUBLE"
    ),
}


def create_schema(connection: "DuckDBPyConnection", alias: str) -> None:
    """Create the empty tables of a build in the attached database `alias`."""
    made = "; ".join(f"CREATE TABLE {alias}.{name} ({columns})" for name, columns in TABLES.items())
    connection.execute(
        f"BEGIN; {made}; COMMIT"
    )  # else every table waits for the disk: a tenth of a second in all


def write_definitions(
    connection: "DuckDBPyConnection",
    alias: str,
    own_population: Sequence[PopulationRow] = (),
    reviews: Reviews | None = None,
) -> None:
    """Keep the areas, population (with the home's own), definitions and their reviews as they are now: an old build
    can still be explained."""
    catalogue = load_catalogue()
    rows: dict[str, list[tuple[object, ...]]] = {
        "areas": [
            (area.area_code, area.area_name, area.area_name_en, area.level, area.parent_code)
            for area in load_areas()
        ],
        "population": [
            (row.area_code, row.year, row.as_of, row.population, row.scope, row.basis, row.rounded_to,
             row.source, row.certainty)
            for row in load_population(own_population)
        ],
        "home_population": [astuple(row) for row in own_population],
        "indicators": [
            (indicator.id, indicator.digest, catalogue.documents[indicator.id])
            for indicator in catalogue.indicators.values()
        ],
        "reviews": rows_for_build(reviews or {}),
        "measures": [
            (count.id, count.digest, catalogue.documents[count.id]) for count in catalogue.counts.values()
        ],
    }  # fmt: skip
    for name, values in rows.items():
        insert_values(connection, f"{alias}.{name}", values)
