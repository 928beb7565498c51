"""Analyses of a build made from facts, against pandas on the facts themselves."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from metrics.analysis.distribution import hours_distribution
from metrics.analysis.flows import activity_flows
from metrics.analysis.intervals import limits_of
from metrics.analysis.reading import Asked
from metrics.analysis.retention import retention
from metrics.analysis.seasonality import seasonality
from metrics.analysis.sleeping import sleeping
from metrics.build import Build, open_build
from metrics.members import hours_bands
from metrics.periods import Period, month_number, window_span
from metrics.statistics import hours_interval
from tests.metrics.build_factory import make_build

CITY, DISTRICT = "130200", "130202"
FIRST, LAST = date(2020, 1, 1), date(2023, 12, 31)
DISTRICTS = (DISTRICT, "130203", "130204")


def facts(seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People and their records: some leave, some never serve, some serve before they register."""
    chance = np.random.default_rng(seed)
    span = (LAST - FIRST).days
    people = pd.DataFrame(
        {
            "volunteer_key": range(1, 301),
            "area_code": [DISTRICTS[n % 3] for n in range(300)],
            "registered_on": [FIRST + timedelta(days=int(d)) for d in chance.integers(0, span - 200, 300)],
        }
    )
    people["left_on"] = [
        row.registered_on + timedelta(days=int(chance.integers(60, 900)))
        if row.volunteer_key % 7 == 0
        else None
        for row in people.itertuples()
    ]
    rows = []
    for row in people.itertuples():
        for _ in range(int(chance.negative_binomial(1, 0.12))):
            since = int(chance.integers(-30, 900))
            day = row.registered_on + timedelta(days=since)
            if FIRST <= day <= LAST:
                rows.append((row.volunteer_key, day, float(np.round(chance.lognormal(1, 1), 2)) + 0.01))
    return people, pd.DataFrame(rows, columns=["volunteer_key", "day", "hours"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, pd.DataFrame, pd.DataFrame]:
    people, records = facts()
    spans = {"first_on": FIRST.isoformat(), "last_on": LAST.isoformat(), "area_code": CITY}
    home = make_build(
        tmp_path_factory.mktemp("facts"),
        registrations=[
            {
                "volunteer_key": row.volunteer_key, "area_code": row.area_code, "registered_on": row.registered_on,
                "has_left": row.left_on is not None, "left_on": row.left_on,
            }
            for row in people.itertuples()
        ],
        service_records=[
            {
                "volunteer_key": row.volunteer_key, "service_date": row.day, "service_minutes": round(60 * row.hours, 4),
            }
            for row in records.itertuples()
        ],
        drops=[
            {"drop_id": n, "source": source, **spans}
            for n, source in enumerate(("registrations", "service_hours", "activities"), start=1)
        ],
    )  # fmt: skip
    build = open_build(home)
    assert build is not None
    return build, people, records


def registered(people: pd.DataFrame, day: date, area: str) -> set[int]:
    there = people[(people["area_code"] == area) | (area == CITY)]
    here = [
        row.volunteer_key
        for row in there.itertuples()
        if row.registered_on <= day and (row.left_on is None or row.left_on > day)
    ]
    return set(here)


def served(records: pd.DataFrame, first: date, last: date) -> set[int]:
    return set(records[(records["day"] >= first) & (records["day"] <= last)]["volunteer_key"])


@pytest.mark.parametrize("area", [CITY, DISTRICT])
@pytest.mark.parametrize("code", ["2022-05", "2022-Q3", "2023"])
def test_flows_are_the_sets_of_people(
    world: tuple[Build, pd.DataFrame, pd.DataFrame], code: str, area: str
) -> None:
    build, people, records = world
    period = Period.parse(code)
    before = period.previous()
    now = registered(people, period.end, area)
    active = now & served(records, period.start, period.end)
    earlier, just_before = (
        served(records, FIRST, period.start - timedelta(days=1)),
        served(records, before.start, before.end),
    )
    found = activity_flows(build, area, period)
    assert found.active == len(active)
    assert found.new == len(active - earlier)
    assert found.returning == len(active & just_before)
    assert found.reactivated == len((active & earlier) - just_before)
    assert found.lapsed == len((now & just_before) - active)
    assert found.rows[0].holds is True
    # The second identity holds exactly where nobody served before registering, and says so.
    active_before = registered(people, before.end, area) & just_before
    late = (now & just_before) - registered(people, before.end, area)
    left = len(active_before - now) - len(late)
    assert found.left == (left if left >= 0 else None)


@pytest.mark.parametrize("area", [CITY, DISTRICT])
def test_cohorts_are_the_sets_of_people(world: tuple[Build, pd.DataFrame, pd.DataFrame], area: str) -> None:
    build, people, records = world
    found = retention(build, area, Period.parse("2023-Q4"), 16)
    for cell in found.rows:
        cohort, quarter = Period.parse(cell.cohort), Period.parse(cell.quarter)
        of_cohort = set(
            people[(people["registered_on"] >= cohort.start) & (people["registered_on"] <= cohort.end)][
                "volunteer_key"
            ]
        )
        members = of_cohort & registered(people, quarter.end, area)
        assert cell.registered == len(members)
        assert cell.active == len(members & served(records, quarter.start, quarter.end))
    year = next(point for point in found.curve if point.age == 4)
    cells = [cell for cell in found.rows if cell.age == 4 and cell.registered]
    assert year.active == sum(cell.active or 0 for cell in cells)


def test_the_distribution_holds_the_true_gini(world: tuple[Build, pd.DataFrame, pd.DataFrame]) -> None:
    build, people, records = world
    now = registered(people, LAST, CITY)
    hours = records[records["volunteer_key"].isin(now)].groupby("volunteer_key")["hours"].sum()
    found = hours_distribution(build, CITY, Period.parse("2023"), "to_date")
    edges = [band.hours_from for band in hours_bands()] + [np.inf]
    by_band = pd.cut(hours, edges, right=False).value_counts(sort=False)
    assert [row.people for row in found.rows] == list(by_band)
    values = hours.to_numpy()
    true = np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())
    assert found.gini is not None
    assert found.gini.lower - 1e-9 <= true <= found.gini.upper + 1e-9
    assert found.mean == pytest.approx(values.mean())
    assert found.stars[0].people == (hours >= 100).sum()


@pytest.mark.parametrize("code", ["2023-03", "2023-12"])
def test_sleeping_registrations_are_the_people_without_a_record(
    world: tuple[Build, pd.DataFrame, pd.DataFrame], code: str
) -> None:
    build, people, records = world
    period = Period.parse(code)
    now = registered(people, period.end, CITY)
    joined = {row.volunteer_key: month_number(row.registered_on) for row in people.itertuples()}
    for row in sleeping(build, CITY, period).rows:
        month = month_number(period.end)
        first = Period.of("month", month - row.months + 1).start
        asleep = {key for key in now if joined[key] <= month - row.months} - served(
            records, first, period.end
        )
        assert (row.people, row.status) == (len(asleep), "ok")


def test_saturdays_are_those_of_the_records(world: tuple[Build, pd.DataFrame, pd.DataFrame]) -> None:
    build, _, records = world
    found = seasonality(build, CITY, Period.parse("2023"))
    assert found.saturday_share == pytest.approx((pd.to_datetime(records["day"]).dt.day_of_week == 5).mean())
    assert found.n == (LAST - FIRST).days + 1
    is_saturday = pd.to_datetime(records["day"]).dt.day_of_week == 5
    for period in (Period.parse("2023"), Period.parse("2022-Q3"), Period.parse("2022-02")):
        for share in seasonality(build, CITY, period).saturdays:
            begin, end = window_span(period, share.code)
            inside = (records["day"] >= (begin or FIRST)) & (records["day"] <= end)
            assert (share.saturday_visits, share.visits) == ((inside & is_saturday).sum(), inside.sum()), (
                share
            )
    assert all(month.index is not None for month in found.months)


def test_hours_per_person_have_the_interval_of_the_people(
    world: tuple[Build, pd.DataFrame, pd.DataFrame],
) -> None:
    build, people, records = world
    asked = Asked("hours_per_registered")
    row = asked.at(build, CITY, Period.parse("2023"))
    now = registered(people, LAST, CITY)
    year = records[(records["day"] >= date(2023, 1, 1)) & records["volunteer_key"].isin(now)]
    hours = year.groupby("volunteer_key")["hours"].sum()
    (found,) = limits_of([row])
    lower, upper = hours_interval(hours.sum(), (hours**2).sum(), len(now))
    assert (found.lower, found.upper) == (pytest.approx(float(lower)), pytest.approx(float(upper)))
