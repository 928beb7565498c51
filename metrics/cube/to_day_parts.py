"""What windows up to a day amount to, part by part: rows of part, window, leaf area, people, minutes and events.

What counts at the end of the month before the cut is taken from the cube; only people who are *changed* (whose months
in force do not tell about the day) or have records in the month cut are taken out and counted anew.
"""

from collections.abc import Collection

from metrics.cube.places import CELLS_PER_AREA, LEAVES_PER_CITY, in_months, month_of
from metrics.cube.service import MINUTES

CELLS_PER_CITY = CELLS_PER_AREA * LEAVES_PER_CITY
REGISTRATIONS = "current_registrations"
# Of a person `p` and a day `d`: whether they were in force, as their months tell, or as was looked up (`o`).
IS_SURELY_IN_FORCE = (
    "p.registrations = 1 AND p.registered_month < d.cut_month AND p.until_month > d.cut_month"
)
IS_IN_FORCE = f"(({IS_SURELY_IN_FORCE}) OR o.volunteer_key IS NOT NULL)"
ODD = "LEFT JOIN cube_cut_odd o ON o.volunteer_key = p.volunteer_key AND o.day_no = d.day_no"


def sql_for_registered(target: str) -> str:
    """The cube's stock at the end of the month before, with the changed people of that day in their place."""
    return f"""
        SELECT 'registered' AS part, c.cut_no, l.area_key, 0 AS people, CAST(0 AS {MINUTES}) AS minutes,
               CAST(sum(v.value) AS BIGINT) AS events
        FROM {target}.observations v
        JOIN cube_area l ON l.area_code = v.area_code
        JOIN cube_cut c ON c.city_no = l.area_key // {LEAVES_PER_CITY} AND c.month_before = v.period_end
        WHERE v.measure = 'registered_volunteers' AND v.time_window = 'stock' AND v.dimension = ''
        GROUP BY c.cut_no, l.area_key
        UNION ALL
        SELECT 'registered', c.cut_no, f.cell // {CELLS_PER_AREA}, 0, 0, -count(*)
        FROM cube_cut_changed k
        JOIN cube_cut c ON c.day_no = k.day_no
        JOIN cube_in_force f ON f.volunteer_key = k.volunteer_key
        WHERE f.from_month < c.cut_month AND f.until_month >= c.cut_month
        GROUP BY c.cut_no, f.cell // {CELLS_PER_AREA}
        UNION ALL
        SELECT 'registered', c.cut_no, p.cell // {CELLS_PER_AREA}, 0, 0, count(*)
        FROM cube_cut_odd o
        JOIN cube_cut c ON c.day_no = o.day_no
        JOIN cube_person p ON p.volunteer_key = o.volunteer_key
        GROUP BY c.cut_no, p.cell // {CELLS_PER_AREA}
    """


def sql_for_new(months: Collection[int]) -> str:
    """A first registration in a whole month counts as it is; one in the month cut, if it came by the day."""
    return f"""
        SELECT 'new', cut_no, cell // {CELLS_PER_AREA}, 0, 0, count(*)
        FROM (
            SELECT c.cut_no, p.cell
            FROM cube_person p JOIN cube_cut c ON c.city_no = p.cell // {CELLS_PER_CITY}
            WHERE p.registered_month >= c.first_month AND p.registered_month < c.cut_month
            UNION ALL
            SELECT c.cut_no, p.cell
            FROM (
                SELECT volunteer_key, min(registered_on) AS registered_on FROM {REGISTRATIONS}
                WHERE {in_months("registered_on", months)}
                GROUP BY volunteer_key, {month_of("registered_on")}
            ) r
            JOIN cube_person p ON p.volunteer_key = r.volunteer_key
            JOIN cube_cut c ON c.city_no = p.cell // {CELLS_PER_CITY} AND c.cut_month = p.registered_month
            WHERE {month_of("r.registered_on")} = p.registered_month AND r.registered_on <= c.through_on
        )
        GROUP BY cut_no, cell // {CELLS_PER_AREA}
    """


def sql_for_residence(target: str) -> str:
    """What people in force on the day gave. Of a year, the cube's year to date at the end of the month before, less
    what concerned persons are in it with."""
    amounts = {"active_volunteers": "people", "service_hours": "minutes", "service_visits": "events"}
    people, minutes, events = (
        f"CAST(round(sum(CASE WHEN measure = '{measure}' THEN value ELSE 0 END) * {60 if name == 'minutes' else 1}, 4)"
        f" AS {MINUTES}) AS {name}"
        for measure, name in amounts.items()
    )
    return f"""
        SELECT 'residence', g.cut_no, p.cell // {CELLS_PER_AREA}, count(*), sum(g.minutes), sum(g.visits)
        FROM cube_cut_given g
        JOIN cube_cut d ON d.cut_no = g.cut_no
        JOIN cube_person p ON p.volunteer_key = g.volunteer_key {ODD}
        WHERE {IS_IN_FORCE} GROUP BY g.cut_no, p.cell // {CELLS_PER_AREA}
        UNION ALL
        SELECT 'residence', w.cut_no, f.cell // {CELLS_PER_AREA}, -count(*), -sum(w.minutes), -sum(w.visits)
        FROM cube_cut_whole w
        JOIN cube_cut c ON c.cut_no = w.cut_no
        JOIN cube_in_force f ON f.volunteer_key = w.volunteer_key
        WHERE c.time_window = 'year' AND f.from_month < c.cut_month AND f.until_month >= c.cut_month
        GROUP BY w.cut_no, f.cell // {CELLS_PER_AREA}
        UNION ALL
        SELECT 'residence', c.cut_no, l.area_key, {people}, {minutes}, {events}
        FROM {target}.observations v
        JOIN cube_area l ON l.area_code = v.area_code
        JOIN cube_cut c ON c.city_no = l.area_key // {LEAVES_PER_CITY}
        WHERE c.time_window = 'year' AND v.time_window = 'ytd' AND v.dimension = '' AND v.basis = 'residence'
        AND c.cut_month > c.first_month AND v.period_end = c.month_before
        AND v.measure IN ({", ".join(f"'{measure}'" for measure in amounts)})
        GROUP BY c.cut_no, l.area_key
    """


def sql_for_service() -> str:
    return f"""
        SELECT 'served', cut_no, cell // {CELLS_PER_AREA}, 0, sum(minutes), sum(visits)
        FROM (
            SELECT c.cut_no, s.cell, s.minutes, s.visits
            FROM cube_served s JOIN cube_cut c ON c.city_no = s.cell // {CELLS_PER_CITY}
            WHERE s.month >= c.first_month AND s.month < c.cut_month
            UNION ALL
            SELECT c.cut_no, s.cell, s.minutes, s.visits
            FROM cube_cut_served s
            JOIN cube_cut c ON c.through_on = s.through_on AND c.city_no = s.cell // {CELLS_PER_CITY}
        )
        GROUP BY cut_no, cell // {CELLS_PER_AREA}
    """


def sql_for_activities(months: Collection[int]) -> str:
    return f"""
        SELECT 'activities', cut_no, area_key, 0, 0, count(*)
        FROM (
            SELECT c.cut_no, a.area_key
            FROM cube_activity a JOIN cube_cut c ON c.city_no = a.area_key // {LEAVES_PER_CITY}
            WHERE NOT a.is_cancelled AND c.has_activities AND a.month >= c.first_month AND a.month < c.cut_month
            UNION ALL
            SELECT c.cut_no, l.area_key
            FROM current_activities a
            JOIN cube_area l USING (area_code)
            JOIN cube_cut c ON c.city_no = l.area_key // {LEAVES_PER_CITY}
            WHERE NOT a.is_cancelled AND c.has_activities AND {in_months("a.starts_on", months)}
            AND {month_of("a.starts_on")} = c.cut_month AND a.starts_on <= c.through_on
        )
        GROUP BY cut_no, area_key
    """
