"""Distinct counts: active_volunteers are counted afresh for every window, never added."""

from __future__ import annotations

from tests.spec.drawn import City


def test_a_person_active_in_three_months_is_one_active_person_of_the_quarter(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
        Bea    | 130202 | 2020-01-01
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2021-04-01   | 1
        Ada    | 2021-05-01   | 1
        Ada    | 2021-06-01   | 1
        Bea    | 2021-06-30   | 1
        Bea    | 2021-06-30   | 1
    """)
    city.shows("""
        indicator         | area   | period  | window    | value
        active_volunteers | 130202 | 2021-04 | month     | 1
        active_volunteers | 130202 | 2021-05 | month     | 1
        active_volunteers | 130202 | 2021-06 | month     | 2
        active_volunteers | 130202 | 2021-Q2 | quarter   | 2
        active_volunteers | 130202 | 2021-05 | ytd       | 1
        active_volunteers | 130202 | 2021-06 | ytd       | 2
        active_volunteers | 130202 | 2022-04 | rolling12 | 2
        active_volunteers | 130202 | 2022-06 | rolling12 | 0
        active_volunteers | 130202 | 2022-06 | to_date   | 2
    """)


def test_serving_before_registering_counts_once_the_person_is_registered(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2021-04-30
        Bea    | 130202 | 2021-05-01
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2021-04-02   | 1
        Bea    | 2021-04-02   | 1
    """)
    city.shows("""
        indicator         | area   | period  | window  | value
        active_volunteers | 130202 | 2021-04 | month   | 1
        active_volunteers | 130202 | 2021-05 | month   | 0
        active_volunteers | 130202 | 2021-04 | to_date | 1
        active_volunteers | 130202 | 2021-05 | to_date | 2
    """)


def test_who_has_left_by_the_end_of_the_window_is_not_active_in_it(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2020-01-01    | 注销   | 2021-05-15
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2021-04-02   | 1
        Ada    | 2021-05-02   | 1
    """)
    city.shows("""
        indicator         | area   | period  | window  | value
        active_volunteers | 130202 | 2021-04 | month   | 1
        active_volunteers | 130202 | 2021-05 | month   | 0
        active_volunteers | 130202 | 2021-Q2 | quarter | 0
        active_volunteers | 130202 | 2021-05 | to_date | 0
    """)


def test_only_counted_records_make_a_person_active(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.service_hours("""
        person | service_date | service_hours | status
        Ada    | 2021-04-01   | 1             | 驳回
        Ada    | 2021-04-02   | 1             | 待审
        Ada    | 2021-04-03   | 0             | 通过
        Ada    | 2021-05-03   | 0.01          | 通过
    """)
    city.shows("""
        indicator         | area   | period  | value
        active_volunteers | 130202 | 2021-04 | 0
        active_volunteers | 130202 | 2021-05 | 1
    """)


def test_a_person_away_and_back_between_platforms_is_active_when_in_force_at_the_end(city: City) -> None:
    """Ada is nobody's volunteer from 30 June 2020 until 1 March 2021, and serves meanwhile."""
    city.registrations("""
        person | area   | registered_on | platform   | status | left_on
        Ada    | 130202 | 2020-01-01    | 燕赵志愿云 | 注销   | 2020-06-30
        Ada    | 130202 | 2021-03-01    | 志愿汇     | 正常   |
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2020-10-10   | 1
    """)
    city.shows("""
        indicator             | area   | period  | window    | value
        registered_volunteers | 130202 | 2020-05 | month     | 1
        registered_volunteers | 130202 | 2020-06 | month     | 0
        registered_volunteers | 130202 | 2021-02 | month     | 0
        registered_volunteers | 130202 | 2021-03 | month     | 1
        active_volunteers     | 130202 | 2020-10 | month     | 0
        active_volunteers     | 130202 | 2021-02 | rolling12 | 0
        active_volunteers     | 130202 | 2021-03 | rolling12 | 1
        active_volunteers     | 130202 | 2021-10 | rolling12 | 0
        active_volunteers     | 130202 | 2021-10 | to_date   | 1
    """)
