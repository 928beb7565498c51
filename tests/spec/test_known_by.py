"""How a volunteer is known: by an ID number on some registration, or by a volunteer number only."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations=(
        """
        person | volunteer_number | platform   | area   | registered_on
        Ada    |                  | 志愿汇     | 130281 | 2021-01-05
               | K-7              | 志愿汇     | 130281 | 2021-01-05
               | K-7              | 燕赵志愿云 | 130281 | 2021-01-05
               | K-8              | 志愿汇     | 130281 | 2021-01-05
        Cyd    | K-9              | 志愿汇     | 130281 | 2021-01-05
        """,
        """
        person | volunteer_number | platform | area   | registered_on
        Bea    | K-8              | 志愿汇   | 130281 | 2021-01-05
               | K-9              | 志愿汇   | 130281 | 2021-01-05
        """,
    ),
    service="""
        person | volunteer_number | platform   | served_on
               | K-7              | 志愿汇     | 2021-02-03
               | K-8              | 志愿汇     | 2021-02-03 2021-03-03
               | K-9              | 志愿汇     | 2021-02-03
               | K-7              | 燕赵志愿云 | 2021-03-03
    """,
)


def test_one_registration_with_an_id_number_is_enough(told: Told) -> None:
    """Ada; Bea, whose ID number came later; Cyd, whose later row has none. Number K-7 is two people."""
    told.shows("""
        measure               | area   | period  | by       | member      | value
        registered_volunteers | 130281 | 2021-01 | identity | id_number   | 3
        registered_volunteers | 130281 | 2021-01 | identity | number_only | 2
        registered_volunteers | 130281 | 2020-12 | identity | id_number   | 0
    """)


def test_active_volunteers_are_known_in_the_same_ways(told: Told) -> None:
    told.shows("""
        measure           | area   | period  | window  | by       | member      | value
        active_volunteers | 130281 | 2021-02 | month   | identity | id_number   | 2
        active_volunteers | 130281 | 2021-02 | month   | identity | number_only | 1
        active_volunteers | 130281 | 2021-03 | month   | identity | id_number   | 1
        active_volunteers | 130281 | 2021-03 | month   | identity | number_only | 1
        active_volunteers | 130281 | 2021-03 | ytd     | identity | number_only | 2
        active_volunteers | 130281 | 2021-Q1 | quarter | identity | id_number   | 2
    """)
