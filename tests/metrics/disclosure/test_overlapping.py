"""Platforms overlap: neither a small register, nor who is elsewhere only, nor who is on both can be computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from metrics.disclosure import overlapping
from tests.metrics.disclosure.attack import Outcome, attack
from tests.metrics.disclosure.overlaps import EXCESS, PLATFORM, REST
from tests.metrics.disclosure.told import ACTIVE, NEW, REGISTERED, read
from tests.metrics.disclosure.town import CITY, LEAVES, Published, Town, on_platforms, random_town

TWO = {"a": 3, "b": 2}
THREE = {"a": 5, "b": 4, "c": 0.3}
MARCH = 2021 * 12 + 2
CELLS = 40


def attacked(published: Published) -> Outcome:
    return attack(
        published.builds, published.truths, at_most=CELLS, rounds=2, until=MARCH, only=(NEW, REGISTERED, ACTIVE),
        about=(PLATFORM, REST, EXCESS),
    )  # fmt: skip


def town(seed: int, people: int, shares: dict[str, float]) -> Town:
    return on_platforms(random_town(seed, people, 3, 4, ages=(None,)), seed, shares)


@pytest.mark.parametrize(("seed", "people", "shares"), [(0, 200, TWO), (2, 400, THREE), (3, 1500, THREE)])
def test_no_small_register_rest_or_overlap_can_be_recovered(
    tmp_path: Path, seed: int, people: int, shares: dict[str, float]
) -> None:
    outcome = attacked(Published(tmp_path).publish(town(seed, people, shares)))
    assert outcome.tried == CELLS
    assert outcome.recovered == {}


def test_nor_from_two_builds_between_which_people_join_and_change_platforms(tmp_path: Path) -> None:
    first = town(4, 600, TWO)
    late = [first.registrations.pop(number * 7) for number in range(40)]
    published = Published(tmp_path).publish(first)
    first.registrations += late
    for row in first.registrations[:30]:
        row["platform"] = "b" if row["platform"] == "a" else "a"
    published.publish(first)
    outcome = attacked(published)
    assert outcome.tried == CELLS
    assert outcome.recovered == {}


def test_something_is_still_shown_that_gives_nothing_away(tmp_path: Path) -> None:
    published = Published(tmp_path).publish(town(1, 900, TWO))
    shown = [
        cell
        for cell, value in read(published.builds[0]).items()
        if cell.dimension == PLATFORM and value is not None
    ]
    assert {cell.measure for cell in shown} == {REGISTERED, ACTIVE}
    assert {cell.area for cell in shown} > {CITY}
    assert attacked(published).recovered == {}


def test_without_looking_at_rests_and_overlaps_they_are_recovered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful = overlapping.computable

    def careless(*given: Any) -> overlapping.Computable:
        found = careful(*given)
        nothing = np.zeros_like(found.values)
        members = found.members.shape[1]
        nothing[:, :members] = found.unknown[:, :members]
        return found._replace(
            rests=np.zeros_like(found.rests), excess=np.zeros_like(found.excess), unknown=nothing
        )

    monkeypatch.setattr(overlapping, "computable", careless)
    recovered = attacked(Published(tmp_path).publish(town(1, 900, TWO))).recovered
    assert {cell.dimension for cell in recovered} >= {REST, EXCESS}


def on_a_and_b(both: int, only_b: int) -> Town:
    """Sixty people in each of four areas on a; in the first some are on b as well, and some on b only."""
    town = Town()
    for area in LEAVES[:4]:
        town.register(area, 60, 0, platform="a")
        for key in range(len(town.registrations) - 59, len(town.registrations) - 59 + 30):
            if area != LEAVES[0] or key <= both:
                town.registrations.append(
                    {"volunteer_key": key, "area_code": area, "registered_on": "2021-01-01", "platform": "b"}
                )
        first = 1000 * (1 + LEAVES.index(area))
        for key in range(first, first + (only_b if area == LEAVES[0] else 30)):
            town.registrations.append(
                {"volunteer_key": key, "area_code": area, "registered_on": "2021-01-01", "platform": "b"}
            )
    return town


def areas_withheld(build: Path) -> set[str]:
    """Areas whose registers by platform are withheld in January."""
    january = (REGISTERED, PLATFORM, 2021 * 12, "stock")
    return {
        cell.area
        for cell, value in read(build, only=(REGISTERED,)).items()
        if (cell.measure, cell.dimension, cell.month, cell.window) == january and value is None
    }


@pytest.mark.parametrize(
    ("both", "only_b", "is_withheld"),
    [
        (9, 30, True), (10, 30, False), (0, 30, False),
        (30, 9, True), (30, 10, False), (30, 0, False),
    ],
)  # fmt: skip
def test_an_area_is_withheld_from_one_to_nine_on_both_or_on_one_only(
    tmp_path: Path, both: int, only_b: int, is_withheld: bool
) -> None:
    withheld = areas_withheld(on_a_and_b(both, only_b).publish(tmp_path, "public", 10))
    assert (LEAVES[0] in withheld) == is_withheld
    assert CITY not in withheld
    assert len(withheld) == (2 if is_withheld else 0), "one more area, so that the city does not tell"
