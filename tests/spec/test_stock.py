"""Stocks: registered_volunteers is read on the last day of the window."""

from __future__ import annotations

from tests.spec.drawn import City


def test_who_registers_on_the_last_day_is_counted_and_who_registers_a_day_later_is_not(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2021-03-30
        Bea    | 130202 | 2021-03-31
        Cyd    | 130202 | 2021-04-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2021-02 | 0
        registered_volunteers | 130202 | 2021-03 | 2
        registered_volunteers | 130202 | 2021-04 | 3
    """)


def test_who_leaves_on_the_last_day_is_no_longer_counted(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2020-01-01    | 注销   | 2021-03-30
        Bea    | 130202 | 2020-01-01    | 注销   | 2021-03-31
        Cyd    | 130202 | 2020-01-01    | 注销   | 2021-04-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2021-02 | 3
        registered_volunteers | 130202 | 2021-03 | 1
        registered_volunteers | 130202 | 2021-04 | 0
    """)


def test_merged_and_withdrawn_registrations_have_left_and_active_ones_have_not(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2020-01-01    | 合并   | 2020-06-30
        Bea    | 130202 | 2020-01-01    | 退出   | 2020-06-30
        Cyd    | 130202 | 2020-01-01    | 正常   |
        Dot    | 130202 | 2020-01-01    | 有效   |
        Eve    | 130202 | 2020-01-01    | 在册   |
        Fay    | 130202 | 2020-01-01    |        |
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-05 | 6
        registered_volunteers | 130202 | 2020-06 | 4
    """)


def test_who_left_on_an_unknown_day_is_in_no_stock(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | status
        Ada    | 130202 | 2020-01-01    | 注销
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-01 | 0
        new_registrations     | 130202 | 2020-01 | 1
    """)


def test_a_stock_is_read_at_the_end_of_every_window_and_never_added(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2020-12-01    | 正常   |
        Bea    | 130202 | 2021-05-01    | 注销   | 2021-06-15
        Cyd    | 130202 | 2021-06-01    | 正常   |
    """)
    city.shows("""
        indicator             | area   | period  | window    | value
        registered_volunteers | 130202 | 2021-05 | month     | 2
        registered_volunteers | 130202 | 2021-06 | month     | 2
        registered_volunteers | 130202 | 2021-Q2 | quarter   | 2
        registered_volunteers | 130202 | 2021-06 | ytd       | 2
        registered_volunteers | 130202 | 2021-06 | rolling12 | 2
        registered_volunteers | 130202 | 2021-06 | to_date   | 2
        registered_volunteers | 130202 | 2021    | year      | 2
    """)
