"""Two registrations in force in the same months are one interval, whatever numbers their persons happen to have.

Which of two equal rows a window meets first is up to the sort, and differs with how many rows there are and with
the numbers of the persons, which follow from a home's secret: so many persons, in several sizes.
"""

from pathlib import Path

import duckdb
import pytest

from metrics.build import open_build
from metrics.cube.people import sql_for_in_force, sql_for_on_platform, sql_for_persons
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import make_build

SIZES = (300, 700, 1000, 1300, 3000)


@pytest.mark.parametrize("persons", SIZES)
def test_equal_intervals_on_two_platforms_are_one(persons: int) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"""
            CREATE TABLE registered AS
            SELECT CAST(p AS BIGINT) AS volunteer_key, CAST(1007 AS BIGINT) AS area_key, platform_no,
                   2 AS gender_code, 2000 AS birth_year, true AS has_id_number,
                   platform_no * 1000000 + p AS arrival, 24255 + p % 3 AS from_month,
                   120000 AS until_month, 24255 AS left_month
            FROM range({persons}) person(p), (VALUES (3), (4)) platform(platform_no)""")
        connection.execute(f"CREATE TABLE persons AS {sql_for_persons('registered')}")
        found = connection.execute(
            f"SELECT count(*), count(*) FILTER (is_first) FROM ({sql_for_in_force('registered', 'persons')})"
        ).fetchone()
        on_platform = connection.execute(
            f"SELECT count(*) FROM ({sql_for_on_platform('registered', 'persons')})"
        ).fetchone()
    assert found == (persons, persons)
    assert on_platform == (2 * persons,)


def test_such_persons_are_active_once(tmp_path: Path) -> None:
    persons = 1000
    registrations = [
        {"volunteer_key": key, "registered_on": f"2021-0{1 + key % 3}-05", "platform": platform}
        for key in range(persons)
        for platform in ("a", "b")
    ]
    records = [
        {"volunteer_key": key, "service_date": "2021-05-05", "service_minutes": 60, "area_code": "130203"}
        for key in range(persons)
    ]
    build = open_build(make_build(tmp_path, registrations=registrations, service_records=records))
    assert build is not None
    for measure in ("registered_volunteers", "active_volunteers", "service_hours"):
        (row,) = query(build, measure, "130200", Period.parse("2021-05"), "ytd")
        assert row.value == persons, measure
