"""The ledger of a public build: no row count from which the count of a district or of a few people could be computed.

One condition, as for figures: what a city's files of one kind add up to is its published total. So a file about one
district, or with only a few rows, is told neither by its own counts nor by those of the others of its city and kind:
one such file, and none of them says how many rows it had. Whoever has the warehouse at hand sees all of them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from metrics.areas import load_areas

# What is counted of people, by the kind of drop it comes from: the month of it that a city publishes.
COUNTED_FROM = {
    "registrations": ("new_registrations", "residence"),
    "service_hours": ("service_visits", "service"),
}
NOT_PEOPLE = ("activities",)  # kinds of drops whose rows are no people
PARTS = ("rows_accepted", "rows_unchanged", "rows_quarantined")
COUNTS = ("rows_read", *PARTS, "rows_superseding")

# Sums of rows and hours in the reasons of a hold (etl/unlike.py), of the drop and of those it is unlike.
NUMBER = r"[0-9][0-9,.]*(?:–[0-9][0-9,.]*)?"
HELD_ZH = (rf"((?:）|次|这一次)为 ){NUMBER}", "\\1※")
HELD_EN = (rf"((?:fell|rose): |\(|, )({NUMBER})( in drop| in the last|(?: h)? now)", "\\1※\\3")

Places = Mapping[int, frozenset[str]]  # the areas in which a drop's rows lie
Group = tuple[str, str | None]  # a city and a kind of drop


class Entry(NamedTuple):
    """A drop whose rows are of people."""

    drop_id: int
    is_whole: bool  # about a whole city (or more than one), not about one district of it
    is_few: bool  # some rows, but fewer than the threshold, are in or new
    groups: frozenset[Group]
    first_on: date | None
    last_on: date | None


def withhold_ledger(connection: DuckDBPyConnection, target: str, threshold: int, places: Places) -> None:
    """Withhold row counts in the ledger's tables, given where the rows of each drop lie."""
    entries = read_entries(connection, target, threshold, places)
    told = groups_told(entries) | groups_beside(connection, target, entries)
    hidden = [entry.drop_id for entry in entries if not entry.is_whole or entry.groups & told]
    shown = [entry.drop_id for entry in entries if entry.drop_id not in set(hidden)]
    withhold_drops(connection, target, threshold, hidden, shown)
    withhold_by_drop(connection, target, threshold, hidden, shown)
    withhold_months(connection, target, threshold, told)


def groups_told(entries: list[Entry]) -> set[Group]:
    """Cities and kinds of which the counts of some file, or of all others, would tell a small count."""
    told: set[Group] = set()
    for entry in entries:
        if not entry.is_whole or entry.is_few:
            told |= entry.groups
    return told


def groups_beside(connection: DuckDBPyConnection, target: str, entries: list[Entry]) -> set[Group]:
    """Cities and kinds of which files would tell what the city withholds: a month of its own, or single days."""
    told: set[Group] = set()
    for kind, (measure, basis) in COUNTED_FROM.items():
        years = connection.execute(f"""
            SELECT DISTINCT area_code, year(period_end) FROM {target}.observations
            SEMI JOIN (SELECT area_code FROM {target}.areas WHERE parent_code = '') USING (area_code)
            WHERE measure = '{measure}' AND basis = '{basis}' AND time_window = 'month' AND dimension = ''
              AND value IS NULL""").fetchall()
        for city, year in years:
            if any(
                (city, kind) in entry.groups and entry.first_on.year <= year <= entry.last_on.year
                for entry in entries
                if entry.first_on and entry.last_on
            ):
                told.add((city, kind))
    # Of the months with days withheld all days on which anybody served.
    months = connection.execute(f"""
        SELECT area_code, list(service_date) FROM {target}.days
        GROUP BY area_code, date_trunc('month', service_date) HAVING count(visits) < count(*)""").fetchall()
    for city, days in months:
        group = (city, "service_hours")
        for entry in entries:
            if group in entry.groups and entry.first_on and entry.last_on:
                inside = sum(entry.first_on <= day <= entry.last_on for day in days)
                if 0 < inside < len(days):
                    told.add(group)
    return told


def read_entries(connection: DuckDBPyConnection, target: str, threshold: int, places: Places) -> list[Entry]:
    kinds = ", ".join(f"'{kind}'" for kind in NOT_PEOPLE)
    found = connection.execute(f"""
        SELECT drop_id, source, area_code, rows_accepted, rows_superseding, first_on, last_on FROM {target}.drops
        WHERE coalesce(source, '') NOT IN ({kinds}) ORDER BY drop_id""").fetchall()
    entries = []
    for drop_id, source, area, accepted, superseding, *span in found:
        its = places.get(drop_id, frozenset())
        cities = cities_of([*its, *([area] if area else [])])
        # A drop of which nothing is in says by its area alone what it is about.
        is_whole = (not area or area in cities) and (len(its) > 1 if its else bool(area))
        is_few = any(0 < rows < threshold for rows in (accepted, accepted - (superseding or 0)))
        entries.append(Entry(drop_id, is_whole, is_few, frozenset((city, source) for city in cities), *span))
    return entries


def cities_of(codes: Iterable[str]) -> set[str]:
    areas = load_areas()
    return {city for code in codes if code in areas and (city := areas.city_of(code))}


def withhold_drops(
    connection: DuckDBPyConnection, target: str, threshold: int, hidden: list[int], shown: list[int]
) -> None:
    """A file's size and digest tell its rows as well; its days would tell when the few served: months do not.

    Zeros that tell nothing stay: a drop that is refused or held, as its status says, has no row that is in.
    """
    kept = {
        column: f"CASE WHEN {column} = 0 AND status NOT IN ('loaded', 'withdrawn') THEN 0 END"
        for column in COUNTS
    }
    # That no row was set aside is told already, by no check being listed: `quality` has those of drops in force.
    kept["rows_quarantined"] = "CASE WHEN rows_quarantined = 0 AND status <> 'withdrawn' THEN 0 END"
    nothing = ", ".join(f"{column} = {kept.get(column, 'NULL')}" for column in (*COUNTS, "bytes", "sha256"))
    connection.execute(
        f"UPDATE {target}.drops SET {nothing}, first_on = CAST(date_trunc('month', first_on) AS DATE), "
        "last_on = last_day(last_on) WHERE list_contains(?, drop_id)",
        [hidden],
    )
    few = {column: f"{column} BETWEEN 1 AND {threshold - 1}" for column in COUNTS}
    changes = [f"{column} = CASE WHEN {few[column]} THEN NULL ELSE {column} END" for column in COUNTS[1:]]
    # The sum would give a single part away.
    changes.append(
        f"rows_read = CASE WHEN {' OR '.join(few[column] for column in PARTS)} THEN NULL ELSE rows_read END"
    )
    connection.execute(
        f"UPDATE {target}.drops SET {', '.join(changes)} WHERE list_contains(?, drop_id)", [shown]
    )
    connection.execute(
        f"""UPDATE {target}.drops
            SET note_zh = regexp_replace(note_zh, '[0-9][0-9,]*( 行)', '※\\1', 'g'),
                note_en = regexp_replace(note_en, '[0-9][0-9,]*(( [a-z]+)? rows?)', '※\\1', 'g')
            WHERE list_contains(?, drop_id)""",
        [hidden + shown],
    )
    # What a hold compares are counts of other drops too, so whether this one tells its own does not matter.
    for column, (pattern, instead) in (("note_zh", HELD_ZH), ("note_en", HELD_EN)):
        connection.execute(
            f"UPDATE {target}.drops SET {column} = regexp_replace({column}, ?, ?, 'g') "
            "WHERE list_contains(?, drop_id)",
            [pattern, instead, hidden],
        )


def withhold_by_drop(
    connection: DuckDBPyConnection, target: str, threshold: int, hidden: list[int], shown: list[int]
) -> None:
    """Rows by check, and rows corrected. A check with few rows takes the drop's others with it: their sum is told."""
    for table in ("quality", "corrections"):
        connection.execute(
            f"UPDATE {target}.{table} SET rows = NULL WHERE list_contains(?, drop_id)", [hidden]
        )
        connection.execute(
            f"""UPDATE {target}.{table} SET rows = NULL WHERE list_contains(?, drop_id) AND drop_id IN (
                    SELECT drop_id FROM {target}.{table} WHERE rows BETWEEN 1 AND {threshold - 1})""",
            [shown],
        )


def withhold_months(connection: DuckDBPyConnection, target: str, threshold: int, told: set[Group]) -> None:
    """Months by supplier: none of a city whose ledger tells nothing, none the city itself withholds, none of few rows.

    Nor which district had nothing where that month of the district is withheld: known zeros leave too few to hide in.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE disclosure_place AS
        SELECT area_code, coalesce(nullif(parent_code, ''), area_code) AS city FROM {target}.areas""")
    for source, (measure, basis) in COUNTED_FROM.items():
        silent = [city for city, kind in told if kind == source]
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE disclosure_month AS
            SELECT DISTINCT city, month FROM (
                SELECT p.city, c.month FROM {target}.completeness c JOIN disclosure_place p USING (area_code)
                WHERE c.source = '{source}'
                  AND (c.month_rows BETWEEN 1 AND {threshold - 1} OR list_contains(?, p.city))
                UNION ALL
                SELECT area_code, CAST(date_trunc('month', period_end) AS DATE) FROM {target}.observations
                WHERE measure = '{measure}' AND basis = '{basis}' AND time_window = 'month' AND dimension = ''
                  AND value IS NULL)""",
            [silent],
        )
        connection.execute(f"""
            UPDATE {target}.completeness c SET month_rows = NULL, usual_rows = NULL
            FROM disclosure_place p JOIN disclosure_month m USING (city)
            WHERE c.source = '{source}' AND c.area_code = p.area_code AND c.month = m.month""")
        connection.execute(f"""
            UPDATE {target}.completeness c SET state = 'complete'
            WHERE c.source = '{source}' AND c.state = 'zero' AND EXISTS (
                SELECT 1 FROM {target}.observations o
                WHERE o.measure = '{measure}' AND o.basis = '{basis}' AND o.area_code = c.area_code
                  AND o.time_window = 'month' AND o.period_end = last_day(c.month) AND o.dimension = ''
                  AND o.value IS NULL)""")
    connection.execute("DROP TABLE disclosure_place; DROP TABLE disclosure_month")
