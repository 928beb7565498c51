"""Builds one after the other: what earlier ones told gives no small count of a later one away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from metrics.disclosure import awake, states
from metrics.disclosure.demands import Demands
from tests.metrics.disclosure.attack import attack
from tests.metrics.disclosure.histories import exposed, one_withdrawn, random_history, third_month_small
from tests.metrics.disclosure.told import ACTIVE, SERVED, read
from tests.metrics.disclosure.town import CITY, LEAVES, Published

FEBRUARY, MARCH = 2021 * 12 + 1, 2021 * 12 + 2
History = Callable[[Path], Published]


@pytest.fixture(scope="module", params=[one_withdrawn, third_month_small], ids=["withdrawn", "small"])
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Published:
    found: Published = request.param(tmp_path_factory.mktemp("history"))
    return found


def test_what_was_told_before_gives_nothing_away(published: Published) -> None:
    outcome = attack(published.builds, published.truths, at_most=100, rounds=2)
    assert outcome.tried
    assert outcome.recovered == {}
    assert exposed(published) == [0, 0]


@pytest.mark.parametrize("published", [one_withdrawn], indirect=True)
def test_where_one_area_alone_was_not_told_the_citys_months_go_and_its_quarter_stays(
    published: Published,
) -> None:
    table = read(published.builds[-1])
    of_city = {
        (cell.window, cell.month): value
        for cell, value in table.items()
        if (cell.measure, cell.area, cell.dimension) == (ACTIVE, CITY, "")
    }
    assert of_city["month", FEBRUARY] is None
    assert of_city["quarter", MARCH] == 120


@pytest.mark.parametrize(
    ("history", "lost"),
    [(one_withdrawn, (ACTIVE, "month", FEBRUARY)), (third_month_small, (SERVED, "month", MARCH))],
)
def test_it_would_if_nothing_more_were_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, history: History, lost: tuple[str, str, int]
) -> None:
    monkeypatch.setattr(Demands, "of_city", lambda *given: False)
    published = history(tmp_path)
    recovered = attack(published.builds, published.truths, at_most=100, rounds=2).recovered
    assert lost in {(cell.measure, cell.window, cell.month) for cell in recovered if cell.area == LEAVES[0]}


def test_who_is_asleep_or_lapsed_would_tell_who_is_active(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awake, "LEAST", 0)
    monkeypatch.setattr(states, "LEAST", 0)
    published = third_month_small(tmp_path)
    recovered = attack(published.builds, published.truths, at_most=100, rounds=2).recovered
    assert (ACTIVE, "rolling12") in {(cell.measure, cell.window) for cell in recovered}


def test_a_random_history_gives_nothing_away(tmp_path: Path) -> None:
    published = random_history(tmp_path, seed=1, people=120, builds=2)
    outcome = attack(published.builds, published.truths, at_most=40, rounds=2)
    assert outcome.tried == 40
    assert outcome.recovered == {}
    assert exposed(published) == [0, 0]
