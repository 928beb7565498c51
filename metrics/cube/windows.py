"""From months to windows: at which month-ends T does what happened in a month count?

One pass over the person-months gives the *pattern*: how many people, minutes and events of a cell share the
same month and the same interval of being in force, and for how many of the people it was the first active
month of the quarter, of the year, or ever. Each window then turns patterns into points (a value at one T) or
steps (a change from one T on, and back at another T); steps become values by running sums (see totals). So no
window needs another pass over the people, and nobody is counted twice: the intervals of one person in one
window do not overlap.

Points and steps only add up what single persons, records and activities contribute, so the contributions of
those that have changed can be taken out and put in again (see renewal).
"""

from dataclasses import dataclass

from metrics.cube.places import BIRTH_YEARS, CELLS_PER_AREA, NO_END
from metrics.cube.service import MINUTES
from metrics.engine import Engine

# A stream is what one measure family gives in one window.
FAMILIES = ("residence", "served", "new", "activities", "registered")
STREAM_WINDOWS = ("month", "quarter", "year", "ytd", "to_date", "rolling12", "stock")

# The people of a month who count in the window: those for whom it was the first active month in it.
POINTS = {
    "month": ("month", "people"),
    "quarter": ("month // 3 * 3 + 2", "first_in_quarter"),
    "year": ("month // 12 * 12 + 11", "first_in_year"),
}
# Windows that end at every month: the first T after their reach. In a rolling window people's reach ends where
# their next active month takes over, so they are stepped separately (cube_head).
REACHES = {
    "ytd": ("month // 12 * 12 + 12", "first_in_year"),
    "to_date": (f"{NO_END}", "first_ever"),
    "rolling12": ("month + 12", "0"),
}
FIRSTS = ("first_in_quarter", "first_in_year", "first_ever")
NO_PEOPLE = f"0 AS people, {', '.join(f'0 AS {name}' for name in FIRSTS)}"
# What a cell is broken down by: dimension 0 is gender, dimension 1 the year of birth.
MEMBER_KEYS = (f"cell % {CELLS_PER_AREA} // {BIRTH_YEARS}", f"cell % {BIRTH_YEARS}")


@dataclass(frozen=True)
class Contributions:
    """Whose contributions to add up: names of kept results, by default those of everybody."""

    active: str = "cube_active_month"  # see sql_for_active
    in_force: str = "cube_in_force"
    persons: str = "cube_person"
    served: str = "cube_served"
    activities: str = "cube_activity"
    suffix: str = ""  # of the names of what comes out


def keep_active_months(engine: Engine) -> None:
    """cube_active_month: one row per person-month and interval in force that it can count in."""
    engine.keep("cube_active_month", sql_for_active(sql_for_neighbours("cube_person_month"), "cube_in_force"))


def sql_for_neighbours(person_months: str) -> str:
    """Person-months with the active months before and after of the same person."""
    return f"""
        SELECT volunteer_key, month, minutes, visits,
               lag(month) OVER (PARTITION BY volunteer_key ORDER BY month) AS previous_month,
               lead(month) OVER (PARTITION BY volunteer_key ORDER BY month) AS next_month
        FROM {person_months} WHERE visits > 0
    """


def sql_for_active(neighbours: str, in_force: str) -> str:
    """One row per person-month and interval in force that it can count in."""
    return f"""
        SELECT cell, month, greatest(month, from_month) AS from_month, until_month,
               previous_month, least(coalesce(next_month, month + 12), month + 12) AS next_month,
               minutes, visits
        FROM ({neighbours}) JOIN {in_force} USING (volunteer_key)
        WHERE greatest(month, from_month) < until_month
    """


def sql_for_patterns(active: str) -> str:
    """Active months counted per cell, month and interval in force; months without a visit are no part of it."""
    return f"""
        SELECT cell, month, from_month, until_month, count(*) AS people,
               count(*) FILTER (WHERE previous_month IS NULL OR previous_month // 3 < month // 3)
                 AS first_in_quarter,
               count(*) FILTER (WHERE previous_month IS NULL OR previous_month // 12 < month // 12)
                 AS first_in_year,
               count(*) FILTER (WHERE previous_month IS NULL) AS first_ever,
               CAST(sum(minutes) AS {MINUTES}) AS minutes, CAST(sum(visits) AS BIGINT) AS events
        FROM {active} WHERE visits > 0 GROUP BY cell, month, from_month, until_month
    """


def sql_for_heads(active: str, in_force: str, persons: str) -> str:
    """People by kind, cell and month: registered for the first time, and by how many the people in force
    (`registered`) and those active in the last twelve months (`rolling12`) become more or fewer."""
    rolling = "until_month > from_month AND next_month > from_month"
    return f"""
        SELECT kind, cell, month, CAST(sum(people) AS BIGINT) AS people FROM (
            SELECT 'new' AS kind, cell, registered_month AS month, count(*) AS people
            FROM {persons} GROUP BY cell, registered_month
            UNION ALL
            SELECT 'registered', cell, from_month, count(*) FROM {in_force} GROUP BY cell, from_month
            UNION ALL
            SELECT 'registered', cell, until_month, -count(*)
            FROM {in_force} WHERE until_month < {NO_END} GROUP BY cell, until_month
            UNION ALL
            SELECT 'rolling12', cell, from_month, count(*) FROM {active} WHERE {rolling} GROUP BY cell, from_month
            UNION ALL
            SELECT 'rolling12', cell, least(next_month, until_month), -count(*)
            FROM {active} WHERE {rolling} GROUP BY cell, least(next_month, until_month)
        )
        GROUP BY kind, cell, month HAVING sum(people) <> 0
    """


def keep_windows(engine: Engine, of: Contributions) -> None:
    """cube_point and cube_step: one row per stream, leaf area, label and month; people, minutes and events."""
    engine.keep(f"cube_pattern{of.suffix}", sql_for_patterns(of.active))
    engine.keep(f"cube_head{of.suffix}", sql_for_heads(of.active, of.in_force, of.persons))
    engine.keep(f"cube_member_pattern{of.suffix}", sql_for_member_patterns(of))
    points = " UNION ALL ".join(sql_for_points(window, of.suffix) for window in POINTS)
    engine.keep(
        f"cube_point{of.suffix}",
        summed(f"""
            SELECT stream, area_key, label, month, people, minutes, events
            FROM ({points}) s JOIN cube_member m USING (dimension_no, member_key)
            WHERE month >= m.since_month AND month < m.before_month
        """),
    )
    spans = " UNION ALL ".join(
        [*(sql_for_spans(window, of.suffix) for window in REACHES), sql_for_people_spans(of.suffix)]
    )
    engine.keep(
        f"cube_step{of.suffix}",
        summed(f"""
            WITH spans AS (
                SELECT stream, area_key, label, greatest(from_month, since_month) AS from_month,
                       least(stop_month, before_month) AS stop_month, people, minutes, events
                FROM ({spans}) s JOIN cube_member m USING (dimension_no, member_key)
                WHERE greatest(from_month, since_month) < least(stop_month, before_month)
            )
            SELECT stream, area_key, label, from_month AS month, people, minutes, events FROM spans
            UNION ALL
            SELECT stream, area_key, label, stop_month, -people, -minutes, -events
            FROM spans WHERE stop_month < {NO_END}
        """),
    )


def sql_for_member_patterns(of: Contributions) -> str:
    """The patterns of all families, per leaf area and member of either dimension."""
    patterns = f"""
        SELECT 'residence' AS family, cell, month, from_month, until_month, people, {", ".join(FIRSTS)},
               minutes, events
        FROM cube_pattern{of.suffix}
        UNION ALL
        SELECT 'served', cell, month, month, {NO_END}, {NO_PEOPLE}, minutes, visits
        FROM {of.served} WHERE cell IS NOT NULL
        UNION ALL
        SELECT 'new', cell, month, month, {NO_END}, {NO_PEOPLE}, 0, people
        FROM cube_head{of.suffix} WHERE kind = 'new'
        UNION ALL
        SELECT 'activities', area_key * {CELLS_PER_AREA}, month, month, {NO_END}, {NO_PEOPLE}, 0, count(*)
        FROM {of.activities} WHERE NOT is_cancelled GROUP BY area_key, month
    """
    amounts = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in ("people", *FIRSTS, "events"))
    return " UNION ALL ".join(
        f"""
        SELECT family, {dimension} AS dimension_no, cell // {CELLS_PER_AREA} AS area_key,
               {member_key} AS member_key, month, from_month, until_month, {amounts},
               CAST(sum(minutes) AS {MINUTES}) AS minutes
        FROM ({patterns})
        GROUP BY family, cell // {CELLS_PER_AREA}, {member_key}, month, from_month, until_month
        """
        for dimension, member_key in enumerate(MEMBER_KEYS)
    )


def stream(family: str, window: str) -> int:
    return FAMILIES.index(family) * len(STREAM_WINDOWS) + STREAM_WINDOWS.index(window)


def stream_of(window: str) -> str:
    """SQL for the stream of a pattern in a window."""
    cases = " ".join(f"WHEN '{family}' THEN {stream(family, window)}" for family in FAMILIES)
    return f"CASE family {cases} END AS stream, dimension_no, area_key, member_key"


def sql_for_points(window: str, suffix: str) -> str:
    """Values at the only T that a month's service counts for."""
    point, people = POINTS[window]
    return f"""
        SELECT {stream_of(window)}, {point} AS month, {people} AS people, minutes, events
        FROM cube_member_pattern{suffix} WHERE from_month <= {point} AND until_month > {point}
    """


def sql_for_spans(window: str, suffix: str) -> str:
    """Intervals of T, from the month itself (or the registration, if later) to the end of the reach."""
    stop, people = REACHES[window]
    return f"""
        SELECT {stream_of(window)}, from_month, least({stop}, until_month) AS stop_month,
               {people} AS people, minutes, events
        FROM cube_member_pattern{suffix}
    """


def sql_for_people_spans(suffix: str) -> str:
    """Changes of people only, each holding from its month on: in force, and active in the last twelve months."""
    return " UNION ALL ".join(
        f"""
        SELECT CASE kind WHEN 'registered' THEN {stream("registered", "stock")}
                         ELSE {stream("residence", "rolling12")} END AS stream,
               {dimension} AS dimension_no, cell // {CELLS_PER_AREA} AS area_key, {member_key} AS member_key,
               month AS from_month, {NO_END} AS stop_month, people, CAST(0 AS {MINUTES}) AS minutes, 0 AS events
        FROM cube_head{suffix} WHERE kind <> 'new'
        """
        for dimension, member_key in enumerate(MEMBER_KEYS)
    )


def summed(select: str) -> str:
    return f"""
        SELECT stream, area_key, label, month, CAST(sum(people) AS BIGINT) AS people,
               CAST(sum(minutes) AS {MINUTES}) AS minutes, CAST(sum(events) AS BIGINT) AS events
        FROM ({select}) GROUP BY stream, area_key, label, month
    """
