"""Service: person-months (what each person gave each month), what was served where, and who reported it."""

from metrics.cube.places import CELLS_PER_AREA, LEAVES_PER_CITY, month_of
from metrics.engine import Engine

# Sums of minutes stay exact decimals until the last step: running sums of fractions of an hour would drift.
MINUTES = "DECIMAL(18, 4)"


def keep_service(engine: Engine) -> None:
    """cube_person_month: one row per person and month with a record; no visits where none of them counts.

    cube_served: one row per cell and month by place of service, with a NULL cell for records that no city can
    claim. cube_heard: one row per city, drop and month, of all records, whether they count or not.
    """
    engine.keep("cube_person_month", sql_for_person_months())
    engine.keep("cube_told", sql_for_told("current_service_records", "cube_person"))
    engine.keep("cube_served", sql_for_served("cube_told"))
    engine.keep("cube_heard", sql_for_heard("cube_told"))


def sql_for_person_months(where: str = "true") -> str:
    """One row per person and month with a record; no visits where none of them counts."""
    return f"""
        SELECT volunteer_key, {month_of("service_date")} AS month,
               CAST(coalesce(sum(service_minutes) FILTER (WHERE is_counted), 0) AS {MINUTES}) AS minutes,
               count(*) FILTER (WHERE is_counted) AS visits
        FROM current_service_records WHERE {where}
        GROUP BY volunteer_key, {month_of("service_date")}
    """


def sql_for_told(records: str, persons: str, where: str = "true") -> str:
    """What records tell, in one pass over them: rows of sql_for_served and, `is_heard`, of sql_for_heard.

    Where service took place: the activity says it, else the record, else the person's area, else the drop.
    One that only knows the city leaves the district to the next one, if that lies in the same city. A record
    is heard of from the city of the person, whose platform reported it; only for people who are not registered
    does it speak for the place of service.
    """
    candidates = ("activity_key", "record_key", "person_key", "drop_key")
    districts = " ".join(
        f"WHEN {key} % {LEAVES_PER_CITY} > 0 AND {key} // {LEAVES_PER_CITY} = city THEN {key}"
        for key in candidates
    )
    return f"""
        SELECT grouping(cell) AS is_heard, cell, city, drop_id, month,
               CAST(sum(CASE WHEN is_counted THEN service_minutes ELSE 0 END) AS {MINUTES}) AS minutes,
               CAST(sum(CASE WHEN is_counted THEN 1 ELSE 0 END) AS BIGINT) AS visits,
               CAST(sum(CASE WHEN is_counted AND is_stranger THEN 1 ELSE 0 END) AS BIGINT) AS strangers,
               count(*) AS records
        FROM (
            SELECT CASE {districts} ELSE city * {LEAVES_PER_CITY} END * {CELLS_PER_AREA} + profile AS cell,
                   coalesce(person_key, city * {LEAVES_PER_CITY}) // {LEAVES_PER_CITY} AS city,
                   drop_id, month, service_minutes, is_counted, person_key IS NULL AS is_stranger
            FROM (
                SELECT *, coalesce({", ".join(candidates)}) // {LEAVES_PER_CITY} AS city
                FROM (
                    SELECT a.area_key AS activity_key, r.area_key AS record_key,
                           p.cell // {CELLS_PER_AREA} AS person_key, d.area_key AS drop_key,
                           coalesce(p.cell, 0) % {CELLS_PER_AREA} AS profile,
                           {month_of("s.service_date")} AS month, s.service_minutes, s.is_counted, s.drop_id
                    FROM {records} s
                    LEFT JOIN cube_activity a ON a.activity_key = s.activity_key
                    LEFT JOIN {persons} p ON p.volunteer_key = s.volunteer_key
                    LEFT JOIN cube_area r ON r.area_code = s.area_code
                    LEFT JOIN cube_area d ON d.area_code = s.drop_area_code
                    WHERE {where}
                )
            )
        )
        GROUP BY GROUPING SETS ((cell, month), (city, drop_id, month))
    """


def sql_for_served(told: str) -> str:
    """`strangers` are the visits of people in no register."""
    return f"""
        SELECT cell, month, minutes, visits, strangers FROM {told} WHERE is_heard = 0 AND visits > 0
    """


def sql_for_heard(told: str) -> str:
    return f"SELECT city, drop_id, month, records FROM {told} WHERE is_heard = 1 AND city IS NOT NULL"


def keep_activities(engine: Engine) -> None:
    """cube_activity: one row per activity, cancelled ones too, for records may still refer to them."""
    engine.keep(
        "cube_activity",
        f"""
        SELECT activity_key, area_key, {month_of("starts_on")} AS month, is_cancelled, drop_id
        FROM current_activities JOIN cube_area USING (area_code)
        """,
    )
