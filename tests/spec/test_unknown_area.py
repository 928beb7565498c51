"""Areas: every spelling finds its district, a blank stays in the city's unknown bucket, a stranger is refused."""

from __future__ import annotations

from tests.spec.drawn import City


def test_codes_old_codes_and_names_all_find_the_district_of_today(city: City) -> None:
    city.registrations("""
        person | area         | registered_on
        Ada    | 130207       | 2020-01-01
        Bea    | 130282       | 2020-01-01
        Cyd    | 丰南区       | 2020-01-01
        Dot    | 丰南市       | 2020-01-01
        Eve    | 唐山市丰南区 | 2020-01-01
        Fay    | 丰南         | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130207 | 2020-01 | 6
    """)


def test_a_blank_area_and_the_city_itself_stay_in_the_unknown_bucket(city: City) -> None:
    city.registrations("""
        person | area    | registered_on
        Ada    |         | 2020-01-01
        Bea    | 唐山市  | 2020-01-01
        Cyd    | 130200  | 2020-01-01
        Dot    | U130200 | 2020-01-01
        Eve    | 130202  | 2020-01-01
    """)
    city.shows("""
        indicator             | area    | period  | by       | part    | value
        registered_volunteers | U130200 | 2020-01 |          |         | 4
        registered_volunteers | 130200  | 2020-01 |          |         | 5
        registered_volunteers | 130200  | 2020-01 | district | U130200 | 4
        registered_volunteers | 130200  | 2020-01 | district | 130202  | 1
        registered_volunteers | 130200  | 2020-01 | district | 130203  | 0
    """)


def test_an_area_nobody_knows_sets_the_row_aside(city: City) -> None:
    drop = city.registrations("""
        person | area       | registered_on
        Ada    | 没有这个区 | 2020-01-01
        Bea    | 130206     | 2020-01-01
        Cyd    | 130202     | 2020-01-01
    """)
    assert (drop["rows_read"], drop["rows_accepted"], drop["rows_quarantined"]) == (3, 1, 2)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130200 | 2020-01 | 1
    """)


def test_without_a_folder_the_areas_of_the_rows_tell_the_city(city: City) -> None:
    city.registrations(
        """
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
        Bea    |        | 2020-01-01
        """,
        about="",
    )
    city.shows("""
        indicator             | area    | period  | value
        registered_volunteers | U130200 | 2020-01 | 1
        registered_volunteers | 130202  | 2020-01 | 1
    """)


def test_a_folder_of_a_district_says_where_blank_rows_belong(city: City) -> None:
    city.registrations(
        """
        person | area   | registered_on
        Ada    |        | 2020-01-01
        Bea    | 130203 | 2020-01-01
        """,
        about="130202",
    )
    city.shows("""
        indicator             | area    | period  | value
        registered_volunteers | 130202  | 2020-01 | 1
        registered_volunteers | 130203  | 2020-01 | 1
        registered_volunteers | U130200 | 2020-01 | 0
    """)


def test_a_zone_is_a_part_of_its_city(city: City) -> None:
    city.registrations("""
        person | area           | registered_on
        Ada    | 芦台经济开发区 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130271 | 2020-01 | 1
        registered_volunteers | 130200 | 2020-01 | 1
    """)
