"""From months to windows: at which month-ends T does what happened in a month count?

One pass over the person-months gives the *pattern*: how many people, minutes and events of a cell share the
same month and the same interval of being in force, and for how many of the people it was the first active
month of the quarter, of the year, or ever. Each window then turns patterns into points (a value at one T) or
steps (a change from one T on, and back at another T); steps become values by running sums (see totals). So no
window needs another pass over the people, and nobody is counted twice: the intervals of one person in one
window do not overlap.
"""

from metrics.cube.places import BIRTH_YEARS, CELLS_PER_AREA, NO_END
from metrics.cube.service import MINUTES
from metrics.engine import Engine

# A stream is what one measure family gives in one window; the number is part of the series key.
FAMILIES = ("residence", "served", "new", "activities", "registered")
STREAM_WINDOWS = ("month", "quarter", "year", "ytd", "to_date", "rolling12", "stock")
# series = cell part * 100 + stream * 2 + dimension (0: gender, 1: year of birth); the part keeps of the cell
# its area and the dimension's member, so each breakdown is summed from the cells once.
SERIES_PER_CELL = 100

# The people of a month who count in the window: those for whom it was the first active month in it.
POINTS = {
    "month": ("month", "people"),
    "quarter": ("month // 3 * 3 + 2", "first_in_quarter"),
    "year": ("month // 12 * 12 + 11", "first_in_year"),
}
# Windows that end at every month: the first T after their reach. In a rolling window people's reach ends where
# their next active month takes over, so they are stepped separately.
REACHES = {
    "ytd": ("month // 12 * 12 + 12", "first_in_year"),
    "to_date": (f"{NO_END}", "first_ever"),
    "rolling12": ("month + 12", "0"),
}
NO_PEOPLE = "0 AS people, 0 AS first_in_quarter, 0 AS first_in_year, 0 AS first_ever"


def keep_windows(engine: Engine) -> None:
    """cube_point and cube_step: one row per series and month; people, minutes and events."""
    keep_patterns(engine)
    engine.keep("cube_point", summed(" UNION ALL ".join(map(sql_for_points, POINTS))))
    spans = " UNION ALL ".join(map(sql_for_spans, REACHES))
    engine.keep(
        "cube_step",
        summed(f"""
            WITH spans AS (SELECT * FROM ({spans}) WHERE from_month < stop_month)
            SELECT series, from_month AS month, people, minutes, events FROM spans
            UNION ALL
            SELECT series, stop_month, -people, -minutes, -events FROM spans WHERE stop_month < {NO_END}
            UNION ALL
            {sql_for_people_steps()}
        """),
    )
    engine.forget("cube_active_month", "cube_pattern", "cube_member_pattern")  # the largest, no longer needed


def keep_patterns(engine: Engine) -> None:
    """cube_active_month: one row per person-month and interval in force that it can count in.

    cube_pattern: the same, counted per cell, with the families that have no people in them.
    cube_member_pattern: the same per series of either dimension.
    """
    engine.keep(
        "cube_active_month",
        """
        SELECT cell, month, greatest(month, from_month) AS from_month, until_month,
               previous_month, least(coalesce(next_month, month + 12), month + 12) AS next_month,
               minutes, visits
        FROM (
            SELECT volunteer_key, month, minutes, visits,
                   lag(month) OVER (PARTITION BY volunteer_key ORDER BY month) AS previous_month,
                   lead(month) OVER (PARTITION BY volunteer_key ORDER BY month) AS next_month
            FROM cube_person_month
        ) JOIN cube_in_force USING (volunteer_key)
        WHERE greatest(month, from_month) < until_month
        """,
    )
    engine.keep(
        "cube_pattern",
        f"""
        SELECT 'residence' AS family, cell, month, from_month, until_month, count(*) AS people,
               count(*) FILTER (WHERE previous_month IS NULL OR previous_month // 3 < month // 3)
                 AS first_in_quarter,
               count(*) FILTER (WHERE previous_month IS NULL OR previous_month // 12 < month // 12)
                 AS first_in_year,
               count(*) FILTER (WHERE previous_month IS NULL) AS first_ever,
               CAST(sum(minutes) AS {MINUTES}) AS minutes, sum(visits) AS events
        FROM cube_active_month GROUP BY cell, month, from_month, until_month
        UNION ALL
        SELECT 'served', cell, month, month, {NO_END}, {NO_PEOPLE}, minutes, visits
        FROM cube_served WHERE cell IS NOT NULL
        UNION ALL
        SELECT 'new', cell, registered_month, registered_month, {NO_END}, {NO_PEOPLE}, 0, count(*)
        FROM cube_person GROUP BY cell, registered_month
        UNION ALL
        SELECT 'activities', area_key * {CELLS_PER_AREA}, month, month, {NO_END}, {NO_PEOPLE}, 0, count(*)
        FROM cube_activity WHERE NOT is_cancelled GROUP BY area_key, month
        """,
    )
    engine.keep(
        "cube_member_pattern",
        " UNION ALL ".join(
            f"""
            SELECT family, {member_part(dimension)} AS part, month, from_month, until_month,
                   sum(people) AS people, sum(first_in_quarter) AS first_in_quarter,
                   sum(first_in_year) AS first_in_year, sum(first_ever) AS first_ever,
                   CAST(sum(minutes) AS {MINUTES}) AS minutes, sum(events) AS events
            FROM cube_pattern GROUP BY family, {member_part(dimension)}, month, from_month, until_month
            """
            for dimension in (0, 1)
        ),
    )


def member_part(dimension: int) -> str:
    """SQL for the series key of a cell in a dimension, of stream 0."""
    area, gender, birth = (
        f"cell - cell % {CELLS_PER_AREA}",
        f"cell - cell % {BIRTH_YEARS}",
        f"cell % {BIRTH_YEARS}",
    )
    part = f"({gender})" if dimension == 0 else f"({area} + {birth})"
    return f"({part} * {SERIES_PER_CELL} + {dimension})"


def stream(family: str, window: str) -> int:
    return 2 * (FAMILIES.index(family) * len(STREAM_WINDOWS) + STREAM_WINDOWS.index(window))


def series_of(window: str) -> str:
    """SQL for the series key of a pattern in a window."""
    cases = " ".join(f"WHEN '{family}' THEN {stream(family, window)}" for family in FAMILIES)
    return f"part + CASE family {cases} END"


def sql_for_points(window: str) -> str:
    """Values at the only T that a month's service counts for."""
    point, people = POINTS[window]
    return f"""
        SELECT {series_of(window)} AS series, {point} AS month, {people} AS people, minutes, events
        FROM cube_member_pattern WHERE from_month <= {point} AND until_month > {point}
    """


def sql_for_spans(window: str) -> str:
    """Intervals of T, from the month itself (or the registration, if later) to the end of the reach."""
    stop, people = REACHES[window]
    return f"""
        SELECT {series_of(window)} AS series, from_month, least({stop}, until_month) AS stop_month,
               {people} AS people, minutes, events
        FROM cube_member_pattern
    """


def sql_for_people_steps() -> str:
    """Steps of people only: in force (the stock), and active in the last twelve months."""
    sources = {
        stream(
            "registered", "stock"
        ): "SELECT cell, from_month, until_month AS stop_month FROM cube_in_force",
        stream("residence", "rolling12"): (
            "SELECT cell, from_month, least(next_month, until_month) AS stop_month "
            "FROM cube_active_month WHERE from_month < least(next_month, until_month)"
        ),
    }
    steps = []
    for number, spans in sources.items():
        cells = f"""
            SELECT cell, month, sum(people) AS people FROM (
                SELECT cell, from_month AS month, count(*) AS people FROM ({spans}) GROUP BY cell, from_month
                UNION ALL
                SELECT cell, stop_month, -count(*) FROM ({spans})
                WHERE stop_month < {NO_END} GROUP BY cell, stop_month
            ) GROUP BY cell, month
        """
        steps += [
            f"""
            SELECT {member_part(dimension)} + {number} AS series, month, people,
                   CAST(0 AS {MINUTES}) AS minutes, 0 AS events
            FROM ({cells})
            """
            for dimension in (0, 1)
        ]
    return " UNION ALL ".join(steps)


def summed(select: str) -> str:
    return f"""
        SELECT series, month, sum(people) AS people, CAST(sum(minutes) AS {MINUTES}) AS minutes,
               sum(events) AS events
        FROM ({select}) GROUP BY series, month
    """
