"""The six windows, on one person who serves on the days on both sides of their edges."""

from __future__ import annotations

import pytest

from tests.spec.drawn import City


@pytest.fixture
def serving(city: City) -> City:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2019-02-01
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2020-05-31   | 1
        Ada    | 2020-06-01   | 2
        Ada    | 2020-12-31   | 4
        Ada    | 2021-01-01   | 8
        Ada    | 2021-03-31   | 16
        Ada    | 2021-04-01   | 0.1
        Ada    | 2021-05-31   | 0.2
        Ada    | 2021-06-01   | 0.4
    """)
    return city


def test_each_window_holds_exactly_its_days(serving: City) -> None:
    """The hours are powers of two, whole and in tenths, so a sum tells which days are in it."""
    serving.shows("""
        indicator     | area   | period  | window    | basis     | value
        service_hours | 130202 | 2021-05 | month     | residence | 0.2
        service_hours | 130202 | 2021-Q1 | quarter   | residence | 24
        service_hours | 130202 | 2021-Q2 | quarter   | residence | 0.7
        service_hours | 130202 | 2020    | year      | residence | 7
        service_hours | 130202 | 2021    | year      | residence | 24.7
        service_hours | 130202 | 2021-05 | ytd       | residence | 24.3
        service_hours | 130202 | 2021-05 | rolling12 | residence | 30.3
        service_hours | 130202 | 2021-04 | rolling12 | residence | 31.1
        service_hours | 130202 | 2021-05 | to_date   | residence | 31.3
        service_hours | 130202 | 2021-06 | to_date   | residence | 31.7
    """)


def test_a_quarter_or_year_can_also_be_read_to_date_or_as_twelve_months(serving: City) -> None:
    serving.shows("""
        indicator     | area   | period  | window    | basis     | value
        service_hours | 130202 | 2021-Q1 | ytd       | residence | 24
        service_hours | 130202 | 2021-Q1 | rolling12 | residence | 31
        service_hours | 130202 | 2020    | rolling12 | residence | 7
        service_hours | 130202 | 2020    | to_date   | residence | 7
    """)


def test_without_a_window_the_period_is_read_in_its_own_form(serving: City) -> None:
    serving.shows("""
        indicator     | area   | period  | basis     | value
        service_hours | 130202 | 2021-05 | residence | 0.2
        service_hours | 130202 | 2021-Q1 | residence | 24
        service_hours | 130202 | 2021    | residence | 24.7
    """)
