"""Checks: one file, one function, one sentence in each language, one test. Found by looking in this folder.

A check looks at the columns of one drop and yields failures: SQL conditions that are true for a row that
fails, with the column at fault. Conditions of stage `read` see the cells (`raw`) and their typed values;
those of stage `resolve` see what was looked up besides: `id_problem`, `area_code`, `drop_leaf`.
All conditions of a drop are columns of one scan; no Python runs for a row that passes.

Severity `quarantine` sets the row aside. (`refuse` concerns a whole file and is raised by etl/reader.)

Stage `facts` (severity `warn`: the row loads and is flagged) looks at what is in force, across rows and
drops, before each publishing. Such a check is given `Facts` and yields `Flagged`: a condition on one record
(see etl/flag_records.py for what it may speak of), or SQL over the tables made there that gives rows.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from etl.messages import Text
from etl.source import Source

STAGES = ("read", "resolve")
FACTS = "facts"  # the stage of flags
FLAGGED_ROW = "drop_id, row_no, day"  # what SQL giving flagged rows must give, in this order
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
    """Where a check may fail: the SQL condition of a failing row, and what was expected instead.

    `without_value` says that only a row whose typed value of the column is NULL can fail: all such conditions of
    a column together then cost a good row one look at it.
    """

    condition: str
    column: str | None = None
    expected: Text = NOTHING_MORE
    without_value: bool = False


@dataclass(frozen=True)
class Facts:
    """What is in force and what counts as ordinary, for checks of stage `facts`."""

    thresholds: Mapping[str, int]
    filled: frozenset[str]  # of 'registrations', 'activities', 'organisations': those there is anything of

    def has(self, name: str) -> bool:
        """Whether there is anything to hold records against: without any register nobody is unregistered."""
        return name in self.filled


@dataclass(frozen=True)
class Flagged:
    """What is flagged: records for which `condition` is true, or the rows (FLAGGED_ROW) SQL gives."""

    condition: str = ""
    rows: str = ""


CheckFunction = Callable[..., Iterator[Any]]  # Columns → Failures; of stage facts: Facts → Flagged
Function = TypeVar("Function", bound=CheckFunction)


@dataclass(frozen=True)
class Check:
    """A named check; the name is the function's, without `check_`."""

    name: str
    stage: str
    severity: str
    sentence: Text
    function: CheckFunction
    depends: tuple[str, ...] = ()  # of stage facts: the sources whose change may change what is flagged


_FOUND: dict[str, Check] = {}


def check(
    *, stage: str, zh: str, en: str, severity: str = "quarantine", depends: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Register a check. The sentence may use {found} (masked), {column} and {expected}, of a byte its {place} and
    value ({byte}); that of a flag, the thresholds by name."""

    def register(function: Function) -> Function:
        name = function.__name__.removeprefix("check_")
        _FOUND[name] = Check(name, stage, severity, Text(zh, en), function, depends)
        return function

    return register


@lru_cache
def _found() -> dict[str, Check]:
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        importlib.import_module(f"{__name__}.{module.name}")
    return {name: _FOUND[name] for name in sorted(_FOUND)}


@lru_cache
def load_checks() -> dict[str, Check]:
    """Every check of a row by name, in file-name order (the order in which reasons are listed)."""
    return {name: check for name, check in _found().items() if check.stage != FACTS}


@lru_cache
def load_flags() -> dict[str, Check]:
    """Every check of stage `facts` by name, in file-name order."""
    return {name: check for name, check in _found().items() if check.stage == FACTS}
