"""The house keeps its shape: small files, arrows in one direction, nothing of any one machine."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from metrics.paths import ROOT
from tests.house import python_files, text_of, tracked_files

MODULE_LINES, TEST_LINES, FILE_BYTES = 300, 500, 1024 * 1024
ROOMS = ["etl", "metrics", "pages", "briefing", "bench"]
TOP_LEVEL = {
    *ROOMS,
    *{"app.py", "data", "tests", "docs", ".ci", ".streamlit", ".gitignore", "babel.cfg", "pyproject.toml"},
    *{"Makefile", "requirements.txt", "requirements-dev.txt", "LICENSE", "CHANGELOG.md"},
    *{"README.md", "README.zh-CN.md"},
}
# DESIGN: etl writes; metrics computes and reads; pages and briefing ask metrics and see no fact, file or SQL.
MAY_NOT_IMPORT = {
    "metrics": {"etl", "pages", "briefing", "bench", "streamlit", "plotly"},
    "etl": {"pages", "briefing", "bench", "streamlit", "plotly"},
    "pages": {"etl", "briefing", "bench", "duckdb", "sqlite3"},
    "briefing": {"etl", "pages", "bench", "duckdb", "sqlite3", "streamlit"},
    "app.py": {"etl", "briefing", "bench", "duckdb", "sqlite3"},
}
# The doors: what pages import of rooms they may not enter otherwise.
DOORS = {"pages": ("etl.frontdesk", "briefing.desk")}
# Written in two halves so that this file does not find itself.
OF_ONE_MACHINE = [r"(?<![\w./:-])/(?:root|work|home|Users)" + r"/\w", r"/tmp" + r"/[a-z]", r"C:\\" + r"Users"]
REGISTRY_HOSTS = [
    r"pypi\." + "org",
    r"python" + "hosted",
    r"npmjs" + r"\.",
    r"index" + "-url",
    r"find" + "-links",
    r"deb\.debian" + r"\.org",
    r"(?:mirrors?|pypi)\.(?:aliyun|tuna|ustc|cloud|douban|sjtu|bfsu)" + r"\b",
]
LEFT_UNDONE = [
    r"\bTO" + r"DO\b",
    r"\bFIX" + r"ME\b",
    r"\bXX" + r"X\b",
    "NotImplemented" + "Error",
    r"pytest\." + r"skip\(",
]


def test_the_top_level_holds_only_the_rooms_and_their_papers() -> None:
    assert {path.parts[0] for path in tracked_files()} <= TOP_LEVEL


def test_no_file_is_larger_than_a_reader_can_hold() -> None:
    long = []
    for path in python_files():
        limit = TEST_LINES if path.parts[0] == "tests" else MODULE_LINES
        lines = len((text_of(path) or "").splitlines())
        if lines > limit:
            long.append(f"{path}: {lines} lines, at most {limit}")
    assert not long


def test_no_tracked_file_is_large() -> None:
    sizes = {str(path): (ROOT / path).stat().st_size for path in tracked_files()}
    assert {path: size for path, size in sizes.items() if size > FILE_BYTES} == {}


@pytest.mark.parametrize(
    "patterns", [OF_ONE_MACHINE, REGISTRY_HOSTS, LEFT_UNDONE], ids=["paths", "hosts", "undone"]
)
def test_no_tracked_file_names(patterns: list[str]) -> None:
    sought = re.compile("|".join(patterns))
    found = []
    for path in tracked_files():
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1):
            if sought.search(line):
                found.append(f"{path}:{number}: {line.strip()[:100]}")
    assert found == []


def test_every_module_says_what_it_is() -> None:
    without = [
        str(path)
        for path in python_files(*ROOMS, "app.py")
        if tree_of(path).body and ast.get_docstring(tree_of(path)) is None
    ]
    assert without == []


@pytest.mark.parametrize("room", sorted(MAY_NOT_IMPORT))
def test_arrows_go_one_way(room: str) -> None:
    crossed = [
        f"{path} imports {name}"
        for path in python_files(room)
        for name in imported_modules(path)
        if name.split(".")[0] in MAY_NOT_IMPORT[room] and not is_the_door(room, name)
    ]
    assert crossed == []


def test_a_door_opens_nothing_else() -> None:
    assert is_the_door("pages", "etl.frontdesk.jobs")
    assert is_the_door("pages", "briefing.desk")
    assert not is_the_door("pages", "briefing.content.compose")
    assert not is_the_door("pages", "etl")
    assert not is_the_door("pages", "etl.frontdesk_of_another")
    assert not is_the_door("briefing", "etl.frontdesk")


def is_the_door(room: str, module: str) -> bool:
    return any(f"{module}.".startswith(f"{door}.") for door in DOORS.get(room, ()))


def test_pages_hold_no_sql() -> None:
    sql = re.compile(r"\b(?:SELECT|INSERT INTO|CREATE TABLE|ATTACH)\b")
    found = [
        f"{path}:{node.lineno}"
        for path in python_files("app.py", "pages", "briefing")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and sql.search(node.value)
    ]
    assert found == []


@lru_cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path) or "")


def imported_modules(path: Path) -> Iterator[str]:
    """The module of every absolute import, wherever in the file it stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
