"""Flows: hours, visits, new registrations and activities are added over the window, both ends included."""

from __future__ import annotations

from tests.spec.drawn import City


def test_the_first_and_the_last_day_belong_to_the_window(city: City) -> None:
    city.service_hours("""
        person | area   | service_date | service_hours
        Ada    | 130202 | 2020-01-31   | 1
        Ada    | 130202 | 2020-02-01   | 2
        Ada    | 130202 | 2020-02-28   | 4
        Ada    | 130202 | 2020-02-29   | 8
        Ada    | 130202 | 2020-03-01   | 16
    """)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_hours  | 130202 | 2020-01 | service | 1
        service_hours  | 130202 | 2020-02 | service | 14
        service_hours  | 130202 | 2020-03 | service | 16
        service_hours  | 130202 | 2020-Q1 | service | 31
        service_visits | 130202 | 2020-02 | service | 3
        service_visits | 130202 | 2020    | service | 5
    """)


def test_pending_rejected_and_empty_records_are_not_counted(city: City) -> None:
    city.service_hours("""
        person | area   | service_date | service_hours | status
        Ada    | 130202 | 2020-05-01   | 1             | 通过
        Ada    | 130202 | 2020-05-02   | 2             | 待审
        Ada    | 130202 | 2020-05-03   | 4             | 驳回
        Ada    | 130202 | 2020-05-04   | 0             | 通过
        Ada    | 130202 | 2020-05-05   | 0.01          |
    """)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_hours  | 130202 | 2020-05 | service | 1.01
        service_visits | 130202 | 2020-05 | service | 2
    """)


def test_a_row_of_zero_hours_is_accepted_and_not_quarantined(city: City) -> None:
    drop = city.service_hours("""
        person | area   | service_date | service_hours
        Ada    | 130202 | 2020-05-04   | 0
    """)
    assert (drop["rows_read"], drop["rows_accepted"], drop["rows_quarantined"]) == (1, 1, 0)


def test_minutes_become_hours(city: City) -> None:
    city.service_hours("""
        person | area   | service_date | service_minutes
        Ada    | 130202 | 2020-05-01   | 90
        Ada    | 130202 | 2020-05-02   | 20
    """)
    city.shows("""
        indicator     | area   | period  | basis   | value
        service_hours | 130202 | 2020-05 | service | 1.8333
    """)


def test_hours_by_residence_are_of_people_registered_on_the_last_day(city: City) -> None:
    """Ada registers after serving, Bea leaves before the month ends, Cyd never registers."""
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2020-05-31    | 正常   |
        Bea    | 130202 | 2020-01-01    | 注销   | 2020-05-31
    """)
    city.service_hours("""
        person | area   | service_date | service_hours
        Ada    | 130202 | 2020-05-01   | 1
        Bea    | 130202 | 2020-05-01   | 2
        Cyd    | 130202 | 2020-05-01   | 4
    """)
    city.shows("""
        indicator      | area   | period  | basis     | value
        service_hours  | 130202 | 2020-05 | residence | 1
        service_visits | 130202 | 2020-05 | residence | 1
        service_hours  | 130202 | 2020-05 | service   | 7
        service_visits | 130202 | 2020-05 | service   | 3
    """)


def test_a_person_is_new_once_on_the_earliest_day_of_all_platforms(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | platform   | status | left_on
        Ada    | 130202 | 2021-03-05    | 志愿汇     | 正常   |
        Ada    | 130202 | 2020-03-05    | 燕赵志愿云 | 注销   | 2020-09-01
        Bea    | 130202 | 2021-03-31    | 志愿汇     | 注销   | 2021-04-01
    """)
    city.shows("""
        indicator         | area   | period  | value
        new_registrations | 130202 | 2020-03 | 1
        new_registrations | 130202 | 2021-03 | 1
        new_registrations | 130202 | 2021    | 1
    """)


def test_an_activity_counts_where_it_starts_unless_cancelled(city: City) -> None:
    city.activities("""
        activity_id | area   | start_at         | end_at           | status
        A1          | 130202 | 2021-03-31 23:00 | 2021-04-02 10:00 | 已结束
        A2          | 130202 | 2021-04-01 00:00 | 2021-04-01 10:00 | 已取消
        A3          | 130202 | 2021-04-01 00:00 | 2021-04-01 10:00 |
        A4          | 130203 | 2021-04-30 08:00 |                  | 进行中
    """)
    city.shows("""
        indicator  | area   | period  | value
        activities | 130202 | 2021-03 | 1
        activities | 130202 | 2021-04 | 1
        activities | 130200 | 2021-04 | 2
        activities | 130200 | 2021    | 3
    """)
