"""Sleeping volunteers: registered for at least 12, 24 or 36 months, and no record in the last so many months."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person | area   | registered_on | platform   | left_on
        Ada    | 130209 | 2020-12-31    |            |
        Bea    | 130209 | 2021-01-01    |            |
        Cyd    | 130209 | 2019-01-15    |            |
        Dan    | 130209 | 2019-01-15    |            |
        Eve    | 130209 | 2019-01-15    |            |
        Fay    | 130209 | 2019-01-15    |            | 2021-12-31
        Gus    | 130209 | 2019-05-05    | 燕赵志愿云 | 2020-03-01
        Gus    | 130209 | 2021-12-01    | 志愿汇     |
    """,
    service="""
        person | status | served_on
        Cyd    |        | 2020-12-31
        Dan    |        | 2021-01-01
        Eve    | 驳回   | 2021-06-15
    """,
)


def test_a_year_without_a_record_counted_in_whole_months(told: Told) -> None:
    """In November 2021 Ada is registered for eleven months and Cyd's record lies in the twelfth-last month.

    December: Ada, Cyd, Eve and Gus, whose first registration counts. January: Bea and Dan as well.
    """
    told.shows("""
        measure                 | area   | period  | value
        sleeping_12m_volunteers | 130209 | 2021-11 | 2
        sleeping_12m_volunteers | 130209 | 2021-12 | 4
        sleeping_12m_volunteers | 130209 | 2022-01 | 6
    """)


def test_two_years_without_a_record(told: Told) -> None:
    told.shows("""
        measure                 | area   | period  | value
        sleeping_24m_volunteers | 130209 | 2020-12 | 0
        sleeping_24m_volunteers | 130209 | 2021-01 | 2
        sleeping_24m_volunteers | 130209 | 2021-11 | 2
        sleeping_24m_volunteers | 130209 | 2021-12 | 2
        sleeping_24m_volunteers | 130209 | 2022-11 | 2
        sleeping_24m_volunteers | 130209 | 2022-12 | 4
    """)


def test_three_years_without_a_record(told: Told) -> None:
    told.shows("""
        measure                 | area   | period  | value
        sleeping_36m_volunteers | 130209 | 2021-12 | 0
        sleeping_36m_volunteers | 130209 | 2022-01 | 1
        sleeping_36m_volunteers | 130209 | 2022-04 | 1
        sleeping_36m_volunteers | 130209 | 2022-05 | 2
        sleeping_36m_volunteers | 130209 | 2022-12 | 2
    """)


def test_sleeping_volunteers_have_a_gender(told: Told) -> None:
    told.shows("""
        measure                 | area   | period  | by     | member | value
        sleeping_12m_volunteers | 130209 | 2022-01 | gender | female | 6
    """)
