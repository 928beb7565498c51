"""An attacker with linear programming: everything a build publishes, and what must hold between its numbers.

Unknowns are the cells a build withholds. What the attacker knows of them: a city is the sum of its areas and a
total of its members; months make quarters, years and every other window of what adds up over time; who is active
in a window is active in a longer one with the same end and is registered; who is active has a record; a stock
changes by its flow less those who leave. A cell is recovered when at most one whole number is possible for it.

With two builds there are the unknowns of both, and a cell nothing has happened to is the same in both.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.metrics.disclosure.exported import Exported, Merged, with_exported
from tests.metrics.disclosure.overlaps import OVERLAPPING, platforms_of, with_overlaps
from tests.metrics.disclosure.relations import relate, relate_ledger
from tests.metrics.disclosure.told import Cell, Sent, Table, parents, read, read_ledger, read_zeros

MOST = 1e5  # nobody believes in more


@dataclass
class Knowledge:
    """Unknowns and what is known of them, as rows of a linear program."""

    parent: dict[str, str]
    numbers: dict[object, int] = field(default_factory=dict)
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)
    at_most: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def learn(self, build: int, table: Table, same: dict[Cell, object]) -> View:
        """Everything that holds between the cells of one build. `same`: cells known as something else."""
        view = View(self, build, table, same)
        children: dict[str, list[str]] = defaultdict(list)
        for area, city in self.parent.items():
            children[city].append(area)
        members: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for cell in table:
            city = self.parent.get(cell.area, cell.area)
            members[city, *moment_of(cell)].add(cell.member)
        for (city, measure, dimension, window, month), of_it in sorted(members.items()):
            places = [city] if dimension == "day" else [city, *children[city]]
            total = Cell(measure, city, window, month, "", "")
            cells = [total._replace(dimension=dimension, member=member) for member in sorted(of_it)]
            for whole in cells if len(places) > 1 else ():
                view.add_up(whole, [whole._replace(area=area) for area in children[city]])
            for area in places if dimension and dimension not in OVERLAPPING else ():
                view.add_up(total._replace(area=area), [cell._replace(area=area) for cell in cells])
        for cell in sorted(set(table)):
            relate(view, cell)
        return view

    def unknown(self, key: object) -> int:
        return self.numbers.setdefault(key, len(self.numbers))

    def solve(self, objective: dict[int, float]) -> np.ndarray | None:
        """Values of all unknowns that make the objective least."""
        size = len(self.numbers)
        costs = np.zeros(size)
        for number, weight in objective.items():
            costs[number] = weight
        found = linprog(costs, *self.matrices(size), bounds=(0, MOST), method="highs")
        return found.x if found.status == 0 else None

    def matrices(self, size: int) -> tuple[object, ...]:
        if not hasattr(self, "_made"):
            self._made = (*sparse(self.at_most, size), *sparse(self.equal, size))
        return self._made


def moment_of(cell: Cell) -> tuple[str, str, str, int]:
    return cell.measure, cell.dimension, cell.window, cell.month


def sparse(rows: list[tuple[dict[int, float], float]], size: int) -> tuple[object, object]:
    if not rows:
        return None, None
    unique = {(tuple(sorted(row.items())), value) for row, value in rows}
    at, columns, weights, values = [], [], [], []
    for number, (row, value) in enumerate(sorted(unique)):
        values.append(value)
        for column, weight in row:
            at.append(number)
            columns.append(column)
            weights.append(weight)
    return csr_array((weights, (at, columns)), shape=(len(values), size)), np.array(values)


@dataclass
class View:
    """One build as the attacker writes it down."""

    knowledge: Knowledge
    build: int
    table: Table
    same: dict[Cell, object]

    def __post_init__(self) -> None:
        self.moments = {(cell.area, *moment_of(cell)) for cell in self.table}
        self.moments |= {(self.knowledge.parent.get(area, area), *moment) for area, *moment in self.moments}
        self.platforms = platforms_of(self.table, self.knowledge.parent)
        self.with_days = {cell.area for cell in self.table if cell.dimension == "day"}
        self.first_month = min((cell.month for cell in self.table), default=0)

    def has(self, cell: Cell) -> bool:
        """Whether the build tells anything of a cell's measure, breakdown, window and end in its city."""
        return (self.place(cell), *moment_of(cell)) in self.moments

    def place(self, cell: Cell) -> str:
        """The city of a cell."""
        return self.knowledge.parent.get(cell.area, cell.area)

    def members(self, cell: Cell) -> list[str]:
        """The platforms of a cell's city."""
        return self.platforms.get(self.place(cell), [])

    def days(self, cell: Cell) -> list[date]:
        """All days of a cell's month; none where the build has no days of its area."""
        first = date(cell.month // 12, cell.month % 12 + 1, 1)
        if cell.area not in self.with_days:
            return []
        return [first + timedelta(days=n) for n in range(monthrange(first.year, first.month)[1])]

    def term(self, cell: Cell) -> tuple[int | None, float]:
        """The unknown of a cell, or its value."""
        if cell not in self.table:
            return None, 0.0
        value = self.table[cell]
        if value is not None:
            return None, value
        known = self.same.get(cell, (self.build, cell))
        if isinstance(known, float):
            return None, known
        return self.knowledge.unknown(known), 0.0

    def write(
        self, plus: Iterable[Cell], minus: Iterable[Cell], *, exactly: bool = True, slack: object = None
    ) -> None:
        """Σ plus = Σ minus (or at most that; or less an unknown slack that is no less than zero)."""
        row: dict[int, float] = defaultdict(float)
        value = 0.0
        for sign, cells in ((1.0, plus), (-1.0, minus)):
            for cell in cells:
                number, known = self.term(cell)
                if number is None:
                    value -= sign * known
                else:
                    row[number] += sign
        row = {number: weight for number, weight in row.items() if weight}
        if not row:
            assert not exactly or slack or abs(value) < 1e-6, (plus, minus)
            return
        if slack is not None:
            row[self.knowledge.unknown((self.build, slack))] = 1.0
        (self.knowledge.equal if exactly else self.knowledge.at_most).append((row, value))

    def count(
        self, rows: Iterable[object], told: float, cell: Cell | None = None, *, exactly: bool = True
    ) -> None:
        """Σ of unknown rows of files = what is told (or at least that) or, beside it, a cell."""
        row: dict[int, float] = defaultdict(float)
        for key in rows:
            row[self.knowledge.unknown((self.build, key))] += 1.0
        if cell is not None:
            number, known = self.term(cell)
            told += known
            if number is not None:
                row[number] -= 1.0
        if exactly:
            self.knowledge.equal.append((dict(row), told))
        else:
            self.knowledge.at_most.append(({number: -weight for number, weight in row.items()}, -told))

    def tell(self, cells: Sequence[Cell], told: float) -> None:
        """Σ cells = what is told of them, where the attack looks at them."""
        if not all(self.has(cell) for cell in cells):
            return
        terms = [self.term(cell) for cell in cells]
        row: dict[int, float] = {number: 1.0 for number, _ in terms if number is not None}
        value = told - sum(known for number, known in terms if number is None)
        assert row or abs(value) < 1e-6, (cells, told)
        if row:
            self.knowledge.equal.append((row, value))

    def add_up(self, whole: Cell, parts: list[Cell]) -> None:
        self.write(parts, [whole])


@dataclass
class Outcome:
    tried: int
    recovered: dict[Cell, float]
    narrowest: float


def attack(
    builds: list[Path],
    truths: list[Path],
    threshold: int = 10,
    seed: int = 0,
    at_most: int = 400,
    rounds: int = 6,
    until: int | None = None,
    only: Collection[str] = (),
    about: Collection[str] = (),
    exports: Sequence[Exported] = (),
    merged: Sequence[Sequence[Merged]] = (),
) -> Outcome:
    """Try to recover the small cells that the last build withholds, from all builds; `truths`: without control.

    Up to a month, and of some measures only, where given; sought are cells of some dimensions, or all. `exports`: of
    each build, what an export of it tells; `merged`: likewise, what it tells of withheld members together.
    """
    tables, true = ([read(path, until, only) for path in paths] for paths in (builds, truths))
    withheld = {cell for cell, value in tables[-1].items() if value is None}
    if exports:
        tables = [with_exported(*both) for both in zip(tables, exports, strict=True)]
    parent = parents(builds[0])
    tables = [with_overlaps(table, parent, is_true=False) for table in tables]
    true = [with_overlaps(table, parent, is_true=True) for table in true]
    knowledge = Knowledge(parent)
    for number, table in enumerate(tables):
        view = knowledge.learn(number, table, unchanged(number, tables, true))
        relate_ledger(view, ledger_of(builds[number], table), knowledge.parent)
        for cells, told in merged[number] if merged else ():
            view.tell(cells, told)
        for cell in read_zeros(builds[number]):
            view.write([cell], [])
    withheld |= {cell for cell, value in tables[-1].items() if value is None}
    same = unchanged(len(tables) - 1, tables, true)
    small = [
        cell
        for cell in tables[-1]
        if cell in withheld
        and 0 < (true[-1].get(cell) or 0) < threshold
        and (not about or cell.dimension in about)
    ]
    Random(seed).shuffle(small)
    small = sorted(small[:at_most])
    recovered, open_ = {}, {}
    for cell in small:
        key = tables[-1][cell] or same.get(cell, (len(tables) - 1, cell))
        if isinstance(key, float):
            recovered[cell] = key
        else:
            open_[cell] = knowledge.unknown(key)
    return Outcome(len(small), *narrow(knowledge, open_, recovered, Random(seed), rounds))


def ledger_of(path: Path, table: Table) -> list[Sent]:
    """Files of the counts all of whose files lie within the months the attack looks at."""
    known = {(cell.measure, cell.month) for cell in table}
    ledger = read_ledger(path)
    beyond = {one.measure for one in ledger if any((one.measure, month) not in known for month in one.months)}
    return [one for one in ledger if one.measure not in beyond]


def unchanged(build: int, tables: list[Table], true: list[Table]) -> dict[Cell, object]:
    """Cells withheld in a build that the attacker knows from another: by value, or as the same unknown."""
    found: dict[Cell, object] = {}
    for cell, value in tables[build].items():
        if (
            value is not None or true[build].get(cell, 0.0) is None
        ):  # nobody knows whether a region has changed
            continue
        for other, table in enumerate(tables):
            if (
                other == build
                or true[other].get(cell, 0.0) != true[build].get(cell, 0.0)
                or cell not in table
            ):
                continue
            told = table[cell]
            if told is not None:
                found[cell] = float(told)
                break
            found[cell] = (min(build, other), cell)
    return found


def narrow(
    knowledge: Knowledge, sought: dict[Cell, int], recovered: dict[Cell, float], random: Random, rounds: int
) -> tuple[dict[Cell, float], float]:
    """Cells of which at most one whole number is possible, and the narrowest interval of the others."""
    least, most = defaultdict(lambda: np.inf), defaultdict(lambda: -np.inf)

    def look(objective: dict[int, float]) -> None:
        point = knowledge.solve(objective)
        assert point is not None, "what a build publishes contradicts itself"
        for cell, number in sought.items():
            least[cell] = min(least[cell], point[number])
            most[cell] = max(most[cell], point[number])

    # Pushing all cells at once, each one way or the other at random, shows most of them to be loose.
    for _ in range(rounds if sought else 0):
        signs = {number: random.choice((-1.0, 1.0)) for number in sought.values()}
        look(signs)
        look({number: -sign for number, sign in signs.items()})
    for cell, number in sought.items():
        if most[cell] - least[cell] < 2:
            look({number: 1.0})
            look({number: -1.0})
        if np.floor(most[cell] + 1e-6) - np.ceil(least[cell] - 1e-6) < 1:
            recovered[cell] = least[cell]
    widths = [most[cell] - least[cell] for cell in sought if cell not in recovered]
    return recovered, min(widths, default=np.inf)
