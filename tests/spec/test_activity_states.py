"""Activity states: an active volunteer of a month, quarter or year is new, returning or reactivated."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person | area   | registered_on | left_on
        Ada    | 130204 | 2019-06-01    |
        Bea    | 130204 | 2019-06-01    |
        Cyd    | 130204 | 2019-06-01    |
        Dan    | 130204 | 2021-05-20    |
        Eve    | 130204 | 2019-06-01    |
        Fay    | 130204 | 2019-06-01    |
        Gus    | 130204 | 2019-06-01    | 2021-05-15
        Hal    | 130205 | 2019-06-01    |
    """,
    service="""
        person | status | served_on
        Ada    |        | 2021-03-01 2021-04-01 2021-05-01
        Bea    |        | 2021-03-31 2021-05-31
        Cyd    |        | 2021-05-15 2021-05-16
        Dan    |        | 2021-04-30 2021-05-21
        Eve    | 驳回   | 2021-04-15
        Eve    |        | 2021-05-15
        Fay    |        | 2019-12-31 2021-05-01
        Gus    |        | 2021-04-15 2021-05-10
        Hal    |        | 2020-12-31 2021-01-01
    """,
)


def test_who_never_served_before_is_new_who_served_in_the_month_before_returns(told: Told) -> None:
    """Dan served before registering; Eve's rejected record is none; Gus has left by the end of May."""
    told.shows("""
        measure           | area   | period  | by             | member      | value
        active_volunteers | 130204 | 2021-05 | activity_state | new         | 2
        active_volunteers | 130204 | 2021-05 | activity_state | returning   | 2
        active_volunteers | 130204 | 2021-05 | activity_state | reactivated | 2
        active_volunteers | 130204 | 2021-04 | activity_state | new         | 1
        active_volunteers | 130204 | 2021-04 | activity_state | returning   | 1
        active_volunteers | 130204 | 2021-04 | activity_state | reactivated | 0
    """)


def test_in_a_quarter_the_quarter_before_decides(told: Told) -> None:
    """Bea paused for a month, but not for a quarter; Dan began in this very quarter."""
    told.shows("""
        measure           | area   | period  | by             | member      | value
        active_volunteers | 130204 | 2021-Q2 | activity_state | new         | 3
        active_volunteers | 130204 | 2021-Q2 | activity_state | returning   | 2
        active_volunteers | 130204 | 2021-Q2 | activity_state | reactivated | 1
    """)


def test_in_a_year_the_year_before_decides(told: Told) -> None:
    told.shows("""
        measure           | area   | period | by             | member      | value
        active_volunteers | 130204 | 2021   | activity_state | new         | 5
        active_volunteers | 130204 | 2021   | activity_state | returning   | 0
        active_volunteers | 130204 | 2021   | activity_state | reactivated | 1
    """)


def test_the_day_before_the_window_lies_in_the_window_before(told: Told) -> None:
    """Hal serves on the last day of one year and the first day of the next."""
    told.shows("""
        measure           | area   | period  | by             | member    | value
        active_volunteers | 130205 | 2020-12 | activity_state | new       | 1
        active_volunteers | 130205 | 2021-01 | activity_state | returning | 1
        active_volunteers | 130205 | 2021-Q1 | activity_state | returning | 1
        active_volunteers | 130205 | 2021    | activity_state | returning | 1
        active_volunteers | 130205 | 2021-02 | activity_state | returning | 0
    """)
