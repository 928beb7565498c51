"""Active months: what each person's months say about windows, in one pass over the person-months.

One row per person-month and interval in force says everything any window needs: which active months lie before
and after (of all records, and of clocked ones only), and what the person has given so far in the quarter, in
the year and ever.
"""

from metrics.cube.places import NEVER, NO_END
from metrics.cube.service import MINUTES
from metrics.engine import Engine

# Months numbered with a gap between years: in a frame of eleven before it, a month has the others of its year
# and no more.
ORDER = "month + month // 12 * 12"
NEIGHBOURS = (
    "volunteer_key, month, minutes, visits, previous_month, next_month, previous_clocked, next_clocked, "
    "in_quarter, in_year, ever"
)


def keep_active_months(engine: Engine) -> None:
    """cube_active_month: see sql_for_active. cube_active_on_platform: see sql_for_active_on_platform."""
    engine.keep("cube_active_month", sql_for_active(sql_for_neighbours("cube_person_month"), "cube_in_force"))
    several = "SELECT volunteer_key FROM cube_on_platform"
    theirs = f"(SELECT * FROM cube_person_month WHERE volunteer_key IN ({several}))"
    engine.keep(
        "cube_active_on_platform",
        sql_for_active_on_platform(sql_for_neighbours(theirs), "cube_on_platform"),
    )


def sql_for_neighbours(person_months: str) -> str:
    """Active months with the active months before and after of the same person, and hours given so far.

    No month before is NEVER, none after NO_END. `previous_clocked` is the last month before with a clocked
    record; `next_clocked` is NULL for a month that has none itself.
    """
    clocked = "CASE WHEN clocked_visits > 0 THEN month END IGNORE NULLS"
    # A quarter has two months before at most; frames by range cost more than all the rest.
    in_quarter = "".join(
        f" + CASE WHEN lag(month, {before}) OVER months // 3 = month // 3 THEN lag(minutes, {before}) OVER months "
        "ELSE 0 END"
        for before in (1, 2)
    )
    return f"""
        SELECT volunteer_key, month, minutes, visits,
               coalesce(lag(month) OVER months, {NEVER}) AS previous_month,
               coalesce(lead(month) OVER months, {NO_END}) AS next_month,
               coalesce(lag({clocked}) OVER months, {NEVER}) AS previous_clocked,
               CASE WHEN clocked_visits > 0 THEN coalesce(lead({clocked}) OVER months, {NO_END}) END AS next_clocked,
               CAST(minutes{in_quarter} AS {MINUTES}) AS in_quarter,
               CAST(sum(minutes) OVER (months RANGE BETWEEN 11 PRECEDING AND CURRENT ROW) AS {MINUTES}) AS in_year,
               CAST(sum(minutes) OVER (months ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS {MINUTES}) AS ever
        FROM {person_months} WHERE visits > 0
        WINDOW months AS (PARTITION BY volunteer_key ORDER BY {ORDER})
    """


def sql_for_active(neighbours: str, in_force: str) -> str:
    """One row per person-month and interval in force that it can count in, and one for everybody's last month.

    A last month that counts in no interval has an empty one, or none (of a person in no register).
    """
    return f"""
        SELECT cell, registered_month, greatest(month, from_month) AS from_month, until_month,
               {NEIGHBOURS}
        FROM ({neighbours}) LEFT JOIN {in_force} USING (volunteer_key)
        WHERE greatest(month, from_month) < until_month OR next_month = {NO_END}
    """


def sql_for_active_on_platform(neighbours: str, on_platform: str) -> str:
    """One row per person-month and interval on a platform that it can count in, of people on several platforms."""
    return f"""
        SELECT cell, registered_month, greatest(month, from_month) AS from_month, until_month,
               {NEIGHBOURS}
        FROM ({neighbours}) JOIN {on_platform} USING (volunteer_key)
        WHERE greatest(month, from_month) < until_month
    """


def sql_for_last(active: str) -> str:
    """One row per person who ever was active: the last active month and what they had given by then."""
    return f"""
        SELECT DISTINCT volunteer_key, month, in_quarter, in_year, ever,
               CASE WHEN next_clocked IS NULL THEN previous_clocked ELSE month END AS clocked_month
        FROM {active} WHERE next_month = {NO_END}
    """
