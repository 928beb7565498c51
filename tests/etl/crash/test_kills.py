"""`kill -9` at 200 random moments of loading, withdrawing, replaying and publishing: nothing lost, nothing double."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.crash.campaign import Known, campaign
from tests.etl.crash.forge import Forge
from tests.etl.crash.scene import THEN, write_drops
from tests.etl.desk import TANGSHAN


@pytest.mark.parametrize(("by_step", "seed"), [(False, 1), (True, 2)])
def test_whatever_moment_it_is_killed_at_it_comes_to_the_same_end(
    forge: Forge, known: Known, tmp_path: Path, by_step: bool, seed: int
) -> None:
    tally = campaign(forge, tmp_path, known, seed=seed, kills=100, by_step=by_step)
    print(f"seed {seed}: {tally}")
    assert tally.kills >= 100
    assert {"load", "withdraw", "replay", "publish"} <= set(tally.hit)
    assert tally.left["a log"] > 0, "no kill hit a transaction: the moments are drawn wrongly"


def test_killed_while_the_first_load_makes_the_secret_the_next_load_still_works(
    forge: Forge, tmp_path: Path
) -> None:
    """Every step of the making of secret.key is hit: nobody may be left with half a secret."""
    drop = write_drops(tmp_path / "drops") / TANGSHAN / "b" / "3.csv"
    options = {"without": ["REDVEST_SECRET"], "today": THEN}
    counted = forge.run(
        "load",
        drop,
        "--data",
        tmp_path / "counted",
        count_steps=True,
        mark_calls_of="_write_private",
        **options,
    )
    assert counted.marked, "the secret was not made at a step"
    for step in range(counted.marked[0], counted.marked[-1] + 2):
        home = tmp_path / f"home{step}"
        assert forge.run("load", drop, "--data", home, kill_at_step=step, **options).was_killed
        ended = forge.run("load", drop, "--check", "--data", home, **options)
        assert ended.code == 0, f"killed at step {step}: {ended.said}"
