"""A suppressed count is no zero, and nothing it could be recovered from is shown beside it."""

from datetime import date

import pytest

from metrics.build import Build
from metrics.explain import describe, explain
from metrics.export import says_something
from metrics.periods import Period
from metrics.query import query, series
from tests.metrics.build_factory import make_build
from tests.metrics.filled_build import fill

AREA, YEAR, END = "130202", Period.parse("2023"), date(2023, 12, 31)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    home = make_build(
        tmp_path_factory.mktemp("suppressed"),
        registrations=[
            {"volunteer_key": key, "area_code": "130203" if key > 10 else AREA, "registered_on": "2021-05-01",
             "gender": "female" if key % 2 else "male"}
            for key in range(1, 14)
        ] + [{"volunteer_key": 99, "area_code": "130204", "registered_on": "2024-02-01"}],
        service_records=[
            {"volunteer_key": key, "service_date": day}
            for key in range(1, 12) for day in ("2022-05-01", "2023-05-01", "2024-02-01")
        ],
    )  # fmt: skip
    return fill(
        home,
        [
            ("active_volunteers", "residence", AREA, "year", END, "", "", None),
            ("active_volunteers", "residence", AREA, "year", END, "gender", "male", None),
            ("registered_volunteers", "residence", "130203", "stock", END, "", "", None),
            ("service_hours", "residence", AREA, "year", END, "evidence", "clocked", 5.0),
            ("service_hours", "residence", AREA, "year", END, "evidence", "manual", None),
        ],
        [(AREA, "year", END, "1-2", None, None), (AREA, "year", END, "10-20", 8, 100.0)],
    )


@pytest.mark.parametrize(
    ("indicator", "area"),
    [
        ("active_volunteers", AREA),  # the count itself
        ("active_rate", AREA),  # above
        ("hours_per_active", AREA),  # below
        ("active_share", AREA),
        ("active_growth", AREA),
        ("registered_volunteers", "130203"),
        ("active_rate", "130203"),
        ("registered_share", "130203"),
        ("registration_growth", "130203"),
    ],
)
def test_nothing_is_shown_of_a_figure_with_a_suppressed_count(
    build: Build, indicator: str, area: str
) -> None:
    (row,) = query(build, indicator, area, YEAR)
    assert row.status == "suppressed"
    assert (row.numerator, row.denominator, row.value, row.lower, row.upper) == (None,) * 5
    assert "人数过少，不予显示" in describe(row, "zh")
    assert explain(build, indicator, area, YEAR)["calculation"]["zh"] == "人数过少，不予显示"
    assert says_something(row)


def test_a_suppressed_year_before_leaves_no_change(build: Build) -> None:
    (row,) = query(build, "registration_growth", "130203", Period.parse("2024"))
    assert (row.status, row.value, row.denominator) == ("suppressed", None, None)
    (row,) = query(build, "active_growth", AREA, Period.parse("2024"))
    assert (row.status, row.value, row.numerator) == ("suppressed", None, None)


def test_only_the_suppressed_member_and_period_are_hidden(build: Build) -> None:
    rows = query(build, "active_rate", AREA, YEAR, by="gender")
    assert [(row.member, row.numerator, row.status) for row in rows] == [
        ("female", 5, "ok"), ("male", None, "suppressed"), ("unknown", 0, "no_denominator"),
    ]  # fmt: skip
    course = series(build, "active_rate", AREA, YEAR, count=2)
    assert [(row.numerator, row.status) for row in course] == [(10, "provisional"), (None, "suppressed")]


def test_a_sum_with_a_suppressed_part_is_suppressed(build: Build) -> None:
    def status(indicator: str, variant: str) -> tuple[str, float | None]:
        (row,) = query(build, indicator, AREA, YEAR, variant=variant)
        return row.status, row.numerator

    assert status("service_hours", "hours=approved") == ("suppressed", None)
    assert status("service_hours", "hours=clocked") == ("ok", 5.0)
    # Of a count of its own, whatever its bands withhold.
    assert status("active_rate", "active=hours_1") == ("ok", 10)
    assert status("active_rate", "active=hours_10") == ("ok", 0)


def test_what_was_not_reported_is_not_called_suppressed(build: Build) -> None:
    (row,) = query(build, "active_rate", AREA, Period.parse("2020"))
    assert row.status == "not_reported"
