"""How much a build withholds, for pages and for the closing note of a publication."""

from typing import Any

from metrics.build import Build
from metrics.members import OVERLAPPING


def withheld(build: Build) -> list[dict[str, Any]]:
    """Per measure, basis and breakdown: cells of areas and of cities that are withheld, and that are published.

    `merged`: how many of those withheld a merged member joins with others (metrics.merged_members), members of a
    breakdown in each area, and of a total the districts of a city.
    """
    keys = "measure, basis, time_window, period_end"
    overlapping = ", ".join(f"'{dimension}'" for dimension in OVERLAPPING)
    # Hours have no threshold of their own: they go with the people who gave them.
    return build.dicts(f"""
        WITH cells AS (
            SELECT {keys}, area_code AS whole, dimension, value FROM observations
            WHERE dimension NOT IN ('', {overlapping})
            UNION ALL
            SELECT {keys}, parent_code, '', value FROM observations JOIN areas USING (area_code)
            WHERE dimension = '' AND parent_code <> ''
        ), groups AS (
            SELECT {keys}, whole, dimension, count(*) FILTER (WHERE value IS NULL) AS hidden, sum(value) AS shown
            FROM cells GROUP BY ALL HAVING hidden > 1 AND shown > 0
        ), joined AS (
            SELECT measure, basis, g.dimension, sum(hidden) AS merged
            FROM groups g JOIN (SELECT * FROM observations WHERE dimension = '') t USING ({keys})
            WHERE t.area_code = whole
            AND t.value - shown >= CASE WHEN measure LIKE '%hours' THEN 1e-6 ELSE {build.disclosure_threshold} END
            GROUP BY ALL
        )
        SELECT measure, basis, dimension, count(*) FILTER (WHERE value IS NULL) AS hidden,
               count(value) AS published,
               count(*) FILTER (WHERE value IS NULL AND a.parent_code = '') AS hidden_of_cities,
               CAST(coalesce(any_value(merged), 0) AS BIGINT) AS merged
        FROM observations o JOIN areas a USING (area_code) LEFT JOIN joined USING (measure, basis, dimension)
        GROUP BY ALL ORDER BY ALL""")
