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
