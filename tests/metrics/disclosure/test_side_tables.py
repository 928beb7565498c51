"""Tables beside the observations (hours by band, cohorts, days) are protected as breakdowns of the same counts."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from metrics.disclosure import control
from metrics.disclosure.grids import NotDescribed
from tests.metrics.disclosure.town import CITY, LEAVES, Published, lone_small_count, random_town

BANDS = "(VALUES (0, 0.5), (1, 0.3), (2, 0.2)) AS bands(band, share)"


@pytest.fixture(scope="module")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A full build with such tables, as the cube would fill them, after control."""
    directory = tmp_path_factory.mktemp("side")
    path = Published(directory).publish(random_town(5, 600, 6, 4)).truths[0]
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{path}' AS build")
    connection.execute(f"""
        CREATE OR REPLACE TABLE build.hours_bands AS
        SELECT area_code, time_window, period_end, band, CAST(CASE band
                   WHEN 0 THEN value - floor(value * 0.3) - floor(value * 0.1)
                   WHEN 1 THEN floor(value * 0.3) ELSE floor(value * 0.1) END AS BIGINT) AS people,
               CAST(people * 2 AS DOUBLE) AS hours
        FROM build.observations, {BANDS}
        WHERE measure = 'active_volunteers' AND dimension = '' AND area_code <> '{CITY}'
          AND time_window IN ('ytd', 'year', 'to_date') AND people > 0""")
    connection.execute(f"""
        INSERT INTO build.hours_bands
        SELECT '{CITY}', time_window, period_end, band, sum(people), sum(hours)
        FROM build.hours_bands GROUP BY time_window, period_end, band""")
    connection.execute("""
        CREATE OR REPLACE TABLE build.cohorts AS
        SELECT area_code, DATE '2021-01-01' AS cohort_start, period_end AS quarter_end,
               CAST(value AS BIGINT) AS registered, CAST(floor(value * 0.4) AS BIGINT) AS active
        FROM build.observations
        WHERE measure = 'registered_volunteers' AND dimension = '' AND month(period_end) IN (3, 6, 9, 12)""")
    connection.execute(f"""
        CREATE OR REPLACE TABLE build.days AS
        SELECT area_code, CAST(service_date AS DATE) AS service_date, visits, visits * 1.5 AS hours
        FROM (VALUES ('{CITY}'), ('371002')) AS places(area_code),
             (VALUES ('2021-01-01', 3), ('2021-01-02', 40), ('2021-01-03', 50), ('2021-02-01', 70))
             AS days(service_date, visits)""")
    connection.execute("DELETE FROM build.day_kinds")
    connection.execute("DELETE FROM build.manifest WHERE key LIKE 'disclosure%'")
    control(connection, "build", 10, directory / "none", "2")
    return connection


def test_no_small_count_is_left(controlled: duckdb.DuckDBPyConnection) -> None:
    for table, column in (
        ("hours_bands", "people"),
        ("cohorts", "registered"),
        ("cohorts", "active"),
        ("days", "visits"),
    ):
        ((small, hidden, shown),) = controlled.execute(
            f"SELECT count(*) FILTER (WHERE {column} BETWEEN 1 AND 9), count(*) - count({column}), count({column}) "
            f"FROM build.{table}"
        ).fetchall()
        assert small == 0, table
        assert hidden or column == "registered", table
        assert shown, table


def test_hours_go_with_the_people_of_their_band(controlled: duckdb.DuckDBPyConnection) -> None:
    rows = controlled.execute(
        "SELECT count(*) FROM build.hours_bands WHERE people IS NULL <> (hours IS NULL)"
    )
    assert rows.fetchall() == [(0,)]


def test_days_are_those_of_cities_and_one_small_one_has_company(
    controlled: duckdb.DuckDBPyConnection,
) -> None:
    rows = controlled.execute(
        "SELECT area_code, visits, hours FROM build.days ORDER BY service_date"
    ).fetchall()
    assert rows == [(CITY, None, None), (CITY, None, None), (CITY, 50, 75.0), (CITY, 70, 105.0)]


def test_a_measure_nobody_described_is_not_published(
    controlled: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    controlled.execute("""
        CREATE OR REPLACE TABLE build.kept AS FROM build.observations;
        INSERT INTO build.observations VALUES
        ('mentors', 'residence', '371000', 'stock', DATE '2021-01-31', '', '', 3)""")
    with pytest.raises(NotDescribed, match="mentors/residence"):
        control(controlled, "build", 10, tmp_path, "3")


def test_unfinished_windows_up_to_a_day_show_no_small_count(tmp_path: Path) -> None:
    town = lone_small_count()
    town.serve([1, 2, 3], 2)
    town.serve(list(range(100, 130)), 2)
    path = town.publish(tmp_path, "1", 10, received_at="2021-03-20")
    with duckdb.connect(str(path), read_only=True) as build:
        rows = build.execute(
            "SELECT area_code, time_window, value FROM to_day WHERE measure = 'active_volunteers'"
        )
        found = rows.fetchall()
    assert found
    assert not [row for row in found if row[2] is not None and 0 < row[2] < 10]
    hidden = {area for area, _, value in found if value is None}
    assert LEAVES[0] in hidden
    assert len(hidden) > 1
    assert CITY not in hidden
