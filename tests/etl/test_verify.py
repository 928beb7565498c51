"""A build that contradicts itself is refused before anybody sees it."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from etl.publish import BuildRefused, verify
from tests.metrics.build_factory import small_city

Change = Callable[[str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """changed(sql): a published build after one statement."""

    def change(statement: str) -> Path:
        (path,) = (small_city(tmp_path) / "published").glob("*.duckdb")
        with duckdb.connect(str(path)) as build:
            build.execute(statement)
        return path

    return change


def test_a_build_as_published_is_whole(changed: Change) -> None:
    verify(changed("SELECT 1"))


OF_CITY = "area_code = '130200' AND period_end = '2023-12-31'"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (f"UPDATE observations SET value = value + 1 WHERE measure = 'lapsed_volunteers' AND {OF_CITY}",
         "observations of 130200, lapsed_volunteers.*the city is not the sum of its parts"),
        (f"DELETE FROM hours_bands WHERE band = '2-5' AND {OF_CITY}", "hours_bands of 130200, .*2-5: the city is not the sum"),
        ("UPDATE days SET visits = 0 WHERE area_code = '130200'", "days of 130200, .*the city is not the sum"),
        ("UPDATE cohorts SET active = active + 1 WHERE area_code <> '130200'", "cohorts of 130200, .*the city is not the sum"),
        ("DELETE FROM observations WHERE member = 'reactivated'", "active_volunteers .*is not the sum by activity_state"),
        ("DELETE FROM observations WHERE member = 'imported'", "service_.*is not the sum by evidence"),
        ("UPDATE hours_bands SET people = 2 * people", "active_volunteers .*is not the sum by hours_band"),
        ("UPDATE observations SET value = 3 * value WHERE dimension = 'platform'", "more on '.*' than there are"),
        ("UPDATE observations SET value = value + 1 WHERE dimension = 'platform' AND area_code = '130200'",
         "observations of 130200, .*platform, .*the city is not the sum"),
    ],
)  # fmt: skip
def test_parts_that_do_not_make_the_whole_refuse_it(changed: Change, statement: str, message: str) -> None:
    with pytest.raises(BuildRefused, match=message):
        verify(changed(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE observations SET value = NULL WHERE member = 'reactivated' AND area_code = '130202'",
        "UPDATE observations SET value = NULL WHERE measure = 'service_hours' AND dimension = ''",
        "UPDATE hours_bands SET people = NULL WHERE area_code = '130202'",
        "INSERT INTO observations VALUES ('registered_volunteers', 'residence', '130271', 'stock', '2010-01-31', "
        "'platform', '志愿汇', NULL)",  # a zero withheld with its neighbours
    ],
)
def test_where_a_part_is_suppressed_nothing_is_said_of_the_whole(changed: Change, statement: str) -> None:
    verify(changed(statement))
