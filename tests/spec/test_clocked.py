"""Active by a clocked record: the platform itself kept the time of one record at least."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person | area   | registered_on | left_on
        Ada    | 130224 | 2020-01-01    |
        Bea    | 130224 | 2020-01-01    |
        Cyd    | 130224 | 2020-01-01    |
        Dan    | 130224 | 2020-01-01    |
        Eve    | 130224 | 2020-01-01    |
        Fay    | 130224 | 2020-01-01    | 2021-05-31
        Gus    | 130224 | 2020-01-01    |
    """,
    service="""
        person | evidence | status | served_on
        Ada    | clocked  |        | 2021-05-31
        Bea    | manual   |        | 2021-05-10
        Cyd    | manual   |        | 2021-05-10
        Cyd    | clocked  |        | 2021-05-11
        Dan    | clocked  | 驳回   | 2021-05-10
        Dan    | imported |        | 2021-05-10
        Eve    | clocked  |        | 2021-06-01
        Eve    | honorary |        | 2021-05-15
        Fay    | clocked  |        | 2021-05-10
        Gus    |          |        | 2021-05-10
    """,
)


def test_only_a_counted_and_clocked_record_of_the_window_counts(told: Told) -> None:
    """May: Ada and Cyd. Dan's was rejected, Fay has left, nobody knows about Gus."""
    told.shows("""
        measure                   | area   | period  | value
        active_clocked_volunteers | 130224 | 2021-04 | 0
        active_clocked_volunteers | 130224 | 2021-05 | 2
        active_clocked_volunteers | 130224 | 2021-06 | 1
        active_clocked_volunteers | 130224 | 2021-Q2 | 3
        active_clocked_volunteers | 130224 | 2021    | 3
    """)


def test_it_is_counted_afresh_for_every_window(told: Told) -> None:
    told.shows("""
        measure                   | area   | period  | window    | value
        active_clocked_volunteers | 130224 | 2021-05 | ytd       | 2
        active_clocked_volunteers | 130224 | 2021-06 | ytd       | 3
        active_clocked_volunteers | 130224 | 2022-01 | ytd       | 0
        active_clocked_volunteers | 130224 | 2022-04 | rolling12 | 3
        active_clocked_volunteers | 130224 | 2022-05 | rolling12 | 1
        active_clocked_volunteers | 130224 | 2022-06 | rolling12 | 0
        active_clocked_volunteers | 130224 | 2022-06 | to_date   | 3
    """)


def test_it_has_a_gender_and_an_age(told: Told) -> None:
    told.shows("""
        measure                   | area   | period  | by       | member | value
        active_clocked_volunteers | 130224 | 2021-05 | gender   | female | 2
        active_clocked_volunteers | 130224 | 2021-05 | age_band | 18-35  | 2
    """)
