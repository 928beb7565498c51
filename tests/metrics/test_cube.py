"""Drawn cases, one for each kind of measure and each window, with numbers worked out by hand.

Volunteer 1 registers on 2022-11-10 and stays; 2 registers on 2023-01-31 (the last day of a month) and leaves on
2023-06-30 (the last day of a month); 3 registers on 2023-03-01; 4 left on an unknown day; 9 is not registered.

               2022-12   2023-01   2023-02   2023-05   2023-06   2023-12
 volunteer 1   60 min              30 min    90 min
 volunteer 2             20 min              40 min    10 min
 volunteer 3                       15 min                        45 min      (February: before registering)
 volunteer 4                       50 min
 volunteer 9                                 25 min
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.cube import CubeFault
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import Facts, make_build

Ask = Callable[..., float | int | None]

REGISTRATIONS = [
    {"volunteer_key": 1, "registered_on": "2022-11-10", "area_code": "130202", "gender": "female", "birth_year": 1987},
    {"volunteer_key": 2, "registered_on": "2023-01-31", "area_code": "130202", "gender": "male", "birth_year": 1950,
     "has_left": True, "left_on": "2023-06-30"},
    {"volunteer_key": 3, "registered_on": "2023-03-01", "area_code": "130203", "gender": "unknown"},
    {"volunteer_key": 4, "registered_on": "2022-11-10", "area_code": "130202", "has_left": True},
]  # fmt: skip
SERVICE = [
    (1, "2022-12-05", 60), (1, "2023-02-10", 30), (1, "2023-05-01", 90),
    (2, "2023-01-05", 20), (2, "2023-05-20", 40), (2, "2023-06-15", 10),
    (3, "2023-02-01", 15), (3, "2023-12-31", 45),
    (4, "2023-02-02", 50),
    (9, "2023-05-05", 25),
]  # fmt: skip


def records(rows: list[tuple[int, str, float]], **more: object) -> Facts:
    return [
        {"volunteer_key": key, "service_date": day, "service_minutes": minutes, "area_code": "130203"} | more
        for key, day, minutes in rows
    ]


def opened(home: Path, **facts: Facts) -> Build:
    build = open_build(make_build(home, **facts))
    assert build is not None
    return build


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """ask(measure, period, window, area) → the value."""
    build = opened(
        tmp_path_factory.mktemp("cube"), registrations=REGISTRATIONS, service_records=records(SERVICE)
    )

    def value(measure: str, period: str, window: str | None = None, area: str = "130202", **more: str):
        return query(build, measure, area, Period.parse(period), window, **more)[0].value

    return value


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2022-11", 1),
        ("2023-01", 2),  # registered on the last day of the month: in force at its end
        ("2023-05", 2),
        ("2023-06", 1),  # left on the last day of the month: no longer in force at its end
        ("2023-12", 1),
    ],
)
def test_a_stock_is_read_at_the_end_of_the_window(ask: Ask, month: str, expected: int) -> None:
    assert ask("registered_volunteers", month) == expected


@pytest.mark.parametrize("window", ["ytd", "rolling12", "to_date"])
def test_a_stock_is_the_same_in_every_window(ask: Ask, window: str) -> None:
    assert ask("registered_volunteers", "2023-05", window) == ask("registered_volunteers", "2023-05") == 2


def test_a_stock_at_the_end_of_a_quarter_and_a_year_is_that_of_its_last_month(ask: Ask) -> None:
    assert ask("registered_volunteers", "2023-Q2") == 1
    assert ask("registered_volunteers", "2023") == 1
    assert ask("registered_volunteers", "2023", area="130200") == 2


@pytest.mark.parametrize(
    ("period", "window", "expected"),
    [
        ("2023-05", "month", 2),
        ("2023-06", "month", 0),  # 2 served in June but left at its end
        ("2023-01", "month", 1),  # 2 served on the 5th and registered on the 31st: in the window, in force
        ("2023-Q1", "quarter", 2),  # 1 in February, 2 in January
        ("2023-Q2", "quarter", 1),  # 2 has left by the end of June
        ("2023", "year", 1),
        ("2023-01", "ytd", 1),
        ("2023-05", "ytd", 2),  # 1 and 2 served twice each, and count once
        ("2023-11", "rolling12", 1),  # 1 in December 2022, February and May
        ("2022-12", "rolling12", 1),
        ("2023-05", "to_date", 2),
        ("2023-12", "to_date", 1),
    ],
)
def test_people_are_counted_once_a_window_and_only_if_in_force_at_its_end(
    ask: Ask, period: str, window: str, expected: int
) -> None:
    assert ask("active_volunteers", period, window) == expected


def test_a_record_before_registration_counts_once_its_owner_is_registered(ask: Ask) -> None:
    # Volunteer 3 served in February and registered in March.
    assert ask("active_volunteers", "2023-02", area="130203") == 0
    assert ask("active_volunteers", "2023-02", "ytd", area="130203") == 0
    assert ask("active_volunteers", "2023-03", "ytd", area="130203") == 1
    assert ask("active_volunteers", "2023-Q1", area="130203") == 1
    assert ask("active_volunteers", "2023-11", "rolling12", area="130203") == 1


def test_a_rolling_window_ends_eleven_months_after_the_service(tmp_path: Path) -> None:
    build = opened(
        tmp_path,
        registrations=[{"volunteer_key": key, "registered_on": "2021-01-01"} for key in (1, 2)],
        service_records=records([(1, "2022-03-31", 60), (2, "2024-06-01", 1)]),
    )
    values = {
        month: query(build, "active_volunteers", "130202", Period.parse(month), "rolling12")[0].value
        for month in ("2022-02", "2022-03", "2023-02", "2023-03")
    }
    assert values == {"2022-02": None, "2022-03": 1, "2023-02": 1, "2023-03": 0}


@pytest.mark.parametrize(
    ("period", "window", "minutes"),
    [
        ("2023-05", "month", 90 + 40),
        ("2023-06", "month", 0),
        ("2023-Q1", "quarter", 30 + 20),
        ("2023", "year", 30 + 90),
        ("2023-05", "ytd", 30 + 90 + 20 + 40),
        ("2023-06", "ytd", 30 + 90),  # all of 2's hours go when 2 goes
        ("2023-05", "rolling12", 60 + 30 + 90 + 20 + 40),
        ("2023-12", "rolling12", 30 + 90),
        ("2023-12", "to_date", 60 + 30 + 90),
    ],
)
def test_hours_by_residence_are_those_of_people_in_force_at_the_end(
    ask: Ask, period: str, window: str, minutes: int
) -> None:
    assert ask("service_hours", period, window) == pytest.approx(minutes / 60, abs=1e-12)


@pytest.mark.parametrize(
    ("period", "window", "visits"),
    [("2023-05", "month", 2), ("2023-05", "ytd", 4), ("2023-05", "rolling12", 5), ("2023", "year", 2)],
)
def test_visits_are_counted_not_people(ask: Ask, period: str, window: str, visits: int) -> None:
    assert ask("service_visits", period, window) == visits


@pytest.mark.parametrize(
    ("period", "window", "minutes", "visits"),
    [
        ("2023-05", "month", 90 + 40 + 25, 3),  # 9 is in no register, but served here
        ("2023-02", "month", 30 + 15 + 50, 3),  # 4 had left, 3 had not registered yet
        ("2023-Q2", "quarter", 90 + 40 + 25 + 10, 4),
        ("2023", "year", 30 + 90 + 20 + 40 + 10 + 15 + 45 + 50 + 25, 9),
        ("2023-06", "ytd", 30 + 90 + 20 + 40 + 10 + 15 + 50 + 25, 8),
        ("2023-01", "rolling12", 60 + 20, 2),
        ("2023-12", "to_date", 385, 10),
    ],
)
def test_service_where_it_took_place_is_by_whomever(
    ask: Ask, period: str, window: str, minutes: int, visits: int
) -> None:
    assert ask("service_hours", period, window, "130203", basis="service") == pytest.approx(minutes / 60)
    assert ask("service_visits", period, window, "130203", basis="service") == visits


@pytest.mark.parametrize(
    ("period", "window", "expected"),
    [
        ("2022-11", "month", 2),  # 4 is new although nobody knows until when
        ("2023-01", "month", 1),
        ("2023-Q1", "quarter", 1),
        ("2023", "year", 1),
        ("2023-12", "ytd", 1),
        ("2023-10", "rolling12", 3),
        ("2023-11", "rolling12", 1),
        ("2023-12", "to_date", 3),
    ],
)
def test_new_registrations_are_a_flow(ask: Ask, period: str, window: str, expected: int) -> None:
    assert ask("new_registrations", period, window) == expected


def test_members_add_up_to_the_total_and_age_is_that_of_the_windows_year(tmp_path: Path) -> None:
    build = opened(
        tmp_path,
        registrations=[
            {"volunteer_key": 1, "registered_on": "2022-06-01", "birth_year": 1987, "gender": "female"},
            {"volunteer_key": 2, "registered_on": "2022-06-01", "birth_year": None, "gender": "male"},
            {"volunteer_key": 3, "registered_on": "2023-12-01", "birth_year": 2009, "gender": "female"},
        ],
        service_records=records([(1, "2022-07-01", 60), (1, "2023-07-01", 60)]),
    )

    def by(indicator: str, period: str, dimension: str, window: str | None = None) -> dict[str, object]:
        rows = query(build, indicator, "130200", Period.parse(period), window, by=dimension)
        return {row.member: row.value for row in rows if row.value}

    assert by("registered_volunteers", "2022", "age_band") == {"18-35": 1, "unknown": 1}
    assert by("registered_volunteers", "2023", "age_band") == {"36-45": 1, "14-17": 1, "unknown": 1}
    assert by("registered_volunteers", "2023", "gender") == {"female": 2, "male": 1}
    assert by("service_hours", "2023-06", "age_band", "rolling12") == {"36-45": 1.0}
    assert by("new_registrations", "2023", "gender") == {"female": 1}


def test_the_same_person_on_two_platforms_is_one_person_until_the_last_one_ends(tmp_path: Path) -> None:
    rows = [
        ("a", "2023-01-10", "2023-03-15", "130202", 1),
        ("b", "2023-02-10", "2023-05-31", "130203", 2),
        ("a", "2023-08-01", None, "130204", 3),  # came back after a gap
    ]
    build = opened(
        tmp_path,
        registrations=[
            {"volunteer_key": 1, "platform": platform, "registered_on": start, "left_on": end,
             "has_left": end is not None, "area_code": area, "drop_id": drop}
            for platform, start, end, area, drop in rows
        ],
        service_records=records([(1, "2023-02-01", 60), (1, "2023-12-01", 60)]),
        drops=[{"drop_id": drop} for drop in (1, 2, 3)],
    )  # fmt: skip

    def months(measure: str, window: str) -> list[object]:
        return [
            query(build, measure, "130204", Period.parse(f"2023-{month:02d}"), window)[0].value
            for month in range(2, 10)
        ]

    assert months("registered_volunteers", "month") == [1, 1, 1, 0, 0, 0, 1, 1]
    assert months("active_volunteers", "ytd") == [1, 1, 1, 0, 0, 0, 1, 1]
    assert months("active_volunteers", "rolling12") == [1, 1, 1, 0, 0, 0, 1, 1]
    assert months("service_hours", "to_date") == [1, 1, 1, 0, 0, 0, 1, 1]
    assert query(build, "new_registrations", "130204", Period.parse("2023-01"))[0].value == 1
    assert query(build, "new_registrations", "130204", Period.parse("2023"))[0].value == 1


def test_the_latest_row_says_where_but_a_blank_does_not_forget_who(tmp_path: Path) -> None:
    build = opened(
        tmp_path,
        registrations=[
            {"volunteer_key": 1, "platform": "a", "area_code": "130202", "gender": "female", "birth_year": 1990,
             "drop_id": 1, "row_no": 9},
            {"volunteer_key": 1, "platform": "b", "area_code": "130203", "drop_id": 2, "row_no": 1},
        ],
    )  # fmt: skip
    year = Period.parse("2021")
    assert query(build, "registered_volunteers", "130202", year)[0].value == 0
    by_gender = query(build, "registered_volunteers", "130203", year, by="gender")
    assert {row.member: row.value for row in by_gender} == {"female": 1, "male": 0, "unknown": 0}
    by_age = query(build, "registered_volunteers", "130203", year, by="age_band")
    assert {row.member: row.value for row in by_age if row.value} == {"18-35": 1}


PLACES = [
    # activity, record, person, drop → where the service took place
    ("130204", "130203", "130202", "130205", "130204"),
    (None, "130203", "130202", "130205", "130203"),
    (None, None, "130202", "130205", "130202"),
    (None, None, None, "130205", "130205"),
    (None, None, None, "U130200", "U130200"),
    ("U130200", "130203", "130202", None, "130203"),  # the record knows the district
    ("U130200", None, "130202", None, "130202"),
    ("U130200", "371002", "371002", None, "U130200"),  # but not a district of another city
    (None, "U130200", None, "130205", "130205"),
]


def test_service_takes_place_where_the_first_that_knows_says(tmp_path: Path) -> None:
    # One case a month, so that all of them fit in one build.
    cases = list(enumerate(PLACES, start=1))
    build = opened(
        tmp_path,
        registrations=[{"volunteer_key": no, "area_code": case[2]} for no, case in cases if case[2]],
        service_records=[
            {"volunteer_key": no, "activity_key": no, "service_date": f"2023-{no:02d}-01", "area_code": case[1],
             "drop_area_code": case[3]}
            for no, case in cases
        ],
        activities=[
            {"activity_key": no, "area_code": case[0], "starts_on": "2023-01-01"} for no, case in cases if case[0]
        ],
    )  # fmt: skip
    placed = build.rows("""
        SELECT month(period_end), area_code FROM observations JOIN areas USING (area_code)
        WHERE measure = 'service_hours' AND basis = 'service' AND time_window = 'month' AND dimension = ''
        AND level <> 'city' ORDER BY ALL
    """)
    assert placed == [(no, case[4]) for no, case in cases]


def test_a_record_no_city_can_claim_is_counted_as_unplaced(tmp_path: Path) -> None:
    build = opened(
        tmp_path,
        registrations=[{"volunteer_key": 1}],
        service_records=[
            {"volunteer_key": 1, "service_date": "2023-05-01"},
            {"volunteer_key": 2, "service_date": "2023-05-01"},
        ],
    )
    assert build.manifest["counted_records"] == "2"
    assert build.manifest["unplaced_records"] == "1"
    assert build.manifest["unregistered_records"] == "1"


def test_records_that_do_not_count_are_in_no_figure(tmp_path: Path) -> None:
    build = opened(
        tmp_path,
        registrations=[{"volunteer_key": 1}],
        service_records=records([(1, "2023-05-01", 60)])
        + records([(1, "2023-05-02", 500)], is_counted=False),
    )
    may = Period.parse("2023-05")
    assert query(build, "service_hours", "130202", may)[0].value == 1.0
    assert query(build, "service_visits", "130203", may, basis="service")[0].value == 1


def test_activities_start_in_the_window_and_were_not_cancelled(tmp_path: Path) -> None:
    build = opened(
        tmp_path,
        activities=[
            {"activity_key": 1, "starts_on": "2023-01-31", "ends_on": "2023-03-01"},
            {"activity_key": 2, "starts_on": "2023-02-01"},
            {"activity_key": 3, "starts_on": "2023-02-02", "is_cancelled": True},
            {"activity_key": 4, "starts_on": "2023-02-03", "area_code": "U130200"},
        ],
    )

    def value(period: str, window: str | None = None, area: str = "130202") -> object:
        return query(build, "activities", area, Period.parse(period), window)[0].value

    assert (value("2023-01"), value("2023-02"), value("2023-02", "ytd")) == (1, 1, 2)
    assert value("2023-02", area="130200") == 2
    assert query(build, "activities", "130200", Period.parse("2023"))[0].status == "provisional"


def test_minutes_are_added_exactly(tmp_path: Path) -> None:
    # 0.1 minutes a thousand times is 100 minutes, not 99.9999999986.
    build = opened(
        tmp_path,
        registrations=[{"volunteer_key": 1}],
        service_records=records([(1, "2023-05-01", 0.1)] * 1000 + [(1, "2022-01-01", 33.3333)]),
    )
    rows = query(build, "service_hours", "130202", Period.parse("2023-05"), "ytd")
    assert rows[0].value == 100 / 60
    assert query(build, "service_hours", "130202", Period.parse("2023-05"), "rolling12")[0].value == 100 / 60


def test_cities_are_the_sum_of_their_parts_in_every_figure(ask: Ask, tmp_path: Path) -> None:
    build = opened(tmp_path, registrations=REGISTRATIONS, service_records=records(SERVICE))
    torn = build.rows("""
        SELECT measure, time_window, period_end, member FROM (
            SELECT o.*, a.level FROM observations o JOIN areas a USING (area_code))
        GROUP BY measure, basis, time_window, period_end, dimension, member
        HAVING abs(sum(value) FILTER (level = 'city') - sum(value) FILTER (level <> 'city')) > 1e-9
    """)
    assert torn == []


def test_an_area_code_that_is_no_leaf_of_today_stops_the_cube(tmp_path: Path) -> None:
    with pytest.raises(CubeFault, match="'130200', '999999'"):
        make_build(
            tmp_path,
            registrations=[
                {"volunteer_key": 1, "area_code": "130200"},
                {"volunteer_key": 2, "area_code": "999999"},
            ],
        )


def test_an_empty_warehouse_makes_an_empty_build(tmp_path: Path) -> None:
    build = opened(tmp_path)
    assert build.cities_with_data() == []
    assert query(build, "registered_volunteers", "130200", Period.parse("2023"))[0].status == "not_reported"


def test_a_date_far_in_the_future_does_not_stretch_the_calendar(tmp_path: Path) -> None:
    home = make_build(
        tmp_path,
        registrations=[{"volunteer_key": 1, "registered_on": "2023-01-01"}],
        service_records=records([(1, "2023-02-01", 60), (1, "2029-01-01", 60)]),
        today=date(2024, 1, 15),
    )
    build = open_build(home)
    assert build is not None
    ((last,),) = build.rows("SELECT max(period_end) FROM observations")
    assert last == date(2025, 11, 30)
