"""Active months: what each person's months say about windows, in one pass over the person-months.

One row per person-month and interval in force says everything any window needs: which active months lie before
and after (of all records, and of clocked ones only), and what the person has given so far in the quarter, in
the year and ever.
"""

from metrics.cube.places import NEVER, NO_END
from metrics.cube.service import MINUTES
from metrics.engine import Engine

# Months numbered with gaps between quarters and between years: in a frame of so many before it, a month has
# the others of its quarter, or of its year, and no more.
ORDER = "month // 12 * 100 + month % 12 // 3 * 10 + month % 3"
IN_QUARTER, IN_YEAR = 2, 32
NEIGHBOURS = (
    "volunteer_key, month, minutes, visits, previous_month, next_month, previous_clocked, next_clocked, "
    "in_quarter, in_year, ever"
)


def keep_active_months(engine: Engine) -> None:
    """cube_active_month: see sql_for_active."""
    engine.keep("cube_active_month", sql_for_active(sql_for_neighbours("cube_person_month"), "cube_in_force"))


def sql_for_neighbours(person_months: str) -> str:
    """Active months with the active months before and after of the same person, and hours given so far.

    No month before is NEVER, none after NO_END. `previous_clocked` is the last month before with a clocked
    record; `next_clocked` is NULL for a month that has none itself.
    """
    clocked = "CASE WHEN clocked_visits > 0 THEN month END IGNORE NULLS"
    amounts = {
        "in_quarter": f"RANGE BETWEEN {IN_QUARTER} PRECEDING AND CURRENT ROW",
        "in_year": f"RANGE BETWEEN {IN_YEAR} PRECEDING AND CURRENT ROW",
        "ever": "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    }
    months = f"PARTITION BY volunteer_key ORDER BY {ORDER}"
    sums = ", ".join(
        f"CAST(sum(minutes) OVER ({months} {frame}) AS {MINUTES}) AS {name}"
        for name, frame in amounts.items()
    )
    return f"""
        SELECT volunteer_key, month, minutes, visits,
               coalesce(lag(month) OVER months, {NEVER}) AS previous_month,
               coalesce(lead(month) OVER months, {NO_END}) AS next_month,
               coalesce(lag({clocked}) OVER months, {NEVER}) AS previous_clocked,
               CASE WHEN clocked_visits > 0 THEN coalesce(lead({clocked}) OVER months, {NO_END}) END AS next_clocked,
               {sums}
        FROM {person_months} WHERE visits > 0
        WINDOW months AS ({months})
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


def sql_for_last(active: str) -> str:
    """One row per person who ever was active: the last active month and what they had given by then."""
    return f"""
        SELECT DISTINCT volunteer_key, month, in_quarter, in_year, ever,
               CASE WHEN next_clocked IS NULL THEN previous_clocked ELSE month END AS clocked_month
        FROM {active} WHERE next_month = {NO_END}
    """
