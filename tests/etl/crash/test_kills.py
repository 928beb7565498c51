"""`kill -9` at 200 random moments and at every step of loading, releasing, withdrawing, replaying, mending, watching."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.etl.crash.campaign import Known, campaign, try_every_step
from tests.etl.crash.forge import Forge
from tests.etl.crash.scene import THEN, steps, write_drops
from tests.etl.desk import TANGSHAN

KILLS = 200
COMMANDS = [step.name for step in steps()]


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=COMMANDS)
def test_a_kill_at_any_step_leaves_the_state_between_two_drops(
    forge: Forge, known: list[Known], tmp_path: Path, number: int
) -> None:
    tally = try_every_step(forge, tmp_path, known[number], Random(number))
    print(f"{COMMANDS[number]}: {tally}")
    assert any(left.startswith("done, published") for left in tally.left)
    assert tally.finished >= 1


def test_steps_fall_between_statements_and_between_changes_of_files(known: list[Known]) -> None:
    """A trial of steps that counted no statements of a load would find nothing, and did once."""
    for one in known:
        working = [taken.call for taken in one.steps if taken.part == "working"]
        publishing = [taken.call for taken in one.steps if taken.part == "publishing"]
        assert working.count("execute") >= 20, one.step.name
        assert publishing.count("execute") >= 100, one.step.name
        assert {"file rename", "file replace", "file fsync"} <= set(publishing), one.step.name


def test_whatever_moment_it_is_killed_at_it_comes_to_the_same_end(
    forge: Forge, known: list[Known], tmp_path: Path
) -> None:
    tally = campaign(forge, tmp_path, known, seed=1, kills=KILLS)
    print(tally)
    assert tally.kills >= KILLS
    assert set(tally.hit) == set(COMMANDS)
    assert tally.finished >= 5


def test_killed_while_the_first_load_makes_the_secret_the_next_load_still_works(
    forge: Forge, tmp_path: Path
) -> None:
    """Every step of the making of secret.key is hit: nobody may be left with half a secret."""
    drop = write_drops(tmp_path / "drops") / TANGSHAN / "甲" / "1.csv"
    options = {"without": ["REDVEST_SECRET"], "today": THEN}
    counted = forge.run("load", drop, "--data", tmp_path / "counted", count_steps=True, **options)
    making = [n for n, taken in enumerate(counted.steps, 1) if taken.function == "_write_private"]
    assert len(making) >= 4, "the secret was not made at a step"
    for step in range(making[0], making[-1] + 2):
        home = tmp_path / f"home{step}"
        assert forge.run("load", drop, "--data", home, kill_at_step=step, **options).was_killed
        ended = forge.run("load", drop, "--check", "--data", home, **options)
        assert ended.code == 0, f"killed at step {step}: {ended.said}"
