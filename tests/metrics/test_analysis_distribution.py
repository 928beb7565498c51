"""Hours per person in bands: shares, median, bounds of Gini and of the top tenth, stars."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metrics.analysis.distribution import HoursDistribution, hours_distribution
from metrics.analysis.grouped import Group, gini_bounds, median_group, top_share_bounds
from metrics.analysis.reading import AnalysisRefused
from metrics.members import hours_bands
from metrics.periods import Period
from tests.metrics.analysis_factory import fill, one_person_home

YEAR = Period.parse("2023")


def grouped(hours: np.ndarray) -> list[Group]:
    """People one by one → bands, as the cube counts them."""
    result = []
    for band in hours_bands():
        upper = np.inf if band.hours_below is None else band.hours_below
        held = hours[(hours >= band.hours_from) & (hours < upper)]
        result.append(Group(float(len(held)), float(held.sum()), band.hours_from, band.hours_below))
    return result


def gini_of(hours: np.ndarray) -> float:
    """The definition: half the mean difference between any two people over the mean."""
    return float(np.abs(hours[:, None] - hours[None, :]).mean() / (2 * hours.mean()))


@pytest.mark.parametrize("seed", range(12))
def test_bounds_from_bands_hold_what_is_true_of_the_people(seed: int) -> None:
    chance = np.random.default_rng(seed)
    hours = chance.lognormal(chance.uniform(-1, 4), chance.uniform(0.1, 2.5), 400) + 0.01
    bands = grouped(hours)
    gini, top = gini_bounds(bands), top_share_bounds(bands, 0.1)
    assert gini is not None
    assert top is not None
    assert gini.lower - 1e-9 <= gini_of(hours) <= gini.upper + 1e-9
    true_top = np.sort(hours)[-40:].sum() / hours.sum()
    assert top.lower - 1e-9 <= true_top <= top.upper + 1e-9
    assert pd.Series(hours).sort_values().iloc[199] >= (median_group(bands) or bands[0]).hours_from


@pytest.mark.parametrize("extreme", ["equal", "edges"])
def test_bounds_are_reached(extreme: str) -> None:
    # Ten people in the band 10 to 20 with a mean of 15: all at 15, or half at either edge.
    bands = [Group(10, 150, 10, 20)]
    hours = np.full(10, 15.0) if extreme == "equal" else np.array([10.0] * 5 + [20.0] * 5)
    gini, top = gini_bounds(bands), top_share_bounds(bands, 0.1)
    assert gini is not None
    assert top is not None
    assert gini_of(hours) == pytest.approx(gini.lower if extreme == "equal" else gini.upper)
    assert hours.max() / 150 == pytest.approx(top.lower if extreme == "equal" else top.upper)


def test_a_drawn_example_by_hand() -> None:
    #  band    people hours   | by hand: mean 4, Lorenz (8/10, 16/40)
    #  1-2...   8     16 (2)  | Gini, all at their means: 1 - (0.8 * 0.4 + 0.2 * 1.4) = 0.4
    #  10-20    2     24 (12) | within 10-20: 2² * (2 * 8 / 10) / (10 * 40) = 0.016; 2-5 at its edge: nothing
    bands = [Group(8, 16, 2, 5), Group(2, 24, 10, 20)]
    gini, top = gini_bounds(bands), top_share_bounds(bands, 0.1)
    assert gini is not None
    assert top is not None
    assert (gini.lower, gini.upper) == (pytest.approx(0.4), pytest.approx(0.416))
    # The top person has at least the mean 12 and at most 14, as the other has 10 at least.
    assert (top.lower, top.upper) == (pytest.approx(12 / 40), pytest.approx(14 / 40))
    assert median_group(bands) == bands[0]


def test_nobody_has_no_distribution_and_impossible_hours_are_refused() -> None:
    assert gini_bounds([]) is None
    assert top_share_bounds([Group(0, 0, 0, 1)]) is None
    assert median_group([]) is None
    with pytest.raises(ValueError, match="expected a mean from 10 to 20"):
        gini_bounds([Group(2, 50, 10, 20)])
    with pytest.raises(ValueError, match="expected a part"):
        top_share_bounds([Group(2, 30, 10, 20)], 0)


def found(
    home: Path, rows: dict[str, tuple[float | None, float | None]], window: str = "year", least: int = 0
) -> HoursDistribution:
    one_person_home(home)
    people = sum(count or 0 for count, _ in rows.values())
    build = fill(
        home,
        hours_bands=[("130202", window, date(2023, 12, 31), band, *counts) for band, counts in rows.items()],
        observations=[("active_volunteers", "130202", window, date(2023, 12, 31), "", "", float(people))],
        manifest={"disclosure_threshold": str(least)},
    )
    return hours_distribution(build, "130202", YEAR, window)


def test_shares_mean_and_median_of_a_year(tmp_path: Path) -> None:
    result = found(tmp_path, {"2-5": (60, 180.0), "10-20": (30, 450.0), "100-200": (10, 1370.0)})
    assert (result.status, result.n, result.mean, result.median_band) == ("ok", 100, 20.0, "2-5")
    assert [(row.band_code, row.people_share) for row in result.rows if row.people] == [
        ("2-5", 0.6), ("10-20", 0.3), ("100-200", 0.1),
    ]  # fmt: skip
    assert result.top_tenth is not None
    assert (
        result.top_tenth.lower == result.top_tenth.upper == pytest.approx(0.685)
    )  # the band ends at the tenth
    assert "68.5%–68.5%" in result.zh
    assert "h on average" in result.en
    assert result.stars == ()


@pytest.mark.parametrize(("more", "is_given"), [(-1, False), (0, True)])
def test_the_hundredth_who_gave_most_is_told_of_a_thousand_people_and_more(
    tmp_path: Path, more: int, is_given: bool
) -> None:
    #  of 1000 people the ten who gave most are the band 100-200: 1500 of 1500 + 3960 hours, exactly
    result = found(tmp_path, {"2-5": (990 + more, 3960.0), "100-200": (10, 1500.0)})
    assert (result.top_hundredth is not None) == is_given
    assert ("最多的 1%" in result.zh) == ("the hundredth who gave most" in result.en) == is_given
    if result.top_hundredth:
        assert result.top_hundredth.lower == result.top_hundredth.upper == pytest.approx(1500 / 5460)


@pytest.mark.parametrize(("people", "is_given"), [(99, False), (100, True)])
def test_what_a_tenth_gave_is_told_where_a_tenth_is_as_many_as_a_build_shows(
    tmp_path: Path, people: int, is_given: bool
) -> None:
    result = found(tmp_path, {"2-5": (people - 20, 180.0), "10-20": (20, 300.0)}, least=10)
    assert (result.top_tenth is not None) == is_given
    assert ("10% 的人" in result.zh) == ("the tenth who gave most" in result.en) == is_given
    assert "基尼系数" in result.zh


def test_stars_are_counted_from_everything_to_date(tmp_path: Path) -> None:
    rows: dict[str, tuple[float | None, float | None]] = {
        "50-100": (7, 560.0), "100-200": (5, 700.0), "300-600": (3, 1000.0), "1500+": (1, 2000.0),
    }  # fmt: skip
    result = found(tmp_path, rows, "to_date")
    assert [(star.hours_from, star.people) for star in result.stars] == [
        (100, 9), (300, 4), (600, 1), (1000, 1), (1500, 1),
    ]  # fmt: skip


def test_a_hidden_band_hides_what_is_worked_out_from_it_and_is_not_zero(tmp_path: Path) -> None:
    rows: dict[str, tuple[float | None, float | None]] = {
        "0-1": (None, None), "2-5": (60, 180.0), "1500+": (40, 80_000.0),
    }  # fmt: skip
    result = found(tmp_path, rows, "to_date")
    assert result.status == "suppressed"
    assert (result.gini, result.top_tenth, result.mean, result.median_band) == (None, None, None, None)
    assert result.rows[0].people is None
    assert result.rows[2].people_share == 0.6
    assert result.rows[2].hours_share is None
    assert result.stars[0].people == 40  # every band above is shown
    assert "不予显示" in result.zh


def test_what_was_not_reported_is_not_zero(tmp_path: Path) -> None:
    build = fill(one_person_home(tmp_path))
    result = hours_distribution(build, "130202", Period.parse("2025"))
    assert (result.status, result.n) == ("not_reported", 0)
    assert {row.people for row in result.rows} == {None}


def test_bands_are_not_counted_for_every_window(tmp_path: Path) -> None:
    with pytest.raises(AnalysisRefused, match="not for 'month'"):
        hours_distribution(fill(one_person_home(tmp_path)), "130202", Period.parse("2023-05"))
