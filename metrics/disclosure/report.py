"""How much a build withholds, for pages and for the closing note of a publication."""

from typing import Any

from metrics.build import Build


def withheld(build: Build) -> list[dict[str, Any]]:
    """Per measure, basis and breakdown: cells of areas and of cities that are withheld, and that are published."""
    return build.dicts("""
        SELECT measure, basis, dimension, count(*) FILTER (WHERE value IS NULL) AS hidden,
               count(value) AS published,
               count(*) FILTER (WHERE value IS NULL AND a.parent_code = '') AS hidden_of_cities
        FROM observations o JOIN areas a USING (area_code) GROUP BY ALL ORDER BY ALL""")
