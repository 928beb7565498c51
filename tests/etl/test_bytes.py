"""Every byte of what is written was meant: memory in which a drop was read leaves nothing in a warehouse or a build.

DuckDB takes the memory of rows it has read for pages of a file. Here its allocator fills all memory it hands out
and takes back, so whatever is written without having been set shows, unless it is zeroed (etl/__init__.py).
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import REPOSITORY, run, run_as_subprocess
from tests.etl.desk import TANGSHAN

FILLED = {"DUCKDB_JE_MALLOC_CONF": "junk:true"}  # 0xA5 what is handed out, 0x5A what is taken back
# What is left unset is shorter than eight bytes, to which all parts of a page are rounded up; longer ones are figures.
UNSET = re.compile(rb"(?<!\xa5)\xa5{4,7}(?!\xa5)|(?<!\x5a)\x5a{4,7}(?!\x5a)")
WITH_AN_INDEX = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE keys (key VARCHAR PRIMARY KEY)")
connection.execute("INSERT INTO keys SELECT 'filled:' || i || 'column_name' || i % 7 FROM range(300) one(i)")
"""


SECRET = {"REDVEST_SECRET": "the same, so that both homes hold the same keys"}


def unset_in(path: Path) -> list[tuple[int, bytes]]:
    """Where the filling shows, with what stands around it."""
    content = path.read_bytes()
    return [
        (found.start(), content[found.start() - 8 : found.end() + 8]) for found in UNSET.finditer(content)
    ]


def home_in(folder: Path, name: str, environment: dict[str, str]) -> Path:
    for arguments in (
        # With small counts withheld: what a public build writes over must be gone, too.
        ("load", folder / "drops", "--threshold", "10"),
        ("withdraw", "3", "--reason", "试"),
        ("withdraw", "3", "--undo", "--reason", "试"),
    ):
        run_as_subprocess("etl", *arguments, home=folder / name, environment=environment | SECRET).require()
    return folder / name


def files_of(home: Path) -> list[Path]:
    return [home / "warehouse.duckdb", *sorted((home / "published").glob("*.duckdb"))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bytes")
    run("etl", "sample", made / "drops", "--city", TANGSHAN, "--volunteers", "300").require()
    return made


def test_without_zeros_something_is_left(tmp_path: Path) -> None:
    """The search finds what it is there for."""
    path = tmp_path / "indexed.duckdb"
    subprocess.run([sys.executable, "-c", WITH_AN_INDEX, path], env=FILLED, cwd=REPOSITORY, check=True)
    assert unset_in(path)


def test_a_warehouse_and_its_builds_hold_nothing_that_was_not_written(folder: Path) -> None:
    files = files_of(home_in(folder, "filled", FILLED))
    assert len(files) == 4
    found = [unset_in(path) for path in files]
    if any(
        found
    ):  # a packed column may hold such bytes of its own: then they are there without the filling, too
        own = [unset_in(path) for path in files_of(home_in(folder, "unfilled", {}))]
        found = [
            [one for one in filled if one not in unfilled]
            for filled, unfilled in zip(found, own, strict=True)
        ]
    assert found == [[]] * 4
