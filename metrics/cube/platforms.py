"""Platforms by number: whose register a registration stands in.

A platform keeps its number for as long as sums are kept, whatever comes and goes; figures are sorted by name. One
whose name the loader did not recognise (it keeps a mark, because a person's name may stand there) is `other`.
"""

from itertools import groupby
from operator import itemgetter

from metrics.areas import load_areas
from metrics.cube.places import LEAVES_PER_CITY, PLATFORMS
from metrics.cube.streams import PLATFORM_LABELS, stream
from metrics.engine import Engine
from metrics.members import OTHER, UNKNOWN

OTHER_NO, UNKNOWN_NO = 1, 2
FIRST_NO = 3
PLATFORM_NAME = f"CASE coalesce(platform, '') WHEN '' THEN '{UNKNOWN}' ELSE platform END"
IS_NAMED = f"platform <> '' AND platform NOT LIKE '#%' AND platform NOT IN ('{UNKNOWN}', '{OTHER}')"
# A build gives the registers of so many platforms of a city, the largest; the others are in the totals only.
MOST_SHOWN = 30


def keep_platforms(engine: Engine, registrations: str) -> None:
    """cube_platform: one row per platform."""
    engine.keep(
        "cube_platform",
        f"""
        SELECT {OTHER_NO} AS platform_no, '{OTHER}' AS platform_name
        UNION ALL SELECT {UNKNOWN_NO}, '{UNKNOWN}'
        UNION ALL {sql_for_new(f"SELECT DISTINCT platform FROM {registrations} WHERE {IS_NAMED}", FIRST_NO)}
        """,
    )


def add_platforms(engine: Engine, registrations: str) -> None:
    """Numbers after those given for platforms of some registrations that have none yet."""
    new = f"""
        SELECT DISTINCT platform FROM {registrations} WHERE {IS_NAMED}
        AND platform NOT IN (SELECT platform_name FROM cube_platform)
    """
    ((last, is_new),) = engine.rows(f"SELECT max(platform_no), EXISTS ({new}) FROM cube_platform")
    if is_new:
        engine.keep("cube_platform", f"SELECT * FROM cube_platform UNION ALL {sql_for_new(new, last + 1)}")


def sql_for_new(platforms: str, first_no: int) -> str:
    """Platforms numbered from a number on by name; those a cell has no room for go without."""
    return f"""
        SELECT platform_no, platform AS platform_name
        FROM (SELECT platform, {first_no - 1} + row_number() OVER (ORDER BY platform) AS platform_no
              FROM ({platforms}))
        WHERE platform_no < {PLATFORMS}
    """


def insert_platforms(engine: Engine, target: str) -> None:
    """Fill `platforms` of the attached build, the largest first; cube_value loses those that are too many."""
    cities = {city.area_code for city in load_areas().cities()}
    found = engine.rows(f"""
        SELECT area_code, area_key // {LEAVES_PER_CITY}, label, platform_name, max(people)
        FROM cube_value JOIN cube_place USING (place_no)
        JOIN cube_platform ON platform_no = label - {PLATFORM_LABELS}
        WHERE stream = {stream("registered", "stock")} AND people > 0
        GROUP BY area_code, area_key // {LEAVES_PER_CITY}, label, platform_name
    """)
    # Largest at its height, not now: what a platform had before a migration is asked for, too.
    ranked = sorted(
        (area_code, name in (OTHER, UNKNOWN), -people, name, city_no, label)
        for area_code, city_no, label, name, people in found
        if area_code in cities
    )
    shown: list[tuple[str, int, str]] = []
    surplus: list[tuple[int, int]] = []
    for area_code, of_city in groupby(ranked, key=itemgetter(0)):
        for position, (_, is_rest, _, name, city_no, label) in enumerate(of_city):
            if is_rest or position < MOST_SHOWN:
                shown.append((area_code, position, name))
            else:
                surplus.append((city_no, label))
    columns = "area_code VARCHAR, position BIGINT, platform VARCHAR"
    engine.table("cube_platform_shown", columns, shown)
    engine.insert(f"{target}.platforms", "SELECT * FROM cube_platform_shown ORDER BY area_code, position")
    if surplus:
        engine.table("cube_platform_surplus", "city_no BIGINT, label BIGINT", surplus)
        engine.keep(
            "cube_value",
            f"""
            SELECT v.* FROM cube_value v LEFT JOIN (
                SELECT DISTINCT place_no, label FROM cube_platform_surplus
                JOIN cube_place ON area_key // {LEAVES_PER_CITY} = city_no
            ) s ON s.place_no = v.place_no AND s.label = v.label
            WHERE s.label IS NULL
            """,
        )
