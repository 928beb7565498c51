"""Bring kept sums up to date after some months of the facts have changed, without reading the other months.

What the cube concludes from (points and steps, served, heard) adds up what single persons, records and
activities contribute. So for whatever is concerned the old contribution is taken out and the new one put in, in
whole numbers and decimals, which leave no rest. Concerned are

* records dated in a changed month, or belonging to an activity that has moved; of a month that has only *grown*,
  those of the new drops;
* *changed* persons, whose cell or months in force are others than before: all their records;
* persons whose active months are others than before. Who only has one new month, after all they had (nearly
  everybody, in a monthly drop), follows from what is known of their last active month; all months of the rest
  are counted *again*.
"""

from collections.abc import Set

from metrics.cube.changes import (
    ACTIVITIES,
    NOT_GROWN,
    Grown,
    Months,
    find_changed_months,
    find_changed_persons,
    months_of_moved_activities,
    sql_for_came,
)
from metrics.cube.months import (
    NEIGHBOURS,
    sql_for_active,
    sql_for_active_on_platform,
    sql_for_last,
    sql_for_neighbours,
)
from metrics.cube.people import (
    REGISTRATIONS,
)
from metrics.cube.places import (
    in_months,
    keep_areas,
    require_known_areas,
)
from metrics.cube.putting import listed, put_person_months, put_records, put_windows
from metrics.cube.service import (
    RECORDS,
)
from metrics.engine import Engine

# Where more than this share of all persons is to be counted again, counting everybody is cheaper.
MOST_AGAIN = 0.25
RENEWED = (
    "activity", "person", "in_force", "on_platform", "again", "rows", "active", "active_on_platform", "told", "served",
    "evidence", "day", "heard",
)  # fmt: skip
ADDED_UP = (
    "platform_pattern", "platform_head", "pattern", "gap", "so_far", "cohort", "head", "member_pattern", "point", "step",
)  # fmt: skip
PASSING = (
    "cube_moved_activity", "cube_registration_fresh", "cube_registration_gone", "cube_registration_came",
    "cube_candidate", "cube_registration_of", "cube_changed", "cube_month_came",
    "cube_month_known", "cube_month_fresh", "cube_month_change",
    "cube_again", "cube_appended", "cube_appended_on_platform", "cube_first_change", "cube_told", "cube_reread",
    *(f"cube_{name}_{when}" for name in RENEWED for when in ("before", "after")),
    *(f"cube_{name}_change" for name in ADDED_UP),
)  # fmt: skip


def keep_last(engine: Engine) -> None:
    """cube_last: see sql_for_last."""
    engine.keep("cube_last", sql_for_last("cube_active_month"))


def update(engine: Engine, months: Months, grown: Grown = NOT_GROWN) -> bool:
    """Make the kept sums what `gather` would make of the facts as they are; False: gather them instead.

    All of it must be one transaction with the caller's record of what the sums contain.
    """
    keep_areas(engine)
    record_months = months[RECORDS] | months_of_moved_activities(engine, months[ACTIVITIES])
    grown = Grown(grown.months - record_months, grown.drops)
    came = sql_for_came(record_months, grown)
    registered = in_months("registered_on", months[REGISTRATIONS])
    require_known_areas(engine, {ACTIVITIES: "true"})
    find_changed_persons(engine, months[REGISTRATIONS], registered)
    find_changed_months(engine, record_months, grown, came)
    ((again, everybody),) = engine.rows(
        "SELECT (SELECT count(*) FROM cube_again), (SELECT count(*) FROM cube_last)"
    )
    if again > MOST_AGAIN * everybody:
        return False
    keep_again(engine, record_months)
    keep_active(engine, "before")
    put_persons(engine)
    keep_active(engine, "after")
    put_records(engine, record_months, grown.drops, came)
    put_windows(engine)
    put_person_months(engine, record_months, grown.months)
    engine.forget(*PASSING)
    return True


def keep_again(engine: Engine, months: Set[int]) -> None:
    """cube_rows_before, cube_rows_after: the person-months to take out and put in of those counted again.

    With their neighbours. Of whom nothing but months has changed, those that lie before all changes, as do their
    neighbours, stay in.
    """
    chosen = "volunteer_key IN (SELECT volunteer_key FROM cube_again)"
    # A join, whose few keys a scan of all person-months looks for as it reads; IN takes twice as long.
    engine.keep(
        "cube_again_before", "SELECT m.* FROM cube_person_month m JOIN cube_again USING (volunteer_key)"
    )
    engine.keep(
        "cube_again_after",
        f"""
        SELECT * FROM cube_again_before b WHERE month NOT IN {listed(months) if months else "(-1)"}
        AND NOT EXISTS (
            SELECT 1 FROM cube_month_fresh f WHERE f.volunteer_key = b.volunteer_key AND f.month = b.month
        )
        UNION ALL SELECT * FROM cube_month_fresh WHERE {chosen}
        """,
    )
    engine.keep(
        "cube_first_change",
        f"""
        SELECT volunteer_key, min(month) AS first_month FROM cube_month_change
        WHERE {chosen} AND volunteer_key NOT IN (SELECT volunteer_key FROM cube_changed)
        GROUP BY volunteer_key
        """,
    )
    for when in ("before", "after"):
        engine.keep(
            f"cube_rows_{when}",
            f"""
            SELECT {NEIGHBOURS}
            FROM ({sql_for_neighbours(f"cube_again_{when}")}) LEFT JOIN cube_first_change USING (volunteer_key)
            WHERE coalesce(greatest(month, next_month, next_clocked) >= first_month, true)
            """,
        )


def keep_active(engine: Engine, when: str) -> None:
    """cube_active_before, cube_active_after: active months to take out and put in of those counted again, by the
    intervals in force as they are kept now; cube_active_on_platform_…: and on each platform. See active_change."""
    rows = f"SELECT * FROM cube_rows_{when}"
    engine.keep(f"cube_active_{when}", sql_for_active(rows, "cube_in_force"))
    engine.keep(f"cube_active_on_platform_{when}", sql_for_active_on_platform(rows, "cube_on_platform"))


def put_persons(engine: Engine) -> None:
    chosen = "volunteer_key IN (SELECT volunteer_key FROM cube_candidate)"
    engine.replace("cube_person", chosen, "SELECT * FROM cube_person_after")
    engine.replace("cube_in_force", chosen, "SELECT * FROM cube_in_force_after")
    engine.replace("cube_on_platform", chosen, "SELECT * FROM cube_on_platform_after")
