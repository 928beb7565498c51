"""Tables of a build beside the observations: bands of hours given, cohorts, days and kinds of day.

People with at least so many hours are those of the bands above an edge, so they come out of the same sums.
"""

from metrics.cube.streams import COHORT_LABELS, HOURS_BAND_LABELS, stream
from metrics.engine import Engine
from metrics.members import (
    COUNTED_FROM,
    OTHER_DAYS,
    SATURDAYS,
    active_from,
    hours_bands,
    hours_of_active_from,
)
from metrics.periods import month_start

PLACES = "(SELECT DISTINCT place_no, area_code FROM cube_place)"


def insert_tables(engine: Engine, target: str) -> None:
    """Fill `hours_bands`, `cohorts`, `days` and `day_kinds` of the attached build, sorted as they are asked for."""
    insert_hours_bands(engine, target)
    insert_cohorts(engine, target)
    insert_days(engine, target)
    insert_day_kinds(engine, target)


def insert_hours_bands(engine: Engine, target: str) -> None:
    rows = [(HOURS_BAND_LABELS + band_no, band.band_code) for band_no, band in enumerate(hours_bands())]
    engine.table("cube_band", "label BIGINT, band VARCHAR", rows)
    windows = [(stream("hours_band", window), window) for window in ("ytd", "year", "to_date")]
    engine.table("cube_band_window", "stream BIGINT, time_window VARCHAR", windows)
    engine.insert(
        f"{target}.hours_bands",
        f"""
        SELECT area_code, time_window, period_end, band, people, CAST(minutes AS DOUBLE) / 60
        FROM cube_value JOIN cube_band USING (label) JOIN cube_band_window USING (stream)
        JOIN {PLACES} USING (place_no) JOIN cube_month USING (month)
        WHERE people <> 0
        ORDER BY time_window, place_no, month, label
        """,
    )

    insert_active_from(engine, target)


def insert_active_from(engine: Engine, target: str) -> None:
    """People with at least so many hours in the window, and their hours, as observations."""
    edges = [
        (no, HOURS_BAND_LABELS + band_no, measure, is_people)
        for no, edge in enumerate(COUNTED_FROM)
        for band_no, band in enumerate(hours_bands())
        if band.hours_from >= edge
        for measure, is_people in ((active_from(edge), True), (hours_of_active_from(edge), False))
    ]
    columns = "edge_no BIGINT, label BIGINT, measure VARCHAR, is_people BOOLEAN"
    engine.table("cube_active_from", columns, edges)
    engine.insert(
        f"{target}.observations",
        f"""
        SELECT measure, 'residence' AS basis, area_code, time_window, period_end, '' AS dimension, '' AS member, value
        FROM (
            SELECT edge_no, is_people, measure, time_window, place_no, month,
                   CASE WHEN is_people THEN CAST(sum(people) AS DOUBLE)
                        ELSE CAST(sum(minutes) AS DOUBLE) / 60 END AS value
            FROM cube_value JOIN cube_active_from USING (label) JOIN cube_band_window USING (stream)
            GROUP BY edge_no, is_people, measure, time_window, place_no, month
        )
        JOIN {PLACES} USING (place_no) JOIN cube_month USING (month)
        WHERE value <> 0
        ORDER BY edge_no, is_people, time_window, place_no, month
        """,
    )


def insert_cohorts(engine: Engine, target: str) -> None:
    cohorts = engine.rows(f"SELECT DISTINCT label FROM cube_value WHERE stream = {stream('cohort', 'stock')}")
    rows = [(label, month_start((label - COHORT_LABELS) * 3)) for (label,) in sorted(cohorts)]
    engine.table("cube_cohort_start", "label BIGINT, cohort_start DATE", rows)
    engine.insert(
        f"{target}.cohorts",
        f"""
        SELECT area_code, cohort_start, period_end, r.people, coalesce(a.people, 0)
        FROM cube_value r
        LEFT JOIN (SELECT * FROM cube_value WHERE stream = {stream("cohort_active", "quarter")}) a
          ON a.place_no = r.place_no AND a.label = r.label AND a.month = r.month
        JOIN cube_cohort_start c ON c.label = r.label
        JOIN {PLACES} p ON p.place_no = r.place_no JOIN cube_month m ON m.month = r.month
        WHERE r.stream = {stream("cohort", "stock")} AND r.month % 3 = 2 AND is_regular AND r.people <> 0
        ORDER BY r.place_no, r.label, r.month
        """,
    )


def insert_days(engine: Engine, target: str) -> None:
    engine.insert(
        f"{target}.days",
        """
        SELECT area_code, service_date, CAST(sum(visits) AS BIGINT), CAST(sum(minutes) AS DOUBLE) / 60
        FROM cube_day JOIN cube_place USING (area_key) JOIN cube_month USING (month)
        WHERE is_regular
        GROUP BY place_no, area_code, service_date
        ORDER BY place_no, service_date
        """,
    )


def insert_day_kinds(engine: Engine, target: str) -> None:
    """Visits on Saturdays and on other days, in every window of visits by place of service: days added up."""
    engine.insert(
        f"{target}.day_kinds",
        f"""
        WITH months AS (
            SELECT area_code, last_day(service_date) AS month_end,
                   CASE WHEN isodow(service_date) = 6 THEN '{SATURDAYS}' ELSE '{OTHER_DAYS}' END AS day_kind,
                   sum(visits) AS visits
            FROM {target}.days GROUP BY ALL
        ), windows AS (
            SELECT area_code, time_window, period_end,
                   CASE time_window
                       WHEN 'month' THEN date_trunc('month', period_end)
                       WHEN 'quarter' THEN date_trunc('quarter', period_end)
                       WHEN 'rolling12' THEN date_trunc('month', period_end) - INTERVAL 11 MONTH
                       WHEN 'to_date' THEN DATE '0001-01-01'
                       ELSE date_trunc('year', period_end) END AS period_start
            FROM {target}.observations
            WHERE measure = 'service_visits' AND basis = 'service' AND dimension = ''
        )
        SELECT area_code, time_window, period_end, day_kind, CAST(sum(visits) AS BIGINT)
        FROM windows JOIN months USING (area_code)
        WHERE month_end BETWEEN period_start AND period_end
        GROUP BY ALL ORDER BY ALL
        """,
    )
