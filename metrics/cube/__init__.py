"""The cube: every measure, at every month-end, in every window, by area and member, in one pass.

Reads the warehouse's views (current_registrations, current_service_records, current_activities, drops) and
fills `observations`, `hours_bands`, `cohorts`, `days`, `day_kinds` and `coverage` of a build. Distinct counts are exact, also
over overlapping windows.
"""

from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from metrics.cube.changes import NOT_GROWN, Grown, Months
from metrics.cube.coverage import insert_coverage
from metrics.cube.months import keep_active_months
from metrics.cube.people import keep_people
from metrics.cube.places import NO_END, CubeFault, keep_areas, require_known_areas
from metrics.cube.platforms import insert_platforms
from metrics.cube.renewal import keep_last, update
from metrics.cube.service import keep_activities, keep_service
from metrics.cube.tables import insert_tables
from metrics.cube.to_day import insert_to_day
from metrics.cube.totals import (
    insert_observations,
    keep_calendar,
    keep_labels,
    keep_members,
    keep_streams,
    keep_values,
)
from metrics.cube.windows import Contributions, keep_windows
from metrics.engine import DuckDBEngine, Engine

__all__ = ["LASTING", "CubeFault", "CubeSummary", "compute", "compute_from_kept", "keep_up_to_date"]

KEPT = (
    "cube_area", "cube_place", "cube_registration_read", "cube_registration", "cube_person", "cube_in_force", "cube_activity",
    "cube_platform", "cube_on_platform",
    "cube_person_month", "cube_active_month", "cube_active_on_platform", "cube_told", "cube_served", "cube_evidence", "cube_day",
    "cube_heard", "cube_pattern", "cube_gap", "cube_so_far", "cube_cohort", "cube_head", "cube_month",
    "cube_member", "cube_label", "cube_measure", "cube_platform_pattern", "cube_platform_head",
    "cube_platform_shown", "cube_platform_surplus", "cube_member_pattern", "cube_point", "cube_step", "cube_level",
    "cube_value", "cube_coverage", "cube_band", "cube_band_window", "cube_cohort_start",
)  # fmt: skip


# What stays in the warehouse from one publishing to the next, where it is large enough for that to pay.
LASTING = (
    "cube_registration", "cube_person", "cube_in_force", "cube_activity", "cube_person_month", "cube_last",
    "cube_served", "cube_evidence", "cube_day", "cube_heard", "cube_point", "cube_step", "cube_platform",
    "cube_on_platform",
)  # fmt: skip


@dataclass(frozen=True)
class CubeSummary:
    """What the cube did; also written to the build's manifest."""

    observations: int  # rows written
    counted_records: int  # service records that count
    unplaced_records: int  # of those, records that no city can claim: in no figure by place of service
    unregistered_records: int  # of those, records of people in no register: in no figure by residence


def compute(connection: DuckDBPyConnection, target: str, *, today: date) -> CubeSummary:
    """Fill `observations`, the tables beside it, `coverage` and the cube's lines of `manifest` in the attached build `target`.

    The build's tables must exist and be empty (metrics.build.create_schema). Nothing later than December of
    today's year is computed. Raises CubeFault for an area code that is no leaf of today's tree.
    """
    return compute_with(DuckDBEngine(connection), target, today)


def keep_up_to_date(connection: DuckDBPyConnection, months: Months | None, grown: Grown = NOT_GROWN) -> None:
    """Make the lasting sums those of the facts as they are, within the caller's transaction.

    `months` gives, by view, the months whose rows changed since the sums were made; None: there are no sums
    that could be brought up to date. `grown` gives months of records that are there besides those there were.
    """
    engine = DuckDBEngine(connection, LASTING)
    engine.forget(
        *LASTING
    )  # a temporary result of the same name, left by a computation that failed, would hide it
    if months is None or not update(engine, months, grown):
        gather(engine)
        keep_last(engine)
        keep_members(engine, 0, NO_END)  # the sums outlive the calendar of today
        keep_windows(engine, Contributions())
    engine.forget(*KEPT)


def compute_from_kept(connection: DuckDBPyConnection, target: str, *, today: date) -> CubeSummary:
    """As compute, from sums that keep_up_to_date has just brought up to date."""
    engine = DuckDBEngine(connection)
    keep_areas(engine)
    keep_labels(engine)  # points and steps carry them already
    return conclude(engine, target, today, *months_with_data(engine, today))


def compute_with(engine: Engine, target: str, today: date) -> CubeSummary:
    gather(engine)
    first_month, last_month = months_with_data(engine, today)
    keep_members(engine, first_month, last_month)
    keep_windows(engine, Contributions())
    return conclude(engine, target, today, first_month, last_month)


def gather(engine: Engine) -> None:
    """Everything that needs the facts: what there is of persons, months, places and activities."""
    keep_areas(engine)
    require_known_areas(engine, {"current_activities": "true"})  # the other views': as they are read
    keep_people(engine)
    keep_activities(engine)
    keep_service(engine)
    keep_active_months(engine)


def conclude(engine: Engine, target: str, today: date, first_month: int, last_month: int) -> CubeSummary:
    """From points and steps to observations; costs the same however many facts there are."""
    keep_calendar(engine, first_month, last_month)
    keep_streams(engine)
    keep_values(engine)
    insert_platforms(engine, target)
    insert_observations(engine, target)
    insert_tables(engine, target)
    insert_coverage(engine, target, today)
    insert_to_day(engine, target)
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
