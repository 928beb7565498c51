"""One server of forks and one undisturbed run for all tests of this folder that share a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.etl.crash.campaign import Known, undisturbed
from tests.etl.crash.forge import ENVIRONMENT, Forge


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with Forge(tmp_path_factory.mktemp("forge")) as server:
        yield server


@pytest.fixture(scope="session")
def known(forge: Forge, tmp_path_factory: pytest.TempPathFactory) -> list[Known]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REDVEST_SECRET", ENVIRONMENT["REDVEST_SECRET"])
        return undisturbed(forge, tmp_path_factory.mktemp("known"))
