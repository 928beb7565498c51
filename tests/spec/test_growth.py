"""Growth: registered now against registered a year earlier, in percent."""

from __future__ import annotations

from tests.spec.drawn import City


def test_growth_is_the_difference_over_the_stock_of_a_year_earlier(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2020-01-01    | 正常   |
        Bea    | 130202 | 2020-05-31    | 正常   |
        Cyd    | 130202 | 2021-05-31    | 正常   |
        Dot    | 130202 | 2020-01-01    | 注销   | 2022-05-31
    """)
    city.shows("""
        indicator           | area   | period  | numerator | denominator | value
        registration_growth | 130202 | 2021-04 | 1         | 2           | 50
        registration_growth | 130202 | 2021-05 | 1         | 3           | 33.333
        registration_growth | 130202 | 2021    | 1         | 3           | 33.333
        registration_growth | 130202 | 2022-05 | -1        | 4           | -25
    """)


def test_a_year_after_the_end_of_february_is_the_end_of_february(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-02-28
        Bea    | 130202 | 2020-02-29
        Cyd    | 130202 | 2020-03-01
    """)
    city.shows("""
        indicator           | area   | period  | numerator | denominator | value
        registration_growth | 130202 | 2021-02 | 1         | 2           | 50
    """)


def test_growth_from_nobody_is_missing(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2021-05-31
    """)
    city.shows("""
        indicator           | area   | period  | denominator | value | status
        registration_growth | 130202 | 2021-05 | 0           | -     | insufficient
    """)


def test_growth_from_a_year_that_was_not_reported_is_missing(city: City) -> None:
    """Reporting begins in January 2019: nothing is known of 2018."""
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2019-05-31
    """)
    city.shows("""
        indicator           | area   | period  | value | status
        registration_growth | 130202 | 2019-12 | -     | insufficient
    """)
