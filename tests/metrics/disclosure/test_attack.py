"""Nobody recovers a small count from what is published, and the attack is one that would."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

import metrics.disclosure
from metrics.disclosure import choose, leavers
from metrics.disclosure.lines import Earlier
from tests.metrics.disclosure.attack import Outcome, attack
from tests.metrics.disclosure.told import NEW, REGISTERED, SERVED, TO_DAY, read, read_ledger
from tests.metrics.disclosure.town import (
    CITY,
    LEAVES,
    Published,
    Town,
    lone_small_count,
    random_town,
    reported_by_district,
)

CELLS = 40  # small cells tried in each city; python -m tests.metrics.disclosure.campaign tries more


APRIL = 2021 * 12 + 3


def attacked(published: Published) -> Outcome:
    return attack(published.builds, published.truths, at_most=CELLS, rounds=2, until=APRIL)


@pytest.mark.parametrize(("seed", "people", "months", "leaves"), [(0, 120, 4, 3), (1, 400, 4, 3)])
def test_no_small_count_can_be_recovered(
    tmp_path: Path, seed: int, people: int, months: int, leaves: int
) -> None:
    outcome = attacked(Published(tmp_path).publish(random_town(seed, people, months, leaves)))
    assert outcome.tried == CELLS
    assert outcome.recovered == {}
    assert outcome.narrowest >= 1


def test_without_companions_small_counts_are_recovered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "cover", lambda unknown, hidden, threshold: hidden)
    assert attacked(Published(tmp_path).publish(lone_small_count())).recovered


def test_what_the_ledger_tells_of_districts_files_gives_nothing_away(tmp_path: Path) -> None:
    published = Published(tmp_path).publish(reported_by_district())
    assert any(one.area != CITY for one in read_ledger(published.builds[0]))
    outcome = attack(published.builds, published.truths)
    assert outcome.tried
    assert outcome.recovered == {}


def test_the_row_counts_of_districts_files_would_give_small_counts_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics.disclosure, "withhold_ledger", lambda *given: None)
    outcome = attacked(Published(tmp_path).publish(reported_by_district()))
    assert (SERVED, LEAVES[0]) in {(cell.measure, cell.area) for cell in outcome.recovered}


def test_which_districts_had_nothing_would_give_a_small_count_away(tmp_path: Path) -> None:
    """Known zeros leave nobody to hide among: so the matrix of what came says none where months are withheld."""
    town = Town()
    for area, visits in zip(LEAVES, ((5, 0, 12), (30, 0, 0), (40, 40, 40)), strict=False):
        keys = town.register(area, 60, 0)
        for month, people in enumerate(visits):
            town.serve(keys[:people], month, area_code=area)
    published = Published(tmp_path).publish(town)
    assert attack(published.builds, published.truths, only=(SERVED,)).recovered == {}
    with duckdb.connect(str(published.builds[0])) as build:
        for area, month in ((LEAVES[1], 2), (LEAVES[1], 3)):
            build.execute(
                "INSERT INTO completeness (source, area_code, month, state) VALUES ('service_hours', ?, ?, 'zero')",
                [area, f"2021-{month:02}-01"],
            )
    recovered = attack(published.builds, published.truths, only=(SERVED,)).recovered
    assert (LEAVES[0], "month") in {(cell.area, cell.window) for cell in recovered}


def next_month(town: Town) -> Town:
    """March makes b large, so that c has become the smallest of the others."""
    registered = [
        [one["volunteer_key"] for one in town.registrations if one["area_code"] == area] for area in LEAVES
    ]
    for keys, people in zip(registered, (30, 300, 12, 40), strict=False):
        town.serve(keys[:people], 2)
    return town


def test_what_was_withheld_once_stays_withheld(tmp_path: Path) -> None:
    published = Published(tmp_path).publish(lone_small_count())
    published.publish(next_month(lone_small_count()))
    outcome = attacked(published)
    assert outcome.tried
    assert outcome.recovered == {}


def test_without_looking_at_earlier_builds_two_of_them_give_a_small_count_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics.disclosure, "read_earlier", lambda *given: Earlier())
    published = Published(tmp_path).publish(lone_small_count())
    published.publish(next_month(lone_small_count()))
    outcome = attacked(published)
    found = {(cell.area, cell.member) for cell in outcome.recovered}
    assert found >= {(LEAVES[0], ""), (LEAVES[0], "unknown")}


def test_late_records_and_withdrawn_ones_give_nothing_away_between_builds(tmp_path: Path) -> None:
    town = random_town(2, 250, 3, 3, ages=(None,))
    late = [town.records.pop() for _ in range(25)]
    published = Published(tmp_path).publish(town)
    town.records += late
    published.publish(town)
    del town.records[:25]
    published.publish(town)
    outcome = attacked(published)
    assert outcome.recovered == {}
    assert outcome.narrowest >= 1


def test_what_an_unfinished_month_came_to_by_a_day_gives_nothing_away(tmp_path: Path) -> None:
    published = Published(tmp_path, received_at="2021-04-20").publish(random_town(3, 300, 4, 3, ages=(None,)))
    up_to_a_day = [value for cell, value in read(published.truths[-1]).items() if TO_DAY in cell.window]
    assert any(0 < value < 10 for value in up_to_a_day if value is not None)
    outcome = attacked(published)
    assert outcome.tried == CELLS
    assert outcome.recovered == {}


def few_register(tmp_path: Path, leaving: float) -> Published:
    """Two years in which hardly anybody registers a quarter in the smaller areas, and nobody serves."""
    town = random_town(4, 250, 24, 4, ages=(None,), leaving=leaving, visits=(0,))
    for area, people in zip(LEAVES[-4:], (200, 120, 90, 60), strict=True):
        town.register(area, people, 0)
    return Published(tmp_path).publish(town)


def stocks_shown(published: Published) -> int:
    """Quarters in which an area's stock is shown at both ends, and the small number of those who are new is not."""
    table, true = read(published.builds[-1]), read(published.truths[-1])
    small = [
        cell
        for cell, value in table.items()
        if (cell.measure, cell.window, cell.dimension) == (NEW, "quarter", "")
        and value is None
        and 0 < true.get(cell, 0) < 10
    ]
    assert small
    ends = [
        [cell._replace(measure=REGISTERED, window="stock", month=cell.month - ago) for ago in (0, 3)]
        for cell in small
    ]
    return sum(all(table.get(end) is not None for end in both) for both in ends)


def test_a_stock_is_shown_where_enough_people_left_to_hide_who_is_new(tmp_path: Path) -> None:
    published = few_register(tmp_path, leaving=0.5)
    assert stocks_shown(published)
    outcome = attack(published.builds, published.truths, at_most=60, rounds=2, only=(NEW, REGISTERED))
    assert outcome.tried == 60
    assert outcome.recovered == {}
    assert outcome.narrowest >= 1


def test_where_nobody_leaves_a_stock_shown_would_tell_who_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not stocks_shown(few_register(tmp_path / "as it is", leaving=0))
    monkeypatch.setattr(leavers, "LEAST", 0)
    published = few_register(tmp_path / "careless", leaving=0)
    assert stocks_shown(published)
    assert attack(
        published.builds, published.truths, at_most=CELLS, rounds=2, only=(NEW, REGISTERED)
    ).recovered


def test_what_earlier_builds_told_is_no_company_for_a_small_count() -> None:
    values = np.array([[5.0], [12.0], [15.0]])
    unknown = np.array([[5.0], [0.0], [15.0]])
    forced = np.zeros(3, dtype=bool)
    assert choose.choose_rows(values, values, forced, 10).hidden.tolist() == [True, True, False]
    assert choose.choose_rows(values, unknown, forced, 10).hidden.tolist() == [True, False, True]


def test_where_everything_else_was_told_a_count_is_exposed_and_the_build_says_so() -> None:
    values = np.array([[5.0], [12.0], [15.0]])
    unknown = np.array([[5.0], [0.0], [0.0]])
    rows = choose.choose_rows(values, unknown, np.zeros(3, dtype=bool), 10)
    assert rows.hidden.tolist() == [True, True, False]
    assert rows.exposed == 1
