"""The guard around the real data home must itself be tested: a guard that never refuses looks the same."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from tests.conftest import REAL_HOME, SECRET


@pytest.mark.parametrize("name", ["warehouse.duckdb", "secret.key", "published/CURRENT", "drops/a.csv"])
def test_opening_a_file_of_the_real_data_home_is_refused(name: str) -> None:
    with pytest.raises(PermissionError, match="in the real data home"):
        (REAL_HOME / name).open("rb")


def test_a_database_in_the_real_data_home_is_refused() -> None:
    with pytest.raises(PermissionError, match="in the real data home"):
        duckdb.connect(str(REAL_HOME / "warehouse.duckdb"))


def test_the_committed_reference_tables_may_be_read() -> None:
    assert (REAL_HOME / "reference").is_dir()
    assert isinstance(os.listdir(REAL_HOME / "reference"), list)  # noqa: PTH208 - the audited call


def test_a_test_has_a_home_of_its_own_and_a_secret(data_home: Path) -> None:
    assert os.environ["REDVEST_DATA"] == str(data_home)
    assert os.environ["REDVEST_SECRET"] == SECRET
    assert list(data_home.iterdir()) == []
