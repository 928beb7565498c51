"""Service: person-months (what each person gave each month) and served cells (what was given where)."""

from metrics.cube.places import CELLS_PER_AREA, LEAVES_PER_CITY, month_of
from metrics.engine import Engine

# Sums of minutes stay exact decimals until the last step: running sums of fractions of an hour would drift.
MINUTES = "DECIMAL(18, 4)"


def keep_service(engine: Engine) -> None:
    """cube_person_month: one row per person and month with a counted record. cube_served: one row per cell
    and month by place of service, with a NULL cell for records that no city can claim."""
    engine.keep(
        "cube_person_month",
        f"""
        SELECT volunteer_key, {month_of("service_date")} AS month,
               CAST(sum(service_minutes) AS {MINUTES}) AS minutes, count(*) AS visits
        FROM current_service_records WHERE is_counted
        GROUP BY volunteer_key, {month_of("service_date")}
        """,
    )
    # Where service took place: the activity says it, else the record, else the person's area, else the drop.
    # One that only knows the city leaves the district to the next one, if that lies in the same city.
    candidates = ("activity_key", "record_key", "person_key", "drop_key")
    districts = " ".join(
        f"WHEN {key} % {LEAVES_PER_CITY} > 0 AND {key} // {LEAVES_PER_CITY} = city THEN {key}"
        for key in candidates
    )
    engine.keep(
        "cube_served",
        f"""
        SELECT CASE {districts} ELSE city * {LEAVES_PER_CITY} END * {CELLS_PER_AREA} + profile AS cell, month,
               CAST(sum(service_minutes) AS {MINUTES}) AS minutes, count(*) AS visits
        FROM (
            SELECT *, coalesce({", ".join(candidates)}) // {LEAVES_PER_CITY} AS city
            FROM (
                SELECT a.area_key AS activity_key, r.area_key AS record_key,
                       p.cell // {CELLS_PER_AREA} AS person_key, d.area_key AS drop_key,
                       coalesce(p.cell, 0) % {CELLS_PER_AREA} AS profile,
                       {month_of("s.service_date")} AS month, s.service_minutes
                FROM current_service_records s
                LEFT JOIN cube_activity a ON a.activity_key = s.activity_key
                LEFT JOIN cube_person p ON p.volunteer_key = s.volunteer_key
                LEFT JOIN cube_area r ON r.area_code = s.area_code
                LEFT JOIN cube_area d ON d.area_code = s.drop_area_code
                WHERE s.is_counted
            )
        )
        GROUP BY 1, 2
        """,
    )


def keep_activities(engine: Engine) -> None:
    """cube_activity: one row per activity, cancelled ones too, for records may still refer to them."""
    engine.keep(
        "cube_activity",
        f"""
        SELECT activity_key, area_key, {month_of("starts_on")} AS month, is_cancelled
        FROM current_activities JOIN cube_area USING (area_code)
        """,
    )
