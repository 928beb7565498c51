"""People with at least so many hours: shown in more places than all their bands, and telling no small count."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from metrics.disclosure import Pass, steps
from metrics.disclosure.choose import Flags
from tests.metrics.disclosure.attack import attack
from tests.metrics.disclosure.told import ACTIVE, ACTIVE_FROM, read
from tests.metrics.disclosure.town import LEAVES, Published, Town

DECEMBER = 2021 * 12 + 11
# People of four areas by the hours they gave in the year: the bands 2–5, 50–100 and above of the first are small.
HOURS = (0.5, 1.5, 3.0, 7.0, 15.0, 30.0, 70.0, 150.0)
PEOPLE = (
    (12, 11, 4, 13, 14, 12, 3, 2),
    (25, 14, 21, 18, 30, 22, 14, 16),
    (31, 22, 24, 40, 27, 33, 17, 21),
    (55, 42, 36, 61, 44, 50, 29, 33),
)


def town_of_hours() -> Town:
    town = Town()
    for area, counts in zip(LEAVES, PEOPLE, strict=False):
        for hours, people in zip(HOURS, counts, strict=True):
            keys = town.register(area, people, 0)
            times = max(1, int(hours // 12))  # nobody serves more than a day
            for month in range(times):
                town.serve(keys, month, service_minutes=60 * hours / times)
    return town


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return Published(tmp_path_factory.mktemp("steps")).publish(town_of_hours())


def shown(published: Published, area: str) -> dict[int, float]:
    """By edge, the people of the year where they are shown."""
    table = read(published.builds[0])
    found = {}
    for cell, value in table.items():
        for edge, measure in ACTIVE_FROM.items():
            if (cell.measure, cell.area, cell.window, cell.month) == (measure, area, "year", DECEMBER):
                found.update({edge: value} if value is not None else {})
    return dict(sorted(found.items()))


def test_an_area_with_small_bands_still_shows_ten_hours_and_more(published: Published) -> None:
    """Of the edges below ten, 2 leaves 23 and 17 people; 5 would tell 4 and 1 the people of 0–1 and 1–2, who are enough."""
    assert shown(published, LEAVES[0]) == {1: 59, 2: 48, 10: 31, 20: 17}
    table = read(published.builds[0])
    bands = [cell for cell in table if cell[:4] == (ACTIVE, LEAVES[0], "year", DECEMBER) and cell.dimension]
    assert {table[cell] for cell in bands if cell.dimension == "hours_band"} == {None}


def test_an_area_withheld_at_an_edge_has_company(published: Published) -> None:
    missing = [area for area in LEAVES[:4] if 50 not in shown(published, area)]
    assert LEAVES[0] in missing
    assert len(missing) > 1


def test_the_hours_of_people_from_an_edge_are_withheld_with_them(published: Published) -> None:
    with duckdb.connect(str(published.builds[0]), read_only=True) as build:
        ((differing, withheld),) = build.execute("""
            SELECT count(*) FILTER ((p.value IS NULL) <> (h.value IS NULL)), count(*) FILTER (p.value IS NULL)
            FROM observations p JOIN observations h USING (basis, area_code, time_window, period_end, dimension)
            WHERE p.measure LIKE 'active_%h_volunteers'
              AND h.measure = replace(p.measure, '_volunteers', '_hours')""").fetchall()
    assert (differing, withheld > 0) == (0, True)


def sought(published: Published) -> tuple[int, dict[object, float]]:
    outcome = attack(
        published.builds,
        published.truths,
        at_most=80,
        rounds=2,
        only=(ACTIVE, *ACTIVE_FROM.values()),
        about=("", "hours_band"),
    )
    return outcome.tried, dict(outcome.recovered)


def test_edges_and_bands_together_give_no_small_count_away(published: Published) -> None:
    tried, recovered = sought(published)
    assert tried > 20
    assert recovered == {}


def test_without_a_look_at_what_lies_between_edges_they_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(self: steps.Halves, of_it: Flags) -> tuple[np.ndarray, np.ndarray]:
        areas = len(self.values) - 1
        values, unknown = (
            np.full((areas, int(of_it.sum())), 100.0) for _ in range(2)
        )  # every half is of enough people
        return values, unknown

    monkeypatch.setattr(steps.Halves, "columns", careless)
    monkeypatch.setattr(Pass, "steps_of", lambda self, city: {})
    assert sought(Published(tmp_path).publish(town_of_hours()))[1]
