"""Windows that begin before the data: what is known of them is shown, marked, and nothing is measured against it."""

from __future__ import annotations

from tests.spec.drawn import City


def records_from_september(city: City) -> None:
    """The register reaches back to 2019, records begin on 7 September 2020 and end on the last day of 2022."""
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2019-03-15
        Bea    | 130202 | 2020-02-02
    """)
    city.service_hours("""
        person | area   | service_date | service_hours
        Ada    | 130202 | 2020-09-07   | 2
        Ada    | 130202 | 2021-05-01   | 6
        Bea    | 130202 | 2022-12-31   | 9
    """)


def test_only_windows_within_the_months_of_the_data_are_whole(empty_city: City) -> None:
    """By months: that nobody served on the first six days of September makes it no part of a month."""
    records_from_september(empty_city)
    empty_city.shows("""
        indicator             | area   | period  | window    | value | status
        service_hours         | 130202 | 2020-08 | month     | -     | not_reported
        service_hours         | 130202 | 2020-09 | month     | 2     | ok
        service_hours         | 130202 | 2020-Q3 | quarter   | 2     | provisional
        service_hours         | 130202 | 2020-Q4 | quarter   | 0     | ok
        service_hours         | 130202 | 2020    | year      | 2     | provisional
        service_hours         | 130202 | 2020-12 | ytd       | 2     | provisional
        service_hours         | 130202 | 2021-07 | rolling12 | 8     | provisional
        service_hours         | 130202 | 2021-08 | rolling12 | 8     | ok
        service_hours         | 130202 | 2021    | year      | 6     | ok
        service_hours         | 130202 | 2020-09 | to_date   | 2     | ok
        active_volunteers     | 130202 | 2020    | year      | 1     | provisional
        active_rate           | 130202 | 2020    | year      | 50    | provisional
        ever_active_rate      | 130202 | 2020    | year      | 50    | ok
        registered_volunteers | 130202 | 2019    | year      | 1     | ok
        new_registrations     | 130202 | 2019    | year      | 1     | provisional
        new_registrations     | 130202 | 2020    | year      | 1     | ok
    """)


def test_a_year_that_begins_before_the_data_is_no_base_for_growth(empty_city: City) -> None:
    records_from_september(empty_city)
    empty_city.shows("""
        indicator            | area   | period  | value  | status
        service_hours_growth | 130202 | 2020    | -      | insufficient
        service_hours_growth | 130202 | 2021    | -      | insufficient
        service_hours_growth | 130202 | 2022    | 50     | ok
        service_hours_growth | 130202 | 2021-09 | -100   | ok
        registration_growth  | 130202 | 2020    | 100    | ok
    """)


def test_who_is_new_or_has_lapsed_is_told_by_the_window_before(empty_city: City) -> None:
    records_from_september(empty_city)
    empty_city.shows("""
        indicator         | area   | period  | by             | part      | value | status
        active_volunteers | 130202 | 2020    | activity_state | new       | -     | not_reported
        active_volunteers | 130202 | 2021    | activity_state | returning | 1     | provisional
        active_volunteers | 130202 | 2022    | activity_state | new       | 1     | ok
        lapsed_rate       | 130202 | 2020-09 |                |           | -     | not_reported
        lapsed_rate       | 130202 | 2020-10 |                |           | 50    | ok
        lapsed_rate       | 130202 | 2021    |                |           | 0     | provisional
        lapsed_rate       | 130202 | 2022    |                |           | 50    | ok
    """)


def test_who_sleeps_is_told_by_all_months_of_the_sleep(empty_city: City) -> None:
    records_from_september(empty_city)
    empty_city.shows("""
        indicator           | area   | period  | value | status
        sleeping_share_12m  | 130202 | 2021-07 | 50    | provisional
        sleeping_share_12m  | 130202 | 2021-08 | 50    | ok
        sleeping_share_24m  | 130202 | 2021-08 | 0     | provisional
    """)
