"""Numbers for areas and cells, so that the large passes of the cube handle integers only.

A *cell* is the smallest group any figure is added up from: leaf area × platform × gender × identity × year of
birth. Age bands are applied at the very end, because the band of a cell depends on the year of T. The platform is
the only one a person ever registered on: nearly everybody has one, so their platform's register costs nothing
more. Who registered on several has platform 0 here and intervals of their own by platform (see people).
"""

from collections.abc import Iterable, Mapping, Set

from metrics.areas import load_areas
from metrics.engine import Engine
from metrics.periods import month_start

# area_key = city number * 1000 + number of the leaf within its city; the unknown leaf is number 0.
LEAVES_PER_CITY = 1000
# cell = (((area_key * 10000 + platform number) * 3 + gender code) * 2 + identity code) * 10000 + year of birth
# (0 where it is unknown).
PLATFORMS = 10_000
BIRTH_YEARS = 10_000
GENDERS = ("unknown", "female", "male")  # a code is the position; 0 also for whatever is not listed
IDENTITIES = ("id_number", "number_only")
EVIDENCES = ("unknown", "clocked", "manual", "imported", "honorary")
CELLS_PER_GENDER = len(IDENTITIES) * BIRTH_YEARS
CELLS_PER_PLATFORM = len(GENDERS) * CELLS_PER_GENDER
CELLS_PER_AREA = PLATFORMS * CELLS_PER_PLATFORM
PLATFORM_OF_CELL = f"cell % {CELLS_PER_AREA} // {CELLS_PER_PLATFORM}"

# Later than any month: the end of an interval that has none.
NO_END = 120_000
# Earlier than any month: the month before somebody's first.
NEVER = 0


def code_of(column: str, words: tuple[str, ...]) -> str:
    """SQL for the position of a text among those a code is made of."""
    cases = " ".join(f"WHEN '{word}' THEN {code}" for code, word in enumerate(words) if code)
    return f"CASE {column} {cases} ELSE 0 END"


class CubeFault(ValueError):
    """The warehouse holds something the cube cannot place; nothing is published."""


def month_of(column: str) -> str:
    """SQL for the running number of the month a date lies in."""
    return f"(year({column}) * 12 + month({column}) - 1)"


def in_months(column: str, months: Iterable[int]) -> str:
    """SQL for a date lying in one of some months, as ranges: a scan then skips the blocks of other months."""
    numbers = sorted(set(months))
    firsts = [month for month in numbers if month - 1 not in numbers]
    lasts = [month for month in numbers if month + 1 not in numbers]
    ranges = [
        f"({column} >= DATE '{month_start(first)}' AND {column} < DATE '{month_start(last + 1)}')"
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return f"({' OR '.join(ranges)})" if ranges else "false"


def listed(numbers: Set[int]) -> str:
    """SQL for a list of numbers that something is in."""
    return f"({', '.join(map(str, sorted(numbers)))})" if numbers else "(NULL)"


def keep_areas(engine: Engine) -> None:
    """cube_area: one row per leaf. cube_place: one row per leaf and area it counts for (itself, its city)."""
    areas = load_areas()
    # Numbered in the order of codes, so that sorting by number is sorting by code.
    place_no = {code: no for no, code in enumerate(sorted(area.area_code for area in areas))}
    leaves: list[tuple[str, int]] = []
    places: list[tuple[int, int, str]] = []
    for city_no, city in enumerate(areas.cities(), start=1):
        leaf_no = 0
        for leaf in areas.children(city.area_code):
            leaf_no += leaf.level != "unknown"
            area_key = city_no * LEAVES_PER_CITY + (0 if leaf.level == "unknown" else leaf_no)
            leaves.append((leaf.area_code, area_key))
            places += [(area_key, place_no[code], code) for code in (leaf.area_code, city.area_code)]
    engine.table("cube_area", "area_code VARCHAR, area_key BIGINT", leaves)
    engine.table("cube_place", "area_key BIGINT, place_no BIGINT, area_code VARCHAR", places)


AREA_COLUMNS = {
    "current_registrations": ("area_code",),
    "current_service_records": ("area_code", "drop_area_code"),
    "current_activities": ("area_code",),
}


def require_known_areas(engine: Engine, where: Mapping[str, str]) -> None:
    """Every area code in the facts must be a leaf of today, or figures would be lost without a trace.

    `where` names the views to look at, and for each a condition on the rows.
    """
    named = " UNION ALL ".join(
        f"SELECT DISTINCT '{view}.{column}' AS place, {column} AS code FROM {view} WHERE {condition}"
        for view, condition in where.items()
        for column in AREA_COLUMNS[view]
    )
    strangers = engine.rows(f"""
        SELECT place, code FROM ({named})
        WHERE code IS NOT NULL AND code NOT IN (SELECT area_code FROM cube_area)
        GROUP BY place, code ORDER BY place, code
    """)
    if strangers:
        place = strangers[0][0]
        named = ", ".join(f"'{code}'" for other, code in strangers[:5] if other == place)
        raise CubeFault(f"{place} holds {named}, expected codes of districts, zones or unknown leaves.")
