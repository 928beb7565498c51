"""The guard around the real data home must itself be tested: a guard that never refuses looks the same."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from tests.conftest import (
    ONE_WORKER,
    REAL_HOME,
    REPOSITORY,
    SECRET,
    SLOWEST_FIRST,
    place_in_order,
    taken_together,
)


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


@pytest.mark.parametrize("named", [*ONE_WORKER, *SLOWEST_FIRST])
def test_what_is_scheduled_apart_is_there(named: str) -> None:
    """A file that was renamed would silently come last again."""
    assert (REPOSITORY / named).exists()


def test_files_that_share_what_takes_long_to_make_go_to_one_worker() -> None:
    kills, full = "tests/etl/crash/test_kills.py::test[load]", "tests/etl/crash/test_full_disk.py::test"
    assert taken_together(kills) == taken_together(full) == "tests/etl/crash/"
    assert taken_together("tests/etl/test_kept.py::test[a::b]") == "tests/etl/test_kept.py"


def test_what_takes_longest_comes_first() -> None:
    files = ["tests/test_docs.py", "tests/browser/test_journey.py", "tests/etl/crash/test_kills.py"]
    assert sorted(files, key=place_in_order) == files[::-1]
