"""Cohorts: who registered in a quarter, how many of them are left at a later one's end, and who served in it."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person | area   | registered_on | platform   | left_on
        Ada    | 130284 | 2021-01-01    |            |
        Bea    | 130284 | 2021-03-31    |            |
        Cyd    | 130284 | 2021-04-01    |            |
        Dan    | 130284 | 2021-02-10    |            | 2021-06-30
        Eve    | 130284 | 2020-12-31    | 燕赵志愿云 | 2021-02-01
        Eve    | 130284 | 2021-02-15    | 志愿汇     |
    """,
    service="""
        person | status | served_on
        Ada    |        | 2021-02-01 2021-05-01
        Ada    | 待审   | 2021-08-01
        Bea    |        | 2021-07-01 2021-09-30
        Cyd    |        | 2021-03-31
        Dan    |        | 2021-05-05
        Eve    |        | 2021-06-30
    """,
)


def test_a_cohort_is_the_quarter_of_the_earliest_registration(told: Told) -> None:
    """Eve is of the last quarter of 2020, though she left that platform and joined another one."""
    told.shows_cohorts("""
        area   | cohort  | quarter | registered | active
        130284 | 2020-Q4 | 2020-Q4 | 1          | 0
        130284 | 2020-Q4 | 2021-Q1 | 1          | 0
        130284 | 2021-Q1 | 2021-Q1 | 3          | 1
    """)


def test_who_has_left_is_neither_registered_nor_active(told: Told) -> None:
    """Dan served in the second quarter and left on its last day; Cyd served before registering."""
    told.shows_cohorts("""
        area   | cohort  | quarter | registered | active
        130284 | 2020-Q4 | 2021-Q2 | 1          | 1
        130284 | 2021-Q1 | 2021-Q2 | 2          | 1
        130284 | 2021-Q2 | 2021-Q2 | 1          | 0
        130284 | 2020-Q4 | 2021-Q3 | 1          | 0
        130284 | 2021-Q1 | 2021-Q3 | 2          | 1
        130284 | 2021-Q2 | 2021-Q3 | 1          | 0
    """)
