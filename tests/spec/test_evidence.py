"""Hours and visits by grade of evidence: a property of the record, which adds up to the total."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person | area   | registered_on | left_on
        Ada    | 130225 | 2020-01-01    |
        Cyd    | 130227 | 2020-01-01    |
        Dan    | 130225 | 2020-01-01    | 2021-05-31
    """,
    service="""
        person | area   | evidence | hours | status | served_on
        Ada    |        | clocked  | 1.5   |        | 2021-05-01
        Ada    |        | clocked  | 8     | 驳回   | 2021-05-02
        Ada    |        | manual   | 2     |        | 2021-05-03
        Ada    |        | imported | 0.25  |        | 2021-05-04
        Ada    |        | honorary | 5     |        | 2021-05-05 2021-06-01
        Ada    |        |          | 4     |        | 2021-05-06
        Bea    | 130225 | manual   | 3     |        | 2021-05-07
        Cyd    | 130225 | clocked  | 0.5   |        | 2021-05-08
        Dan    |        | imported | 6     |        | 2021-05-09
    """,
)


def test_residence_counts_the_records_of_who_is_registered_here(told: Told) -> None:
    """Bea is in no register, Dan has left, Cyd is of the district next door."""
    told.shows("""
        measure        | basis     | area   | period  | by       | member   | value
        service_hours  | residence | 130225 | 2021-05 | evidence | clocked  | 1.5
        service_hours  | residence | 130225 | 2021-05 | evidence | manual   | 2
        service_hours  | residence | 130225 | 2021-05 | evidence | imported | 0.25
        service_hours  | residence | 130225 | 2021-05 | evidence | honorary | 5
        service_hours  | residence | 130225 | 2021-05 | evidence | unknown  | 4
        service_visits | residence | 130225 | 2021-05 | evidence | clocked  | 1
        service_visits | residence | 130225 | 2021-05 | evidence | imported | 1
        service_hours  | residence | 130227 | 2021-05 | evidence | clocked  | 0.5
    """)


def test_service_counts_the_records_of_what_was_served_here(told: Told) -> None:
    told.shows("""
        measure        | basis   | area   | period  | by       | member   | value
        service_hours  | service | 130225 | 2021-05 | evidence | clocked  | 2
        service_hours  | service | 130225 | 2021-05 | evidence | manual   | 5
        service_hours  | service | 130225 | 2021-05 | evidence | imported | 6.25
        service_visits | service | 130225 | 2021-05 | evidence | clocked  | 2
        service_visits | service | 130225 | 2021-05 | evidence | manual   | 2
        service_visits | service | 130225 | 2021-05 | evidence | imported | 2
        service_hours  | service | 130227 | 2021-05 | evidence | clocked  | 0
    """)


def test_a_grade_is_added_over_every_window(told: Told) -> None:
    told.shows("""
        measure        | area   | period  | window    | by       | member   | value
        service_hours  | 130225 | 2021-Q2 | quarter   | evidence | honorary | 10
        service_hours  | 130225 | 2021-05 | ytd       | evidence | honorary | 5
        service_hours  | 130225 | 2021-06 | ytd       | evidence | honorary | 10
        service_hours  | 130225 | 2022-05 | rolling12 | evidence | honorary | 5
        service_visits | 130225 | 2022-05 | to_date   | evidence | honorary | 2
        service_visits | 130225 | 2021    | year      | evidence | unknown  | 1
    """)
