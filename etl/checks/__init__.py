"""Checks: one file, one function, one sentence in each language, one test. Found by looking in this folder.

A check looks at the columns of one drop and yields failures: SQL conditions that are true for a row that
fails, with the column at fault. Conditions of stage `read` see the cells (`raw`) and their typed values;
those of stage `resolve` see what was looked up besides: `id_problem`, `area_code`, `drop_leaf`.
All conditions of a drop are columns of one scan; no Python runs for a row that passes.

Severity `quarantine` sets the row aside. (`refuse` concerns a whole file and is raised by etl/reader.)
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from etl.messages import Text
from etl.source import Source

STAGES = ("read", "resolve")
NOTHING_MORE = Text("", "")  # for sentences that say it all


@dataclass(frozen=True)
class Columns:
    """The columns of the drop being checked: which are present, their cells and typed values as SQL."""

    source: Source
    present: frozenset[str]
    today: date

    def has(self, *names: str) -> bool:
        return all(name in self.present for name in names)

    def raw(self, name: str) -> str:
        """SQL for the cell's text."""
        return f"raw_{name}"

    def value(self, name: str) -> str:
        """SQL for the typed value (NULL where the drop lacks the column)."""
        return name


@dataclass(frozen=True)
class Failure:
    """Where a check may fail: the SQL condition of a failing row, and what was expected instead."""

    condition: str
    column: str | None = None
    expected: Text = NOTHING_MORE


CheckFunction = Callable[[Columns], Iterator[Failure]]


@dataclass(frozen=True)
class Check:
    """A named check; the name is the function's, without `check_`."""

    name: str
    stage: str
    severity: str
    sentence: Text
    function: CheckFunction


_FOUND: dict[str, Check] = {}


def check(
    *, stage: str, zh: str, en: str, severity: str = "quarantine"
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check. The sentence may use {found} (masked), {column} and {expected}."""

    def register(function: CheckFunction) -> CheckFunction:
        name = function.__name__.removeprefix("check_")
        _FOUND[name] = Check(name, stage, severity, Text(zh, en), function)
        return function

    return register


@lru_cache
def load_checks() -> dict[str, Check]:
    """Every check by name, in file-name order (the order in which reasons are listed)."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        importlib.import_module(f"{__name__}.{module.name}")
    return {name: _FOUND[name] for name in sorted(_FOUND)}
