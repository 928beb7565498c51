"""CUSUM alerts against OpenPrescribing's own examples and against the textbook table."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.statistics import cusum


@pytest.mark.parametrize(
    ("percentages", "alerts"),
    [
        # Examples of OpenPrescribing's tests (EBM DataLab, University of Oxford), with a window of three: u is an
        # alert upwards, d downwards. The algorithm's known weakness, a noisy start, is among them.
        ([100, 100, 100, 100, 100, 100, 100], "       "),
        ([100, 100, 100, 100, 90, 80, 70, 70, 70, 70], "    ddddd "),
        ([100, 100, 100, 100, 90, 80, 100, 100, 100, 100], "    dd    "),
        ([100, 90, 80, 70, 60, 70, 80, 90, 100], "    d   u"),
        ([10, 20, 30, 40, 50, 40, 30, 20, 10, 0], "    u   dd"),
        ([0, 20, 30, 40, 50, 60, 70, 80, 90], "     uuuu"),
        ([100, 0, 100, 0, 100, 0, 20, 30, 40, 50, 60, 70, 80, 90], "              "),
    ],
)
def test_alerts_are_those_openprescribing_gives(percentages: list[int], alerts: str) -> None:
    found = cusum(np.array(percentages) / 100, window=3, sensitivity=5)
    assert "".join(" ud"[step] for step in found.direction) == alerts
    assert found.alerts.tolist() == [place for place, mark in enumerate(alerts) if mark != " "]


def test_sums_with_a_given_target_are_the_textbooks() -> None:
    # Counted by hand, target 10 and standard deviation 1: what lies above 10.5 and below 9.5 is added up.
    found = cusum([10.0, 11.5, 12.0, 8.0, 9.0], target=10, standard_deviation=1)
    assert found.above.tolist() == pytest.approx([0, 1, 2.5, 0, 0])
    assert found.below.tolist() == pytest.approx([0, 0, 0, -1.5, -2.0])
    assert found.threshold.tolist() == [5] * 5
    assert found.alerts.tolist() == []


@pytest.mark.parametrize(("last", "direction"), [(2.75, 0), (3.0, 0), (3.25, 1)])
def test_a_sum_must_pass_the_threshold_not_meet_it(last: float, direction: int) -> None:
    # 2.5, and then last - 0.5 more, against five standard deviations of 1.
    found = cusum([3.0, last], target=0, standard_deviation=1)
    assert found.above.tolist() == [2.5, 2.5 + last - 0.5]
    assert found.direction.tolist() == [0, direction]


def test_a_lasting_move_is_found_that_no_single_month_shows() -> None:
    chance = np.random.default_rng(5)
    series = chance.normal(10, 1, 48)
    series[24:] += 1.5
    found = cusum(series, target=10, standard_deviation=1)
    assert (found.direction[:24] == 0).all()
    assert found.alerts[0] < 36
    assert (found.direction[found.alerts] == 1).all()


def test_false_alerts_come_about_as_seldom_as_the_textbook_says() -> None:
    # Montgomery's table: with slack 1/2 and threshold 5 the average run to a false alert is 465 periods.
    chance = np.random.default_rng(6)
    runs = []
    for _ in range(60):
        alerts = cusum(chance.normal(0, 1, 2500), target=0, standard_deviation=1).alerts
        runs.append(alerts[0] + 1 if len(alerts) else 2500)
    assert 330 < np.mean(runs) < 620


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(-100, 100), min_size=1, max_size=40),
    st.integers(-50, 50),
    st.sampled_from([0.5, 2, 8]),
)
def test_mirrored_moved_and_rescaled_series_have_the_mirrored_alerts(
    values: list[int], moved: int, unit: float
) -> None:
    series = np.array(values, dtype=float)
    one, mirrored = (
        cusum(series, target=0, standard_deviation=10),
        cusum(-series, target=0, standard_deviation=10),
    )
    assert mirrored.direction.tolist() == (-one.direction).tolist()
    assert mirrored.below.tolist() == (-one.above).tolist()
    changed = cusum(series * unit + moved, target=moved, standard_deviation=10 * unit)
    assert changed.direction.tolist() == one.direction.tolist()
    assert (one.above >= 0).all()
    assert (one.below <= 0).all()


def test_a_missing_month_keeps_the_sums_and_is_no_alert() -> None:
    found = cusum([0, 4.0, np.nan, 4.0, np.nan], target=0, standard_deviation=1)
    assert found.above.tolist() == [0, 3.5, 3.5, 7.0, 7.0]
    assert found.direction.tolist() == [0, 0, 0, 1, 0]


def test_a_series_begins_with_its_first_value() -> None:
    series = np.array([0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    led = cusum(np.concatenate([[np.nan] * 5, series]), window=3)
    assert np.isnan(led.target[:5]).all()
    assert led.direction[5:].tolist() == cusum(series, window=3).direction.tolist()
    assert cusum([np.nan, np.nan]).alerts.tolist() == cusum([]).alerts.tolist() == []


def test_a_long_gap_after_an_alert_keeps_the_level() -> None:
    found = cusum([1, 1, 1, 9, np.nan, np.nan, np.nan, np.nan, 9], window=3)
    assert found.direction.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"values": [[1, 2]]}, "2 dimensions, expected one series"),
        ({"window": 1}, "window is 1, expected at least 2"),
        ({"sensitivity": 0}, "sensitivity is 0"),
        ({"target": 3}, "both target and standard_deviation, or neither"),
        ({"target": 3, "standard_deviation": 0}, "standard_deviation is 0"),
    ],
)
def test_cusum_says_what_it_refuses(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        cusum(**{"values": [1, 2, 3], **arguments})
