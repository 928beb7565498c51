"""Statuses: why a value is as it is. Missing is not zero."""

from __future__ import annotations

from tests.spec.drawn import City


def test_a_window_is_ok_when_over_provisional_while_it_runs_and_not_reported_afterwards(
    empty_city: City,
) -> None:
    """The last data is of May 2021."""
    empty_city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2021-03-15
        Bea    | 130202 | 2021-05-02
    """)
    empty_city.shows("""
        indicator             | area   | period  | window    | value | status
        registered_volunteers | 130202 | 2021-02 | month     | -     | not_reported
        registered_volunteers | 130202 | 2021-03 | month     | 1     | ok
        registered_volunteers | 130202 | 2021-04 | month     | 1     | ok
        registered_volunteers | 130202 | 2021-05 | month     | 2     | ok
        registered_volunteers | 130202 | 2021-06 | month     | -     | not_reported
        registered_volunteers | 130202 | 2021-Q1 | quarter   | 1     | ok
        registered_volunteers | 130202 | 2021-Q2 | quarter   | 2     | provisional
        registered_volunteers | 130202 | 2021-Q3 | quarter   | -     | not_reported
        registered_volunteers | 130202 | 2021    | year      | 2     | provisional
        registered_volunteers | 130202 | 2021-06 | ytd       | 2     | provisional
        registered_volunteers | 130202 | 2021-06 | rolling12 | 2     | provisional
        registered_volunteers | 130202 | 2021-Q2 | to_date   | 2     | provisional
        registered_volunteers | 130202 | 2021-06 | to_date   | -     | not_reported
        registered_volunteers | 130202 | 2022    | year      | -     | not_reported
    """)


def test_a_source_that_never_came_is_not_reported_rather_than_zero(empty_city: City) -> None:
    empty_city.service_hours("""
        person | area   | service_date | service_hours
        Ada    | 130202 | 2021-05-01   | 3
    """)
    empty_city.shows("""
        indicator             | area   | period  | basis     | numerator | value | status
        service_hours         | 130202 | 2021-05 | service   | 3         | 3     | ok
        service_hours         | 130202 | 2021-05 | residence | -         | -     | not_reported
        registered_volunteers | 130202 | 2021-05 |           | -         | -     | not_reported
        active_volunteers     | 130202 | 2021-05 |           | -         | -     | not_reported
        active_rate           | 130202 | 2021-05 |           | -         | -     | not_reported
        activities            | 130202 | 2021-05 |           | -         | -     | not_reported
    """)


def test_registered_people_without_hours_drops_have_no_activity_rate(empty_city: City) -> None:
    empty_city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2021-05-01
    """)
    empty_city.shows("""
        indicator             | area   | period  | value | status
        registered_volunteers | 130202 | 2021-05 | 1     | ok
        active_rate           | 130202 | 2021-05 | -     | not_reported
        hours_per_registered  | 130202 | 2021-05 | -     | not_reported
    """)


def test_a_month_in_which_nobody_registered_is_not_a_month_without_a_register(empty_city: City) -> None:
    empty_city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2021-03-15
    """)
    empty_city.activities("""
        activity_id | area   | start_at
        A1          | 130203 | 2021-05-20
    """)
    empty_city.shows("""
        indicator             | area   | period  | value | status
        registered_volunteers | 130202 | 2021-05 | 1     | ok
        new_registrations     | 130202 | 2021-05 | 0     | ok
        registered_volunteers | 130202 | 2021-06 | -     | not_reported
    """)


def test_a_district_without_rows_in_a_city_that_reports_is_zero(city: City) -> None:
    city.shows("""
        indicator             | area   | period  | basis     | value | status
        registered_volunteers | 130203 | 2021-05 |           | 0     | ok
        service_hours         | 130203 | 2021-05 | service   | 0     | ok
        service_hours         | 130203 | 2021-05 | residence | 0     | ok
        activities            | 130203 | 2021-05 |           | 0     | ok
    """)


def test_another_city_is_not_reported_until_it_sends_something(city: City) -> None:
    city.shows("""
        indicator             | area   | period  | value | status
        registered_volunteers | 441300 | 2021-05 | -     | not_reported
        registered_volunteers | 441302 | 2021-05 | -     | not_reported
    """)


def test_population_of_the_year_or_the_nearest_earlier_one_or_none(city: City) -> None:
    """迁西县 has a count of 2020 and of 2023, 路南区 none before 2023; nobody lives in an unknown bucket."""
    city.registrations("""
        person | area   | registered_on
        Ada    | 130227 | 2019-06-01
        Bea    | 130202 | 2019-06-01
        Cyd    |        | 2019-06-01
    """)
    city.shows("""
        indicator        | area    | period  | numerator | denominator | value      | status
        registered_share | 130227  | 2019-12 | 1         | -           | -          | no_denominator
        registered_share | 130227  | 2020-01 | 1         | 365615      | 0.00027351 | ok
        registered_share | 130227  | 2020-12 | 1         | 365615      | 0.00027351 | ok
        registered_share | 130227  | 2021-01 | 1         | 365615      | 0.00027351 | denominator_year
        registered_share | 130202  | 2022-12 | 1         | -           | -          | no_denominator
        registered_share | U130200 | 2020-12 | 1         | -           | -          | no_denominator
    """)
