"""Builds one after the other: what earlier ones told gives no small count of a later one away."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from metrics.disclosure import awake, states
from metrics.disclosure.cells import WINDOWS
from metrics.disclosure.demands import Demands
from metrics.disclosure.earlier import read_earlier
from metrics.disclosure.grids import Numbering
from tests.metrics.disclosure.attack import attack
from tests.metrics.disclosure.histories import (
    come_and_gone,
    exposed,
    one_withdrawn,
    random_history,
    third_month_small,
)
from tests.metrics.disclosure.told import ACTIVE, LAPSED, NEW, REGISTERED, SERVED, SLEEPING, read
from tests.metrics.disclosure.town import CITY, LEAVES, Published

FEBRUARY, MARCH, APRIL = (2021 * 12 + month for month in (1, 2, 3))
HISTORIES = {"withdrawn": one_withdrawn, "small": third_month_small, "gone": come_and_gone}


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Published]:
    return {name: history(tmp_path_factory.mktemp(name)) for name, history in HISTORIES.items()}


@pytest.mark.parametrize("name", HISTORIES)
def test_what_was_told_before_gives_nothing_away(histories: dict[str, Published], name: str) -> None:
    published = histories[name]
    outcome = attack(published.builds, published.truths, at_most=100, rounds=2)
    assert outcome.tried
    assert outcome.recovered == {}
    assert set(exposed(published)) == {0}


def test_where_one_area_alone_was_not_told_the_citys_months_go_and_its_quarter_stays(
    histories: dict[str, Published],
) -> None:
    table = read(histories["withdrawn"].builds[-1])
    of_city = {
        (cell.window, cell.month): value
        for cell, value in table.items()
        if (cell.measure, cell.area, cell.dimension) == (ACTIVE, CITY, "")
    }
    assert of_city["month", FEBRUARY] is None
    assert of_city["quarter", MARCH] == 120


def test_a_count_that_is_again_what_the_first_build_told_is_known(histories: dict[str, Published]) -> None:
    """Though the build between told another: 40 were active, with a file that was withdrawn 55."""
    published = histories["gone"]
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{published.truths[-1]}' AS publishing (READ_ONLY)")
        earlier = read_earlier(Numbering(connection, "publishing"), published.builds[0].parent, "build-3")
    assert earlier.build_id == "build-2"
    was = earlier.told[0][ACTIVE, CITY, ""]
    (cell,) = np.flatnonzero((was.cells.windows == WINDOWS.index("month")) & (was.cells.months == FEBRUARY))
    # Of three areas: few are left in one, one has what it had before the file came, one never changed.
    assert sorted(was.values[1:, 0, cell])[-2:] == [40, 50]
    assert 3 not in was.values[:, 0, cell]


@pytest.mark.parametrize(
    ("name", "lost"),
    [("withdrawn", (ACTIVE, "month", FEBRUARY)), ("small", (SERVED, "month", MARCH))],
)
def test_it_would_if_nothing_more_were_withheld(
    histories: dict[str, Published],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    lost: tuple[str, str, int],
) -> None:
    monkeypatch.setattr(Demands, "of_city", lambda *given: False)
    careless = histories[name].last_again(tmp_path)
    recovered = attack(careless.builds, careless.truths, at_most=100, rounds=2, only=lost[:1]).recovered
    assert lost in {(cell.measure, cell.window, cell.month) for cell in recovered if cell.area == LEAVES[0]}


def test_who_is_asleep_or_lapsed_would_tell_who_is_active(
    histories: dict[str, Published], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awake, "LEAST", 0)
    monkeypatch.setattr(states, "LEAST", 0)
    careless = histories["small"].last_again(tmp_path)
    states_of_people = (REGISTERED, NEW, ACTIVE, LAPSED, *SLEEPING)
    recovered = attack(
        careless.builds, careless.truths, at_most=100, rounds=2, only=states_of_people
    ).recovered
    assert (ACTIVE, "rolling12") in {(cell.measure, cell.window) for cell in recovered}


def test_a_random_history_gives_nothing_away(tmp_path: Path) -> None:
    published = random_history(tmp_path, seed=1, people=120, builds=2)
    outcome = attack(published.builds, published.truths, at_most=40, rounds=1, until=APRIL)
    assert outcome.tried == 40
    assert outcome.recovered == {}
    assert exposed(published) == [0, 0]
