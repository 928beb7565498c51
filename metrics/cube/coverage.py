"""Coverage: between which days each city has reported each source, so that silence is not read as zero."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from metrics.areas import load_areas
from metrics.cube.people import ROWS_PER_DROP
from metrics.cube.places import LEAVES_PER_CITY
from metrics.engine import Engine
from metrics.periods import month_end, month_number, month_start

# Each gives the city's number, drop_id, first and last month.
REPORTED = {
    "registrations": f"""
        SELECT area_key // {LEAVES_PER_CITY}, arrival // {ROWS_PER_DROP}, min(from_month),
               greatest(max(from_month), max(left_month))
        FROM cube_registration GROUP BY area_key // {LEAVES_PER_CITY}, arrival // {ROWS_PER_DROP}
    """,
    "service_hours": "SELECT city, drop_id, min(month), max(month) FROM cube_heard GROUP BY city, drop_id",
    "activities": f"""
        SELECT area_key // {LEAVES_PER_CITY}, drop_id, min(month), max(month)
        FROM cube_activity GROUP BY area_key // {LEAVES_PER_CITY}, drop_id
    """,
}


NEVER = 120_000  # later than any month


@dataclass
class Reported:
    """What is known of one city and source."""

    first_month: int = NEVER
    last_month: int = 0
    received_on: date = date.min
    last_records: dict[int, date] = field(default_factory=dict)  # by month: of what is told day by day


def insert_coverage(engine: Engine, target: str, today: date) -> None:
    """Fill `coverage` of the attached build: one row per city and source that ever reported.

    A month with data counts as reported to its end, but no later than the day the latest drop came in:
    a drop of the 15th says nothing about the rest of the month; and one of the 22nd whose last record is of the 20th
    says nothing about the 21st, as records come in days later. A register is known for as long as anything
    of its city is known: one that came in later would have listed whoever had registered by then, so a month
    in which nobody registered is no gap.
    """
    received = drops_received(engine)
    reported: dict[tuple[str, str], Reported] = defaultdict(Reported)
    areas = load_areas()
    cities = list(areas.cities())  # numbered from 1 by keep_areas
    for source, select in REPORTED.items():
        for city_no, drop_id, first_month, last_month in engine.rows(select):
            span = reported[cities[city_no - 1].area_code, source]
            span.first_month = min(span.first_month, first_month)
            span.last_month = max(span.last_month, last_month)
            received_on = received.get(drop_id, (source, None, today))[2]
            span.received_on = max(span.received_on, received_on)
    for source, area_code, received_on in received.values():
        # A later drop that repeats what was known changes no fact, but tells that nothing more had happened.
        city = areas.city_of(area_code) if area_code and area_code in areas else None
        if city and (city, source) in reported:
            span = reported[city, source]
            span.received_on = max(span.received_on, received_on)
    for city, day in days_of_records(engine, today):
        known = reported.get((city, "service_hours"))
        if known is not None and day <= known.received_on:
            month = month_number(day)
            known.last_records[month] = max(known.last_records.get(month, day), day)
    for city in {city for city, _ in reported}:
        if (city, "registrations") in reported:
            latest = max(span.last_month for (place, _), span in reported.items() if place == city)
            reported[city, "registrations"].last_month = latest
    rows = [
        (city, source, month_start(span.first_month), last_day(span, today))
        for (city, source), span in sorted(reported.items())
    ]
    engine.table("cube_coverage", "area_code VARCHAR, source VARCHAR, first_on DATE, last_on DATE", rows)
    engine.insert(f"{target}.coverage", "SELECT * FROM cube_coverage ORDER BY area_code, source")


def last_day(span: Reported, today: date) -> date:
    """A month that was over when it came in was reported to its end, whenever its last record is."""
    day = min(month_end(span.last_month), span.received_on, today)
    month = month_number(day)
    return day if day == month_end(month) else span.last_records.get(month, day)


def days_of_records(engine: Engine, today: date) -> list[tuple[str, date]]:
    """City and day with a counted record, no later than today."""
    found = engine.rows(f"""
        SELECT DISTINCT area_key // {LEAVES_PER_CITY} AS city_no, service_date FROM cube_day
        WHERE visits > 0 AND service_date <= DATE '{today}'""")
    cities = list(load_areas().cities())
    return [(cities[city_no - 1].area_code, day) for city_no, day in found]


def drops_received(engine: Engine) -> dict[int, tuple[str, str | None, date]]:
    """drop_id → (source, area it is about, day it came in), for drops that are in force."""
    rows = engine.rows(
        "SELECT drop_id, source, area_code, CAST(coalesce(received_at, loaded_at) AS DATE) "
        "FROM drops WHERE status = 'loaded'"
    )
    return {drop_id: (source, area_code, day) for drop_id, source, area_code, day in rows if day}
