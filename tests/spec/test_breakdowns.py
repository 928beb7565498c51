"""Gender and age: members of a breakdown always add up, and `unknown` is one of them."""

from __future__ import annotations

from tests.spec.drawn import City


def test_gender_is_as_stated_else_from_the_id_number_else_unknown(city: City) -> None:
    city.registrations("""
        person | volunteer_number | sex   | gender | area   | registered_on
        Ada    |                  | woman |        | 130202 | 2020-01-01
        Bob    |                  | man   |        | 130202 | 2020-01-01
        Ben    |                  | man   | 男     | 130202 | 2020-01-01
               | V1               |       | 女     | 130202 | 2020-01-01
               | V2               |       |        | 130202 | 2020-01-01
               | V3               |       | 未知   | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | by     | part    | value
        registered_volunteers | 130202 | 2020-01 | gender | female  | 2
        registered_volunteers | 130202 | 2020-01 | gender | male    | 2
        registered_volunteers | 130202 | 2020-01 | gender | unknown | 2
    """)


def test_age_bands_begin_and_end_where_they_say(city: City) -> None:
    """Age is the year of the window's end minus the year of birth: everybody is a year older in 2021."""
    city.registrations("""
        person | born       | area   | registered_on
        a13    | 2007-01-01 | 130202 | 2020-01-01
        a14    | 2006-12-31 | 130202 | 2020-01-01
        a17    | 2003-06-01 | 130202 | 2020-01-01
        a18    | 2002-06-01 | 130202 | 2020-01-01
        a35    | 1985-06-01 | 130202 | 2020-01-01
        a36    | 1984-06-01 | 130202 | 2020-01-01
        a45    | 1975-06-01 | 130202 | 2020-01-01
        a46    | 1974-06-01 | 130202 | 2020-01-01
        a59    | 1961-06-01 | 130202 | 2020-01-01
        a60    | 1960-06-01 | 130202 | 2020-01-01
        a69    | 1951-06-01 | 130202 | 2020-01-01
        a70    | 1950-06-01 | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | by       | part    | value
        registered_volunteers | 130202 | 2020-12 | age_band | 0-13    | 1
        registered_volunteers | 130202 | 2020-12 | age_band | 14-17   | 2
        registered_volunteers | 130202 | 2020-12 | age_band | 18-35   | 2
        registered_volunteers | 130202 | 2020-12 | age_band | 36-45   | 2
        registered_volunteers | 130202 | 2020-12 | age_band | 46-59   | 2
        registered_volunteers | 130202 | 2020-12 | age_band | 60-69   | 2
        registered_volunteers | 130202 | 2020-12 | age_band | 70+     | 1
        registered_volunteers | 130202 | 2020-12 | age_band | unknown | 0
        registered_volunteers | 130202 | 2021-01 | age_band | 0-13    | 0
        registered_volunteers | 130202 | 2021-01 | age_band | 14-17   | 2
        registered_volunteers | 130202 | 2021-01 | age_band | 70+     | 2
    """)


def test_a_stated_birth_date_places_somebody_without_an_id_number(city: City) -> None:
    city.registrations("""
        volunteer_number | birth_date | area   | registered_on
        V1               | 2000-05-05 | 130202 | 2020-01-01
        V2               |            | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | by       | part    | value
        registered_volunteers | 130202 | 2020-12 | age_band | 18-35   | 1
        registered_volunteers | 130202 | 2020-12 | age_band | unknown | 1
    """)


def test_rates_of_members_divide_within_the_member(city: City) -> None:
    city.registrations("""
        person | sex   | area   | registered_on
        Ada    | woman | 130202 | 2020-01-01
        Bea    | woman | 130203 | 2020-01-01
        Bob    | man   | 130202 | 2020-01-01
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2021-05-01   | 3
    """)
    city.shows("""
        indicator            | area   | period  | by     | part    | numerator | denominator | value | status
        active_rate          | 130200 | 2021-05 | gender | female  | 1         | 2           | 50    | ok
        active_rate          | 130200 | 2021-05 | gender | male    | 0         | 1           | 0     | ok
        active_rate          | 130200 | 2021-05 | gender | unknown | 0         | 0           | -     | no_denominator
        hours_per_registered | 130200 | 2021-05 | gender | female  | 3         | 2           | 1.5   | ok
    """)


def test_people_who_never_registered_serve_as_unknown_members(city: City) -> None:
    city.registrations("""
        person | sex   | area   | registered_on
        Ada    | woman | 130202 | 2020-01-01
    """)
    city.service_hours("""
        person   | area   | service_date | service_hours
        Ada      | 130202 | 2021-05-01   | 1
        somebody | 130202 | 2021-05-01   | 2
    """)
    city.shows("""
        indicator     | area   | period  | basis   | by     | part    | value
        service_hours | 130202 | 2021-05 | service | gender | female  | 1
        service_hours | 130202 | 2021-05 | service | gender | male    | 0
        service_hours | 130202 | 2021-05 | service | gender | unknown | 2
    """)
