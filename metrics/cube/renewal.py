"""Bring kept sums up to date after some months of the facts have changed, without reading the other months.

What the cube concludes from (points and steps, served, heard) adds up what single persons, records and
activities contribute. So for whatever is concerned the old contribution is taken out and the new one put in, in
whole numbers and decimals, which leave no rest. Concerned are

* records dated in a changed month, or belonging to an activity that has moved;
* *changed* persons, whose cell or months in force are others than before: all their records;
* persons whose active months are others than before. Who only has one new month, after all they had (nearly
  everybody, in a monthly drop), follows from what is known of their last active month; all months of the rest
  are counted *again*.
"""

from collections.abc import Mapping, Set

from metrics.cube.months import (
    NEIGHBOURS,
    sql_for_active,
    sql_for_active_on_platform,
    sql_for_last,
    sql_for_neighbours,
)
from metrics.cube.people import (
    REGISTRATIONS,
    keep_registrations,
    sql_for_in_force,
    sql_for_on_platform,
    sql_for_persons,
)
from metrics.cube.places import (
    NEVER,
    NO_END,
    in_months,
    keep_areas,
    month_of,
    require_known_areas,
)
from metrics.cube.putting import listed, put_person_months, put_records, put_windows
from metrics.cube.service import (
    MINUTES,
    RECORDS,
    keep_activities,
    sql_for_person_months,
)
from metrics.engine import Engine

ACTIVITIES = "current_activities"
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
    "cube_candidate", "cube_registration_of", "cube_changed", "cube_month_fresh", "cube_month_change",
    "cube_again", "cube_appended", "cube_first_change", "cube_told", "cube_reread",
    *(f"cube_{name}_{when}" for name in RENEWED for when in ("before", "after")),
    *(f"cube_{name}_change" for name in ADDED_UP),
)  # fmt: skip

Months = Mapping[str, Set[int]]  # by view: the months whose rows are others than those the kept sums hold


def keep_last(engine: Engine) -> None:
    """cube_last: see sql_for_last."""
    engine.keep("cube_last", sql_for_last("cube_active_month"))


def update(engine: Engine, months: Months) -> bool:
    """Make the kept sums what `gather` would make of the facts as they are; False: gather them instead.

    All of it must be one transaction with the caller's record of what the sums contain.
    """
    keep_areas(engine)
    record_months = months[RECORDS] | months_of_moved_activities(engine, months[ACTIVITIES])
    dated = in_months("service_date", record_months)
    registered = in_months("registered_on", months[REGISTRATIONS])
    require_known_areas(engine, {ACTIVITIES: "true"})
    find_changed_persons(engine, months[REGISTRATIONS], registered)
    find_changed_months(engine, record_months, dated)
    ((again, everybody),) = engine.rows(
        "SELECT (SELECT count(*) FROM cube_again), (SELECT count(*) FROM cube_last)"
    )
    if again > MOST_AGAIN * everybody:
        return False
    keep_active_rows(engine, record_months)
    keep_active(engine, "before")
    put_persons(engine)
    keep_active(engine, "after")
    put_records(engine, record_months, dated)
    put_windows(engine)
    put_person_months(engine, record_months)
    engine.forget(*PASSING)
    return True


def months_of_moved_activities(engine: Engine, changed: Set[int]) -> set[int]:
    """Months with records of activities that came, went or changed their area; cube_activity is renewed.

    cube_activity_before and cube_activity_after hold the activities that count, if any have changed.
    """
    engine.keep("cube_activity_before", f"SELECT * FROM cube_activity WHERE {bool(changed)}")
    engine.keep("cube_activity_after", f"SELECT * FROM cube_activity WHERE {bool(changed)}")
    if not changed:
        return set()
    keep_activities(engine)
    engine.keep("cube_activity_after", "SELECT * FROM cube_activity")
    places = "SELECT activity_key, area_key FROM cube_activity_"
    moved = differing(places + "after", places + "before")
    engine.keep("cube_moved_activity", f"SELECT DISTINCT activity_key FROM ({moved})")
    found = engine.rows(f"""
        SELECT DISTINCT {month_of("service_date")} FROM {RECORDS}
        WHERE activity_key IN (SELECT activity_key FROM cube_moved_activity)
    """)
    return {month for (month,) in found}


def differing(one: str, other: str) -> str:
    return f"(({one}) EXCEPT ({other})) UNION ALL (({other}) EXCEPT ({one}))"


def find_changed_persons(engine: Engine, months: Set[int], registered: str) -> None:
    """cube_changed: persons whose cell, first registration or months in force are others than before.

    Candidates are those with a registration that came or went; of them persons and intervals are kept as they
    were (`before`) and as they are (`after`). cube_registration is renewed.
    """
    # A row of a drop never says anything else later, so only those that came or went need to be compared.
    keep_registrations(engine, "cube_registration_fresh", registered)
    fresh = "SELECT arrival, volunteer_key FROM cube_registration_fresh"
    kept = f"SELECT arrival, volunteer_key FROM cube_registration WHERE from_month IN {listed(months)}"
    engine.keep("cube_registration_gone", f"({kept}) EXCEPT ({fresh})")
    engine.keep("cube_registration_came", f"({fresh}) EXCEPT ({kept})")
    engine.keep(
        "cube_candidate",
        "SELECT volunteer_key FROM cube_registration_gone UNION SELECT volunteer_key FROM cube_registration_came",
    )
    chosen = "volunteer_key IN (SELECT volunteer_key FROM cube_candidate)"
    engine.keep("cube_person_before", f"SELECT * FROM cube_person WHERE {chosen}")
    engine.keep("cube_in_force_before", f"SELECT * FROM cube_in_force WHERE {chosen}")
    engine.keep("cube_on_platform_before", f"SELECT * FROM cube_on_platform WHERE {chosen}")
    engine.replace(
        "cube_registration",
        "arrival IN (SELECT arrival FROM cube_registration_gone)",
        "SELECT * FROM cube_registration_fresh WHERE arrival IN (SELECT arrival FROM cube_registration_came)",
    )
    engine.keep("cube_registration_of", f"SELECT * FROM cube_registration WHERE {chosen}")
    engine.keep("cube_person_after", sql_for_persons("cube_registration_of"))
    engine.keep("cube_in_force_after", sql_for_in_force("cube_registration_of", "cube_person_after"))
    engine.keep("cube_on_platform_after", sql_for_on_platform("cube_registration_of", "cube_person_after"))
    persons = "SELECT volunteer_key, cell, registered_month FROM cube_person_"
    intervals = "SELECT volunteer_key, cell, from_month, until_month, is_first FROM cube_in_force_"
    on_platform = "SELECT volunteer_key, cell, from_month, until_month FROM cube_on_platform_"
    engine.keep(
        "cube_changed",
        f"""
        SELECT volunteer_key FROM ({differing(persons + "after", persons + "before")})
        UNION SELECT volunteer_key FROM ({differing(intervals + "after", intervals + "before")})
        UNION SELECT volunteer_key FROM ({differing(on_platform + "after", on_platform + "before")})
        """,
    )


def find_changed_months(engine: Engine, months: Set[int], dated: str) -> None:
    """cube_month_change: person-months that differ. cube_again: whose months are all counted again.

    cube_appended: the new month of everybody else, with what is known of their last one.
    """
    engine.keep("cube_month_fresh", sql_for_person_months(dated))
    amounts = ("minutes", "visits", "clocked_visits")
    differ = " OR ".join(f"a.{amount} <> b.{amount}" for amount in amounts)
    engine.keep(
        "cube_month_change",
        f"""
        SELECT coalesce(b.volunteer_key, a.volunteer_key) AS volunteer_key, coalesce(b.month, a.month) AS month,
               b.visits AS visits_before, {", ".join(f"a.{amount}" for amount in amounts)}
        FROM (SELECT * FROM cube_person_month WHERE visits > 0 AND month IN {listed(months)}) b
        FULL JOIN (SELECT * FROM cube_month_fresh WHERE visits > 0) a
          ON a.volunteer_key = b.volunteer_key AND a.month = b.month
        WHERE b.visits IS NULL OR a.visits IS NULL OR {differ}
        """,
    )
    engine.keep(
        "cube_again",
        """
        SELECT volunteer_key FROM cube_changed
        UNION
        SELECT c.volunteer_key FROM cube_month_change c LEFT JOIN cube_last l USING (volunteer_key)
        WHERE c.visits_before IS NOT NULL OR c.month <= l.month
        UNION
        SELECT volunteer_key FROM cube_month_change GROUP BY volunteer_key HAVING count(*) > 1
        """,
    )
    engine.keep(
        "cube_appended",
        """
        SELECT c.volunteer_key, c.month, c.minutes, c.visits, c.clocked_visits, l.month AS last_month,
               l.in_quarter, l.in_year, l.ever, l.clocked_month
        FROM cube_month_change c LEFT JOIN cube_last l ON l.volunteer_key = c.volunteer_key
        WHERE c.volunteer_key NOT IN (SELECT volunteer_key FROM cube_again)
        """,
    )


def keep_active_rows(engine: Engine, months: Set[int]) -> None:
    """cube_rows_before, cube_rows_after: the person-months to take out and put in, with their neighbours.

    Of whom nothing but months has changed, those that lie before all changes, as do their neighbours, stay in.
    Who goes on after their last month has what it reaches beyond the new one taken back: a row without visits that
    begins with the new month. The same for the last clocked month, which may be an earlier one; there nothing but
    what clocked months reach is to be taken back.
    """
    chosen = "volunteer_key IN (SELECT volunteer_key FROM cube_again)"
    engine.keep("cube_again_before", f"SELECT * FROM cube_person_month WHERE {chosen}")
    engine.keep(
        "cube_again_after",
        f"""
        SELECT * FROM cube_again_before WHERE month NOT IN {listed(months) if months else "(-1)"}
        UNION ALL SELECT * FROM cube_month_fresh WHERE {chosen}
        """,
    )
    engine.keep(
        "cube_first_change",
        """
        SELECT volunteer_key, min(month) AS first_month FROM cube_month_change
        WHERE volunteer_key IN (SELECT volunteer_key FROM cube_again)
        AND volunteer_key NOT IN (SELECT volunteer_key FROM cube_changed)
        GROUP BY volunteer_key
        """,
    )
    for when, appended in (("before", SQL_TAKEN_BACK), ("after", SQL_APPENDED)):
        engine.keep(
            f"cube_rows_{when}",
            f"""
            SELECT {NEIGHBOURS}, month AS begins
            FROM ({sql_for_neighbours(f"cube_again_{when}")}) LEFT JOIN cube_first_change USING (volunteer_key)
            WHERE coalesce(greatest(month, next_month, next_clocked) >= first_month, true)
            UNION ALL {appended}
            """,
        )


NOTHING = f"CAST(0 AS {MINUTES}), 0"
SQL_TAKEN_BACK = f"""
    SELECT volunteer_key, last_month, {NOTHING}, {NEVER}, {NO_END}, {NEVER},
           CASE WHEN clocked_visits > 0 AND clocked_month = last_month THEN {NO_END} END,
           in_quarter, in_year, ever, month
    FROM cube_appended WHERE last_month IS NOT NULL
    UNION ALL
    SELECT volunteer_key, clocked_month, {NOTHING}, {NEVER}, clocked_month, {NEVER}, {NO_END}, 0, 0, 0, month
    FROM cube_appended WHERE clocked_visits > 0 AND clocked_month > {NEVER} AND clocked_month < last_month
"""
SQL_APPENDED = f"""
    SELECT volunteer_key, month, minutes, visits, coalesce(last_month, {NEVER}), {NO_END},
           coalesce(clocked_month, {NEVER}), CASE WHEN clocked_visits > 0 THEN {NO_END} END,
           CASE WHEN last_month // 3 = month // 3 THEN in_quarter ELSE 0 END + minutes,
           CASE WHEN last_month // 12 = month // 12 THEN in_year ELSE 0 END + minutes,
           coalesce(ever, 0) + minutes, month
    FROM cube_appended
"""


def keep_active(engine: Engine, when: str) -> None:
    """Active months by the intervals in force, and on each platform, as they are kept now."""
    rows = f"SELECT * FROM cube_rows_{when}"
    engine.keep(f"cube_active_{when}", sql_for_active(rows, "cube_in_force", "begins"))
    engine.keep(
        f"cube_active_on_platform_{when}", sql_for_active_on_platform(rows, "cube_on_platform", "begins")
    )


def put_persons(engine: Engine) -> None:
    chosen = "volunteer_key IN (SELECT volunteer_key FROM cube_candidate)"
    engine.replace("cube_person", chosen, "SELECT * FROM cube_person_after")
    engine.replace("cube_in_force", chosen, "SELECT * FROM cube_in_force_after")
    engine.replace("cube_on_platform", chosen, "SELECT * FROM cube_on_platform_after")
