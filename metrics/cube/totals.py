"""From cells to observations: members, running sums, cities, and one row per measure.

Totals, breakdowns and cities all come out of the same cells, so parts add up to wholes by construction.
"""

from metrics.cube.places import BIRTH_YEARS, CELLS_PER_AREA, GENDERS
from metrics.cube.service import MINUTES
from metrics.engine import Engine
from metrics.members import band_of
from metrics.periods import month_end

# measure, basis, the family it comes from, and what of it; service_hours is in hours from here on.
MEASURES = (
    ("registered_volunteers", "residence", "registered", "people"),
    ("new_registrations", "residence", "new", "events"),
    ("active_volunteers", "residence", "residence", "people"),
    ("service_hours", "residence", "residence", "CAST(minutes AS DOUBLE) / 60"),
    ("service_hours", "service", "served", "CAST(minutes AS DOUBLE) / 60"),
    ("service_visits", "residence", "residence", "events"),
    ("service_visits", "service", "served", "events"),
    ("activities", "service", "activities", "events"),
)
# The member number of a cell in each dimension.
MEMBER_KEYS = {
    "gender": f"cell // {BIRTH_YEARS} % 3",
    "age_band": f"cell % {BIRTH_YEARS}",
}
SERIES = "family, time_window, area_key, dimension, member_key"
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


def keep_members(engine: Engine) -> None:
    """cube_member: what a member number means at the end of a month of each year."""
    years = [year for (year,) in engine.rows("SELECT DISTINCT month // 12 FROM cube_month")]
    births = engine.rows(
        f"SELECT DISTINCT cell % {BIRTH_YEARS} FROM cube_point "
        f"UNION SELECT DISTINCT cell % {BIRTH_YEARS} FROM cube_step"
    )
    rows = [("gender", year, code, gender) for year in years for code, gender in enumerate(GENDERS)]
    rows += [
        ("age_band", year, birth, band_of(year - birth if birth else None))
        for year in years
        for (birth,) in births
    ]
    engine.table("cube_member", "dimension VARCHAR, year BIGINT, member_key BIGINT, member VARCHAR", rows)


def sql_for_members(table: str) -> str:
    """One row per family, window, leaf area, dimension, member number and month."""
    return " UNION ALL ".join(
        f"""
        SELECT family, time_window, cell // {CELLS_PER_AREA} AS area_key, '{dimension}' AS dimension,
               {member_key} AS member_key, month, {AMOUNTS}
        FROM {table} GROUP BY family, time_window, cell // {CELLS_PER_AREA}, {member_key}, month
        """
        for dimension, member_key in MEMBER_KEYS.items()
    )


def keep_values(engine: Engine) -> None:
    """cube_value: one row per family, window, area (leaf or city), month-end, dimension and member."""
    engine.keep("cube_member_step", sql_for_members("cube_step"))
    # A running sum changes at steps only; each level holds until the series' next step.
    engine.keep(
        "cube_level",
        f"""
        SELECT {SERIES}, month,
               sum(people) OVER steps AS people, CAST(sum(minutes) OVER steps AS {MINUTES}) AS minutes,
               sum(events) OVER steps AS events,
               lead(month) OVER (PARTITION BY {SERIES} ORDER BY month) AS next_month
        FROM cube_member_step
        WINDOW steps AS (PARTITION BY {SERIES} ORDER BY month
                         ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        """,
    )
    engine.keep(
        "cube_member_month",
        f"""
        SELECT {SERIES}, month, people, minutes, events
        FROM ({sql_for_members("cube_point")}) JOIN cube_month USING (month)
        WHERE is_regular
        UNION ALL
        SELECT {SERIES}, m.month, people, minutes, events
        FROM cube_level s JOIN cube_month m
          ON m.month >= s.month AND m.month < coalesce(s.next_month, m.month + 1)
        WHERE (people <> 0 OR minutes <> 0 OR events <> 0)
          AND (is_regular OR time_window IN ('stock', 'rolling12'))
        """,
    )
    engine.keep(
        "cube_value",
        f"""
        SELECT family, time_window, area_code, month, v.dimension AS dimension, member, {AMOUNTS}
        FROM cube_member_month v
        JOIN cube_place USING (area_key)
        JOIN cube_member n
          ON n.dimension = v.dimension AND n.year = v.month // 12 AND n.member_key = v.member_key
        GROUP BY family, time_window, area_code, month, v.dimension, member
        """,
    )


def insert_observations(engine: Engine, target: str) -> None:
    """Fill `observations` of the attached build, sorted as it is asked for, without zeros."""
    parts = []
    for measure, basis, family, amount in MEASURES:
        columns = f"""'{measure}' AS measure, '{basis}' AS basis, area_code, time_window, month,
                      dimension, member, CAST({amount} AS DOUBLE) AS value"""
        parts.append(f"""
            SELECT {columns}
            FROM (SELECT area_code, time_window, month, '' AS dimension, '' AS member, {AMOUNTS}
                  FROM cube_value WHERE family = '{family}' AND dimension = 'gender'
                  GROUP BY area_code, time_window, month)
        """)
        # Activities have no people behind them, so they have no breakdown by person.
        if family != "activities":
            parts.append(f"SELECT {columns} FROM cube_value WHERE family = '{family}'")
    engine.insert(
        f"{target}.observations",
        f"""
        SELECT measure, basis, area_code, time_window, period_end, dimension, member, value
        FROM ({" UNION ALL ".join(parts)}) JOIN cube_month USING (month)
        WHERE value <> 0
        ORDER BY measure, basis, time_window, dimension, area_code, member, period_end
        """,
    )
