"""One platform's own register: who is on it at the window's end, and of these who was active, wherever recorded."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    # Ada is on one platform. Bea joins a second one. Cyd leaves one of two. Dee goes from one to the other, with a
    # pause. Eve's registration names none. Flo's two registrations name different districts, the later one 130273.
    registrations="""
        person | platform   | area   | registered_on | left_on
        Ada    | 志愿汇     | 130273 | 2021-01-05    |
        Bea    | 志愿汇     | 130273 | 2021-01-05    |
        Bea    | 燕赵志愿云 | 130273 | 2021-02-10    |
        Cyd    | 燕赵志愿云 | 130273 | 2021-01-05    | 2021-03-15
        Cyd    | 志愿汇     | 130273 | 2021-01-20    |
        Dee    | 燕赵志愿云 | 130273 | 2021-01-05    | 2021-02-20
        Dee    | 志愿汇     | 130273 | 2021-04-01    |
        Eve    |            | 130273 | 2021-01-05    |
        Flo    | 志愿汇     | 130274 | 2021-01-05    |
        Flo    | 燕赵志愿云 | 130273 | 2021-01-05    |
    """,
    service="""
        person | served_on
        Ada    | 2021-01-10 2021-03-10
        Bea    | 2021-01-10
        Cyd    | 2021-02-05
        Dee    | 2021-01-15 2021-04-10
        Eve    | 2021-03-03
        Flo    | 2021-03-03
    """,
)


def test_everybody_is_on_each_platform_they_have_joined_and_not_left(told: Told) -> None:
    """志愿汇: Ada, Bea, Cyd and Flo, from April Dee; 燕赵志愿云: Cyd, Dee and Flo, then Bea for Dee, then without Cyd."""
    told.shows("""
        measure               | area   | period  | by       | member     | value
        registered_volunteers | 130273 | 2020-12 | platform | 志愿汇     | 0
        registered_volunteers | 130273 | 2021-01 | platform | 志愿汇     | 4
        registered_volunteers | 130273 | 2021-03 | platform | 志愿汇     | 4
        registered_volunteers | 130273 | 2021-04 | platform | 志愿汇     | 5
        registered_volunteers | 130273 | 2021-01 | platform | 燕赵志愿云 | 3
        registered_volunteers | 130273 | 2021-02 | platform | 燕赵志愿云 | 3
        registered_volunteers | 130273 | 2021-03 | platform | 燕赵志愿云 | 2
        registered_volunteers | 130273 | 2022-03 | platform | 燕赵志愿云 | 2
    """)


def test_a_registration_that_names_no_platform_is_unknown(told: Told) -> None:
    told.shows("""
        measure               | area   | period  | window | by       | member  | value
        registered_volunteers | 130273 | 2021-01 |        | platform | unknown | 1
        active_volunteers     | 130273 | 2021-02 | month  | platform | unknown | 0
        active_volunteers     | 130273 | 2021-03 | month  | platform | unknown | 1
    """)


def test_a_person_has_one_area_on_all_platforms(told: Told) -> None:
    """Flo lives in 130273, whatever the register of 志愿汇 says."""
    told.shows("""
        measure               | area   | period  | by       | member     | value
        registered_volunteers | 130274 | 2021-01 | platform | 志愿汇     | 0
        registered_volunteers | 130274 | 2021-01 | platform | 燕赵志愿云 | 0
    """)


def test_who_is_on_the_platform_at_the_end_is_active_by_any_record_in_the_window(told: Told) -> None:
    """燕赵志愿云 in the first quarter: Bea, who served before she joined, and Flo; Cyd and Dee had left."""
    told.shows("""
        measure           | area   | period  | window  | by       | member     | value
        active_volunteers | 130273 | 2021-01 | month   | platform | 志愿汇     | 2
        active_volunteers | 130273 | 2021-02 | month   | platform | 志愿汇     | 1
        active_volunteers | 130273 | 2021-03 | month   | platform | 志愿汇     | 2
        active_volunteers | 130273 | 2021-01 | month   | platform | 燕赵志愿云 | 1
        active_volunteers | 130273 | 2021-02 | month   | platform | 燕赵志愿云 | 1
        active_volunteers | 130273 | 2021-03 | month   | platform | 燕赵志愿云 | 1
        active_volunteers | 130273 | 2021-Q1 | quarter | platform | 志愿汇     | 4
        active_volunteers | 130273 | 2021-Q1 | quarter | platform | 燕赵志愿云 | 2
        active_volunteers | 130273 | 2021-02 | ytd     | platform | 燕赵志愿云 | 2
        active_volunteers | 130273 | 2021-04 | ytd     | platform | 志愿汇     | 5
        active_volunteers | 130273 | 2021-04 | ytd     | platform | 燕赵志愿云 | 2
        active_volunteers | 130273 | 2021    | year    | platform | 志愿汇     | 5
    """)


def test_a_rolling_window_forgets_and_to_date_does_not(told: Told) -> None:
    """Bea served in January 2021 only, Cyd in February."""
    told.shows("""
        measure           | area   | period  | window    | by       | member     | value
        active_volunteers | 130273 | 2021-12 | rolling12 | platform | 志愿汇     | 5
        active_volunteers | 130273 | 2022-01 | rolling12 | platform | 志愿汇     | 4
        active_volunteers | 130273 | 2022-02 | rolling12 | platform | 志愿汇     | 3
        active_volunteers | 130273 | 2021-12 | rolling12 | platform | 燕赵志愿云 | 2
        active_volunteers | 130273 | 2022-01 | rolling12 | platform | 燕赵志愿云 | 1
        active_volunteers | 130273 | 2022-06 | to_date   | platform | 志愿汇     | 5
        active_volunteers | 130273 | 2022-06 | to_date   | platform | 燕赵志愿云 | 2
    """)
