"""Identity: one person is one ID number, whatever the platform, the spelling or the order of arrival."""

from __future__ import annotations

from datetime import date

from tests.drops import id_number
from tests.spec.drawn import City


def id_number_of_1960(sequence: int) -> str:
    return id_number(date(1960, 6, 1), sequence)


def test_the_same_id_number_on_two_platforms_is_one_person(city: City) -> None:
    city.registrations("""
        person | platform   | area   | registered_on
        Ada    | 燕赵志愿云 | 130202 | 2020-01-15
        Ada    | 志愿汇     | 130203 | 2020-03-15
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130200 | 2020-03 | 1
        registered_volunteers | 130203 | 2020-01 | 1
        registered_volunteers | 130202 | 2020-03 | 0
    """)


def test_a_person_has_left_only_when_no_platform_is_in_force(city: City) -> None:
    city.registrations("""
        person | platform   | area   | registered_on | status | left_on
        Ada    | 燕赵志愿云 | 130202 | 2020-01-15    | 注销   | 2020-05-10
        Ada    | 志愿汇     | 130202 | 2020-03-15    | 注销   | 2020-08-10
        Bea    | 燕赵志愿云 | 130202 | 2020-01-15    | 注销   |
        Bea    | 志愿汇     | 130202 | 2020-03-15    | 正常   |
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-02 | 1
        registered_volunteers | 130202 | 2020-03 | 2
        registered_volunteers | 130202 | 2020-07 | 2
        registered_volunteers | 130202 | 2020-08 | 1
    """)


def test_hours_by_volunteer_number_belong_to_the_person_registered_with_it(city: City) -> None:
    """V1 on the other platform is somebody else's number."""
    city.registrations("""
        person | volunteer_number | platform   | area   | registered_on
        Ada    | V1               | 燕赵志愿云 | 130202 | 2020-01-01
        Bea    | V1               | 志愿汇     | 130203 | 2020-01-01
    """)
    city.service_hours("""
        volunteer_number | platform   | service_date | service_hours
        V1               | 燕赵志愿云 | 2020-05-01   | 1
        V1               | 志愿汇     | 2020-05-01   | 2
    """)
    city.shows("""
        indicator     | area   | period  | basis     | value
        service_hours | 130202 | 2020-05 | residence | 1
        service_hours | 130203 | 2020-05 | residence | 2
    """)


def test_hours_by_number_that_arrive_before_the_register_find_their_person_later(city: City) -> None:
    city.service_hours("""
        volunteer_number | platform   | service_date | service_hours
        V1               | 燕赵志愿云 | 2020-05-01   | 1
    """)
    city.registrations("""
        person | volunteer_number | platform   | area   | registered_on
        Ada    | V1               | 燕赵志愿云 | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator         | area   | period  | value
        active_volunteers | 130202 | 2020-05 | 1
    """)


def test_a_register_by_number_that_later_brings_the_id_number_is_still_one_person(city: City) -> None:
    city.registrations("""
        volunteer_number | platform   | area   | registered_on
        V1               | 燕赵志愿云 | 130202 | 2020-01-01
    """)
    city.registrations("""
        person | volunteer_number | platform   | area   | registered_on
        Ada    | V1               | 燕赵志愿云 | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-05 | 1
    """)


def test_who_was_registered_by_number_and_leaves_under_the_id_number_has_left(city: City) -> None:
    """Both rows are of one person on one platform, so the later one stands."""
    city.registrations("""
        volunteer_number | platform   | area   | registered_on
        V1               | 燕赵志愿云 | 130202 | 2020-01-01
    """)
    city.registrations("""
        person | volunteer_number | platform   | area   | registered_on | status | left_on
        Ada    | V1               | 燕赵志愿云 | 130202 | 2020-01-01    | 注销   | 2020-06-30
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-05 | 1
        registered_volunteers | 130202 | 2020-06 | 0
    """)


def test_a_record_sent_by_number_and_corrected_by_id_number_is_one_record(city: City) -> None:
    city.registrations("""
        person | volunteer_number | platform   | area   | registered_on
        Ada    | V1               | 燕赵志愿云 | 130202 | 2020-01-01
    """)
    city.service_hours("""
        volunteer_number | platform   | service_date | service_hours
        V1               | 燕赵志愿云 | 2020-05-01   | 1
    """)
    city.service_hours("""
        person | platform   | service_date | service_hours
        Ada    | 燕赵志愿云 | 2020-05-01   | 4
    """)
    city.shows("""
        indicator      | area   | period  | basis     | value
        service_hours  | 130202 | 2020-05 | residence | 4
        service_visits | 130202 | 2020-05 | residence | 1
    """)


def test_the_same_number_on_two_platforms_without_id_numbers_is_two_people(city: City) -> None:
    city.registrations("""
        volunteer_number | platform   | area   | registered_on
        V1               | 燕赵志愿云 | 130202 | 2020-01-01
        V1               | 志愿汇     | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-05 | 2
    """)


def test_a_small_x_and_a_number_of_15_digits_are_the_same_person(city: City) -> None:
    """The 15 digits leave out the century and the check digit."""
    sequence = next(number for number in range(2, 999, 2) if id_number_of_1960(number).endswith("X"))
    long = id_number_of_1960(sequence)
    city.registrations(f"""
        id_number                | platform | area   | registered_on
        {long}                   | A        | 130202 | 2020-01-01
        {long.lower()}           | B        | 130202 | 2020-01-01
        {long[:6] + long[8:17]}  | C        | 130202 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-05 | 1
    """)


def test_a_number_with_a_wrong_check_digit_is_set_aside(city: City) -> None:
    right = id_number_of_1960(2)
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    drop = city.registrations(f"""
        id_number | area   | registered_on
        {right}   | 130202 | 2020-01-01
        {wrong}   | 130202 | 2020-01-01
    """)
    assert (drop["rows_accepted"], drop["rows_quarantined"]) == (1, 1)
