"""Service: person-months (what each person gave each month), what was served where, and who reported it."""

from metrics.cube.places import (
    CELLS_PER_AREA,
    CELLS_PER_PLATFORM,
    EVIDENCES,
    LEAVES_PER_CITY,
    code_of,
    month_of,
    require_known_areas,
)
from metrics.engine import Engine

# Sums of minutes stay exact decimals until the last step: running sums of fractions of an hour would drift.
MINUTES = "DECIMAL(18, 4)"
RECORDS = "current_service_records"
# The groups that one pass over the records tells of (see sql_for_told), and the columns each is made by.
CELL, RESIDENCE, DAY = "cell", "residence", "day"
TOLD = {
    CELL: ("is_first", "cell", "month"),
    RESIDENCE: ("home_key", "from_month", "until_month", "month", "evidence_code"),
    DAY: ("is_first", "area_key", "city", "drop_id", "service_date", "evidence_code"),
}
# What is kept of it: the key of each table. The rest of its columns are sums.
SERVED_KEYS = ("cell", "month")
EVIDENCE_KEYS = ("area_key", "month", "from_month", "until_month", "evidence_code")
DAY_KEYS = ("area_key", "month", "service_date", "evidence_code")
HEARD_KEYS = ("city", "drop_id", "month")


def keep_service(engine: Engine) -> None:
    """cube_person_month: one row per person and month with a record; no visits where none of them counts.

    cube_served: one row per cell and month by place of service, with a NULL cell for records that no city can
    claim. cube_evidence: by the area people live in, month, interval in force and evidence. cube_day: by place
    of service, day and evidence. cube_heard: one row per city, drop and month, of all records, whether they
    count or not.
    """
    engine.keep("cube_person_month", sql_for_person_months())
    keep_told(engine, "true")
    engine.keep("cube_served", sql_for_served("cube_told"))
    engine.keep("cube_evidence", sql_for_evidence("cube_told"))
    engine.keep("cube_day", sql_for_days("cube_told"))
    engine.keep("cube_heard", sql_for_heard("cube_told"))


def keep_told(engine: Engine, where: str, in_force: str = "cube_in_force") -> None:
    """cube_told of the records for which a condition holds. Raises CubeFault if they name unknown areas.

    `in_force` may leave out persons who have no such record.
    """
    engine.keep("cube_told", sql_for_told(RECORDS, in_force, where))
    # Looked for on the way: to look through the records once more just for this would take a tenth of the whole.
    if engine.rows(f"SELECT 1 FROM cube_told WHERE told = '{DAY}' AND strange > 0 LIMIT 1"):
        require_known_areas(engine, {RECORDS: where})


def sql_for_person_months(where: str = "true") -> str:
    """One row per person and month with a record; no visits where none of them counts."""
    return f"""
        SELECT volunteer_key, {month_of("service_date")} AS month,
               CAST(coalesce(sum(service_minutes) FILTER (WHERE is_counted), 0) AS {MINUTES}) AS minutes,
               count(*) FILTER (WHERE is_counted) AS visits,
               count(*) FILTER (WHERE is_counted AND evidence = 'clocked') AS clocked_visits
        FROM current_service_records WHERE {where}
        GROUP BY volunteer_key, {month_of("service_date")}
    """


def sql_for_told(records: str, in_force: str, where: str = "true") -> str:
    """What records tell, in one pass over them: groups by TOLD, told apart by `told`.

    Where service took place: the activity says it, else the record, else the person's area, else the drop.
    One that only knows the city leaves the district to the next one, if that lies in the same city. A record
    is heard of from the city of the person, whose platform reported it; only for people who are not registered
    does it speak for the place of service.

    A person's record counts with every interval in force that lies after it; where that does not matter, only
    the first of them is looked at.
    """
    candidates = ("activity_key", "record_key", "home_key", "drop_key")
    districts = " ".join(
        f"WHEN {key} % {LEAVES_PER_CITY} > 0 AND {key} // {LEAVES_PER_CITY} = city THEN {key}"
        for key in candidates
    )
    sets = ", ".join(f"({', '.join(columns)})" for columns in TOLD.values())
    keys = ", ".join(dict.fromkeys(column for columns in TOLD.values() for column in columns))
    return f"""
        SELECT CASE WHEN grouping(cell) = 0 THEN '{CELL}' WHEN grouping(home_key) = 0 THEN '{RESIDENCE}'
                    ELSE '{DAY}' END AS told, {keys},
               CAST(sum(CASE WHEN is_counted THEN service_minutes ELSE 0 END) AS {MINUTES}) AS minutes,
               CAST(sum(CASE WHEN is_counted THEN 1 ELSE 0 END) AS BIGINT) AS visits,
               CAST(sum(CASE WHEN is_counted AND home_key IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS strangers,
               count(*) AS records, count(CASE WHEN is_strange THEN 1 END) AS strange
        FROM (
            SELECT area_key * {CELLS_PER_AREA} + profile AS cell, area_key, home_key, is_first,
                   coalesce(home_key, area_key) // {LEAVES_PER_CITY} AS city, drop_id, month, service_date,
                   greatest(month, from_month) AS from_month, until_month, evidence_code, service_minutes, is_counted,
                   is_strange
            FROM (
                SELECT *, CASE {districts} ELSE city * {LEAVES_PER_CITY} END AS area_key
                FROM (
                    SELECT *, coalesce({", ".join(candidates)}) // {LEAVES_PER_CITY} AS city
                    FROM (
                        SELECT a.area_key AS activity_key, r.area_key AS record_key,
                               p.cell // {CELLS_PER_AREA} AS home_key, d.area_key AS drop_key,
                               coalesce(p.cell, 0) % {CELLS_PER_PLATFORM} AS profile,
                               coalesce(p.is_first, true) AS is_first, p.from_month, p.until_month,
                               {month_of("s.service_date")} AS month, s.service_date, s.service_minutes,
                               s.is_counted, s.drop_id, {code_of("s.evidence", EVIDENCES)} AS evidence_code,
                               (s.area_code IS NOT NULL AND r.area_key IS NULL)
                               OR (s.drop_area_code IS NOT NULL AND d.area_key IS NULL) AS is_strange
                        FROM (SELECT * FROM {records} WHERE {where}) s
                        LEFT JOIN cube_activity a ON a.activity_key = s.activity_key
                        LEFT JOIN {in_force} p ON p.volunteer_key = s.volunteer_key
                        LEFT JOIN cube_area r ON r.area_code = s.area_code
                        LEFT JOIN cube_area d ON d.area_code = s.drop_area_code
                    )
                )
            )
        )
        GROUP BY GROUPING SETS ({sets})
    """


def sql_for_served(told: str) -> str:
    """`strangers` are the visits of people in no register."""
    return f"""
        SELECT cell, month, minutes, visits, strangers
        FROM {told} WHERE told = '{CELL}' AND is_first AND visits > 0
    """


def sql_for_evidence(told: str) -> str:
    """What people of an area gave in a month, by the interval they are in force in afterwards and by evidence."""
    return f"""
        SELECT home_key AS area_key, month, from_month, until_month, evidence_code, minutes, visits
        FROM {told} WHERE told = '{RESIDENCE}' AND home_key IS NOT NULL AND from_month < until_month AND visits > 0
    """


def sql_for_days(told: str) -> str:
    return f"""
        SELECT area_key, {month_of("service_date")} AS month, service_date, evidence_code,
               CAST(sum(minutes) AS {MINUTES}) AS minutes, CAST(sum(visits) AS BIGINT) AS visits
        FROM {told} WHERE told = '{DAY}' AND is_first AND area_key IS NOT NULL AND visits > 0
        GROUP BY area_key, service_date, evidence_code
    """


def sql_for_heard(told: str) -> str:
    return f"""
        SELECT city, drop_id, {month_of("service_date")} AS month, CAST(sum(records) AS BIGINT) AS records
        FROM {told} WHERE told = '{DAY}' AND is_first AND city IS NOT NULL
        GROUP BY city, drop_id, {month_of("service_date")}
    """


def keep_activities(engine: Engine) -> None:
    """cube_activity: one row per activity, cancelled ones too, for records may still refer to them."""
    engine.keep(
        "cube_activity",
        f"""
        SELECT activity_key, area_key, {month_of("starts_on")} AS month, is_cancelled, drop_id
        FROM current_activities JOIN cube_area USING (area_code)
        """,
    )
