"""Who goes on after their last month: what the new month adds, and what it takes back of the last one's reach.

That follows from what is known of the last active month (cube_last), without looking at any other.
"""

from metrics.cube.places import NEVER, NO_END
from metrics.cube.service import MINUTES

NOTHING = f"CAST(0 AS {MINUTES}), 0"
NEW = "SELECT * FROM cube_month_change WHERE volunteer_key NOT IN (SELECT volunteer_key FROM cube_again)"
IN_QUARTER = "CASE WHEN last_month // 3 = month // 3 THEN in_quarter ELSE 0 END + minutes"
IN_YEAR = "CASE WHEN last_month // 12 = month // 12 THEN in_year ELSE 0 END + minutes"
EVER = "coalesce(ever, 0) + minutes"
INTERVAL = "cell, registered_month, from_month, until_month"


def sql_for_appended(in_force: str) -> str:
    """One row per new month and interval it counts in."""
    return f"""
        SELECT cell, registered_month, greatest(month, from_month) AS from_month, until_month, n.*
        FROM ({NEW}) n JOIN {in_force} f ON f.volunteer_key = n.volunteer_key
        WHERE greatest(month, from_month) < until_month
    """


def sql_for_new_months(appended: str) -> str:
    """Rows of sql_for_active for the new months."""
    return f"""
        SELECT {INTERVAL}, volunteer_key, month, minutes, visits, coalesce(last_month, {NEVER}), {NO_END},
               coalesce(clocked_month, {NEVER}), CASE WHEN clocked_visits > 0 THEN {NO_END} END,
               {IN_QUARTER}, {IN_YEAR}, {EVER}
        FROM {appended}
    """


def sql_for_taken_back(appended: str) -> str:
    """Rows of sql_for_active to take out: what last months reach beyond the new ones.

    Without visits, and from the new month on. The last clocked month may be an earlier one; then nothing is taken
    back but what clocked months reach.
    """
    return f"""
        SELECT {INTERVAL}, volunteer_key, last_month, {NOTHING}, {NEVER}, {NO_END}, {NEVER},
               CASE WHEN clocked_visits > 0 AND clocked_month = last_month THEN {NO_END} END, in_quarter, in_year, ever
        FROM {appended} WHERE last_month IS NOT NULL
        UNION ALL
        SELECT {INTERVAL}, volunteer_key, clocked_month, {NOTHING}, {NEVER}, clocked_month, {NEVER}, {NO_END}, 0, 0, 0
        FROM {appended} WHERE clocked_visits > 0 AND clocked_month > {NEVER} AND clocked_month < last_month
    """


def sql_for_new_last() -> str:
    """Rows of sql_for_last for the new months."""
    return f"""
        SELECT volunteer_key, month, {IN_QUARTER}, {IN_YEAR}, {EVER},
               CASE WHEN clocked_visits > 0 THEN month ELSE coalesce(clocked_month, {NEVER}) END
        FROM ({NEW})
    """
