"""Hours per person by band: a band begins with its lower edge and ends just below the next one's."""

from __future__ import annotations

from tests.spec.town import Told, Town

TOWN = Town(
    registrations="""
        person     | area   | registered_on | left_on
        below 1    | 130283 | 2021-01-01    |
        at 1       | 130283 | 2021-01-01    |
        above 1    | 130283 | 2021-01-01    |
        below 2    | 130283 | 2021-01-01    |
        at 2       | 130283 | 2021-01-01    |
        above 2    | 130283 | 2021-01-01    |
        below 5    | 130283 | 2021-01-01    |
        at 5       | 130283 | 2021-01-01    |
        above 5    | 130283 | 2021-01-01    |
        below 10   | 130283 | 2021-01-01    |
        at 10      | 130283 | 2021-01-01    |
        above 10   | 130283 | 2021-01-01    |
        below 20   | 130283 | 2021-01-01    |
        at 20      | 130283 | 2021-01-01    |
        above 20   | 130283 | 2021-01-01    |
        below 50   | 130283 | 2021-01-01    |
        at 50      | 130283 | 2021-01-01    |
        above 50   | 130283 | 2021-01-01    |
        below 100  | 130283 | 2021-01-01    |
        at 100     | 130283 | 2021-01-01    |
        above 100  | 130283 | 2021-01-01    |
        below 200  | 130283 | 2021-01-01    |
        at 200     | 130283 | 2021-01-01    |
        above 200  | 130283 | 2021-01-01    |
        below 300  | 130283 | 2021-01-01    |
        at 300     | 130283 | 2021-01-01    |
        above 300  | 130283 | 2021-01-01    |
        below 600  | 130283 | 2021-01-01    |
        at 600     | 130283 | 2021-01-01    |
        above 600  | 130283 | 2021-01-01    |
        below 1000 | 130283 | 2021-01-01    |
        at 1000    | 130283 | 2021-01-01    |
        above 1000 | 130283 | 2021-01-01    |
        below 1500 | 130283 | 2021-01-01    |
        at 1500    | 130283 | 2021-01-01    |
        above 1500 | 130283 | 2021-01-01    |
        Yan        | 130272 | 2020-01-01    |
        Xia        | 130272 | 2020-01-01    | 2021-02-28
    """,
    service="""
        person     | hours  | served_on
        below 1    | 0.999  | 2021-01-01
        at 1       | 1      | 2021-01-01
        above 1    | 1.001  | 2021-01-01
        below 2    | 1.999  | 2021-01-01
        at 2       | 2      | 2021-01-01
        above 2    | 2.001  | 2021-01-01
        below 5    | 4.999  | 2021-01-01
        at 5       | 5      | 2021-01-01
        above 5    | 5.001  | 2021-01-01
        below 10   | 9.999  | 2021-01-01
        at 10      | 10     | 2021-01-01
        above 10   | 10.001 | 2021-01-01
        below 20   | 19.999 | 2021-01-01
        at 20      | 20     | 2021-01-01
        above 20   | 20.001 | 2021-01-01
        below 50   | 9.999  | 2021-01-01..2021-01-05
        at 50      | 10     | 2021-01-01..2021-01-05
        above 50   | 10.001 | 2021-01-01..2021-01-05
        below 100  | 19.999 | 2021-01-01..2021-01-05
        at 100     | 20     | 2021-01-01..2021-01-05
        above 100  | 20.001 | 2021-01-01..2021-01-05
        below 200  | 19.999 | 2021-01-01..2021-01-10
        at 200     | 20     | 2021-01-01..2021-01-10
        above 200  | 20.001 | 2021-01-01..2021-01-10
        below 300  | 19.999 | 2021-01-01..2021-01-15
        at 300     | 20     | 2021-01-01..2021-01-15
        above 300  | 20.001 | 2021-01-01..2021-01-15
        below 600  | 19.999 | 2021-01-01..2021-01-30
        at 600     | 20     | 2021-01-01..2021-01-30
        above 600  | 20.001 | 2021-01-01..2021-01-30
        below 1000 | 19.999 | 2021-01-01..2021-02-19
        at 1000    | 20     | 2021-01-01..2021-02-19
        above 1000 | 20.001 | 2021-01-01..2021-02-19
        below 1500 | 19.999 | 2021-01-01..2021-03-16
        at 1500    | 20     | 2021-01-01..2021-03-16
        above 1500 | 20.001 | 2021-01-01..2021-03-16
        Yan        | 0.5    | 2020-12-31 2021-01-31 2021-02-01
        Xia        | 3      | 2021-01-15
    """,
)


def test_an_edge_belongs_to_the_band_above_it(told: Told) -> None:
    """Of each edge somebody is just below it, somebody at it, somebody just above it."""
    told.shows_bands("""
        area   | period | window | hours_from | people | hours
        130283 | 2021   | year   | 0          | 1      | 0.999
        130283 | 2021   | year   | 1          | 3      | 4
        130283 | 2021   | year   | 2          | 3      | 9
        130283 | 2021   | year   | 5          | 3      | 20
        130283 | 2021   | year   | 10         | 3      | 40
        130283 | 2021   | year   | 20         | 3      | 89.996
        130283 | 2021   | year   | 50         | 3      | 200
        130283 | 2021   | year   | 100        | 3      | 399.995
        130283 | 2021   | year   | 200        | 3      | 699.995
        130283 | 2021   | year   | 300        | 3      | 1199.985
        130283 | 2021   | year   | 600        | 3      | 2199.98
        130283 | 2021   | year   | 1000       | 3      | 3499.975
        130283 | 2021   | year   | 1500       | 2      | 3000.075
    """)


def test_bands_are_of_the_hours_in_the_window_of_who_is_registered_at_its_end(told: Told) -> None:
    """Xia has left by the end of February; Yan moves up as the window grows."""
    told.shows_bands("""
        area   | period  | window  | hours_from | people | hours
        130272 | 2020    | year    | 0          | 1      | 0.5
        130272 | 2021    | year    | 1          | 1      | 1
        130272 | 2021-01 | ytd     | 0          | 1      | 0.5
        130272 | 2021-01 | ytd     | 2          | 1      | 3
        130272 | 2021-02 | ytd     | 1          | 1      | 1
        130272 | 2020-12 | to_date | 0          | 1      | 0.5
        130272 | 2021-01 | to_date | 1          | 1      | 1
        130272 | 2021-01 | to_date | 2          | 1      | 3
        130272 | 2021-02 | to_date | 1          | 1      | 1.5
    """)


def test_squares_are_of_each_persons_hours_in_the_window(told: Told) -> None:
    """January: 0.5² + 3². Squares of months do not add up to those of the year."""
    told.shows("""
        measure               | area   | period  | window  | value
        service_hours_squared | 130272 | 2021-01 | month   | 9.25
        service_hours_squared | 130272 | 2021-02 | month   | 0.25
        service_hours_squared | 130272 | 2021-Q1 | quarter | 1
        service_hours_squared | 130272 | 2021    | year    | 1
        service_hours_squared | 130272 | 2021-01 | ytd     | 9.25
        service_hours_squared | 130272 | 2021-02 | ytd     | 1
        service_hours_squared | 130272 | 2021-02 | to_date | 2.25
    """)
