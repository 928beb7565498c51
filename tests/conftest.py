"""Fixtures every test may ask for, and two that nobody has to ask for.

Tests work in a data home of their own. The home of the person who runs them (<repo>/data, where a city's real
drops may lie) is guarded: opening anything in it, except the committed reference tables and the hand-readable
sample drops, is an error that names the path.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
REAL_HOME = REPOSITORY / "data"
COMMITTED = {"reference", "sample"}
# Any fixed text will do: with a fixed secret the same ID number has the same key in every run of the tests.
SECRET = "a secret for tests only, never for a city"
# Python's own names for touching a file; DuckDB opens files without them and is guarded in `connect` below.
FILE_EVENTS = {"open", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir"}

# Whose files all go to one worker, because they share what takes long to make.
ONE_WORKER = ("tests/etl/crash/", "tests/spec/")
# What takes longest comes first: a worker that meets it last works on while the others have ended.
SLOWEST_FIRST = (
    "tests/etl/crash/",
    "tests/test_readme.py",
    "tests/browser/",
    "tests/spec/",
    "tests/test_cube_against_naive.py",
    "tests/etl/test_kept.py",
    "tests/pages/test_drops.py",
    "tests/etl/test_as_if_never.py",
    "tests/bench/",
)

_guard = {"is_on": False}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order whole files, for workers who take them one after the other (`--no-loadscope-reorder`)."""
    items.sort(key=lambda item: place_in_order(item.nodeid))


def place_in_order(nodeid: str) -> int:
    places = (place for place, start in enumerate(SLOWEST_FIRST) if nodeid.startswith(start))
    return next(places, len(SLOWEST_FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadfile`, with the files of a folder of ONE_WORKER as one."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class WholeFiles(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return taken_together(nodeid)

    return WholeFiles(config, log)


def taken_together(nodeid: str) -> str:
    """The file of a test, or the folder whose files go to one worker."""
    file = nodeid.split("::", 1)[0]
    return next((folder for folder in ONE_WORKER if file.startswith(folder)), file)


def is_real_home(path: object) -> bool:
    """Whether a path lies in <repo>/data, outside the committed folders."""
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    absolute = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - resolve() would follow links
    if not absolute.is_relative_to(REAL_HOME) or absolute == REAL_HOME:
        return False
    return absolute.relative_to(REAL_HOME).parts[0] not in COMMITTED


def _refuse(path: object) -> None:
    raise PermissionError(
        f"A test touched {os.fsdecode(path)!r}, in the real data home; "  # type: ignore[arg-type]
        "use the `data_home` fixture, or pass --data."
    )


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _guard["is_on"] and event in FILE_EVENTS:
        for argument in arguments[:2]:
            if is_real_home(argument):
                _refuse(argument)


@pytest.fixture(autouse=True, scope="session")
def forbid_the_real_data_home() -> Iterator[None]:
    """Refuse, for the whole run, to open anything of the real data home from this process.

    An audit hook cannot be removed, so it is added once and switched by a flag.
    """
    real_connect = duckdb.connect

    def connect(database: Any = ":memory:", *arguments: Any, **options: Any) -> duckdb.DuckDBPyConnection:
        if is_real_home(database):
            _refuse(database)
        return real_connect(database, *arguments, **options)

    sys.addaudithook(_audit)
    _guard["is_on"] = True
    duckdb.connect = connect  # type: ignore[assignment]
    yield
    duckdb.connect = real_connect
    _guard["is_on"] = False


@pytest.fixture(autouse=True, scope="session")
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point every test, and every process it starts, at an empty home: forgetting --data does no harm."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REDVEST_DATA", str(tmp_path_factory.getbasetemp() / "no-home-given"))
        environment.setenv("REDVEST_SECRET", SECRET)
        # Tests compare counts of a few people, so builds are for internal eyes unless a test says otherwise.
        environment.setenv("REDVEST_DISCLOSURE_THRESHOLD", "0")
        yield


@pytest.fixture
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data home, which is also the default one (REDVEST_DATA) while the test runs."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("REDVEST_DATA", str(home))
    return home
