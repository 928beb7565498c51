"""Days, kinds of day and counts up to a day: what is said of each gives no small count of another away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from metrics.disclosure import days, demands
from metrics.disclosure.days import DaysOfCities
from metrics.disclosure.lines import Earlier
from metrics.disclosure.to_day import UpToDays
from tests.metrics.disclosure.attack import attack
from tests.metrics.disclosure.histories import exposed
from tests.metrics.disclosure.told import SERVED, Cell, Table, read
from tests.metrics.disclosure.town import CITY, LEAVES, Published, Town, day

Visits = Mapping[tuple[int, int], int]  # by month (from January 2021) and day of it
MONDAYS = (4, 1, 1)  # of January, February and March
SATURDAYS = (2, 6, 6)


def town_of(*areas: Visits) -> Town:
    """Areas of sixty people, of whom so many served on each day."""
    town = Town()
    for area, visits in zip(LEAVES, areas, strict=False):
        keys = town.register(area, 60, 0)
        for (month, of_month), people in visits.items():
            town.serve(keys[:people], month, area_code=area, service_date=day(month, of_month))
    return town


def found(published: Published, *about: str) -> dict[Cell, float]:
    outcome = attack(published.builds, published.truths, at_most=60, rounds=1, only=(SERVED,), about=about)
    assert outcome.tried
    return outcome.recovered


def on_day(of_month: date) -> Cell:
    month = of_month.year * 12 + of_month.month - 1
    return Cell(SERVED, CITY, "month", month, "day", of_month.isoformat())


def kinds(saturdays: tuple[int, ...], mondays: tuple[int, ...]) -> dict[tuple[int, int], int]:
    return {
        (month, on[month]): people
        for on, counts in ((SATURDAYS, saturdays), (MONDAYS, mondays))
        for month, people in enumerate(counts)
        if people
    }


# --- kinds of day over areas, months and quarters ---------------------------------------------------------


@pytest.fixture(scope="module")
def one_month_only(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Few served on Saturdays of one area's January; the next smallest area served in January alone."""
    town = town_of(
        kinds((5, 20, 20), (30, 30, 30)), kinds((12, 0, 0), (12, 0, 0)), kinds((40, 40, 40), (50, 50, 50))
    )
    return Published(tmp_path_factory.mktemp("kinds")).publish(town)


def test_kinds_of_day_give_nothing_away_and_the_city_shows_them(one_month_only: Published) -> None:
    assert found(one_month_only) == {}
    assert exposed(one_month_only) == [0]
    table = read(one_month_only.builds[0])
    city = {
        cell.window for cell, value in shown_kinds(table).items() if cell.area == CITY and value is not None
    }
    assert city >= {"quarter", "year"}
    third = {cell.window for cell, value in shown_kinds(table).items() if cell.area == LEAVES[2] and value}
    assert third >= {"quarter", "year"}


def shown_kinds(table: Table) -> Table:
    return {cell: value for cell, value in table.items() if cell.dimension == "day_kind"}


def test_they_would_if_each_window_were_looked_at_alone(
    one_month_only: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demands, "told_by_kinds", lambda *given: ())
    recovered = found(one_month_only.last_again(tmp_path), "day_kind")
    assert (LEAVES[0], "month", "saturday") in {(cell.area, cell.window, cell.member) for cell in recovered}


# --- days beside their kinds, and beside counts up to a day -----------------------------------------------


@pytest.fixture(scope="module")
def few_on_a_saturday(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Of a month's days the smallest but one is no Saturday."""
    visits = {(0, 2): 5, (0, 9): 20, (0, 4): 12, (0, 5): 30}
    return Published(tmp_path_factory.mktemp("saturday")).publish(town_of(visits))


def test_a_saturday_hides_among_saturdays(few_on_a_saturday: Published) -> None:
    assert found(few_on_a_saturday) == {}
    assert read(few_on_a_saturday.builds[0])[on_day(date(2021, 1, 4))] == 12


def test_its_kind_would_tell_it_among_others(
    few_on_a_saturday: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "SATURDAY", 7)
    recovered = found(few_on_a_saturday.last_again(tmp_path), "day")
    assert recovered[on_day(date(2021, 1, 2))] == 5


@pytest.fixture(scope="module")
def up_to_the_tenth(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """March has come to the 10th, so February is told up to the 10th; its small day is before, the next one after."""
    visits = {(1, 5): 5, (1, 8): 30, (1, 22): 12, (1, 6): 20, (1, 13): 20, (2, 1): 30, (2, 10): 30}
    published = Published(tmp_path_factory.mktemp("cut"), received_at="2021-03-11")
    return published.publish(town_of(visits, {(1, 5): 0, **{one: 40 for one in visits if one != (1, 5)}}))


def test_a_day_hides_among_those_up_to_the_same_cut(up_to_the_tenth: Published) -> None:
    assert any("@2021-02-10" in cell.window for cell in read(up_to_the_tenth.builds[0]))
    assert found(up_to_the_tenth, "day") == {}


def test_a_count_up_to_a_day_would_tell_it(
    up_to_the_tenth: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UpToDays, "cuts", lambda *given, hidden: set())
    assert found(up_to_the_tenth.last_again(tmp_path), "day")[on_day(date(2021, 2, 5))] == 5


# --- successive builds ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def a_day_withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Every day was told; then three visits are left on one of them."""
    visits = {(month, on): 20 + month for month in range(3) for on in (2, 4, 6, 13)}
    others = {(month, 20): 30 + month for month in range(3)}
    published = Published(tmp_path_factory.mktemp("withdrawn")).publish(town_of(visits, others, others))
    return published.publish(town_of({**visits, (1, 4): 3}, others, others))


def test_a_day_all_others_of_which_were_told_is_not_given_away(a_day_withdrawn: Published) -> None:
    assert found(a_day_withdrawn, "day") == {}
    assert exposed(a_day_withdrawn) == [0, 0]
    city = {
        (cell.window, cell.month): value
        for cell, value in read(a_day_withdrawn.builds[-1]).items()
        if (cell.measure, cell.area, cell.dimension) == (SERVED, CITY, "")
    }
    assert city["month", 2021 * 12 + 1] is None


def test_the_citys_month_would_tell_it(
    a_day_withdrawn: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DaysOfCities, "demand_more", lambda *given: False)
    careless = a_day_withdrawn.last_again(tmp_path)
    assert found(careless, "day")[on_day(date(2021, 2, 4))] == 3
    assert exposed(careless)[-1] > 0


@pytest.fixture(scope="module")
def small_up_to_a_day(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Of all areas it was told how many visits there were up to the 10th; then of one few are left."""
    visits = {(1, 8): 30, (1, 22): 40, (2, 1): 30, (2, 10): 30}
    published = Published(tmp_path_factory.mktemp("up to"), received_at="2021-03-11")
    published.publish(town_of(visits, visits, visits))
    return published.publish(town_of({**visits, (1, 8): 3}, visits, visits))


def test_an_area_all_others_of_which_were_told_up_to_a_day_is_not_given_away(
    small_up_to_a_day: Published,
) -> None:
    assert found(small_up_to_a_day, "") == {}
    table = read(small_up_to_a_day.builds[-1])
    assert {
        value for cell, value in table.items() if cell.window == "month@2021-02-10" and cell.area == CITY
    } >= {None}


def test_the_city_up_to_that_day_would_tell_it(
    small_up_to_a_day: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = UpToDays.__init__

    def forgetful(self: UpToDays, numbering: object, threshold: int, earlier: object) -> None:
        was(self, numbering, threshold, Earlier())  # type: ignore[arg-type]

    monkeypatch.setattr(UpToDays, "__init__", forgetful)
    recovered = found(small_up_to_a_day.last_again(tmp_path), "")
    assert (LEAVES[0], "month@2021-02-10") in {(cell.area, cell.window) for cell in recovered}


def test_a_day_of_nobody_stays_withheld_where_it_was(tmp_path: Path) -> None:
    """Else what is left withheld would be told by the others, and with it what the day was before."""
    visits = {(0, 2): 5, (0, 9): 12, (0, 16): 30, (0, 4): 30}
    published = Published(tmp_path).publish(town_of(visits))
    published.publish(town_of({**visits, (0, 2): 0}))
    table = read(published.builds[-1])
    assert [table[on_day(date(2021, 1, on))] for on in (2, 9, 16)] == [None, None, 30]


def test_parts_are_those_between_cuts() -> None:
    one = days.Days(
        "", 0, tuple(date(2021, 1, n) for n in (1, 10, 11, 20)), *np.zeros((2, 4)), np.zeros(4, bool)
    )
    assert one.parts([date(2021, 1, 10), date(2021, 1, 15)]).tolist() == [0, 0, 1, 2]
