"""The cube: every measure, at every month-end, in every window, by area, gender and age band, in one pass.

Reads the warehouse's views (current_registrations, current_service_records, current_activities, drops) and
fills `observations` and `coverage` of a build. Distinct counts are exact, also over overlapping windows.
"""

from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from metrics.cube.coverage import insert_coverage
from metrics.cube.people import keep_people
from metrics.cube.places import CubeFault, keep_areas, require_known_areas
from metrics.cube.service import keep_activities, keep_service
from metrics.cube.totals import insert_observations, keep_calendar, keep_members, keep_streams, keep_values
from metrics.cube.windows import keep_patterns, keep_windows
from metrics.engine import DuckDBEngine, Engine

__all__ = ["CubeFault", "CubeSummary", "compute"]

KEPT = (
    "cube_area", "cube_place", "cube_registration", "cube_person", "cube_in_force", "cube_activity",
    "cube_person_month", "cube_told", "cube_served", "cube_heard", "cube_pattern", "cube_head", "cube_month",
    "cube_member", "cube_label", "cube_measure", "cube_member_pattern", "cube_point", "cube_step", "cube_level",
    "cube_value", "cube_coverage",
)  # fmt: skip


@dataclass(frozen=True)
class CubeSummary:
    """What the cube did; also written to the build's manifest."""

    observations: int  # rows written
    counted_records: int  # service records that count
    unplaced_records: int  # of those, records that no city can claim: in no figure by place of service
    unregistered_records: int  # of those, records of people in no register: in no figure by residence


def compute(connection: DuckDBPyConnection, target: str, *, today: date) -> CubeSummary:
    """Fill `observations`, `coverage` and the cube's lines of `manifest` in the attached build `target`.

    The build's tables must exist and be empty (metrics.build.create_schema). Nothing later than December of
    today's year is computed. Raises CubeFault for an area code that is no leaf of today's tree.
    """
    return compute_with(DuckDBEngine(connection), target, today)


def compute_with(engine: Engine, target: str, today: date) -> CubeSummary:
    gather(engine)
    return conclude(engine, target, today)


def gather(engine: Engine) -> None:
    """Everything that needs the facts: what persons, months and cells add up to."""
    keep_areas(engine)
    require_known_areas(engine)
    keep_people(engine)
    keep_activities(engine)
    keep_service(engine)
    keep_patterns(engine)


def conclude(engine: Engine, target: str, today: date) -> CubeSummary:
    """Everything that follows from it; costs the same however many facts there are."""
    first_month, last_month = months_with_data(engine, today)
    keep_calendar(engine, first_month, last_month)
    keep_members(engine, first_month, last_month)
    keep_streams(engine)
    keep_windows(engine)
    keep_values(engine)
    insert_observations(engine, target)
    insert_coverage(engine, target, today)
    summary = summarise(engine, target)
    for key, value in vars(summary).items():
        engine.insert(f"{target}.manifest", f"SELECT '{key}' AS key, '{value}' AS value")
    engine.forget(*KEPT)
    return summary


def months_with_data(engine: Engine, today: date) -> tuple[int, int]:
    """First and last month something happened in; without any data, the current year."""
    this_year = (today.year * 12, today.year * 12 + 11)
    ((first, last),) = engine.rows("""
        SELECT min(month), max(month) FROM (
            SELECT from_month AS month FROM cube_registration
            UNION ALL SELECT left_month FROM cube_registration
            UNION ALL SELECT month FROM cube_served
            UNION ALL SELECT month FROM cube_activity
        )
    """)
    if first is None:
        return this_year
    return min(first, this_year[0]), min(last, this_year[1])


def summarise(engine: Engine, target: str) -> CubeSummary:
    ((observations,),) = engine.rows(f"SELECT count(*) FROM {target}.observations")
    ((counted, unplaced, unregistered),) = engine.rows("""
        SELECT coalesce(sum(visits), 0), coalesce(sum(visits) FILTER (WHERE cell IS NULL), 0),
               coalesce(sum(strangers), 0)
        FROM cube_served
    """)
    return CubeSummary(observations, int(counted), int(unplaced), int(unregistered))
