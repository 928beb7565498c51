"""From a published figure back to the drops, and to file and row numbers, that produced it.

The rows are found with plain conditions over the facts, independently of the cube, and their total is held
against the published figure: a trace that does not add up says so instead of explaining the wrong number.
"""

from dataclasses import dataclass, replace
from datetime import date

import duckdb

from etl.sql import only_row
from metrics.areas import load_areas
from metrics.periods import month_number, month_start
from metrics.variants import USUAL_READING, Reading

ROWS_LISTED = 20
SPANS_LISTED = 5_000  # runs of rows one after the other: a month's figure of a city is a few hundred

IN_FORCE = "registered_on <= $end AND NOT (has_left AND coalesce(left_on <= $end, true))"
# Persons as DESIGN defines them at day $end: area of the latest row, in force on some platform.
PERSONS = f"""
    SELECT volunteer_key, max_by(area_code, (drop_id, row_no)) AS area_code, min(registered_on) AS registered_on,
           bool_or({IN_FORCE}) AS in_force, bool_or(has_id_number) AS has_id_number
    FROM current_registrations GROUP BY volunteer_key"""
OF_PERSONS_IN_FORCE = (
    "volunteer_key IN (SELECT volunteer_key FROM persons WHERE in_force AND area_code IN (FROM leaves))"
)
# Where service took place: the activity says it, else the record, else the person's area, else the drop. One that
# only knows the city leaves the district to the next one, if that lies in the same city.
CANDIDATES = """list_filter([
    (SELECT any_value(a.area_code) FROM current_activities a WHERE a.activity_key = r.activity_key), r.area_code,
    (SELECT any_value(p.area_code) FROM persons p WHERE p.volunteer_key = r.volunteer_key), r.drop_area_code],
    lambda place: place IS NOT NULL)"""
SERVED_AT = f"""(SELECT coalesce(
        list_filter(places, lambda place: place[1] <> 'U' AND city_of[place] = city_of[places[1]])[1],
        'U' || city_of[places[1]])
    FROM (SELECT {CANDIDATES} AS places, MAP($areas, $cities) AS city_of))"""
DATED = "is_counted AND service_date BETWEEN $start AND $end"
SERVED = "volunteer_key IN (SELECT volunteer_key FROM current_service_records WHERE is_counted AND"


@dataclass(frozen=True)
class Selection:
    """Which rows a measure counts, and what each of them adds to the total."""

    table: str
    condition: str
    total: str


def selection(measure: str, basis: str) -> Selection | None:
    """The rows behind a measure; None for permanent_population, which comes from the reference data."""
    records = "current_service_records r"
    served_here = f"{DATED} AND " + (
        f"{SERVED_AT} IN (FROM leaves)" if basis == "service" else f"r.{OF_PERSONS_IN_FORCE}"
    )
    return {
        "registered_volunteers": Selection(
            "current_registrations r", OF_PERSONS_IN_FORCE, "count(DISTINCT volunteer_key)"
        ),
        "new_registrations": Selection(
            "current_registrations r",
            "volunteer_key IN (SELECT volunteer_key FROM persons WHERE area_code IN (FROM leaves) "
            "AND registered_on BETWEEN $start AND $end)",
            "count(DISTINCT volunteer_key)",
        ),
        "active_volunteers": Selection(
            records, f"{DATED} AND r.{OF_PERSONS_IN_FORCE}", "count(DISTINCT volunteer_key)"
        ),
        "active_clocked_volunteers": Selection(
            records,
            f"{DATED} AND evidence = 'clocked' AND r.{OF_PERSONS_IN_FORCE}",
            "count(DISTINCT volunteer_key)",
        ),
        "lapsed_volunteers": Selection(
            "current_registrations r",
            f"{OF_PERSONS_IN_FORCE} AND {SERVED} service_date BETWEEN $before AND $start - 1) "
            f"AND NOT {SERVED} service_date BETWEEN $start AND $end)",
            "count(DISTINCT volunteer_key)",
        ),
        **{f"sleeping_{months}m_volunteers": asleep(months) for months in (12, 24, 36)},
        "service_hours": Selection(records, served_here, "coalesce(sum(service_minutes), 0) / 60"),
        "service_visits": Selection(records, served_here, "count(*)"),
        "activities": Selection(
            "current_activities r",
            "NOT is_cancelled AND starts_on BETWEEN $start AND $end AND area_code IN (FROM leaves)",
            "count(*)",
        ),
    }.get(measure)


# How the members of a dimension that a definition chooses are told from a row: its grade of evidence, or its person.
IS_CHOSEN = {
    "evidence": "CASE WHEN evidence IN ('clocked', 'manual', 'imported', 'honorary') THEN evidence ELSE 'unknown' END "
    "IN (SELECT unnest($members))",
    "identity": "volunteer_key IN (SELECT volunteer_key FROM persons "
    "WHERE CASE WHEN has_id_number THEN 'id_number' ELSE 'number_only' END IN (SELECT unnest($members)))",
    "platform": "volunteer_key IN (SELECT volunteer_key FROM current_registrations "
    f"WHERE {IN_FORCE} AND CASE WHEN coalesce(platform, '') = '' THEN 'unknown' WHEN platform LIKE '#%' THEN 'other' "
    "ELSE platform END IN (SELECT unnest($members)))",
}


def as_read(measure: str, basis: str, reading: Reading) -> Selection | None:
    """The rows behind a measure as a definition reads it; its window and population are the caller's."""
    chosen = selection(reading.measure or measure, basis)
    if chosen is None:
        return None
    condition = chosen.condition
    if reading.dimension:
        condition += f" AND {IS_CHOSEN[reading.dimension]}"
    if reading.hours_from is not None:
        # Of all they gave in the window, wherever; a person's records are either all counted here or none.
        condition += (
            f" AND volunteer_key IN (SELECT volunteer_key FROM current_service_records WHERE {DATED} "
            f"GROUP BY volunteer_key HAVING sum(service_minutes) >= {60 * reading.hours_from})"
        )
    return replace(chosen, condition=condition)


def asleep(months: int) -> Selection:
    """Persons in force, registered before the last so many months, without a counted record in them."""
    since = f"CAST(date_trunc('month', $end) - INTERVAL {months - 1} MONTH AS DATE)"
    registered = f"volunteer_key IN (SELECT volunteer_key FROM persons WHERE registered_on < {since})"
    awake = f"{SERVED} service_date BETWEEN {since} AND $end)"
    condition = f"{OF_PERSONS_IN_FORCE} AND {registered} AND NOT {awake}"
    return Selection("current_registrations r", condition, "count(DISTINCT volunteer_key)")


@dataclass(frozen=True)
class Traced:
    """What stands behind one figure: its total recounted, the drops, the first rows, and all rows as runs."""

    total: float
    drops: list[tuple[int, str, str, int]]  # drop_id, file_name, supplier, rows
    rows: list[tuple[int, int]]  # drop_id, row_no
    spans: list[tuple[int, int, int]]  # drop_id, first and last row_no of a run; at most SPANS_LISTED
    more_spans: int  # runs that are not listed


def window_before(start: date | None, end: date) -> date:
    """The first day of the window of as many months before another."""
    if start is None:
        return date.min
    first = month_number(start)
    return month_start(first - (month_number(end) - first + 1))


def trace(
    connection: duckdb.DuckDBPyConnection,
    measure: str,
    basis: str,
    area: str,
    start: date | None,
    end: date,
    reading: Reading = USUAL_READING,
) -> Traced | None:
    """Find the rows behind a measure at an area between two days (start None: from the beginning)."""
    chosen = as_read(measure, basis, reading)
    if chosen is None:
        return None
    areas = load_areas()
    leaves = [child.area_code for child in areas.children(area)] or [area]
    codes = [area.area_code for area in areas]
    known = {
        "start": start or date.min,
        "end": end,
        "before": window_before(start, end),
        "areas": codes,
        "cities": [areas.city_of(code) for code in codes],
        "members": list(reading.members),
    }
    connection.execute("CREATE OR REPLACE TEMP TABLE leaves AS SELECT unnest(?) AS area_code", [leaves])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE persons AS {PERSONS}", {"end": end})
    used = {name: value for name, value in known.items() if f"${name}" in chosen.condition}
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE traced AS SELECT * FROM {chosen.table} WHERE {chosen.condition}", used
    )
    (total,) = only_row(connection, f"SELECT {chosen.total} FROM traced")
    drops = connection.execute("""
        SELECT drop_id, file_name, coalesce(supplier, ''), count(*) FROM traced JOIN drops USING (drop_id)
        GROUP BY ALL ORDER BY drop_id""").fetchall()
    rows = connection.execute(
        f"SELECT drop_id, row_no FROM traced ORDER BY drop_id, row_no LIMIT {ROWS_LISTED}"
    ).fetchall()
    runs = """
        FROM (SELECT drop_id, min(row_no) AS first, max(row_no) AS last
              FROM (SELECT drop_id, row_no, row_no - row_number() OVER (PARTITION BY drop_id ORDER BY row_no) AS run
                    FROM (SELECT DISTINCT drop_id, row_no FROM traced))
              GROUP BY drop_id, run)"""
    spans = connection.execute(
        f"SELECT drop_id, first, last {runs} ORDER BY drop_id, first LIMIT {SPANS_LISTED}"
    ).fetchall()
    (in_all,) = only_row(connection, f"SELECT count(*) {runs}")
    return Traced(float(total), drops, rows, spans, int(in_all) - len(spans))
