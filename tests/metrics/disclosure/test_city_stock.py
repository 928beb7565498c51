"""A city in which few people register a month: its own stock says nothing its new registrations do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.disclosure import leavers
from tests.metrics.disclosure.attack import Outcome, attack
from tests.metrics.disclosure.told import NEW, REGISTERED, Cell, read
from tests.metrics.disclosure.town import CITY, LEAVES, Published, Town


def few_a_month(tmp_path: Path, areas: int, a_month: int) -> Published:
    """After January, so many people register a month in each of some areas; nobody ever leaves."""
    town = Town()
    for area in LEAVES[:areas]:
        town.register(area, 100, 0)
        for month in range(1, 12):
            town.register(area, a_month, month)
    return Published(tmp_path).publish(town)


def attacked(published: Published) -> Outcome:
    return attack(published.builds, published.truths, at_most=40, rounds=2, only=(NEW, REGISTERED))


def own_stocks(published: Published) -> set[int]:
    """Months of 2021 at whose end the city's own stock is shown."""
    return {
        cell.month % 12 + 1
        for cell, value in read(published.builds[-1]).items()
        if (cell.measure, cell.area, cell.dimension) == (REGISTERED, CITY, "")
        and cell.month // 12 == 2021
        and value is not None
    }


def of_city(outcome: Outcome) -> set[Cell]:
    return {cell for cell in outcome.recovered if cell.area == CITY}


@pytest.mark.parametrize(
    ("areas", "a_month", "shown"), [(4, 1, {3, 6, 9, 12}), (4, 3, set(range(1, 13))), (2, 1, {12})]
)
def test_few_new_people_take_the_citys_stock_along(
    tmp_path: Path, areas: int, a_month: int, shown: set[int]
) -> None:
    published = few_a_month(tmp_path, areas, a_month)
    assert own_stocks(published) == shown
    assert attacked(published).recovered == {}


def test_with_the_citys_stock_shown_its_months_would_be_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leavers, "tells_of_city", lambda *given: False)
    published = few_a_month(tmp_path, 4, 1)
    assert own_stocks(published) == set(range(1, 13))
    assert of_city(attacked(published))
