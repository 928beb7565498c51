"""Fixtures of the tests of etl."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.etl.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with an empty warehouse."""
    made = Desk(tmp_path)
    yield made
    made.connection.close()


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests of a module: for drops that have nothing to do with each other."""
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.connection.close()
