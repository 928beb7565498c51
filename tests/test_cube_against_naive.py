"""The cube must agree with the boring version on generated drops, sent through the whole pipeline.

Drops are written as CSV, loaded by the command, and asked for through `metrics.query`; `naive` counts the
same facts with loops. Both are asked the same questions, sampled by seed from all there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from metrics.build import open_build
from metrics.catalogue import load_catalogue
from metrics.periods import Period
from metrics.query import query
from metrics.variants import axes_of, load_axes
from tests import naive
from tests.against_naive import (
    ADDITIVE,
    PARTS,
    TOLERANCE,
    Question,
    all_questions,
    boring_world,
    cube_answers,
    kind_of,
    require_agreement,
    some_questions,
    write_own_population,
)
from tests.commands import load, run
from tests.generate import CITY, Case, make_case

# At random, besides every kind of question once.
ASKED = 150


@dataclass
class Loaded:
    """A case in a data home: the number each drop got, by file name."""

    case: Case
    home: Path
    order: dict[str, int]

    def build(self) -> Any:
        build = open_build(self.home)
        assert build is not None, "loading published nothing"
        return build

    def world(self, without: Iterable[str] = ()) -> naive.Row:
        kept = {name: number for name, number in self.order.items() if name not in set(without)}
        return boring_world(self.case, kept)


def load_case(case: Case, directory: Path) -> Loaded:
    """Every drop of a case, loaded by one command."""
    home = directory / "home"
    write_own_population(home)
    answer = load(home, *case.write(directory / "drops"))
    return Loaded(case, home, {row["file_name"]: row["drop_id"] for row in answer["drops"]})


@pytest.fixture(scope="module", params=[1, 2, 3])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_case(make_case(request.param), tmp_path_factory.mktemp(f"case-{request.param}"))


def test_cube_agrees_with_naive_on_every_measure_window_area_and_member(loaded: Loaded) -> None:
    require_agreement(loaded.world(), loaded.build(), some_questions(ASKED, seed=loaded.case.seed))


def test_naive_knows_every_measure_and_indicator_of_the_catalogue() -> None:
    """Whoever adds an indicator or a measure tells the second implementation how it is counted."""
    catalogue = load_catalogue()
    assert set(catalogue.indicators) == {*naive.INDICATORS, *naive.GROWTHS}
    counted = {measure for measure, _ in naive.SOURCES} - {"service_hours_squared"}
    assert set(catalogue.counts) == {*counted, "permanent_population"}
    asked = {question.name for question in all_questions()}
    assert asked == {entry.id for entry in catalogue.all()}


def test_every_population_a_definition_can_choose_is_recounted() -> None:
    chosen = load_axes()["population"].options.values()
    scopes = {reading.scope for option in chosen for reading in option.reads.values()}
    assert scopes == set(PARTS)
    asked = {(question.name, question.part) for question in all_questions() if question.part}
    concerned = [entry.id for entry in load_catalogue().all() if load_axes()["population"] in axes_of(entry)]
    assert asked == {(name, part) for name in concerned for part in PARTS}


def test_every_kind_of_question_is_among_those_asked() -> None:
    """A sample that misses a measure or a window would agree for want of asking."""
    assert {kind_of(asked) for asked in some_questions(ASKED)} == {kind_of(any_) for any_ in all_questions()}


def test_a_city_is_the_recount_of_its_parts(loaded: Loaded) -> None:
    """Adding districts, zones and the unknown bucket gives the city; adding members gives the total."""
    build = loaded.build()
    for name, basis in ADDITIVE:
        for period, window in [
            ("2020-02", "month"),
            ("2021-Q2", "quarter"),
            ("2021", "year"),
            ("2022-06", "to_date"),
        ]:
            total = cube_answers(build, Question(name, basis, CITY, period, window))[""]["numerator"]
            for by in ("district", "gender", "age_band"):
                if by == "district" or name != "activities":
                    parts = cube_answers(build, Question(name, basis, CITY, period, window, by))
                    added = sum(row["numerator"] for row in parts.values())
                    assert added == pytest.approx(total, rel=TOLERANCE), (name, basis, period, window, by)


def test_rows_of_a_drop_add_up_and_only_spoiled_ones_are_quarantined(tmp_path: Path) -> None:
    case = make_case(4)
    answer = load(tmp_path / "home", *case.write(tmp_path / "drops"))
    spoiled = {drop.name: len(drop.spoiled) for drop in case.drops}
    for row in answer["drops"]:
        counted = row["rows_accepted"] + row["rows_unchanged"] + row["rows_quarantined"]
        assert row["rows_read"] == counted, row
        assert row["rows_quarantined"] == spoiled[row["file_name"]], row


def test_any_order_and_any_number_of_commands_gives_what_the_last_drop_says(tmp_path: Path) -> None:
    """Drops in a random order, by four commands: a drop that came later supersedes."""
    case = make_case(5, people=30, records=120)
    paths = case.write(tmp_path / "drops")
    Random(5).shuffle(paths)
    home, order = tmp_path / "home", {}
    write_own_population(home)
    for start in range(0, len(paths), 3):
        answer = load(home, *paths[start : start + 3])
        order |= {row["file_name"]: row["drop_id"] for row in answer["drops"]}
    assert sorted(order, key=order.__getitem__) == [path.name for path in paths]
    loaded = Loaded(case, home, order)
    require_agreement(loaded.world(), loaded.build(), some_questions(ASKED // 2, seed=5))


def test_withdrawing_a_drop_is_as_if_it_had_never_come(tmp_path: Path) -> None:
    """Drops that others repeat, supersede or link to are withdrawn one after the other."""
    loaded = load_case(make_case(7, people=30, records=120), tmp_path)
    gone: list[str] = []
    for name in ("09-hours.csv", "01-register.csv", "04-activities.csv", "05-hours.csv"):
        run("etl", "withdraw", loaded.order[name], "--reason", "test", home=loaded.home).require()
        gone.append(name)
        require_agreement(loaded.world(without=gone), loaded.build(), some_questions(ASKED // 4, len(gone)))


def test_the_same_bytes_again_change_nothing(tmp_path: Path) -> None:
    case = make_case(8, people=15, records=40)
    loaded = load_case(case, tmp_path)
    load(loaded.home, *sorted((tmp_path / "drops").rglob("*.csv")))
    require_agreement(loaded.world(), loaded.build(), some_questions(100))


def test_a_period_before_any_data_is_not_zero(loaded: Loaded) -> None:
    period = Period.parse("2018")
    (row,) = query(loaded.build(), "registered_volunteers", CITY, period)
    assert (row.value, row.numerator, row.status) == (None, None, "not_reported")
