"""Polluters: each makes a clean service-hours drop hostile in one way and knows what it still says.

The classes are those of the Pollock benchmark (Vitagliano et al., "Pollock: A Data Loading Benchmark", PVLDB
16(8), 2023), under the names of its files, and the ones our suppliers produce (names that begin with
`supplier_`). One module for each family of pollution, found by looking in this folder; a polluter is a
function that yields one `Dirty` file for each place the pollution can strike. As in the paper a file
has one pollution only, so that the table can say which one a reader does not survive.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bench.polluters.clean import Clean, Record

Truth = Mapping[int, Record]  # what the file says, by row number as a spreadsheet counts


@dataclass(frozen=True)
class Dirty:
    """One polluted file: its bytes, and the record that each of its rows of data stands for.

    A row whose meaning the pollution has destroyed keeps the record it had: a reader may set it aside
    or bring it back, but must not load anything else in its place.
    """

    content: bytes
    truth: Truth


@dataclass(frozen=True)
class Polluter:
    """A class of pollution: where it belongs, what it does in a sentence, and the function that does it."""

    name: str
    family: str
    about: str
    function: Callable[[Clean], Iterator[Dirty]]

    def files(self, clean: Clean) -> list[Dirty]:
        return list(self.function(clean))


_FOUND: dict[str, Polluter] = {}


def polluter(
    *, family: str, about: str
) -> Callable[[Callable[[Clean], Iterator[Dirty]]], Callable[[Clean], Iterator[Dirty]]]:
    """Register a polluter under its function's name."""

    def register(function: Callable[[Clean], Iterator[Dirty]]) -> Callable[[Clean], Iterator[Dirty]]:
        name = function.__name__
        assert name not in _FOUND, f"two polluters are called {name}"
        _FOUND[name] = Polluter(name, family, about, function)
        return function

    return register


FAMILIES = ("file_and_table", "delimiters", "characters", "encodings", "suppliers_rows", "suppliers_values")


def load_polluters() -> list[Polluter]:
    """Every polluter, family by family, in the order in which a family's module lists them."""
    modules = {module.name for module in pkgutil.iter_modules(__path__)} - {"clean"}
    assert modules == set(FAMILIES), f"families {sorted(modules)}, expected {sorted(FAMILIES)}"
    for family in FAMILIES:
        importlib.import_module(f"{__name__}.{family}")
    return list(_FOUND.values())
