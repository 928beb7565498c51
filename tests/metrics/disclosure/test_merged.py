"""Withheld members told together are what they truly come to, and nobody recovers a count with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.disclosure.report import withheld
from tests.metrics.disclosure.attack import Outcome, attack
from tests.metrics.disclosure.exported import Exported, Merged, exported, merged, told_together
from tests.metrics.disclosure.town import Published, on_days, random_town

APRIL = 2021 * 12 + 3


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    town = on_days(random_town(1, 900, 6, 4), 1)
    return Published(tmp_path_factory.mktemp("merged")).publish(town)


def opened(published: Published, name: str) -> Build:
    found = open_build(published.directory / name, published.builds[-1].stem)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def of_public(published: Published) -> Exported:
    return exported(opened(published, "public"), published.directory / "export")


@pytest.fixture(scope="module")
def told(published: Published, of_public: Exported) -> list[Merged]:
    return merged(published.directory / "export")


@pytest.fixture(scope="module")
def truth(published: Published) -> Exported:
    return exported(opened(published, "internal"), published.directory / "export-internal")


def test_merged_members_are_what_their_members_truly_come_to(told: list[Merged], truth: Exported) -> None:
    assert len(told) > 100
    for cells, count in told:
        true = [next(iter(truth.get(cell, {0.0}))) for cell in cells]
        assert sum(true) == pytest.approx(count, abs=1e-9), cells


def test_both_members_and_districts_are_merged_hours_as_well(told: list[Merged]) -> None:
    kinds = {(cell.measure.split("/")[0], cell.dimension) for cells, _ in told for cell in cells}
    assert {dimension for _, dimension in kinds} >= {"", "gender", "age_band"}
    assert {measure for measure, _ in kinds} >= {"active_volunteers", "service_hours", "service_visits"}
    assert not any(dimension == "platform" for _, dimension in kinds)


def test_no_merged_count_of_people_is_itself_a_small_one(told: list[Merged]) -> None:
    people = [count for cells, count in told if not cells[0].measure.startswith("service_hours")]
    assert min(people) >= 10
    assert all(len(cells) > 1 for cells, _ in told)


def test_nothing_is_merged_of_an_internal_build(published: Published, truth: Exported) -> None:
    assert truth
    assert merged(published.directory / "export-internal") == []


def attacked(published: Published, told: list[Merged], **more: object) -> Outcome:
    asked = {"at_most": 60, "rounds": 2, "until": APRIL} | more
    return attack(published.builds, published.truths, merged=[told], **asked)  # type: ignore[arg-type]


def test_nobody_recovers_anything_from_merged_members(
    published: Published, told: list[Merged], of_public: Exported
) -> None:
    outcome = attacked(published, told, exports=[of_public])
    assert outcome.tried == 60
    assert outcome.recovered == {}
    assert outcome.narrowest >= 1


def test_one_member_less_and_small_counts_would_be_recovered(
    published: Published, told: list[Merged], truth: Exported
) -> None:
    """The attack believes what it is told: were a member left out of those joined, it would be the difference."""
    careless = [
        (cells[1:], count - next(iter(truth.get(cells[0], {0.0})))) for cells, count in told if len(cells) > 1
    ]
    assert attacked(published, careless).recovered


def test_several_builds_with_their_merged_members_give_nothing_away(tmp_path: Path) -> None:
    town = random_town(2, 400, 4, 3, ages=(None, 1985))
    late = [town.records.pop() for _ in range(25)]
    published = Published(tmp_path).publish(town)
    town.records += late
    published.publish(town)
    all_told = told_together(published)
    assert all(all_told)
    outcome = attack(published.builds, published.truths, at_most=40, rounds=2, until=APRIL, merged=all_told)
    assert outcome.recovered == {}
    assert outcome.narrowest >= 1


def test_a_build_says_how_much_of_what_it_withholds_is_told_together(published: Published) -> None:
    rows = {
        (row["measure"], row["basis"], row["dimension"]): row for row in withheld(opened(published, "public"))
    }
    assert rows["active_volunteers", "residence", "age_band"]["merged"] > 0
    assert all(row["merged"] <= row["hidden"] for row in rows.values())
