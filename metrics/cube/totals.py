"""From series to observations: running sums, members, cities, and one row per measure.

Totals, breakdowns and cities all come out of the same cells, so parts add up to wholes by construction.
"""

from collections.abc import Iterator
from itertools import pairwise

from metrics.cube.places import BIRTH_YEARS, GENDERS, NO_END
from metrics.cube.service import MINUTES
from metrics.cube.windows import FAMILIES, STREAM_WINDOWS, stream
from metrics.engine import Engine
from metrics.members import DIMENSIONS, UNKNOWN, age_bands, members
from metrics.periods import month_end

# measure, basis, the family it comes from, and what of it. Minutes become hours here and not before.
MEASURES = (
    ("registered_volunteers", "residence", "registered", "people"),
    ("new_registrations", "residence", "new", "events"),
    ("active_volunteers", "residence", "residence", "people"),
    ("service_hours", "residence", "residence", "minutes"),
    ("service_hours", "service", "served", "minutes"),
    ("service_visits", "residence", "residence", "events"),
    ("service_visits", "service", "served", "events"),
    ("activities", "service", "activities", "events"),
)
TOTAL = 0  # the label of the total
AMOUNTS = f"sum(people) AS people, CAST(sum(minutes) AS {MINUTES}) AS minutes, sum(events) AS events"


def keep_calendar(engine: Engine, first_month: int, last_month: int) -> None:
    """cube_month: one row per month-end a figure is given for.

    Ends with December of the last year with data. Rolling windows and stocks are asked for up to eleven
    months after the last month with data (such a window has begun), so those months are there for them.
    """
    december = last_month // 12 * 12 + 11
    months = [
        (month, month_end(month), month <= december)
        for month in range(first_month, max(december, last_month + 11) + 1)
    ]
    engine.table("cube_month", "month BIGINT, period_end DATE, is_regular BOOLEAN", months)


def keep_labels(engine: Engine) -> dict[tuple[str, str], int]:
    """cube_label: dimension and member by number, which is also given back."""
    labels = [("", ""), *((name, member) for name in DIMENSIONS for member in members(name))]
    rows = [(no, dimension, member) for no, (dimension, member) in enumerate(labels)]
    engine.table("cube_label", "label BIGINT, dimension VARCHAR, member VARCHAR", rows)
    return {label: no for no, label in enumerate(labels)}


def keep_members(engine: Engine, first_month: int, last_month: int) -> None:
    """cube_member: the labels a member number counts for, and when. cube_label: see keep_labels.

    Everybody has one gender (if only an unknown one), so the genders also add up to the total. People grow
    older: what is added up before the labels are known would be several times as much as after.
    """
    number = keep_labels(engine)
    counts_for: list[tuple[int, int, int, int, int]] = []
    for code, gender in enumerate(GENDERS):
        counts_for += [(0, code, label, 0, NO_END) for label in (number["gender", gender], TOTAL)]
    for (birth,) in engine.rows(f"SELECT DISTINCT cell % {BIRTH_YEARS} FROM cube_person UNION SELECT 0"):
        for band, since, before in bands_of(birth, first_month, last_month):
            counts_for.append((1, birth, number["age_band", band], since, before))
    columns = "dimension_no BIGINT, member_key BIGINT, label BIGINT, since_month BIGINT, before_month BIGINT"
    engine.table("cube_member", columns, counts_for)


def bands_of(birth: int, first_month: int, last_month: int) -> Iterator[tuple[str, int, int]]:
    """Age bands of a year of birth (0: unknown) from one month to a year after another (which is as far as the
    calendar goes), each with its first month and the first after it. Nobody has an age before they are born."""
    starts = [(0, UNKNOWN)]
    if birth:
        starts += [((birth + band.age_from) * 12, band.band_code) for band in age_bands()]
    for (since, band), (before, _) in pairwise([*starts, (NO_END, UNKNOWN)]):
        if since <= last_month + 12 and before > first_month:
            yield band, since, before


def keep_streams(engine: Engine) -> None:
    """cube_measure: the measures that come out of each stream."""
    rows = [
        (stream(family, window), measure_no, measure, basis, window, amount, family != "activities")
        for measure_no, (measure, basis, family, amount) in enumerate(MEASURES)
        for window in STREAM_WINDOWS
    ]
    columns = (
        "stream BIGINT, measure_no BIGINT, measure VARCHAR, basis VARCHAR, time_window VARCHAR, "
        "amount VARCHAR, has_members BOOLEAN"
    )
    engine.table("cube_measure", columns, rows)


def keep_values(engine: Engine) -> None:
    """cube_value: one row per stream, area (leaf or city), label and month-end."""
    # A running sum changes at steps only; each level holds until the series' next step.
    engine.keep(
        "cube_level",
        f"""
        SELECT * FROM (
            SELECT stream, area_key, label, month, sum(people) OVER steps AS people,
                   CAST(sum(minutes) OVER steps AS {MINUTES}) AS minutes, sum(events) OVER steps AS events,
                   coalesce(lead(month) OVER (PARTITION BY stream, area_key, label ORDER BY month), {NO_END})
                     AS next_month
            FROM cube_step
            WINDOW steps AS (PARTITION BY stream, area_key, label ORDER BY month
                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        ) WHERE people <> 0 OR minutes <> 0 OR events <> 0
        """,
    )
    # The months from one step to the next, listed once for each pair that occurs: joining every level to the
    # calendar by inequality would be the slowest step of all.
    late = ", ".join(
        str(stream(family, window))
        for family in FAMILIES
        for window in STREAM_WINDOWS
        if window in ("stock", "rolling12")
    )
    engine.keep(
        "cube_value",
        f"""
        WITH reach AS (
            SELECT s.month, s.next_month, m.month AS at_month, is_regular
            FROM (SELECT DISTINCT month, next_month FROM cube_level) s
            JOIN cube_month m ON m.month >= s.month AND m.month < s.next_month
        )
        SELECT stream, place_no, label, month, {AMOUNTS}
        FROM (
            SELECT stream, area_key, label, month, people, minutes, events
            FROM cube_point JOIN cube_month USING (month) WHERE is_regular
            UNION ALL
            SELECT stream, area_key, label, at_month, people, minutes, events
            FROM cube_level JOIN reach USING (month, next_month)
            WHERE is_regular OR stream IN ({late})
        )
        JOIN cube_place USING (area_key)
        GROUP BY stream, place_no, label, month
        """,
    )


def insert_observations(engine: Engine, target: str) -> None:
    """Fill `observations` of the attached build, sorted as it is asked for, without zeros."""
    engine.insert(
        f"{target}.observations",
        """
        SELECT measure, basis, area_code, time_window, period_end, dimension, member, value
        FROM (
            SELECT *, CASE amount WHEN 'people' THEN CAST(people AS DOUBLE)
                                  WHEN 'events' THEN CAST(events AS DOUBLE)
                                  ELSE CAST(minutes AS DOUBLE) / 60 END AS value
            FROM cube_value JOIN cube_measure USING (stream)
        )
        JOIN cube_label USING (label)
        JOIN (SELECT DISTINCT place_no, area_code FROM cube_place) USING (place_no)
        JOIN cube_month USING (month)
        WHERE value <> 0 AND (has_members OR dimension = '')
        ORDER BY measure_no, stream, dimension, place_no, label, month
        """,
    )
