"""What has changed since the kept sums were made: activities that moved, persons, and person-months.

Each comes with what it was like before; see renewal for what is made of it.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from metrics.cube.appended import sql_for_appended
from metrics.cube.people import (
    keep_registrations,
    sql_for_in_force,
    sql_for_on_platform,
    sql_for_persons,
)
from metrics.cube.places import in_months, listed, month_of
from metrics.cube.service import MINUTES, RECORDS, keep_activities, sql_for_person_months
from metrics.engine import Engine

ACTIVITIES = "current_activities"
Months = Mapping[str, Set[int]]  # by view: the months whose rows are others than those the kept sums hold


@dataclass(frozen=True)
class Grown:
    """Months of which the kept sums hold all records but those of some new drops."""

    months: frozenset[int] = frozenset()
    drops: frozenset[int] = frozenset()


NOT_GROWN = Grown()


def sql_for_came(months: Set[int], grown: Grown) -> str:
    """A condition on records: all of changed months, of grown ones those of new drops."""
    # A scan skips other months by the first part, and, where nothing else has changed, other drops by the second.
    return f"""
        {in_months("service_date", months | grown.months)}
        AND ({f"{in_months('service_date', months)} OR" if months else ""} drop_id IN {listed(grown.drops)})
    """


def months_of_moved_activities(engine: Engine, changed: Set[int]) -> set[int]:
    """Months with records of activities that came, went or changed their area; cube_activity is renewed.

    cube_activity_before and cube_activity_after hold the activities of changed months.
    """
    those = f"SELECT * FROM cube_activity WHERE month IN {listed(changed)}"
    engine.keep("cube_activity_before", those)
    engine.keep("cube_activity_after", those)
    if not changed:
        return set()
    keep_activities(engine)
    engine.keep("cube_activity_after", those)
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
    # Whole rows: a mended file has its drop's number, and its rows may say something else.
    keep_registrations(engine, "cube_registration_fresh", registered)
    fresh = "SELECT * FROM cube_registration_fresh"
    kept = f"SELECT * FROM cube_registration WHERE from_month IN {listed(months)}"
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


def find_changed_months(engine: Engine, months: Set[int], grown: Grown, came: str) -> None:
    """cube_month_change: person-months that differ, with what is known of the person's last one.

    cube_again: whose months are all counted again. cube_appended: the new month of everybody else, by the intervals
    in force that it counts in; cube_appended_on_platform: and on each platform. cube_month_fresh: the person-months
    as they are, of grown months those that have grown.
    """
    amounts = ("minutes", "visits", "clocked_visits")
    engine.keep("cube_month_came", sql_for_person_months(came))
    engine.keep(
        "cube_month_known",
        f"""
        SELECT * FROM cube_person_month WHERE month IN {listed(months | grown.months)}
        {"" if months else "AND volunteer_key IN (SELECT volunteer_key FROM cube_month_came)"}
        """,
    )
    engine.keep(
        "cube_month_fresh",
        f"""
        SELECT c.volunteer_key, c.month, CAST(c.minutes + coalesce(k.minutes, 0) AS {MINUTES}) AS minutes,
               c.visits + coalesce(k.visits, 0) AS visits,
               c.clocked_visits + coalesce(k.clocked_visits, 0) AS clocked_visits
        FROM cube_month_came c
        LEFT JOIN (SELECT * FROM cube_month_known WHERE month IN {listed(grown.months)}) k
          ON k.volunteer_key = c.volunteer_key AND k.month = c.month
        """,
    )
    differ = " OR ".join(f"a.{amount} <> b.{amount}" for amount in amounts)
    engine.keep(
        "cube_month_change",
        f"""
        SELECT c.*, l.month AS last_month, l.in_quarter, l.in_year, l.ever, l.clocked_month
        FROM (
            SELECT coalesce(b.volunteer_key, a.volunteer_key) AS volunteer_key, coalesce(b.month, a.month) AS month,
                   b.visits AS visits_before, {", ".join(f"a.{amount}" for amount in amounts)}
            FROM (SELECT * FROM cube_month_known WHERE visits > 0) b
            FULL JOIN (SELECT * FROM cube_month_fresh WHERE visits > 0) a
              ON a.volunteer_key = b.volunteer_key AND a.month = b.month
            WHERE b.visits IS NULL OR (a.visits IS NULL AND b.month IN {listed(months)}) OR {differ}
        ) c
        LEFT JOIN cube_last l ON l.volunteer_key = c.volunteer_key
        """,
    )
    engine.keep(
        "cube_again",
        """
        SELECT volunteer_key FROM cube_changed
        UNION
        SELECT volunteer_key FROM cube_month_change WHERE visits_before IS NOT NULL OR month <= last_month
        UNION
        SELECT volunteer_key FROM cube_month_change GROUP BY volunteer_key HAVING count(*) > 1
        """,
    )
    engine.keep("cube_appended", sql_for_appended("cube_in_force"))
    engine.keep("cube_appended_on_platform", sql_for_appended("cube_on_platform"))
