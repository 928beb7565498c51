"""Days: visits and hours of the counted records of each day, where the service took place."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person | area   | registered_on | left_on
        Ada    | 130203 | 2020-01-01    | 2021-05-15
    """,
    service="""
        person | area   | hours | status | served_on
        Ada    |        | 2     |        | 2021-05-01 2021-05-31
        Ada    | 130207 | 3     |        | 2021-05-01
        Bea    | 130203 | 1     |        | 2021-05-01
        Bea    | 130203 | 4     | 驳回   | 2021-05-01 2021-05-02
        Bea    | 130203 | 0     |        | 2021-05-03
        Bea    | 130207 | 0.5   |        | 2021-06-01
    """,
)


def test_a_day_holds_the_counted_records_of_whoever_served_here(told: Told) -> None:
    """On 1 May Ada at home and Bea, who is in no register. Ada has left by the 31st: it is her service all the same."""
    told.shows_days("""
        area   | day        | visits | hours
        130203 | 2021-05-01 | 2      | 3
        130203 | 2021-05-31 | 1      | 2
        130207 | 2021-05-01 | 1      | 3
        130207 | 2021-06-01 | 1      | 0.5
    """)
