"""`kill -9` at 200 random moments of loading, withdrawing, replaying and publishing: nothing lost, nothing double."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.etl.crash.campaign import Known, campaign, undisturbed
from tests.etl.crash.forge import ENVIRONMENT, Forge


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with Forge(tmp_path_factory.mktemp("forge")) as server:
        yield server


@pytest.fixture(scope="module")
def known(forge: Forge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REDVEST_SECRET", ENVIRONMENT["REDVEST_SECRET"])
        yield undisturbed(forge, tmp_path_factory.mktemp("known"))


@pytest.mark.parametrize(("by_step", "seed"), [(False, 1), (False, 2), (True, 3), (True, 4)])
def test_whatever_moment_it_is_killed_at_it_comes_to_the_same_end(
    forge: Forge, known: Known, tmp_path: Path, by_step: bool, seed: int
) -> None:
    tally = campaign(forge, tmp_path, known, seed=seed, kills=50, by_step=by_step)
    print(f"seed {seed}: {tally}")
    assert tally.kills >= 50
    assert {"load", "withdraw", "replay"} <= set(tally.hit)
