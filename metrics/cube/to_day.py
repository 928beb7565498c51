"""Windows that are not over on the last day a city has reported, and those to compare them with, day for day.

The cube knows months only. Here whole months come from its sums and the month a window is cut in from the facts
of that month, so this costs little, however many years there are. People in force: who was so at the ends of the
months before and after was on any day between; only for the others days are looked up.
"""

from collections.abc import Collection
from datetime import date

from metrics.areas import load_areas
from metrics.cube.places import CELLS_PER_AREA, LEAVES_PER_CITY, in_months, month_of
from metrics.cube.service import MINUTES, sql_for_served, sql_for_told
from metrics.engine import Engine
from metrics.like_for_like import cuts
from metrics.periods import month_number, month_start

CORE_SOURCES = (
    "registrations",
    "service_hours",
)  # without which there is no rate: a day must be common to them
CELLS_PER_CITY = CELLS_PER_AREA * LEAVES_PER_CITY
REGISTRATIONS, RECORDS = "current_registrations", "current_service_records"
# measure, basis, the part it comes from, and what of it
MEASURES = (
    ("registered_volunteers", "residence", "registered", "events"),
    ("new_registrations", "residence", "new", "events"),
    ("active_volunteers", "residence", "residence", "people"),
    ("service_hours", "residence", "residence", "minutes"),
    ("service_hours", "service", "served", "minutes"),
    ("service_visits", "residence", "residence", "events"),
    ("service_visits", "service", "served", "events"),
    ("activities", "service", "activities", "events"),
)
PASSING = (
    "cube_cut", "cube_cut_day", "cube_cut_measure", "cube_cut_odd", "cube_cut_given", "cube_cut_told",
    "cube_cut_served", "cube_cut_value",
)  # fmt: skip
# Of a person `p` and a day `d`: whether they were in force, as far as months tell.
IS_SURELY_IN_FORCE = (
    "p.registrations = 1 AND p.registered_month < d.cut_month AND p.until_month > d.cut_month"
)
IS_IN_FORCE = f"(({IS_SURELY_IN_FORCE}) OR o.volunteer_key IS NOT NULL)"
ODD = "LEFT JOIN cube_cut_odd o ON o.volunteer_key = p.volunteer_key AND o.day_no = d.day_no"


def insert_to_day(engine: Engine, target: str) -> None:
    """Fill `to_day` of the attached build: totals of leaves and cities, no row for zero."""
    days = keep_cuts(engine)
    if days:
        months = {month_number(day) for day in days}
        engine.keep("cube_cut_odd", sql_for_odd(months))
        engine.keep("cube_cut_given", sql_for_given(months))
        keep_cut_served(engine, days)
        parts = (
            sql_for_registered(), sql_for_new(months), sql_for_residence(), sql_for_service(),
            sql_for_activities(months),
        )  # fmt: skip
        engine.keep("cube_cut_value", " UNION ALL ".join(parts))
        engine.insert(f"{target}.to_day", sql_for_values())
    engine.forget(*PASSING)


def keep_cuts(engine: Engine) -> list[date]:
    """cube_cut: one row per city and cut window. cube_cut_day: one row per city and day cut on.

    cube_cut_measure: the measures of each part. Returns the days.
    """
    reported: dict[str, dict[str, date]] = {}
    for area_code, source, last_on in engine.rows("SELECT area_code, source, last_on FROM cube_coverage"):
        reported.setdefault(area_code, {})[source] = last_on
    windows: list[tuple[object, ...]] = []
    days: dict[tuple[int, date], int] = {}
    for city_no, city in enumerate(load_areas().cities(), start=1):  # numbered as by keep_areas
        spans = reported.get(city.area_code, {})
        core = [spans[source] for source in CORE_SOURCES if source in spans] or list(spans.values())
        for one in cuts(min(core)) if core else ():
            day_no = days.setdefault((city_no, one.through_on), len(days))
            first_month, cut_month = month_number(one.period.start), month_number(one.through_on)
            has_activities = spans.get("activities", date.min) >= min(core)
            windows.append(
                (len(windows), day_no, city_no, one.period.kind, one.period.end, one.through_on, first_month,
                 cut_month, has_activities)
            )  # fmt: skip
    columns = (
        "cut_no BIGINT, day_no BIGINT, city_no BIGINT, time_window VARCHAR, period_end DATE, through_on DATE, "
        "first_month BIGINT, cut_month BIGINT, has_activities BOOLEAN"
    )
    engine.table("cube_cut", columns, windows)
    rows = [(number, city_no, day, month_number(day)) for (city_no, day), number in days.items()]
    engine.table("cube_cut_day", "day_no BIGINT, city_no BIGINT, through_on DATE, cut_month BIGINT", rows)
    columns = "measure_no BIGINT, measure VARCHAR, basis VARCHAR, part VARCHAR, amount VARCHAR"
    engine.table("cube_cut_measure", columns, [(number, *row) for number, row in enumerate(MEASURES)])
    return sorted({day for _, day in days})


def sql_for_odd(months: Collection[int]) -> str:
    """Day and person: who was in force and has several registrations, or one that began or ended that month."""
    return f"""
        SELECT DISTINCT d.day_no, r.volunteer_key
        FROM (
            SELECT volunteer_key, registered_on, has_left, left_on FROM {REGISTRATIONS}
            WHERE {in_months("registered_on", months)} OR {in_months("left_on", months)}
        ) r
        JOIN cube_person p ON p.volunteer_key = r.volunteer_key
        JOIN cube_cut_day d ON d.city_no = p.cell // {CELLS_PER_CITY}
        WHERE r.registered_on <= d.through_on AND (NOT r.has_left OR r.left_on > d.through_on)
        UNION
        SELECT d.day_no, r.volunteer_key
        FROM cube_registration r
        JOIN cube_person p ON p.volunteer_key = r.volunteer_key
        JOIN cube_cut_day d ON d.city_no = p.cell // {CELLS_PER_CITY}
        WHERE p.registrations > 1 AND r.from_month < d.cut_month AND r.until_month > d.cut_month
    """


def sql_for_given(months: Collection[int]) -> str:
    """Window and person: what they gave in it, wherever, in force or not."""
    return f"""
        SELECT cut_no, volunteer_key, sum(minutes) AS minutes, sum(visits) AS visits
        FROM (
            SELECT c.cut_no, m.volunteer_key, m.minutes, m.visits
            FROM cube_person_month m
            JOIN cube_person p ON p.volunteer_key = m.volunteer_key
            JOIN cube_cut c ON c.city_no = p.cell // {CELLS_PER_CITY}
            WHERE m.visits > 0 AND m.month >= c.first_month AND m.month < c.cut_month
            UNION ALL
            SELECT c.cut_no, s.volunteer_key, CAST(s.service_minutes AS {MINUTES}), 1
            FROM (
                SELECT volunteer_key, service_date, service_minutes FROM {RECORDS}
                WHERE is_counted AND {in_months("service_date", months)}
            ) s
            JOIN cube_person p ON p.volunteer_key = s.volunteer_key
            JOIN cube_cut c ON c.city_no = p.cell // {CELLS_PER_CITY} AND c.cut_month = {month_of("s.service_date")}
            WHERE s.service_date <= c.through_on
        )
        GROUP BY cut_no, volunteer_key
    """


def keep_cut_served(engine: Engine, days: list[date]) -> None:
    """cube_cut_served: one row per cell and day, what was served from the month's first day to it."""
    nothing = f"CAST(NULL AS DATE) AS through_on, CAST(0 AS BIGINT) AS cell, CAST(0 AS {MINUTES}) AS minutes"
    engine.keep("cube_cut_served", f"SELECT {nothing}, CAST(0 AS BIGINT) AS visits WHERE false")
    for day in days:
        month = f"service_date >= DATE '{month_start(month_number(day))}' AND service_date <= DATE '{day}'"
        engine.keep("cube_cut_told", sql_for_told(RECORDS, "cube_person", month))
        engine.replace(
            "cube_cut_served",
            "false",
            f"SELECT DATE '{day}', cell, minutes, visits FROM ({sql_for_served('cube_cut_told')})",
        )


def sql_for_registered() -> str:
    return f"""
        SELECT 'registered' AS part, c.cut_no, area_key, 0 AS people, CAST(0 AS {MINUTES}) AS minutes, events
        FROM (
            SELECT d.day_no, p.cell // {CELLS_PER_AREA} AS area_key, count(*) AS events
            FROM cube_person p JOIN cube_cut_day d ON d.city_no = p.cell // {CELLS_PER_CITY} {ODD}
            WHERE {IS_IN_FORCE} GROUP BY d.day_no, p.cell // {CELLS_PER_AREA}
        ) JOIN cube_cut c USING (day_no)
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


def sql_for_residence() -> str:
    return f"""
        SELECT 'residence', g.cut_no, p.cell // {CELLS_PER_AREA}, count(*), sum(g.minutes), sum(g.visits)
        FROM cube_cut_given g
        JOIN cube_cut d ON d.cut_no = g.cut_no
        JOIN cube_person p ON p.volunteer_key = g.volunteer_key {ODD}
        WHERE {IS_IN_FORCE} GROUP BY g.cut_no, p.cell // {CELLS_PER_AREA}
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


def sql_for_values() -> str:
    """Leaves and cities, sorted as they are asked for."""
    return f"""
        SELECT measure, basis, area_code, time_window, period_end, through_on,
               CASE amount WHEN 'people' THEN CAST(people AS DOUBLE) WHEN 'events' THEN CAST(events AS DOUBLE)
                           ELSE CAST(minutes AS DOUBLE) / 60 END AS value
        FROM (
            SELECT part, cut_no, area_code, sum(people) AS people, CAST(sum(minutes) AS {MINUTES}) AS minutes,
                   sum(events) AS events
            FROM cube_cut_value JOIN cube_place USING (area_key) GROUP BY part, cut_no, area_code
        )
        JOIN cube_cut_measure USING (part) JOIN cube_cut USING (cut_no)
        WHERE CASE amount WHEN 'people' THEN people WHEN 'events' THEN events ELSE minutes END <> 0
        ORDER BY measure_no, time_window, area_code, period_end
    """
