"""Drawn cases for what depends on the months before and after: states, lapse, sleep, hours so far, cohorts.

            2020-11   2021-02   2021-03   2021-04   2022-01   2022-06   2023-07
 1 (c)        60c                 120m                30c
 2                      600i       600i     30h                           90
 3                                                               15c

1 registered in 2020-05, 2 in 2021-02 and leaves in 2022-03, coming back (on another platform) in 2023-06; 3 in
2021-12, with a volunteer number only; 4 in 2020-05 and never serves. c m i h: clocked, manual, imported, honorary.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import make_build

REGISTRATIONS = [
    {"volunteer_key": 1, "registered_on": "2020-05-10"},
    {"volunteer_key": 2, "registered_on": "2021-02-20", "has_left": True, "left_on": "2022-03-31"},
    {"volunteer_key": 2, "registered_on": "2023-06-01", "platform": "b"},
    {"volunteer_key": 3, "registered_on": "2021-12-01", "area_code": "130203", "has_id_number": False},
    {"volunteer_key": 4, "registered_on": "2020-05-31"},
]
SERVICE = [
    (1, "2020-11-02", 60, "clocked"), (1, "2021-03-01", 120, "manual"), (1, "2022-01-31", 30, "clocked"),
    (2, "2021-02-01", 600, "imported"), (2, "2021-03-09", 600, "imported"), (2, "2021-04-30", 30, "honorary"),
    (2, "2023-07-01", 90, ""),
    (3, "2022-06-30", 15, "clocked"),
]  # fmt: skip
Members = dict[str, float | int | None]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    records = [
        {"volunteer_key": key, "service_date": day, "service_minutes": minutes, "evidence": evidence,
         "area_code": "130204"}
        for key, day, minutes, evidence in SERVICE
    ]  # fmt: skip
    opened = open_build(
        make_build(tmp_path_factory.mktemp("cube"), registrations=REGISTRATIONS, service_records=records)
    )
    assert opened is not None
    return opened


@pytest.fixture(scope="module")
def by(build: Build) -> Callable[..., Members]:
    """by(measure, period, window, dimension) → the members that are not zero, of the whole city."""

    def asked(
        measure: str, period: str, window: str | None = None, by: str | None = None, **more: str
    ) -> Members:
        rows = query(build, measure, "130200", Period.parse(period), window, by=by, **more)
        return {row.member: row.value for row in rows if row.value}

    return asked


@pytest.mark.parametrize(
    ("period", "states"),
    [
        ("2020-11", {}),  # the data begin in it: nobody knows who was active the month before
        ("2021-02", {"new": 1}),
        ("2021-03", {"returning": 1, "reactivated": 1}),
        ("2021-Q1", {"new": 1, "returning": 1}),
        ("2021-Q2", {"returning": 1}),
        ("2022-Q1", {"reactivated": 1}),
        ("2021", {"new": 1, "returning": 1}),
        ("2022", {"new": 1, "returning": 1}),
        ("2023", {"reactivated": 1}),  # 2 was away in 2022
    ],
)
def test_who_is_active_is_new_or_was_active_in_the_window_before_or_earlier(
    by: Callable[..., Members], period: str, states: Members
) -> None:
    assert by("active_volunteers", period, by="activity_state") == states


@pytest.mark.parametrize(
    ("period", "lapsed"),
    [("2020-12", 1), ("2021-03", 0), ("2021-04", 1), ("2021-05", 1), ("2021-Q2", 1), ("2021-Q3", 1), ("2022", 0),
     ("2023", 2)],
)  # fmt: skip
def test_who_was_active_in_the_window_before_and_is_not_in_this_one_has_lapsed(
    by: Callable[..., Members], period: str, lapsed: int
) -> None:
    assert by("lapsed_volunteers", period) == ({"": lapsed} if lapsed else {})


@pytest.mark.parametrize(
    ("period", "window", "people"),
    [("2020-11", "month", 1), ("2021-03", "month", 0), ("2021-10", "rolling12", 1), ("2021-11", "rolling12", 0),
     ("2022", "year", 2), ("2022-12", "ytd", 2), ("2022-Q1", "quarter", 1), ("2022-06", "to_date", 2)],
)  # fmt: skip
def test_clocked_people_are_counted_by_their_clocked_records_only(
    by: Callable[..., Members], period: str, window: str, people: int
) -> None:
    assert by("active_clocked_volunteers", period, window) == ({"": people} if people else {})


@pytest.mark.parametrize(
    ("measure", "asleep"),
    [
        # 1 sleeps from 2023-01 on, 3 from 2023-06, 4 from 2021-05; 2 had slept for long when they came back.
        ("sleeping_12m_volunteers", {"2021-04": 0, "2021-05": 1, "2022-12": 1, "2023-01": 2, "2023-05": 2, "2023-06": 4,
                                     "2023-07": 3}),
        ("sleeping_24m_volunteers", {"2022-04": 0, "2022-05": 1, "2023-06": 2, "2023-07": 1}),
        ("sleeping_36m_volunteers", {"2023-04": 0, "2023-05": 1, "2023-06": 1}),
    ],
)  # fmt: skip
def test_people_sleep_after_so_many_months_in_the_register_without_a_record(
    by: Callable[..., Members], measure: str, asleep: dict[str, int]
) -> None:
    assert {month: by(measure, month).get("", 0) for month in asleep} == asleep


def test_hours_and_visits_by_evidence_add_up_at_home_and_where_served(by: Callable[..., Members]) -> None:
    assert by("service_hours", "2021", by="evidence") == {"manual": 2, "imported": 20, "honorary": 0.5}
    assert by("service_visits", "2023", by="evidence", basis="service") == {"unknown": 1}
    assert by("service_hours", "2022-01", "to_date", "evidence") == {
        "clocked": 1.5, "manual": 2, "imported": 20, "honorary": 0.5,
    }  # fmt: skip
    # 2 has left: their hours are no longer those of anybody registered here, but were given here.
    assert by("service_hours", "2022-03", "to_date", "evidence") == {"clocked": 1.5, "manual": 2}
    served = by("service_hours", "2022-03", "to_date", "evidence", basis="service")
    assert served == {"clocked": 1.5, "manual": 2, "imported": 20, "honorary": 0.5}


def test_people_with_a_number_only_are_told_apart(by: Callable[..., Members]) -> None:
    assert by("registered_volunteers", "2022", by="identity") == {"id_number": 2, "number_only": 1}
    assert by("active_rate", "2022", by="identity") == {"id_number": 50.0, "number_only": 100.0}


@pytest.mark.parametrize(
    ("window", "day", "bands"),
    [
        ("ytd", "2021-02-28", [("10-20", 1, 10.0)]),
        ("ytd", "2021-04-30", [("2-5", 1, 2.0), ("20-50", 1, 20.5)]),
        ("year", "2021-12-31", [("2-5", 1, 2.0), ("20-50", 1, 20.5)]),
        ("to_date", "2021-12-31", [("2-5", 1, 3.0), ("20-50", 1, 20.5)]),
        ("to_date", "2022-12-31", [("0-1", 1, 0.25), ("2-5", 1, 3.5)]),
        ("to_date", "2023-06-30", [("0-1", 1, 0.25), ("2-5", 1, 3.5), ("20-50", 1, 20.5)]),
        ("to_date", "2023-07-31", [("0-1", 1, 0.25), ("2-5", 1, 3.5), ("20-50", 1, 22.0)]),
    ],
)
def test_people_by_the_hours_they_gave(
    build: Build, window: str, day: str, bands: list[tuple[str, int, float]]
) -> None:
    sql = """SELECT band, people, hours FROM hours_bands WHERE area_code = '130200' AND time_window = ?
             AND period_end = ? ORDER BY hours"""
    assert build.rows(sql, [window, day]) == sorted(bands, key=lambda band: band[2])


@pytest.mark.parametrize(
    ("window", "day", "squares"),
    [
        ("month", "2021-03-31", 2**2 + 10**2),
        ("quarter", "2021-03-31", 2**2 + 20**2),
        ("year", "2021-12-31", 2**2 + 20.5**2),
        ("ytd", "2021-04-30", 2**2 + 20.5**2),
        ("to_date", "2022-12-31", 3.5**2 + 0.25**2),
        ("to_date", "2023-12-31", 3.5**2 + 0.25**2 + 22**2),
    ],
)
def test_squares_are_those_of_what_each_person_gave_in_the_window(
    build: Build, window: str, day: str, squares: float
) -> None:
    sql = """SELECT value FROM observations WHERE measure = 'service_hours_squared' AND area_code = '130200'
             AND time_window = ? AND period_end = ?"""
    assert build.rows(sql, [window, day]) == [(squares,)]


def test_bands_add_up_to_the_active_and_their_hours(build: Build) -> None:
    torn = build.rows("""
        WITH added AS (SELECT area_code, time_window, period_end, sum(people) AS people, sum(hours) AS hours
                       FROM hours_bands GROUP BY ALL),
        counted AS (SELECT area_code, time_window, period_end,
                           max(value) FILTER (measure = 'active_volunteers') AS people,
                           max(value) FILTER (measure = 'service_hours') AS hours
                    FROM observations WHERE dimension = '' AND basis = 'residence'
                    AND time_window IN ('ytd', 'year', 'to_date') GROUP BY ALL)
        SELECT * FROM added FULL JOIN counted USING (area_code, time_window, period_end)
        WHERE coalesce(added.people, 0) <> coalesce(counted.people, 0)
        OR abs(coalesce(added.hours, 0) - coalesce(counted.hours, 0)) > 1e-9
    """)
    assert torn == []


def test_cohorts_are_followed_by_quarter(build: Build) -> None:
    sql = """SELECT CAST(cohort_start AS VARCHAR), CAST(quarter_end AS VARCHAR), registered, active FROM cohorts
             WHERE area_code = ? AND quarter_end IN ('2021-03-31', '2022-03-31', '2023-09-30') ORDER BY ALL"""
    assert build.rows(sql, ["130200"]) == [
        ("2020-04-01", "2021-03-31", 2, 1),
        ("2020-04-01", "2022-03-31", 2, 1),
        ("2020-04-01", "2023-09-30", 2, 0),
        ("2021-01-01", "2021-03-31", 1, 1),
        ("2021-01-01", "2023-09-30", 1, 1),
        ("2021-10-01", "2022-03-31", 1, 0),
        ("2021-10-01", "2023-09-30", 1, 0),
    ]


def test_days_are_those_of_the_place_of_service(build: Build) -> None:
    sql = "SELECT CAST(service_date AS VARCHAR), visits, hours FROM days WHERE area_code = ? ORDER BY ALL"
    assert build.rows(sql, ["130204"])[:2] == [("2020-11-02", 1, 1.0), ("2021-02-01", 1, 10.0)]
    assert build.rows(sql, ["130204"]) == build.rows(sql, ["130200"])


def test_many_hours_are_squared_exactly(tmp_path: Path) -> None:
    """A million minutes squared are more than 64 bits hold of ten-thousandths."""
    records = [
        {"volunteer_key": 1, "service_date": "2021-03-01", "service_minutes": minutes}
        for minutes in (500_000, 500_000.5)
    ]
    opened = open_build(make_build(tmp_path, registrations=[{"volunteer_key": 1}], service_records=records))
    assert opened is not None
    sql = "SELECT DISTINCT value FROM observations WHERE measure = 'service_hours_squared'"
    assert opened.rows(sql) == [(1_000_000.5**2 / 3600,)]
