"""Intervals of observations: which method an indicator has, and that the limits are the functions' own."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.explain import explain
from metrics.periods import Period
from metrics.query import query
from metrics.statistics import byar_interval, hours_interval
from tests.metrics.build_factory import make_build
from tests.metrics.filled_build import fill

AREA, YEAR, END = "130202", Period.parse("2023"), date(2023, 12, 31)
MINUTES = {1: 60, 2: 60, 3: 180, 4: 600, 5: 1800}
SQUARES = sum((minutes / 60) ** 2 for minutes in MINUTES.values())


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    home = make_build(
        tmp_path_factory.mktemp("intervals"),
        registrations=[
            {"volunteer_key": key, "area_code": AREA, "registered_on": "2021-05-01"} for key in range(1, 21)
        ] + [{"volunteer_key": 99, "area_code": "130203", "registered_on": "2024-02-01"}],
        service_records=[
            {"volunteer_key": key, "service_date": "2023-05-01", "service_minutes": minutes}
            for key, minutes in MINUTES.items()
        ] + [{"volunteer_key": 99, "service_date": "2024-02-01"}],
        activities=[
            {"activity_key": key, "area_code": AREA, "starts_on": day}
            for key, day in enumerate(["2023-03-01"] * 12 + ["2024-02-01"])
        ],
    )  # fmt: skip
    return fill(
        home,
        [
            ("service_hours_squared", "residence", AREA, window, END, "", "", value)
            for window, value in (("year", SQUARES), ("ytd", SQUARES), ("to_date", None))
        ],
    )


@pytest.mark.parametrize(("indicator", "people"), [("hours_per_active", 5), ("hours_per_registered", 20)])
def test_mean_hours_have_the_interval_of_their_sum_of_squares(
    build: Build, indicator: str, people: int
) -> None:
    (row,) = query(build, indicator, AREA, YEAR)
    lower, upper = hours_interval([45.0], [SQUARES], [people], 0.95)
    assert (row.lower, row.upper) == (pytest.approx(lower[0]), pytest.approx(upper[0]))
    assert 0 < (row.lower or 0) < (row.value or 0) < (row.upper or 0)


@pytest.mark.parametrize("window", ["rolling12", "to_date"])
def test_without_a_sum_of_squares_there_is_no_interval(build: Build, window: str) -> None:
    (row,) = query(build, "hours_per_active", AREA, YEAR, window)
    assert row.value == 9.0
    assert (row.lower, row.upper) == (None, None)


def test_mean_hours_of_fewer_people_than_were_tried_have_no_interval(tmp_path: Path) -> None:
    for people, has_interval in ((4, False), (5, True), (6, True)):
        home = make_build(
            tmp_path / str(people),
            registrations=[
                {"volunteer_key": key, "area_code": AREA, "registered_on": "2021-05-01"}
                for key in range(people)
            ],
            service_records=[
                {"volunteer_key": key, "service_date": "2023-05-01", "service_minutes": 60 + key}
                for key in range(people)
            ],
        )
        (row,) = query(fill(home), "hours_per_active", AREA, YEAR)
        assert row.denominator == people
        assert (row.lower is not None) == has_interval


def test_a_breakdown_of_mean_hours_has_none(build: Build) -> None:
    assert {row.lower for row in query(build, "hours_per_active", AREA, YEAR, by="gender")} == {None}


def test_a_count_per_residents_has_byar_limits_in_its_unit(build: Build) -> None:
    (row,) = query(build, "activities_per_10k", AREA, YEAR)
    assert row.denominator
    assert row.value == pytest.approx(10_000 * 12 / row.denominator)
    lower, upper = byar_interval([12], [row.denominator], 0.95, 10_000)
    assert (row.lower, row.upper) == (pytest.approx(lower[0]), pytest.approx(upper[0]))


def test_methods_follow_from_what_is_counted() -> None:
    methods = {entry.id: entry.interval_method for entry in load_catalogue().all()}
    assert methods["active_rate"] == methods["ever_active_rate"] == "wilson"
    assert methods["hours_per_active"] == methods["hours_per_registered"] == "hours"
    assert methods["activities_per_10k"] == methods["registered_share"] == methods["active_share"] == "byar"
    for without in ("hours_per_resident", "visits_per_resident", "visits_per_active", "new_registration_share",
                    "active_growth", "service_hours"):  # fmt: skip
        assert methods[without] == ""


def test_an_explanation_names_the_method_and_the_target(build: Build) -> None:
    interval = explain(build, "hours_per_registered", AREA, YEAR)["interval"]
    assert interval["method"] == "Hours"
    assert "平方和" in interval["zh"]
    assert explain(build, "active_rate", AREA, YEAR)["interval"]["method"] == "Wilson"
    explanation = explain(build, "activities_per_10k", AREA, YEAR)
    assert explanation["calculation"]["en"].startswith("12 ÷ ")
    assert " × 10,000 = " in explanation["calculation"]["en"]
    assert explain(build, "hours_per_registered", AREA, YEAR)["target"]["value"] == 20
    assert explain(build, "hours_per_registered", AREA, YEAR, "to_date")["target"] is None
    assert explain(build, "registered_share", AREA, YEAR)["target"] is None
    assert np.isfinite(interval["lower"])
