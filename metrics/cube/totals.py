"""From series to observations: running sums, members, cities, and one row per measure.

Totals, breakdowns and cities all come out of the same cells, so parts add up to wholes by construction.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from metrics.cube.patterns import SLEEPS
from metrics.cube.places import BIRTH_YEARS, EVIDENCES, GENDERS, IDENTITIES, NO_END
from metrics.cube.streams import (
    BIRTH_YEAR,
    EVIDENCE,
    FAMILIES,
    GENDER,
    PLATFORM,
    PLATFORM_LABELS,
    REGISTER,
    STATE,
    STREAM_WINDOWS,
    TOTAL,
    stream,
)
from metrics.cube.windows import AMOUNTS, SUMS
from metrics.engine import Engine
from metrics.members import DIMENSIONS, OVERLAPPING, UNKNOWN, age_bands, members
from metrics.periods import month_end

PERSONAL = ("gender", "age_band")
SERVICE = (*PERSONAL, "evidence")
# measure, basis, the family it comes from, what of it, and what it is broken down by. Minutes become hours here
# and not before.
MEASURES = (
    ("registered_volunteers", "residence", "registered", "people", (*PERSONAL, "identity", "platform")),
    ("new_registrations", "residence", "new", "events", PERSONAL),
    (
        "active_volunteers",
        "residence",
        "residence",
        "people",
        (*PERSONAL, "identity", "activity_state", "platform"),
    ),
    ("active_clocked_volunteers", "residence", "clocked", "people", PERSONAL),
    ("lapsed_volunteers", "residence", "lapsed", "people", PERSONAL),
    *(
        (f"sleeping_{months}m_volunteers", "residence", f"sleeping{months}", "people", PERSONAL)
        for months in SLEEPS
    ),
    ("service_hours", "residence", "residence", "minutes", SERVICE),
    ("service_hours", "service", "served", "minutes", SERVICE),
    ("service_visits", "residence", "residence", "events", SERVICE),
    ("service_visits", "service", "served", "events", SERVICE),
    ("service_hours_squared", "residence", "squares", "squares", ()),
    ("activities", "service", "activities", "events", ()),
)
# Members by the code they have in a cell, a group of records or a pattern.
CODES = {
    GENDER: ("gender", GENDERS),
    EVIDENCE: ("evidence", EVIDENCES),
    STATE: ("activity_state", ("new", "returning", "reactivated")),
}


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
    """cube_label: dimension and member by number, which is also given back; platforms by theirs, sorted by name."""
    closed = [name for name in DIMENSIONS if name not in OVERLAPPING]
    labels = [("", ""), *((name, member) for name in closed for member in members(name))]
    number = {label: no for no, label in enumerate(labels)}
    platforms = sorted(
        (name, no) for no, name in engine.rows("SELECT platform_no, platform_name FROM cube_platform")
    )
    number |= {("platform", name): PLATFORM_LABELS + no for name, no in platforms}
    rows = [(no, position, *label) for position, (label, no) in enumerate(number.items())]
    columns = "label BIGINT, position BIGINT, dimension VARCHAR, member VARCHAR"
    engine.table("cube_label", columns, rows)
    return number


def keep_members(
    engine: Engine, first_month: int, last_month: int, persons: Sequence[str] = ("cube_person",)
) -> None:
    """cube_member: the labels a member number counts for, and when. cube_label: see keep_labels.

    Everybody has one gender (if only an unknown one), so the genders also add up to the total. People grow
    older: what is added up before the labels are known would be several times as much as after.
    """
    number = keep_labels(engine)
    counts_for = [
        (dimension, code, number[name, member], 0, NO_END)
        for dimension, (name, codes) in CODES.items()
        for code, member in enumerate(codes)
    ]
    counts_for += [(GENDER, code, TOTAL, 0, NO_END) for code in range(len(GENDERS))]
    for code, identity in enumerate(IDENTITIES):
        of_it = [label - PLATFORM_LABELS for (name, _), label in number.items() if name == "platform"]
        for platform_no in (0, *of_it):  # 0: on several, whose platforms follow by themselves
            key = platform_no * len(IDENTITIES) + code
            labels = [number["identity", identity]] + [PLATFORM_LABELS + platform_no] * bool(platform_no)
            counts_for += [(REGISTER, key, label, 0, NO_END) for label in labels]
    counts_for += [
        (PLATFORM, label - PLATFORM_LABELS, label, 0, NO_END)
        for (name, _), label in number.items()
        if name == "platform"
    ]
    births = "".join(f"SELECT DISTINCT cell % {BIRTH_YEARS} FROM {name} UNION " for name in persons)
    for (birth,) in engine.rows(f"{births}SELECT 0"):
        for band, since, before in bands_of(birth, first_month, last_month):
            counts_for.append((BIRTH_YEAR, birth, number["age_band", band], since, before))
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
    """cube_measure: the measures that come out of each stream, by dimension."""
    rows = [
        (stream(family, window), measure_no, measure, basis, window, amount, dimension)
        for measure_no, (measure, basis, family, amount, dimensions) in enumerate(MEASURES)
        for window in STREAM_WINDOWS
        for dimension in ("", *dimensions)
    ]
    columns = (
        "stream BIGINT, measure_no BIGINT, measure VARCHAR, basis VARCHAR, time_window VARCHAR, "
        "amount VARCHAR, dimension VARCHAR"
    )
    engine.table("cube_measure", columns, rows)


def keep_values(engine: Engine) -> None:
    """cube_value: one row per stream, area (leaf or city), label and month-end."""
    # A running sum changes at steps only; each level holds until the series' next step.
    levels = ", ".join(
        f"CAST(sum({amount}) OVER steps AS {kind}) AS {amount}" for amount, kind in AMOUNTS.items()
    )
    engine.keep(
        "cube_level",
        f"""
        SELECT * FROM (
            SELECT stream, area_key, label, month, {levels},
                   coalesce(lead(month) OVER (PARTITION BY stream, area_key, label ORDER BY month), {NO_END})
                     AS next_month
            FROM cube_step
            WINDOW steps AS (PARTITION BY stream, area_key, label ORDER BY month
                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        ) WHERE {" OR ".join(f"{amount} <> 0" for amount in AMOUNTS)}
        """,
    )
    # The months from one step to the next, listed once for each pair that occurs: joining every level to the
    # calendar by inequality would be the slowest step of all.
    late = ", ".join(str(stream(family, window)) for family in FAMILIES for window in ("stock", "rolling12"))
    names = ", ".join(AMOUNTS)
    engine.keep(
        "cube_value",
        f"""
        WITH reach AS (
            SELECT s.month, s.next_month, m.month AS at_month, is_regular
            FROM (SELECT DISTINCT month, next_month FROM cube_level) s
            JOIN cube_month m ON m.month >= s.month AND m.month < s.next_month
        )
        SELECT stream, place_no, label, month, {SUMS}
        FROM (
            SELECT stream, area_key, label, month, {names}
            FROM cube_point JOIN cube_month USING (month) WHERE is_regular
            UNION ALL
            SELECT stream, area_key, label, at_month, {names}
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
                                  WHEN 'squares' THEN CAST(squares AS DOUBLE) / 3600
                                  ELSE CAST(minutes AS DOUBLE) / 60 END AS value
            FROM cube_value JOIN cube_label USING (label) JOIN cube_measure USING (stream, dimension)
        )
        JOIN (SELECT DISTINCT place_no, area_code FROM cube_place) USING (place_no)
        JOIN cube_month USING (month)
        WHERE value <> 0
        ORDER BY measure_no, stream, dimension, place_no, position, month
        """,
    )
