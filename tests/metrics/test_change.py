"""A change is shown only between two whole, comparable windows."""

from dataclasses import replace
from datetime import date

import pytest

from metrics.catalogue import load_catalogue
from metrics.change import change
from metrics.observation import Observation

RATE = load_catalogue().indicator("active_rate")
COUNT = load_catalogue().indicator("registered_volunteers")
ROW = Observation(
    indicator="", area_code="130200", area_name="", period_start=date(2023, 1, 1),
    period_end=date(2023, 12, 31), window="year", basis="residence", dimension="", member="",
    numerator=None, denominator=None, value=0.0, lower=None, upper=None, status="ok", build_id="b",
)  # fmt: skip


def row(value: float | None, status: str = "ok") -> Observation:
    return replace(ROW, value=value, status=status)


def test_rates_move_by_points_and_counts_by_percent() -> None:
    moved = change(row(67.9), row(66.5), RATE)
    assert moved is not None
    assert (moved.text("zh"), moved.text("en")) == ("+1.4 个百分点", "+1.4 points")
    moved = change(row(110), row(100), COUNT)
    assert moved is not None
    assert moved.text("zh") == moved.text("en") == "+10.0%"


@pytest.mark.parametrize("status", ["provisional", "denominator_year", "series_break"])
def test_no_change_unless_both_windows_are_whole(status: str) -> None:
    assert change(row(60.0, status), row(50.0), RATE) is None
    assert change(row(60.0), row(50.0, status), RATE) is None


def test_no_change_from_nothing() -> None:
    assert change(row(5), row(0), COUNT) is None
    assert change(row(None, "not_reported"), row(1), COUNT) is None
    moved = change(row(5.0), row(0.0), RATE)
    assert moved is not None
    assert moved.amount == 5.0


def test_what_rounds_to_nothing_has_no_sign() -> None:
    moved = change(row(50.04), row(50.0), RATE)
    assert moved is not None
    assert moved.text("en") == "0.0 points"
