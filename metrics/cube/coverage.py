"""Coverage: between which days each city has reported each source, so that silence is not read as zero."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from metrics.areas import load_areas
from metrics.cube.places import CELLS_PER_AREA
from metrics.engine import Engine
from metrics.periods import month_end, month_number, month_start

# Each gives area_code, drop_id, first and last day. A service record speaks for the city of the person, whose
# platform reported it; only for people who are not registered does it speak for the place of service.
REPORTED = {
    "registrations": """
        SELECT area_code, drop_id, min(registered_on), max(greatest(registered_on, left_on))
        FROM current_registrations GROUP BY area_code, drop_id
    """,
    "service_hours": f"""
        SELECT area_code, drop_id, min(first_on), max(last_on)
        FROM (
            SELECT coalesce(h.area_code, a.area_code, s.area_code, s.drop_area_code) AS area_code,
                   s.drop_id, s.service_date AS first_on, s.service_date AS last_on
            FROM current_service_records s
            LEFT JOIN cube_person p ON p.volunteer_key = s.volunteer_key
            LEFT JOIN cube_area h ON h.area_key = p.cell // {CELLS_PER_AREA}
            LEFT JOIN current_activities a ON a.activity_key = s.activity_key
        )
        WHERE area_code IS NOT NULL GROUP BY area_code, drop_id
    """,
    "activities": """
        SELECT area_code, drop_id, min(starts_on), max(starts_on)
        FROM current_activities GROUP BY area_code, drop_id
    """,
}


@dataclass
class Reported:
    """What is known of one city and source."""

    first_on: date = date.max
    last_on: date = date.min
    received_on: date = date.min


def insert_coverage(engine: Engine, target: str, today: date) -> None:
    """Fill `coverage` of the attached build: one row per city and source that ever reported.

    A month with data counts as reported to its end, but no later than the day the latest drop came in:
    a drop of the 15th says nothing about the rest of the month. A register is known for as long as anything
    of its city is known: one that came in later would have listed whoever had registered by then, so a month
    in which nobody registered is no gap.
    """
    received = drops_received(engine)
    reported: dict[tuple[str, str], Reported] = defaultdict(Reported)
    areas = load_areas()
    for source, select in REPORTED.items():
        for area_code, drop_id, first_on, last_on in engine.rows(select):
            span = reported[areas.city_of(area_code), source]
            span.first_on = min(span.first_on, first_on)
            span.last_on = max(span.last_on, last_on)
            received_on = received.get(drop_id, (source, None, today))[2]
            span.received_on = max(span.received_on, received_on)
    for source, area_code, received_on in received.values():
        # A later drop that repeats what was known changes no fact, but tells that nothing more had happened.
        city = areas.city_of(area_code) if area_code and area_code in areas else None
        if city and (city, source) in reported:
            span = reported[city, source]
            span.received_on = max(span.received_on, received_on)
    for city in {city for city, _ in reported}:
        if (city, "registrations") in reported:
            latest = max(span.last_on for (place, _), span in reported.items() if place == city)
            reported[city, "registrations"].last_on = latest
    rows = [
        (city, source, month_start(month_number(span.first_on)), last_day(span, today))
        for (city, source), span in sorted(reported.items())
    ]
    engine.table("cube_coverage", "area_code VARCHAR, source VARCHAR, first_on DATE, last_on DATE", rows)
    engine.insert(f"{target}.coverage", "SELECT * FROM cube_coverage ORDER BY area_code, source")


def last_day(span: Reported, today: date) -> date:
    return min(month_end(month_number(span.last_on)), span.received_on, today)


def drops_received(engine: Engine) -> dict[int, tuple[str, str | None, date]]:
    """drop_id → (source, area it is about, day it came in), for drops that are in force."""
    rows = engine.rows(
        "SELECT drop_id, source, area_code, CAST(coalesce(received_at, loaded_at) AS DATE) "
        "FROM drops WHERE status = 'loaded'"
    )
    return {drop_id: (source, area_code, day) for drop_id, source, area_code, day in rows if day}
