"""Windows that are not over on the last day a city has reported, and those to compare them with, day for day.

The cube knows months only. Here whole months come from its sums and the month a window is cut in from the facts
of that month, so this costs little, however many years there are. People in force: who was so at the ends of the
months before and after was on any day between; only for the others days are looked up.
"""

from collections.abc import Collection
from datetime import date

from metrics.areas import load_areas
from metrics.cube.places import in_months, month_of
from metrics.cube.service import MINUTES, sql_for_served, sql_for_told
from metrics.cube.to_day_parts import (
    CELLS_PER_CITY,
    REGISTRATIONS,
    sql_for_activities,
    sql_for_new,
    sql_for_registered,
    sql_for_residence,
    sql_for_service,
)
from metrics.engine import Engine
from metrics.like_for_like import cuts
from metrics.periods import month_end, month_number, month_start

CORE_SOURCES = (
    "registrations",
    "service_hours",
)  # without which there is no rate: a day must be common to them
RECORDS = "current_service_records"
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
    "cube_cut", "cube_cut_day", "cube_cut_measure", "cube_cut_changed", "cube_cut_odd", "cube_cut_days",
    "cube_cut_concerned", "cube_cut_whole", "cube_cut_given", "cube_cut_told", "cube_cut_served", "cube_cut_value",
)  # fmt: skip


def insert_to_day(engine: Engine, target: str) -> None:
    """Fill `to_day` of the attached build: totals of leaves and cities, no row for zero."""
    days = keep_cuts(engine)
    if days:
        months = {month_number(day) for day in days}
        keep_people(engine, months)
        keep_given(engine, months)
        keep_cut_served(engine, days)
        parts = (
            sql_for_registered(target), sql_for_new(months), sql_for_residence(target), sql_for_service(),
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
                 cut_month, month_end(cut_month - 1), has_activities)
            )  # fmt: skip
    columns = (
        "cut_no BIGINT, day_no BIGINT, city_no BIGINT, time_window VARCHAR, period_end DATE, through_on DATE, "
        "first_month BIGINT, cut_month BIGINT, month_before DATE, has_activities BOOLEAN"
    )
    engine.table("cube_cut", columns, windows)
    rows = [(number, city_no, day, month_number(day)) for (city_no, day), number in days.items()]
    engine.table("cube_cut_day", "day_no BIGINT, city_no BIGINT, through_on DATE, cut_month BIGINT", rows)
    columns = "measure_no BIGINT, measure VARCHAR, basis VARCHAR, part VARCHAR, amount VARCHAR"
    engine.table("cube_cut_measure", columns, [(number, *row) for number, row in enumerate(MEASURES)])
    return sorted({day for _, day in days})


def keep_people(engine: Engine, months: Collection[int]) -> None:
    """cube_cut_changed: day and person, whose months in force do not tell whether they were so on the day.

    cube_cut_odd: those of them who were.
    """
    engine.keep(
        "cube_cut_changed",
        f"""
        SELECT d.day_no, p.volunteer_key FROM cube_person p
        JOIN cube_cut_day d ON d.city_no = p.cell // {CELLS_PER_CITY}
        WHERE p.registrations > 1 OR p.registered_month = d.cut_month OR p.until_month = d.cut_month
        """,
    )
    engine.keep(
        "cube_cut_odd",
        f"""
        SELECT d.day_no, r.volunteer_key
        FROM (
            SELECT volunteer_key, registered_on, has_left, left_on FROM {REGISTRATIONS}
            WHERE {in_months("registered_on", months)} OR {in_months("left_on", months)}
        ) r
        JOIN cube_cut_changed k ON k.volunteer_key = r.volunteer_key JOIN cube_cut_day d ON d.day_no = k.day_no
        WHERE r.registered_on <= d.through_on AND (NOT r.has_left OR r.left_on > d.through_on)
        UNION
        SELECT d.day_no, r.volunteer_key
        FROM cube_registration r
        JOIN cube_cut_changed k ON k.volunteer_key = r.volunteer_key JOIN cube_cut_day d ON d.day_no = k.day_no
        WHERE r.from_month < d.cut_month AND r.until_month > d.cut_month
        """,
    )


def keep_given(engine: Engine, months: Collection[int]) -> None:
    """cube_cut_whole: window and person, what they gave in its whole months; of a year, *concerned* persons only.

    cube_cut_given: the same with the days of the month cut. In a year nearly everybody's whole months count as
    they do in the cube's year to date a month earlier (see sql_for_residence); concerned are those of whom that
    may not hold: with records in the month cut, or not in force for as long as the months around it.
    """
    recorded = f"""
        SELECT volunteer_key, service_date, CAST(service_minutes AS {MINUTES}) AS minutes FROM {RECORDS}
        WHERE is_counted AND {in_months("service_date", months)}
    """
    engine.keep(
        "cube_cut_days",
        f"""
        SELECT d.day_no, s.volunteer_key, sum(s.minutes) AS minutes, count(*) AS visits
        FROM ({recorded}) s
        JOIN cube_person p ON p.volunteer_key = s.volunteer_key
        JOIN cube_cut_day d ON d.city_no = p.cell // {CELLS_PER_CITY} AND d.cut_month = {month_of("s.service_date")}
        WHERE s.service_date <= d.through_on GROUP BY d.day_no, s.volunteer_key
        """,
    )
    engine.keep(
        "cube_cut_concerned",
        """
        SELECT c.cut_no, c.first_month, c.cut_month, k.volunteer_key
        FROM (
            SELECT day_no, volunteer_key FROM cube_cut_days
            UNION SELECT day_no, volunteer_key FROM cube_cut_changed
        ) k
        JOIN cube_cut c USING (day_no) WHERE c.time_window = 'year' AND c.first_month < c.cut_month
        """,
    )
    engine.keep(
        "cube_cut_whole",
        f"""
        SELECT cut_no, volunteer_key, sum(minutes) AS minutes, sum(visits) AS visits
        FROM (
            SELECT c.cut_no, m.volunteer_key, m.minutes, m.visits
            FROM (SELECT * FROM cube_person_month WHERE visits > 0 AND month IN {whole_months(engine, "quarter")}) m
            JOIN cube_person p ON p.volunteer_key = m.volunteer_key
            JOIN cube_cut c ON c.city_no = p.cell // {CELLS_PER_CITY}
            WHERE c.time_window = 'quarter' AND m.month >= c.first_month AND m.month < c.cut_month
            UNION ALL
            SELECT k.cut_no, m.volunteer_key, m.minutes, m.visits
            FROM (SELECT * FROM cube_person_month WHERE visits > 0 AND month IN {whole_months(engine, "year")}) m
            JOIN cube_cut_concerned k ON k.volunteer_key = m.volunteer_key
            WHERE m.month >= k.first_month AND m.month < k.cut_month
        )
        GROUP BY cut_no, volunteer_key
        """,
    )
    engine.keep(
        "cube_cut_given",
        """
        SELECT cut_no, volunteer_key, sum(minutes) AS minutes, sum(visits) AS visits
        FROM (
            SELECT * FROM cube_cut_whole
            UNION ALL
            SELECT c.cut_no, s.volunteer_key, s.minutes, s.visits FROM cube_cut_days s JOIN cube_cut c USING (day_no)
        )
        GROUP BY cut_no, volunteer_key
        """,
    )


def whole_months(engine: Engine, window: str) -> str:
    """The whole months of some cut windows, as a list."""
    found = engine.rows(f"SELECT first_month, cut_month FROM cube_cut WHERE time_window = '{window}'")
    months = {month for first_month, cut_month in found for month in range(first_month, cut_month)}
    return f"({', '.join(map(str, sorted(months)))})" if months else "(NULL)"


def keep_cut_served(engine: Engine, days: list[date]) -> None:
    """cube_cut_served: one row per cell and day, what was served from the month's first day to it."""
    nothing = f"CAST(NULL AS DATE) AS through_on, CAST(0 AS BIGINT) AS cell, CAST(0 AS {MINUTES}) AS minutes"
    engine.keep("cube_cut_served", f"SELECT {nothing}, CAST(0 AS BIGINT) AS visits WHERE false")
    for day in days:
        month = f"service_date >= DATE '{month_start(month_number(day))}' AND service_date <= DATE '{day}'"
        engine.keep("cube_cut_told", sql_for_told(RECORDS, "cube_in_force", month))
        engine.replace(
            "cube_cut_served",
            "false",
            f"SELECT DATE '{day}', cell, minutes, visits FROM ({sql_for_served('cube_cut_told')})",
        )


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
