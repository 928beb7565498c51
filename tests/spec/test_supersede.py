"""What comes later supersedes, what is withdrawn was never there, and nothing is counted twice."""

from __future__ import annotations

from tests.spec.drawn import City


def test_a_later_drop_corrects_a_record_by_its_number(city: City) -> None:
    city.service_hours("""
        record_id | person | area   | service_date | service_hours
        R1        | Ada    | 130202 | 2021-05-01   | 3
        R2        | Ada    | 130202 | 2021-05-02   | 3
    """)
    city.service_hours("""
        record_id | person | area   | service_date | service_hours | status
        R1        | Ada    | 130202 | 2021-04-30   | 1.5           | 更正
        R2        | Ada    | 130202 | 2021-05-02   | 3             | 驳回
    """)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_hours  | 130202 | 2021-04 | service | 1.5
        service_hours  | 130202 | 2021-05 | service | 0
        service_visits | 130202 | 2021    | service | 1
    """)


def test_the_same_record_number_on_two_platforms_is_two_records(city: City) -> None:
    city.service_hours("""
        record_id | person | platform   | area   | service_date | service_hours
        R1        | Ada    | 志愿汇     | 130202 | 2021-05-01   | 3
        R1        | Bea    | 燕赵志愿云 | 130202 | 2021-05-01   | 1
    """)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_hours  | 130202 | 2021-05 | service | 4
        service_visits | 130202 | 2021-05 | service | 2
    """)


def test_without_a_record_number_person_activity_day_and_start_tell_records_apart(city: City) -> None:
    city.service_hours("""
        person | activity_id | area   | service_date | start_at         | service_hours
        Ada    | A1          | 130202 | 2021-05-01   | 2021-05-01 09:00 | 1
        Ada    | A1          | 130202 | 2021-05-01   | 2021-05-01 14:00 | 2
        Ada    | A2          | 130202 | 2021-05-01   | 2021-05-01 09:00 | 4
        Bea    | A1          | 130202 | 2021-05-01   | 2021-05-01 09:00 | 8
    """)
    city.service_hours("""
        person | activity_id | area   | service_date | start_at         | service_hours
        Ada    | A1          | 130202 | 2021-05-01   | 2021-05-01 14:00 | 0.5
    """)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_hours  | 130202 | 2021-05 | service | 13.5
        service_visits | 130202 | 2021-05 | service | 4
    """)


def test_a_person_who_moved_is_counted_in_the_new_district_also_for_the_past(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.registrations("""
        person | area   | registered_on
        Ada    | 130203 | 2020-01-01
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-06 | 0
        registered_volunteers | 130203 | 2020-06 | 1
        registered_volunteers | 130200 | 2020-06 | 1
    """)


def test_who_registers_again_on_the_same_platform_counts_from_the_later_row(city: City) -> None:
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2020-01-01    | 注销   | 2020-06-30
    """)
    city.registrations("""
        person | area   | registered_on | status | left_on
        Ada    | 130202 | 2021-01-01    | 正常   |
    """)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-12 | 0
        registered_volunteers | 130202 | 2021-01 | 1
        new_registrations     | 130202 | 2021-01 | 1
    """)


def test_a_late_drop_completes_earlier_months(city: City) -> None:
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2021-05-01   | 1
    """)
    city.service_hours("""
        person | service_date | service_hours
        Ada    | 2020-05-01   | 2
    """)
    city.shows("""
        indicator     | area   | period  | window  | basis     | value
        service_hours | 130202 | 2020-05 | month   | residence | 2
        service_hours | 130202 | 2021-05 | to_date | residence | 3
    """)


def test_a_register_sent_whole_again_changes_nothing(city: City) -> None:
    """Ada's first platform is repeated by the second drop; the row of the other platform stays the latest."""
    city.registrations("""
        person | platform   | area   | registered_on
        Ada    | 燕赵志愿云 | 130202 | 2020-01-01
        Ada    | 志愿汇     | 130203 | 2020-02-01
    """)
    repeated = city.registrations("""
        person | platform   | area   | registered_on
        Ada    | 燕赵志愿云 | 130202 | 2020-01-01
        Bea    | 燕赵志愿云 | 130202 | 2020-01-01
    """)
    assert (repeated["rows_accepted"], repeated["rows_unchanged"]) == (1, 1)
    city.shows("""
        indicator             | area   | period  | value
        registered_volunteers | 130202 | 2020-06 | 1
        registered_volunteers | 130203 | 2020-06 | 1
    """)


def test_withdrawing_a_correction_restores_what_was_there_before(city: City) -> None:
    city.service_hours("""
        record_id | person | area   | service_date | service_hours
        R1        | Ada    | 130202 | 2021-05-01   | 3
    """)
    correction = city.service_hours("""
        record_id | person | area   | service_date | service_hours
        R1        | Ada    | 130202 | 2021-05-01   | 1
        R2        | Ada    | 130202 | 2021-05-02   | 1
    """)
    city.withdraw(correction)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_hours  | 130202 | 2021-05 | service | 3
        service_visits | 130202 | 2021-05 | service | 1
    """)


def test_withdrawing_a_drop_leaves_what_a_later_drop_repeated(city: City) -> None:
    first = city.service_hours("""
        record_id | person | area   | service_date | service_hours
        R1        | Ada    | 130202 | 2021-05-01   | 3
        R2        | Ada    | 130202 | 2021-05-02   | 5
    """)
    city.service_hours("""
        record_id | person | area   | service_date | service_hours
        R1        | Ada    | 130202 | 2021-05-01   | 3
    """)
    city.withdraw(first)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_hours  | 130202 | 2021-05 | service | 3
        service_visits | 130202 | 2021-05 | service | 1
    """)


def test_withdrawing_a_register_withdraws_its_links_from_numbers_to_people(city: City) -> None:
    """Without the register, nobody knows whose number V1 is."""
    city.registrations("""
        person | area   | registered_on
        Ada    | 130202 | 2020-01-01
    """)
    linking = city.registrations("""
        person | volunteer_number | platform | area   | registered_on
        Ada    | V1               | 志愿汇   | 130202 | 2020-01-01
    """)
    city.service_hours("""
        volunteer_number | platform | service_date | service_hours
        V1               | 志愿汇   | 2021-05-01   | 3
    """)
    city.shows("""
        indicator         | area   | period  | value
        active_volunteers | 130202 | 2021-05 | 1
    """)
    city.withdraw(linking)
    city.shows("""
        indicator         | area   | period  | value
        active_volunteers | 130202 | 2021-05 | 0
    """)


def test_a_moved_or_cancelled_activity_counts_as_its_latest_row_says(city: City) -> None:
    city.activities("""
        activity_id | area   | start_at   | status
        A1          | 130202 | 2021-05-01 | 招募中
        A2          | 130202 | 2021-05-01 | 招募中
    """)
    city.activities("""
        activity_id | area   | start_at   | status
        A1          | 130203 | 2021-06-01 | 已结束
        A2          | 130202 | 2021-05-01 | 已取消
    """)
    city.shows("""
        indicator  | area   | period  | value
        activities | 130202 | 2021-05 | 0
        activities | 130203 | 2021-06 | 1
    """)


def test_a_withdrawn_drop_stays_withdrawn_when_the_same_bytes_are_found_again(city: City) -> None:
    """The file may still lie in the inbox; the same bytes again are a no-op."""
    drawing = """
        record_id | person | area   | service_date | service_hours
        R1        | Ada    | 130202 | 2021-05-01   | 3
    """
    city.withdraw(city.service_hours(drawing))
    city.service_hours(drawing)
    city.shows("""
        indicator     | area   | period  | basis   | value
        service_hours | 130202 | 2021-05 | service | 0
    """)


def test_the_same_bytes_under_another_name_change_nothing(city: City) -> None:
    drawing = """
        person | activity_id | area   | service_date | service_hours
        Ada    |             | 130202 | 2021-05-01   | 3
    """
    city.service_hours(drawing)
    city.service_hours(drawing)
    city.shows("""
        indicator      | area   | period  | basis   | value
        service_visits | 130202 | 2021-05 | service | 1
    """)
