"""Whether a build contradicts itself: a city that is not the sum of its parts, a ledger whose rows do not add up."""

from pathlib import Path

import duckdb

from metrics.members import OVERLAPPING


class BuildRefused(Exception):
    """The new build contradicts itself; the previous one stays current."""


# Where parts must add up to a whole, by table: what a row is of, and the figures that are added.
FIGURES = {
    "observations": (("measure", "basis", "time_window", "period_end", "dimension", "member"), ("value",)),
    "hours_bands": (("time_window", "period_end", "band"), ("people", "hours")),
    "cohorts": (("cohort_start", "quarter_end"), ("registered", "active")),
    "days": (("service_date",), ("visits", "hours")),
    "day_kinds": (("time_window", "period_end", "day_kind"), ("visits",)),
}


def verify(path: Path) -> None:
    """Refuse a build in which a city is not the sum of its parts, a total not that of its members, or a ledger
    row does not add up. Where a part is suppressed, nothing can be said about the whole."""
    with duckdb.connect(":memory:") as reader:
        reader.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS build (READ_ONLY)")
        require_sums(reader)
        require_ledger(reader)


def require_ledger(reader: duckdb.DuckDBPyConnection) -> None:
    """Refuse a ledger row that does not add up; where a count is withheld, nothing can be said."""
    found = reader.execute(
        "SELECT drop_id FROM build.drops WHERE status <> 'held' "
        "AND rows_read <> rows_accepted + rows_unchanged + rows_quarantined"
    ).fetchall()
    for uneven in found:
        raise BuildRefused(f"drop {uneven[0]}: its rows do not add up.")


def require_sums(reader: duckdb.DuckDBPyConnection) -> None:
    """Refuse figures that do not add up; where a part is suppressed, nothing can be said about the whole."""
    for table, (keys, figures) in FIGURES.items():
        if table == "days" and not _has_parts(reader, table):
            continue  # in public only cities have days
        _require_cities_whole(reader, table, keys, figures)
    _require_members_add_up(reader)
    found = reader.execute(
        "SELECT measure, area_code, time_window, period_end FROM build.observations WHERE value < 0 LIMIT 1"
    ).fetchall()
    for torn in found:
        raise BuildRefused(f"{torn[0]} of {torn[1]}, {torn[2]} to {torn[3]}: less than nothing.")


def _has_parts(reader: duckdb.DuckDBPyConnection, table: str) -> bool:
    sql = (
        f"SELECT 1 FROM build.{table} JOIN build.areas a USING (area_code) WHERE a.parent_code <> '' LIMIT 1"
    )
    return bool(reader.execute(sql).fetchall())


def _require_cities_whole(
    reader: duckdb.DuckDBPyConnection, table: str, keys: tuple[str, ...], figures: tuple[str, ...]
) -> None:
    columns = ", ".join(keys)
    parts = ", ".join(
        f"sum({one}) AS {one}, count({one}) = count(*) AS whole_{place}" for place, one in enumerate(figures)
    )
    # A row that is missing on one side is 0 there; a value that is withheld says nothing.
    differ = " OR ".join(
        f"(coalesce(p.whole_{place}, true) AND (c.area_code IS NULL OR c.{one} IS NOT NULL) AND "
        f"abs(coalesce(p.{one}, 0) - coalesce(c.{one}, 0)) > 1e-6 * (1 + abs(coalesce(c.{one}, 0))))"
        for place, one in enumerate(figures)
    )
    found = reader.execute(f"""
        WITH parts AS (
            SELECT {columns}, a.parent_code AS area_code, {parts}
            FROM build.{table} JOIN build.areas a USING (area_code) WHERE a.parent_code <> '' GROUP BY ALL
        ), cities AS (
            SELECT {columns}, area_code, {", ".join(figures)}
            FROM build.{table} JOIN build.areas a USING (area_code) WHERE a.parent_code = ''
        )
        SELECT area_code, {columns} FROM parts p FULL JOIN cities c USING ({columns}, area_code)
        WHERE {differ} LIMIT 1""").fetchall()
    for area_code, *torn in found:
        said = ", ".join(str(value) for value in torn if value != "")
        raise BuildRefused(f"{table} of {area_code}, {said}: the city is not the sum of its parts.")


def _require_members_add_up(reader: duckdb.DuckDBPyConnection) -> None:
    """Everybody has one member of a dimension, and everybody active gave hours that lie in one band.

    Of members that overlap none can have more than there are.
    """
    keys = "measure, basis, area_code, time_window, period_end"
    found = reader.execute(f"""
        WITH figures AS (
            SELECT {keys}, dimension, value FROM build.observations
            UNION ALL
            SELECT 'active_volunteers', 'residence', area_code, time_window, period_end, 'hours_band', people
            FROM build.hours_bands
            UNION ALL
            SELECT 'service_visits', 'service', area_code, time_window, period_end, 'day_kind', visits
            FROM build.day_kinds
        ), added AS (
            SELECT {keys}, dimension, sum(value) AS value FROM figures
            GROUP BY ALL HAVING dimension <> '' AND dimension NOT IN ({listed(OVERLAPPING)})
            AND count(value) = count(*)
        )
        SELECT measure, area_code, time_window, period_end, dimension
        FROM added m LEFT JOIN (
            SELECT {keys}, value, value IS NULL AS is_hidden FROM figures WHERE dimension = ''
        ) t USING ({keys})
        WHERE abs(m.value - coalesce(t.value, 0)) > 1e-6 * (1 + abs(m.value)) AND NOT coalesce(is_hidden, false)
        LIMIT 1""").fetchall()
    for measure, area_code, window, day, dimension in found:
        raise BuildRefused(
            f"{measure} of {area_code}, {window} to {day}: the total is not the sum by {dimension}."
        )
    found = reader.execute(f"""
        SELECT measure, m.area_code, m.time_window, m.period_end, m.member
        FROM build.observations m LEFT JOIN (SELECT * FROM build.observations WHERE dimension = '') t USING ({keys})
        WHERE m.dimension IN ({listed(OVERLAPPING)}) AND (m.value > t.value OR (m.value > 0 AND t.measure IS NULL))
        LIMIT 1""").fetchall()
    for measure, area_code, window, day, member in found:
        raise BuildRefused(f"{measure} of {area_code}, {window} to {day}: more on '{member}' than there are.")


def listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f"'{text}'" for text in texts)
