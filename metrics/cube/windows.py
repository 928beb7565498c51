"""From months to windows: at which month-ends T does what happened in a month count?

Everything is brought to one form, the pattern: how many people, minutes and events of a cell share the same
month, the same interval of being in force, and the same distance to the person's previous and next active
month. Each window then turns patterns into points (a value at one T) or into steps (a change from one T on,
and back at another T), and steps become values by running sums. So no window needs a pass over the people,
and people are never counted twice: the intervals of one person in one window do not overlap.
"""

from metrics.cube.places import CELLS_PER_AREA, NO_END
from metrics.cube.service import MINUTES
from metrics.engine import Engine

# Distance to the previous active month, as far as any window cares.
SAME_QUARTER, SAME_YEAR, EARLIER_YEAR, NEVER_BEFORE = 0, 1, 2, 3

# Families of patterns. People are counted in `residence` only; the others add events and minutes.
PATTERNS = f"""
    SELECT 'residence' AS family, cell, month, greatest(month, from_month) AS from_month, until_month,
           CASE WHEN previous_month IS NULL THEN {NEVER_BEFORE}
                WHEN previous_month // 12 < month // 12 THEN {EARLIER_YEAR}
                WHEN previous_month // 3 < month // 3 THEN {SAME_YEAR}
                ELSE {SAME_QUARTER} END AS since,
           least(coalesce(next_month - month, 12), 12) AS gap,
           count(*) AS people, CAST(sum(minutes) AS {MINUTES}) AS minutes, sum(visits) AS events
    FROM (
        SELECT volunteer_key, month, minutes, visits,
               lag(month) OVER (PARTITION BY volunteer_key ORDER BY month) AS previous_month,
               lead(month) OVER (PARTITION BY volunteer_key ORDER BY month) AS next_month
        FROM cube_person_month
    ) JOIN cube_in_force USING (volunteer_key)
    GROUP BY ALL
    UNION ALL
    SELECT 'served', area_key * {CELLS_PER_AREA} + profile, month, month, {NO_END}, 0, 12, 0, minutes, visits
    FROM cube_served WHERE area_key IS NOT NULL
    UNION ALL
    SELECT 'new', cell, registered_month, registered_month, {NO_END}, 0, 12, 0, 0, count(*)
    FROM cube_person GROUP BY cell, registered_month
    UNION ALL
    SELECT 'activities', area_key * {CELLS_PER_AREA}, month, month, {NO_END}, 0, 12, 0, 0, count(*)
    FROM cube_activity WHERE NOT is_cancelled GROUP BY area_key, month
"""

# Month, quarter and year: one T each. A person counts at the first active month within the window only.
POINTS = {
    "month": ("month", SAME_QUARTER),
    "quarter": ("month // 3 * 3 + 2", SAME_YEAR),
    "year": ("month // 12 * 12 + 11", EARLIER_YEAR),
}

# Windows that end every month: (window, first T after the reach, least `since` at which people count).
REACHES = (
    ("ytd", "month // 12 * 12 + 12", EARLIER_YEAR),
    ("to_date", f"{NO_END}", NEVER_BEFORE),
    ("rolling12", "month + 12", None),
)


def sql_for_points(window: str) -> str:
    """Values at the only T that a month's service counts for."""
    point, since = POINTS[window]
    return f"""
        SELECT family, '{window}' AS time_window, cell, {point} AS month,
               CASE WHEN since >= {since} THEN people ELSE 0 END AS people, minutes, events
        FROM cube_pattern WHERE from_month <= {point} AND until_month > {point}
    """


def sql_for_spans(window: str, stop: str, since: int | None) -> str:
    """Intervals of T, from the month itself (or the registration, if later) to the end of the reach."""
    people = "0" if since is None else f"CASE WHEN since >= {since} THEN people ELSE 0 END"
    return f"""
        SELECT family, '{window}' AS time_window, cell, from_month AS start_month,
               least({stop}, until_month) AS stop_month, {people} AS people, minutes, events
        FROM cube_pattern
    """


# In a rolling window a person's reach ends where the next active month takes over.
ROLLING_PEOPLE = f"""
    SELECT family, 'rolling12' AS time_window, cell, from_month AS start_month,
           least(month + gap, until_month) AS stop_month, people, CAST(0 AS {MINUTES}) AS minutes, 0 AS events
    FROM cube_pattern WHERE people > 0
"""

REGISTERED = f"""
    SELECT 'registered' AS family, 'stock' AS time_window, cell, from_month AS start_month,
           until_month AS stop_month, count(*) AS people, CAST(0 AS {MINUTES}) AS minutes, 0 AS events
    FROM cube_in_force GROUP BY cell, from_month, until_month
"""


def keep_windows(engine: Engine) -> None:
    """cube_point and cube_step: one row per family, window, cell and month; people, minutes, events."""
    engine.keep("cube_pattern", PATTERNS)
    points = " UNION ALL ".join(sql_for_points(window) for window in POINTS)
    engine.keep("cube_point", summed(points))
    spans = [sql_for_spans(*reach) for reach in REACHES]
    engine.keep(
        "cube_span",
        f"SELECT * FROM ({' UNION ALL '.join([*spans, ROLLING_PEOPLE, REGISTERED])}) "
        "WHERE start_month < stop_month",
    )
    steps = f"""
        SELECT family, time_window, cell, start_month AS month, people, minutes, events FROM cube_span
        UNION ALL
        SELECT family, time_window, cell, stop_month, -people, -minutes, -events
        FROM cube_span WHERE stop_month < {NO_END}
    """
    engine.keep("cube_step", summed(steps))


def summed(select: str) -> str:
    return f"""
        SELECT family, time_window, cell, month, sum(people) AS people,
               CAST(sum(minutes) AS {MINUTES}) AS minutes, sum(events) AS events
        FROM ({select}) GROUP BY family, time_window, cell, month
    """
