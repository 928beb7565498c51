"""Ratios: sum first, divide last; something over nothing is missing, never zero."""

from __future__ import annotations

from tests.spec.drawn import City


def test_the_rate_of_a_city_is_not_the_mean_of_its_districts(city: City) -> None:
    """1 of 1 and 1 of 3 are active: 2 of 4, not the mean of 100 % and 33.3 %."""
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
        Bea    | 130203 | 2020-01-01
        Cyd    | 130203 | 2020-01-01
        Dot    | 130203 | 2020-01-01
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2021-05-01   | 3
        Ada    | 2021-05-02   | 3
        Bea    | 2021-05-01   | 2
    """)
    city.shows("""
        indicator            | area   | period  | numerator | denominator | value
        active_rate          | 130202 | 2021-05 | 1         | 1           | 100
        active_rate          | 130203 | 2021-05 | 1         | 3           | 33.333
        active_rate          | 130200 | 2021-05 | 2         | 4           | 50
        hours_per_registered | 130200 | 2021-05 | 8         | 4           | 2
        hours_per_active     | 130200 | 2021-05 | 8         | 2           | 4
        hours_per_registered | 130203 | 2021-05 | 2         | 3           | 0.667
    """)


def test_nobody_registered_gives_no_rate_rather_than_zero(city: City) -> None:
    city.shows("""
        indicator            | area   | period  | numerator | denominator | value | status
        active_rate          | 130202 | 2021-05 | 0         | 0           | -     | no_denominator
        hours_per_registered | 130202 | 2021-05 | 0         | 0           | -     | no_denominator
        hours_per_active     | 130202 | 2021-05 | 0         | 0           | -     | no_denominator
    """)


def test_registered_but_idle_gives_a_rate_of_zero(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator            | area   | period  | numerator | denominator | value | status
        active_rate          | 130202 | 2021-05 | 0         | 1           | 0     | ok
        hours_per_registered | 130202 | 2021-05 | 0         | 1           | 0     | ok
        hours_per_active     | 130202 | 2021-05 | 0         | 0           | -     | no_denominator
    """)


def test_ever_active_looks_back_to_the_beginning_whatever_the_window(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
        Bea    | 130202 | 2020-01-01
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2020-02-01   | 1
    """)
    city.shows("""
        indicator        | area   | period  | window | numerator | denominator | value
        active_rate      | 130202 | 2021-05 | month  | 0         | 2           | 0
        ever_active_rate | 130202 | 2021-05 | month  | 1         | 2           | 50
        ever_active_rate | 130202 | 2021    | year   | 1         | 2           | 50
        ever_active_rate | 130202 | 2020-01 | month  | 0         | 2           | 0
    """)


def test_the_share_of_residents_uses_the_population_of_the_year(city: City) -> None:
    """Tangshan had 7,717,983 residents at the census of 2020."""
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator        | area   | period  | numerator | denominator | status
        registered_share | 130200 | 2020-06 | 1         | 7717983     | ok
        registered_share | 130200 | 2021-06 | 1         | 7717983     | denominator_year
    """)


def test_hours_per_resident_counts_service_given_in_the_area_by_whomever(city: City) -> None:
    """路北区 had 784,667 residents at the census of 2020."""
    city.service_hours("""
        person | area   | service_date | service_hours
        Ada    | 130203 | 2020-05-01   | 8
    """)
    city.shows("""
        indicator          | area    | period  | numerator | denominator | value       | status
        hours_per_resident | 130203  | 2020-05 | 8         | 784667      | 0.000010195 | ok
        hours_per_resident | U130200 | 2020-05 | 0         | -           | -           | no_denominator
    """)
