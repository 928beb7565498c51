"""What an export tells: the counts of its rows, as the cells of the build they were read from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.export import export
from metrics.indicator import Term
from metrics.members import DISTRICT, codes_merged
from tests.metrics.disclosure.told import TO_DAY, Cell, Table
from tests.metrics.disclosure.town import Published

Row = dict[str, Any]  # of an export
Merged = tuple[list[Cell], float]  # cells withheld one by one, and what they come to together
Exported = dict[Cell, set[float]]  # of a count up to a day the window ends in TO_DAY: an export names no day


def exported(build: Build, folder: Path) -> Exported:
    """All counts of an export of everything; a growth says two, of now and of then."""
    export(build, folder, ["parquet"])
    found: Exported = {}
    for row in pq.read_table(folder / "observations.parquet").to_pylist():
        numbers = ("numerator", "denominator", "value", "lower", "upper")
        assert row["status"] != "suppressed" or {row[name] for name in numbers} == {None}, row
        for cell, count in counts_of(row) if not merged_in(row) else ():
            found.setdefault(cell, set()).add(count)
    return found


def merged(folder: Path) -> list[Merged]:
    """What an export, written before, tells of withheld members together: their cells, and the count of all."""
    return [
        (cells, count)
        for row in pq.read_table(folder / "observations.parquet").to_pylist()
        if merged_in(row)
        for cells, count in counts_together(row)
    ]


def told_together(published: Published) -> list[list[Merged]]:
    """The same of every public build."""
    told = []
    for path in published.builds:
        build = open_build(path.parent.parent, path.stem)
        assert build is not None
        folder = published.directory / f"export-{path.stem}"
        export(build, folder, ["parquet"])
        told.append(merged(folder))
    return told


def counts_together(row: Row) -> Iterator[Merged]:
    """Of either side of a merged row."""
    alone = [
        {**row, "area_code": code, "dimension": "", "member": ""}
        if row["dimension"] == DISTRICT
        else {**row, "member": code}
        for code in merged_in(row)
    ]
    for sides in zip(*map(counts_of, alone), strict=True):
        yield [cell for cell, _ in sides], sides[0][1]


def merged_in(row: Row) -> list[str]:
    return codes_merged(str(row["dimension"]), str(row["member"]))


def counts_of(row: Row) -> Iterator[tuple[Cell, float]]:
    """The cells a row tells, as far as it does; a growth says what is now and what was then."""
    indicator = load_catalogue().indicator(str(row["indicator"]))
    above, below = row["numerator"], row["denominator"]
    if indicator.kind == "growth":
        above = None if above is None or below is None else above + below
    is_to_day = indicator.kind == "growth" and row["status"] == "provisional"
    for term, count in ((indicator.numerator, above), (indicator.denominator, below)):
        if term is not None and count is not None and not term.measure.scopes:
            yield cell_of(term, row, is_to_day=is_to_day), count


def cell_of(term: Term, row: Row, *, is_to_day: bool) -> Cell:
    bases = term.measure.bases
    basis = term.basis or (row["basis"] if row["basis"] in bases else bases[0])
    window = term.window or str(row["window"])
    end = row["period_end"]
    month = (end.year - term.years_earlier) * 12 + end.month - 1
    if is_to_day:
        window += TO_DAY
    elif term.measure.kind == "stock":
        window = "stock"
    return Cell(
        f"{term.measure.id}/{basis}", str(row["area_code"]), window, month, str(row["dimension"]), str(row["member"])
    )  # fmt: skip


def not_told(exported: Exported, table: Table) -> Exported:
    """Counts of an export that its build withholds, or tells otherwise."""
    up_to: Exported = {}
    for cell, value in table.items():
        window, at, _ = cell.window.partition(TO_DAY)
        if at and value is not None:
            up_to.setdefault(cell._replace(window=window + at), set()).add(value)
    beyond: Exported = {}
    for cell, values in exported.items():
        told = up_to.get(cell, {0.0}) if cell.window.endswith(TO_DAY) else {table.get(cell, 0.0)}
        # A register that is over is read whole on either side, whatever else is missing.
        told |= {table.get(cell._replace(window="stock"))} if cell.window.endswith(TO_DAY) else set()
        if values - told:
            beyond[cell] = values - told
    return beyond


def with_exported(table: Table, exported: Exported) -> Table:
    """What a build tells, with what an export of it tells as well."""
    filled = dict(table)
    for cell, values in exported.items():
        if cell in filled and filled[cell] is None:
            (filled[cell],) = values
    return filled
