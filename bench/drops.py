"""Write a large, regular, synthetic set of drops with DuckDB's SQL, fast enough for millions of rows.

This is not the sample city of `etl sample`: no calibration, no faults, no story. It is a load to be timed:
the three core drops in the ugly but legal form real ones have (Chinese headers, full ID numbers, district
names), every row acceptable, so that "rows loaded = rows written" can be asserted.
Each row carries 数据性质 = 示例数据, the mark by which a load knows a drop for synthetic.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

FIRST_REGISTRATION, FIRST_SERVICE, SERVICE_DAYS = "2018-01-01", "2021-01-01", 3 * 365
MONTHS = 36
VOLUNTEERS_PER_BIRTHDAY_CYCLE = (
    21_900  # sixty years of birthdays; then the running number goes up by two (odd: a man)
)
# GB 11643: the check digit is the weighted sum of the first 17 digits, modulo 11, looked up in this row.
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


@dataclass(frozen=True)
class Drops:
    """The files written and what is in them: registrations, activities and hours (data) rows."""

    folder: Path
    registrations: list[Path]
    activities: list[Path]
    service_hours: list[Path]
    volunteers: int
    activity_rows: int
    hour_rows: int
    later: Path  # one more month of hours, in a folder of its own
    later_rows: int

    @property
    def files(self) -> list[Path]:
        return [*self.registrations, *self.activities, *self.service_hours]

    @property
    def rows(self) -> int:
        return self.volunteers + self.activity_rows + self.hour_rows

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files)


def write_drops(
    folder: Path,
    rows: int,
    volunteers: int,
    districts: list[str],
    files: int = MONTHS,
    narrow: bool = False,
) -> Drops:
    """`rows` service records of `volunteers` persons in the named districts; deterministic.

    `narrow` hours have person, activity, day, hours and status only (50 bytes a row, as in a list of one
    month that a district types); otherwise they have all eleven columns a platform exports (130 bytes).
    The files follow one another in time; one more, of the same size, lies apart in `later/`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    later_rows = max(1, rows // files)
    activity_rows = -(-(rows + later_rows) // 100)  # rounded up: the last records must not start anew in 2021
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE districts AS SELECT unnest(?) AS name", [districts])
        connection.execute(sql_for_people(volunteers))
        registrations = folder / "registrations.csv"
        copy_to(connection, SQL_FOR_REGISTRATIONS, registrations)
        activities = folder / "activities.csv"
        copy_to(connection, sql_for_activities(activity_rows), activities)
        service_hours = [folder / f"service_hours_{part + 1:02d}.csv" for part in range(files)]
        later = folder / "later" / f"service_hours_{files + 1:02d}.csv"
        later.parent.mkdir(exist_ok=True)
        sql = sql_for_narrow_hours if narrow else sql_for_service_hours
        for part, path in enumerate(service_hours):
            first, last = rows * part // files, rows * (part + 1) // files
            copy_to(connection, sql(first, last, volunteers, activity_rows), path)
        copy_to(connection, sql(rows, rows + later_rows, volunteers, activity_rows), later)
    return Drops(
        folder,
        [registrations],
        [activities],
        service_hours,
        volunteers,
        activity_rows,
        rows,
        later,
        later_rows,
    )


def copy_to(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    target = str(path).replace("'", "''")  # COPY takes no parameters
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER)")


def sql_for_people(volunteers: int) -> str:
    """One row per volunteer, numbered from 0: an ID number of the never-issued region 900000, well formed."""
    digits = " + ".join(
        f"CAST(substr(stem, {place}, 1) AS INTEGER) * {weight}"
        for place, weight in enumerate(CHECK_WEIGHTS, start=1)
    )
    return f"""
        CREATE TABLE people AS
        WITH numbered AS (
            SELECT
                range AS volunteer,
                CAST(DATE '1946-01-01' + CAST(range % {VOLUNTEERS_PER_BIRTHDAY_CYCLE} AS INTEGER) AS DATE)
                    AS born,
                2 * (range // {VOLUNTEERS_PER_BIRTHDAY_CYCLE}) + CAST(hash(range) % 2 AS BIGINT)
                    AS running_number
            FROM range({volunteers})
        ), stems AS (
            SELECT volunteer, running_number,
                '900000' || strftime(born, '%Y%m%d') || lpad(CAST(running_number AS VARCHAR), 3, '0') AS stem
            FROM numbered
        )
        SELECT volunteer, running_number,
            stem || substr('{CHECK_DIGITS}', CAST(({digits}) % 11 AS INTEGER) + 1, 1) AS id_number,
            (SELECT count(*) FROM districts) AS districts
        FROM stems
    """


# hash() is DuckDB's and fixed: the same rows on every machine and in any number of threads.
SQL_FOR_REGISTRATIONS = f"""
    SELECT
        id_number AS 身份证号,
        'V' || lpad(CAST(volunteer AS VARCHAR), 9, '0') AS 志愿者编号,
        '示例' AS 姓名,
        CASE WHEN running_number % 2 = 1 THEN '男' ELSE '女' END AS 性别,
        name AS 所属区县,
        CAST(DATE '{FIRST_REGISTRATION}' + CAST(hash(volunteer) % 1000 AS INTEGER) AS DATE) AS 注册日期,
        '有效' AS 状态,
        '示例平台' AS 来源平台,
        '示例数据' AS 数据性质
    FROM people
    JOIN (SELECT name, row_number() OVER () - 1 AS place FROM districts)
        ON place = hash(volunteer + 7) % districts
    ORDER BY volunteer
"""


def sql_for_activities(activity_rows: int) -> str:
    return f"""
        SELECT
            'A' || lpad(CAST(range AS VARCHAR), 8, '0') AS 活动编号,
            '示例活动' AS 活动名称,
            '社区服务' AS 服务类别,
            name AS 所属区县,
            strftime({day_of("range", activity_rows)}, '%Y-%m-%d') || ' 08:00:00' AS 开始时间,
            strftime({day_of("range", activity_rows)}, '%Y-%m-%d') || ' 18:00:00' AS 结束时间,
            20 AS 招募人数,
            '已结束' AS 状态,
            '示例数据' AS 数据性质
        FROM range({activity_rows})
        JOIN (SELECT name, row_number() OVER () - 1 AS place FROM districts)
            ON place = hash(range + 11) % (SELECT count(*) FROM districts)
        ORDER BY range
    """


def day_of(number: str, activity_rows: int) -> str:
    """The day of an activity number, as SQL: three years in order, so that a file holds a month or so."""
    return f"(DATE '{FIRST_SERVICE}' + CAST({number} * {SERVICE_DAYS} // {activity_rows} AS INTEGER))"


def sql_for_service_hours(first: int, last: int, volunteers: int, activity_rows: int) -> str:
    """Records number `first` (inclusive) to `last` (exclusive).

    The square of a uniform number chooses the volunteer, so that few serve much and many little; a day holds
    one to sixteen half-hours, inside the activity's ten hours.
    """
    return f"""
        WITH drawn AS (
            SELECT
                range AS record,
                CAST(floor({volunteers} * pow((hash(range) % 1000000) / 1e6, 2)) AS BIGINT) AS volunteer,
                range // 100 % {activity_rows} AS activity,
                CAST(30 + 30 * (hash(range + 2) % 16) AS INTEGER) AS service_minutes,
                CAST(hash(range + 3) % 100 AS BIGINT) AS lot
            FROM range({first}, {last})
        ), dated AS (
            SELECT *, {day_of("activity", activity_rows)} + INTERVAL 8 HOUR + to_minutes(30 * (lot % 4)) AS start_at
            FROM drawn
        )
        SELECT
            'J' || lpad(CAST(record AS VARCHAR), 10, '0') AS 记录编号,
            id_number AS 身份证号,
            'A' || lpad(CAST(activity AS VARCHAR), 8, '0') AS 活动编号,
            strftime(start_at, '%Y-%m-%d') AS 服务日期,
            strftime(start_at, '%Y-%m-%d %H:%M:%S') AS 开始时间,
            strftime(start_at + to_minutes(service_minutes), '%Y-%m-%d %H:%M:%S') AS 结束时间,
            service_minutes / 60 AS 服务时长,
            strftime(start_at + to_days(CAST(lot % 9 AS INTEGER)), '%Y-%m-%d') AS 录入日期,
            CASE WHEN lot < 70 THEN '自动签到' WHEN lot < 90 THEN '人工补录' ELSE '批量导入' END AS 计时方式,
            CASE WHEN lot = 98 THEN '待审' WHEN lot = 99 THEN '驳回' ELSE '通过' END AS 审核状态,
            '示例数据' AS 数据性质
        FROM dated JOIN people USING (volunteer)
        ORDER BY record
    """


def sql_for_narrow_hours(first: int, last: int, volunteers: int, activity_rows: int) -> str:
    """The same kind of records without numbers of their own: no person twice at one activity.

    A hundred records in a row belong to one activity; their places among the persons are spread evenly, or,
    where there are persons enough for it, so that few serve much and many little.
    Only the first row carries the mark of sample data, one is enough.
    """
    assert volunteers >= 100, "a hundred persons take part in each activity"
    power = 2 if volunteers >= 20_000 else 1
    return f"""
        WITH drawn AS (
            SELECT
                range AS record,
                range // 100 % {activity_rows} AS activity,
                CAST(floor({volunteers}
                    * pow((hash(range // 100) % 10000 / 1e6 + range % 100 / 100.0) % 1, {power})) AS BIGINT) AS volunteer,
                (30 + 30 * (hash(range + 2) % 16)) / 60 AS hours
            FROM range({first}, {last})
        )
        SELECT
            id_number AS 身份证号,
            'A' || lpad(CAST(activity AS VARCHAR), 8, '0') AS 活动编号,
            strftime({day_of("activity", activity_rows)}, '%Y-%m-%d') AS 服务日期,
            hours AS 服务时长,
            CASE WHEN hash(record + 3) % 50 = 0 THEN '待审' ELSE '通过' END AS 审核状态,
            CASE WHEN record = {first} THEN '示例数据' END AS 数据性质
        FROM drawn JOIN people USING (volunteer)
        ORDER BY record
    """
