"""Lapsed volunteers: registered at the end, served in the window before, and not in this one."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person | area   | registered_on | left_on
        Ada    | 130208 | 2020-01-01    |
        Bea    | 130208 | 2020-01-01    |
        Cyd    | 130208 | 2020-01-01    |
        Dan    | 130208 | 2020-01-01    | 2021-05-31
        Eve    | 130208 | 2020-01-01    | 2021-06-01
        Fay    | 130208 | 2021-05-31    |
        Gus    | 130208 | 2020-01-01    |
        Hal    | 130208 | 2020-01-01    |
    """,
    service="""
        person | status | served_on
        Ada    |        | 2021-04-30
        Bea    |        | 2021-04-01 2021-05-31
        Cyd    |        | 2021-03-31
        Dan    |        | 2021-04-15
        Eve    |        | 2021-04-15
        Fay    |        | 2021-04-10
        Gus    | 待审   | 2021-04-10
        Hal    |        | 2021-04-10
        Hal    | 驳回   | 2021-05-10
    """,
)


def test_who_served_last_month_and_not_in_this_one_has_lapsed(told: Told) -> None:
    """In May: Ada, Eve, Fay (registered only at its end) and Hal; Dan has left on its last day."""
    told.shows("""
        measure           | area   | period  | value
        lapsed_volunteers | 130208 | 2021-03 | 0
        lapsed_volunteers | 130208 | 2021-04 | 1
        lapsed_volunteers | 130208 | 2021-05 | 4
        lapsed_volunteers | 130208 | 2021-06 | 1
        lapsed_volunteers | 130208 | 2021-07 | 0
    """)


def test_in_a_quarter_and_a_year_the_one_before_decides(told: Told) -> None:
    told.shows("""
        measure           | area   | period  | value
        lapsed_volunteers | 130208 | 2021-Q1 | 0
        lapsed_volunteers | 130208 | 2021-Q2 | 1
        lapsed_volunteers | 130208 | 2021-Q3 | 4
        lapsed_volunteers | 130208 | 2021-Q4 | 0
        lapsed_volunteers | 130208 | 2021    | 0
        lapsed_volunteers | 130208 | 2022    | 5
    """)


def test_lapsed_volunteers_have_a_gender_and_an_age(told: Told) -> None:
    told.shows("""
        measure           | area   | period  | by       | member | value
        lapsed_volunteers | 130208 | 2021-05 | gender   | female | 4
        lapsed_volunteers | 130208 | 2021-05 | gender   | male   | 0
        lapsed_volunteers | 130208 | 2021-05 | age_band | 18-35  | 4
    """)
