"""The drops of bench.drops as a city would send them: 35 months first, then what the last month brings.

The last month's drops are what a monthly drop brings: a thirty-sixth of the records and the activities they
belong to, one record in fifty of the month before (late), and a thirty-sixth of the persons, who registered in
that month and serve from then on.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.drops import (
    FIRST_SERVICE,
    SQL_FOR_REGISTRATIONS,
    copy_to,
    sql_for_activities,
    sql_for_people,
    sql_for_service_hours,
)

MONTHS = 36
MONTHS_PER_FILE = 9


@dataclass(frozen=True)
class MonthlyDrops:
    """`before` holds 35 months, `last` one; in the order in which they are to be loaded."""

    folder: Path
    before: list[Path]
    last: list[Path]


def write_monthly_drops(folder: Path, rows: int, volunteers: int, districts: list[str]) -> MonthlyDrops:
    """`rows` service records of `volunteers` persons; deterministic."""
    folder.mkdir(parents=True, exist_ok=True)
    activity_rows = max(1, rows // 100)
    month = f"12 * year({{day}}) + month({{day}}) - 12 * year(DATE '{FIRST_SERVICE}') - 1"
    last_day = f"DATE '{FIRST_SERVICE}' + INTERVAL {MONTHS} MONTH - INTERVAL 9 DAY"
    scratch = folder / "scratch.duckdb"
    with duckdb.connect(str(scratch)) as connection:
        connection.execute("CREATE TABLE districts AS SELECT unnest(?) AS name", [districts])
        connection.execute(sql_for_people(volunteers))
        known = volunteers * (MONTHS - 1) // MONTHS
        connection.execute(f"""
            CREATE TABLE registrations AS
            SELECT * REPLACE (CASE WHEN month = {MONTHS - 1} THEN CAST({last_day} AS DATE) ELSE 注册日期 END AS 注册日期)
            FROM (SELECT *, CASE WHEN CAST(志愿者编号[2:] AS BIGINT) < {known} THEN 0 ELSE {MONTHS - 1} END AS month
                  FROM ({SQL_FOR_REGISTRATIONS}))""")
        connection.execute(f"""
            CREATE TABLE instead AS
            SELECT n.id_number, o.id_number AS known_id_number
            FROM people n JOIN people o ON o.volunteer = n.volunteer % {known} WHERE n.volunteer >= {known}""")
        for table, select, day in (
            ("activities", sql_for_activities(activity_rows), "CAST(开始时间 AS TIMESTAMP)"),
            (
                "service_hours",
                sql_for_service_hours(0, rows, volunteers, activity_rows),
                "CAST(服务日期 AS DATE)",
            ),
        ):
            connection.execute(
                f"CREATE TABLE {table} AS SELECT *, {month.format(day=day)} AS month FROM ({select})"
            )
        connection.execute(f"""
            CREATE OR REPLACE TABLE service_hours AS
            SELECT s.* REPLACE (
                CASE WHEN s.month = {MONTHS - 2} AND hash(记录编号) % 50 = 0 THEN {MONTHS - 1} ELSE s.month END AS month,
                CASE WHEN s.month < {MONTHS - 1} THEN coalesce(i.known_id_number, 身份证号) ELSE 身份证号 END AS 身份证号)
            FROM service_hours s LEFT JOIN instead i ON i.id_number = 身份证号 ORDER BY month""")
        parts = [("registrations", 0, MONTHS - 1), ("activities", 0, MONTHS - 1)]
        parts += [
            ("service_hours", month, min(month + MONTHS_PER_FILE, MONTHS - 1))
            for month in range(0, MONTHS - 1, MONTHS_PER_FILE)
        ]
        last = [(table, MONTHS - 1, MONTHS) for table in ("registrations", "activities", "service_hours")]
        before_files, last_files = (
            [copied(connection, folder, *part) for part in chosen] for chosen in (parts, last)
        )
    scratch.unlink()
    return MonthlyDrops(folder, before_files, last_files)


def copied(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, first: int, end: int) -> Path:
    """A file of one source and the months from `first` to before `end`."""
    path = folder / f"{table}_{first + 1:02d}-{end:02d}.csv"
    rows = f"SELECT * EXCLUDE (month) FROM {table} WHERE month >= {first} AND month < {end}"
    copy_to(connection, rows, path)
    return path
