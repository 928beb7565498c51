"""Residence counts people where they are registered, service counts records where they took place."""

from __future__ import annotations

from tests.spec.drawn import City


def test_who_lives_here_and_serves_there_counts_in_each_place_once(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.service_hours("""
        person | area   | service_date | service_hours
        Ada    | 130203 | 2021-05-01   | 3
    """)
    city.shows("""
        indicator      | area   | period  | basis     | value
        service_hours  | 130202 | 2021-05 | residence | 3
        service_hours  | 130203 | 2021-05 | residence | 0
        service_hours  | 130202 | 2021-05 | service   | 0
        service_hours  | 130203 | 2021-05 | service   | 3
        service_visits | 130202 | 2021-05 | residence | 1
        service_visits | 130203 | 2021-05 | service   | 1
        service_hours  | 130200 | 2021-05 | residence | 3
        service_hours  | 130200 | 2021-05 | service   | 3
    """)


def test_service_takes_place_where_the_activity_is_else_the_record_says_else_the_person_lives(
    city: City,
) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.activities("""
        activity_id | area   | start_at
        in-130207   | 130207 | 2021-05-01
        anywhere    |        | 2021-05-01
    """)
    city.service_hours("""
        person | activity_id | area   | service_date | service_hours
        Ada    | in-130207   | 130203 | 2021-05-01   | 1
        Ada    | anywhere    | 130203 | 2021-05-02   | 2
        Ada    | unheard-of  | 130203 | 2021-05-03   | 4
        Ada    |             | 130203 | 2021-05-04   | 8
        Ada    | anywhere    |        | 2021-05-05   | 0.25
        Ada    |             |        | 2021-05-06   | 0.5
        nobody |             |        | 2021-05-07   | 16
    """)
    city.shows("""
        indicator     | area    | period  | basis   | value
        service_hours | 130207  | 2021-05 | service | 1
        service_hours | 130203  | 2021-05 | service | 14
        service_hours | 130202  | 2021-05 | service | 0.75
        service_hours | U130200 | 2021-05 | service | 16
        service_hours | 130200  | 2021-05 | service | 31.75
    """)


def test_an_activity_that_arrives_after_the_hours_moves_them_to_its_area(city: City) -> None:
    city.service_hours("""
        person | activity_id | area   | service_date | service_hours
        Ada    | A1          | 130203 | 2021-05-01   | 1
    """)
    city.shows("""
        indicator     | area   | period  | basis   | value
        service_hours | 130203 | 2021-05 | service | 1
    """)
    city.activities("""
        activity_id | area   | start_at
        A1          | 130207 | 2021-05-01
    """)
    city.shows("""
        indicator     | area   | period  | basis   | value
        service_hours | 130203 | 2021-05 | service | 0
        service_hours | 130207 | 2021-05 | service | 1
    """)


def test_service_in_another_city_counts_there(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.service_hours(
        """
        person   | area   | service_date | service_hours
        Ada      | 411002 | 2021-05-31   | 3
        stranger | 411002 | 2021-05-01   | 1
        """,
        about="411000",
    )
    city.shows("""
        indicator     | area   | period  | basis     | value
        service_hours | 130200 | 2021-05 | residence | 3
        service_hours | 130200 | 2021-05 | service   | 0
        service_hours | 411000 | 2021-05 | service   | 4
    """)
