"""Tables that count records by place: days, rows reported and rows flagged.

Records of a small area and month are those of few people, so a public build counts them by city only.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np

from metrics.disclosure.choose import choose_rows
from metrics.disclosure.grids import Numbering
from metrics.disclosure.lines import Earlier

RECORDS = ("counted_records", "unplaced_records", "unregistered_records")


class Day(NamedTuple):
    day: date
    visits: int


def withhold_records(numbering: Numbering, threshold: int, earlier: Earlier) -> None:
    connection, target = numbering.connection, numbering.target
    areas = f"SELECT area_code FROM {target}.areas WHERE parent_code <> ''"
    connection.execute(
        f"UPDATE {target}.completeness SET rows = NULL, last_on = NULL WHERE area_code IN ({areas})"
    )
    # Neither by drop nor by supplier: the sum of a city is all that cannot be taken apart.
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE disclosure_flags AS
        SELECT check_name, CAST(NULL AS INTEGER) AS drop_id, CAST(NULL AS VARCHAR) AS supplier,
               coalesce(nullif(a.parent_code, ''), f.area_code) AS area_code,
               CASE WHEN sum(rows) >= {threshold} THEN CAST(sum(rows) AS BIGINT) END AS rows
        FROM {target}.flags f LEFT JOIN {target}.areas a USING (area_code) GROUP BY ALL""")
    connection.execute(f"DELETE FROM {target}.flags")
    connection.execute(f"INSERT INTO {target}.flags SELECT * FROM disclosure_flags ORDER BY ALL")
    # The records no city or nobody's register claims, and all of them, from which the first could be computed.
    connection.execute(f"""
        DELETE FROM {target}.manifest WHERE key IN {RECORDS} AND EXISTS (
            SELECT 1 FROM {target}.manifest
            WHERE key IN {RECORDS} AND TRY_CAST(value AS BIGINT) BETWEEN 1 AND {threshold - 1})""")
    if numbering.has_table("days"):
        withhold_days(numbering, threshold, earlier)


def withhold_days(numbering: Numbering, threshold: int, earlier: Earlier) -> None:
    """Days of cities only; in each month days of few visits, with others to hide in."""
    connection, target = numbering.connection, numbering.target
    connection.execute(
        f"DELETE FROM {target}.days WHERE area_code IN (SELECT area_code FROM {target}.areas WHERE parent_code <> '')"
    )
    months: dict[tuple[str, int, int], list[Day]] = defaultdict(list)
    for city, day, visits in connection.execute(
        f"SELECT area_code, service_date, visits FROM {target}.days ORDER BY ALL"
    ).fetchall():
        months[city, day.year, day.month].append(Day(day, visits))
    for (city, _, _), days in months.items():
        values = np.array([[float(day.visits)] for day in days])
        told = np.array([[earlier.told_days.get((city, day.day)) == day.visits] for day in days])
        forced = np.array([(city, day.day) in earlier.days for day in days])
        hidden = choose_rows(values, np.where(told, 0.0, values), forced, threshold).hidden
        withheld = [day.day for day, is_hidden in zip(days, hidden, strict=True) if is_hidden]
        if withheld:
            connection.execute(
                f"UPDATE {target}.days SET visits = NULL, hours = NULL "
                "WHERE area_code = ? AND list_contains(?, service_date)",
                [city, withheld],
            )
