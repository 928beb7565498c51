"""Persons: who they are, and in which months they are in force, on any platform and on each.

A person is in force at the end of a month when some registration of theirs, on whichever platform, began in
that month or earlier and has not ended by it. Who left on the last day of a month, or in it, is no longer in
force at its end; who registered on the last day is.
"""

from collections.abc import Callable

from metrics.cube.places import (
    BIRTH_YEARS,
    CELLS_PER_PLATFORM,
    GENDERS,
    NO_END,
    PLATFORM_OF_CELL,
    PLATFORMS,
    code_of,
    month_of,
    require_known_areas,
)
from metrics.cube.platforms import OTHER_NO, PLATFORM_NAME, add_platforms, keep_platforms
from metrics.engine import Engine

REGISTRATIONS = "current_registrations"
# Row numbers within a drop stay below this, so (drop_id, row_no) becomes one sortable number.
ROWS_PER_DROP = 1_000_000_000_000


def keep_people(engine: Engine) -> None:
    """cube_registration: one row per registration. cube_person: one row per person.

    cube_in_force: one row per person and unbroken interval of months in force, the first one marked; who never
    was in force at the end of a month has one interval without months. cube_on_platform: see sql_for_on_platform.
    """
    keep_registrations(engine, "cube_registration", "true", keep_platforms)
    engine.keep("cube_person", sql_for_persons("cube_registration"))
    engine.keep("cube_in_force", sql_for_in_force("cube_registration", "cube_person"))
    engine.keep("cube_on_platform", sql_for_on_platform("cube_registration", "cube_person"))


def keep_registrations(
    engine: Engine, name: str, where: str, number: Callable[[Engine, str], None] = add_platforms
) -> None:
    """The registrations for which a condition over the view holds. Raises CubeFault if they name unknown areas.

    `number` gives their platforms numbers first.
    """
    engine.keep("cube_registration_read", sql_for_reading(where))  # once: the view joins and sorts
    number(engine, "cube_registration_read")
    engine.keep(
        name,
        f"""
        SELECT volunteer_key, area_key, coalesce(platform_no, {OTHER_NO}) AS platform_no, gender_code, birth_year,
               has_id_number, arrival, from_month, until_month, left_month
        FROM cube_registration_read LEFT JOIN cube_platform ON platform_name = {PLATFORM_NAME}
        """,
    )
    engine.forget("cube_registration_read")
    if engine.rows(f"SELECT 1 FROM {name} WHERE area_key IS NULL LIMIT 1"):
        require_known_areas(engine, {REGISTRATIONS: where})


def sql_for_reading(where: str) -> str:
    """One row per registration for which a condition over the view holds, with the platform's name."""
    # A registration that has ended on an unknown day was never in force as far as anybody can show: its
    # interval is empty (until month 0).
    return f"""
        SELECT volunteer_key, area_key, platform, {code_of("gender", GENDERS)} AS gender_code, birth_year, has_id_number,
               drop_id * {ROWS_PER_DROP} + row_no AS arrival,
               {month_of("registered_on")} AS from_month,
               CASE WHEN NOT has_left THEN {NO_END}
                    WHEN left_on IS NULL THEN 0
                    ELSE {month_of("left_on")} END AS until_month,
               {month_of("coalesce(left_on, registered_on)")} AS left_month
        FROM {REGISTRATIONS} LEFT JOIN cube_area USING (area_code) WHERE area_code IS NOT NULL AND {where}
    """


def sql_for_persons(registrations: str) -> str:
    """One row per person of a table of registrations."""
    # The latest row says where a person lives; gender and year of birth are those last *known*, because a
    # platform that does not ask must not make us forget.
    return f"""
        SELECT volunteer_key,
               (((max_by(area_key, arrival) * {PLATFORMS}
                  + CASE WHEN min(platform_no) = max(platform_no) THEN min(platform_no) ELSE 0 END) * 3
                 + coalesce(max_by(gender_code, arrival) FILTER (WHERE gender_code > 0), 0)) * 2
                + min(CASE WHEN has_id_number THEN 0 ELSE 1 END)) * {BIRTH_YEARS}
                + coalesce(max_by(birth_year, arrival) FILTER (WHERE birth_year IS NOT NULL), 0) AS cell,
               min(from_month) AS registered_month,
               min(until_month) AS until_month,
               count(*) AS registrations,
               count(*) FILTER (WHERE from_month < until_month) AS spells
        FROM {registrations} GROUP BY volunteer_key
    """


def sql_for_in_force(registrations: str, persons: str) -> str:
    """One row per unbroken interval of a table of persons and of their registrations."""
    # Nearly everybody has one registration and needs no union of intervals, which costs two sorts.
    spells = f"""
        SELECT volunteer_key, cell, registered_month, r.from_month, r.until_month
        FROM {registrations} r JOIN {persons} p USING (volunteer_key)
        WHERE p.registrations > 1 AND r.from_month < r.until_month
    """
    return f"""
        SELECT volunteer_key, cell, registered_month, registered_month AS from_month, until_month, true AS is_first
        FROM {persons} WHERE registrations = 1
        UNION ALL
        SELECT volunteer_key, cell, registered_month, registered_month, 0, true
        FROM {persons} WHERE registrations > 1 AND spells = 0
        UNION ALL
        SELECT volunteer_key, cell, registered_month, from_month, until_month, island = 1
        FROM ({sql_for_islands(spells)})
    """


def sql_for_on_platform(registrations: str, persons: str) -> str:
    """One row per unbroken interval on one platform of a person who ever registered on several.

    The cell is the person's with that platform in it.
    """
    return sql_for_islands(f"""
        SELECT volunteer_key, cell + platform_no * {CELLS_PER_PLATFORM} AS cell, registered_month,
               r.from_month, r.until_month
        FROM {registrations} r JOIN {persons} p USING (volunteer_key)
        WHERE p.registrations > 1 AND {PLATFORM_OF_CELL} = 0 AND r.from_month < r.until_month
    """)


def sql_for_islands(spells: str) -> str:
    """Intervals of the same person and cell that overlap or touch, as one; numbered from the first."""
    # Each interval once: the two windows sort apart, and of equal rows either may come first in either of them.
    return f"""
        SELECT volunteer_key, cell, min(registered_month) AS registered_month, min(from_month) AS from_month,
               max(until_month) AS until_month, island
        FROM (
            SELECT volunteer_key, cell, registered_month, from_month, until_month,
                   sum(CASE WHEN reached >= from_month THEN 0 ELSE 1 END) OVER (
                       PARTITION BY volunteer_key, cell ORDER BY from_month, until_month
                       ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
            FROM (
                SELECT *, max(until_month) OVER (
                              PARTITION BY volunteer_key, cell ORDER BY from_month, until_month
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
                FROM (SELECT DISTINCT * FROM ({spells}))
            )
        )
        GROUP BY volunteer_key, cell, island
    """
