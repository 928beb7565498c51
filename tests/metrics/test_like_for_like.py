"""Which day corresponds to which, and the windows that are not over on a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.like_for_like import counterpart, cut, cuts
from metrics.periods import Period, month_end, month_number

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2023-03-27", 1, "2023-02-27"),
        ("2023-03-28", 1, "2023-02-28"),
        ("2023-03-29", 1, "2023-02-28"),
        ("2023-03-31", 1, "2023-02-28"),
        ("2024-03-29", 1, "2024-02-29"),
        ("2023-02-27", 1, "2023-01-27"),
        ("2023-02-28", 1, "2023-01-31"),  # the last day for the last day
        ("2024-02-28", 1, "2024-01-28"),  # which it is not in a leap year
        ("2024-02-29", 12, "2023-02-28"),
        ("2025-02-28", 12, "2024-02-29"),
        ("2023-04-30", 3, "2023-01-31"),
        ("2023-11-15", 3, "2023-08-15"),
        ("2023-01-15", 1, "2022-12-15"),
    ],
)
def test_the_corresponding_day(day: str, months: int, expected: str) -> None:
    assert counterpart(date.fromisoformat(day), months) == date.fromisoformat(expected)


@given(DAYS, st.integers(0, 240))
def test_the_corresponding_day_lies_in_the_corresponding_month_and_keeps_ends(day: date, months: int) -> None:
    found = counterpart(day, months)
    assert month_number(found) == month_number(day) - months
    assert (found == month_end(month_number(found))) or found.day == day.day


def test_windows_of_a_day_within_a_month() -> None:
    found = {(one.period.code, str(one.through_on)) for one in cuts(date(2023, 11, 15))}
    assert found == {
        ("2023-11", "2023-11-15"), ("2023-10", "2023-10-15"), ("2022-11", "2022-11-15"),
        ("2023-Q4", "2023-11-15"), ("2023-Q3", "2023-08-15"), ("2022-Q4", "2022-11-15"),
        ("2023", "2023-11-15"), ("2022", "2022-11-15"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-10-30", {"month", "quarter", "year"}),
        ("2023-10-31", set()),
        ("2023-11-01", {"month", "quarter", "year"}),
    ],
)
def test_nothing_is_cut_at_the_end_of_a_month(day: str, expected: set[str]) -> None:
    assert {one.period.kind for one in cuts(date.fromisoformat(day))} == expected


def test_a_cut_on_the_last_day_is_whole() -> None:
    reached = Period.parse("2023-03")
    assert cut(Period.parse("2023-02"), reached, date(2023, 3, 29)).is_whole
    assert not cut(Period.parse("2023-02"), reached, date(2023, 3, 27)).is_whole
