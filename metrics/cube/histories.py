"""What depends on how much a person has given so far, or on when they registered: hours bands, sums of squared
hours, and cohorts. By area only, so as labels of their own beside those of the dimensions.
"""

from metrics.cube.patterns import SQUARES, squared
from metrics.cube.places import CELLS_PER_AREA
from metrics.cube.service import MINUTES
from metrics.cube.streams import COHORT_LABELS, HOURS_BAND_LABELS, TOTAL, stream
from metrics.cube.weights import Weight
from metrics.members import hours_bands

AREA = f"cell // {CELLS_PER_AREA}"
COHORT = f"registered_month // 3 + {COHORT_LABELS}"
DECEMBER = "month // 12 * 12 + 11"


def sql_for_band(minutes: str) -> str:
    """The number of the band that minutes lie in: how many lower edges, after the first, they have reached."""
    reached = (
        f"CASE WHEN {minutes} >= {60 * band.hours_from} THEN 1 ELSE 0 END" for band in hours_bands()[1:]
    )
    return " + ".join(["0", *reached])


def sql_for_so_far(active: str, weight: Weight) -> str:
    """People by band of what they have given so far: in the year (`ytd`) and ever (`to_date`), from a month on
    until the next active one, the year's end or their leaving."""
    selects = []
    for window, so_far, end in (
        ("ytd", "in_year", f"least(next_month, until_month, {DECEMBER} + 1)"),
        ("to_date", "ever", "least(next_month, until_month)"),
    ):
        selects.append(f"""
            SELECT '{window}' AS time_window, {AREA} AS area_key, {sql_for_band(so_far)} AS band_no, from_month,
                   {end} AS stop_month, {weight.people()} AS people,
                   CAST(sum({weight.of(so_far)}) AS {MINUTES}) AS minutes,
                   CAST(sum({weight.of(squared(so_far))}) AS {SQUARES}) AS squares
            FROM {active} WHERE {end} > from_month
            GROUP BY {AREA}, {sql_for_band(so_far)}, from_month, {end}
        """)
    return " UNION ALL ".join(selects)


def sql_for_cohorts(active: str, weight: Weight) -> str:
    """People active in a quarter and in force at its end, by the quarter they registered in."""
    quarter_end = "month // 3 * 3 + 2"
    return f"""
        SELECT {AREA} AS area_key, {COHORT} AS label, {quarter_end} AS month, {weight.people()} AS people
        FROM {active}
        WHERE visits > 0 AND previous_month // 3 < month // 3
        AND from_month <= {quarter_end} AND until_month > {quarter_end}
        GROUP BY {AREA}, {COHORT}, {quarter_end}
    """


def sql_for_history_points(suffix: str) -> str:
    """Values at one month-end: stream, area_key, label, month, people, minutes, events, squares."""
    nothing = f"0 AS people, CAST(0 AS {MINUTES}) AS minutes, 0 AS events"
    selects = [
        f"SELECT {stream('cohort_active', 'quarter')} AS stream, area_key, label, month, people, "
        f"CAST(0 AS {MINUTES}) AS minutes, 0 AS events, CAST(0 AS {SQUARES}) AS squares FROM cube_cohort{suffix}"
    ]
    for window, at in (("month", "month"), ("quarter", "month // 3 * 3 + 2")):
        selects.append(f"""
            SELECT {stream("squares", window)}, {AREA}, {TOTAL}, {at}, {nothing}, {window}_squares
            FROM cube_pattern{suffix} WHERE from_month <= {at} AND until_month > {at}
        """)
    # What a year came to is what it had come to by December.
    december = "time_window = 'ytd' AND stop_month % 12 = 0"
    selects += [
        f"SELECT {stream('hours_band', 'year')}, area_key, band_no + {HOURS_BAND_LABELS}, stop_month - 1, people, "
        f"minutes, 0, CAST(0 AS {SQUARES}) FROM cube_so_far{suffix} WHERE {december}",
        f"SELECT {stream('squares', 'year')}, area_key, {TOTAL}, stop_month - 1, {nothing}, squares "
        f"FROM cube_so_far{suffix} WHERE {december}",
    ]
    return " UNION ALL ".join(selects)


def sql_for_history_spans(in_force: str, suffix: str, weight: Weight) -> str:
    """Values from one month to before another: stream, area_key, label, from_month, stop_month, and amounts."""
    windows = [
        f"CASE time_window WHEN 'ytd' THEN {stream(family, 'ytd')} ELSE {stream(family, 'to_date')} END"
        for family in ("hours_band", "squares")
    ]
    return f"""
        SELECT {stream("cohort", "stock")} AS stream, {AREA} AS area_key, {COHORT} AS label, from_month,
               until_month AS stop_month, {weight.people()} AS people, CAST(0 AS {MINUTES}) AS minutes, 0 AS events,
               CAST(0 AS {SQUARES}) AS squares
        FROM {in_force} WHERE from_month < until_month GROUP BY {AREA}, {COHORT}, from_month, until_month
        UNION ALL
        SELECT {windows[0]}, area_key, band_no + {HOURS_BAND_LABELS}, from_month, stop_month, people, minutes, 0, 0
        FROM cube_so_far{suffix}
        UNION ALL
        SELECT {windows[1]}, area_key, {TOTAL}, from_month, stop_month, 0, 0, 0, squares FROM cube_so_far{suffix}
    """
