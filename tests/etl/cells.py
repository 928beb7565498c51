"""Cells and what they are read as, drawn as tables: run through DuckDB as a drop's cells are.

`→` divides what a cell says from what is read. `missing` is an empty answer, `unreadable` one that must be
refused: neither ever becomes a value. ␣ stands for a space at the edge of a cell, ⇥ for a tab.
"""

from __future__ import annotations

import duckdb

from etl.source import Column, load_sources
from etl.values import is_missing, sql_for_value

MARKS = {"␣": " ", "⇥": "\t", "␤": "\n", "∅": ""}


def read(column: Column, texts: list[str | None]) -> list[str]:
    """What each cell is read as, all cells in one scan as in a drop."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cells (place INTEGER, cell VARCHAR)")
        connection.executemany("INSERT INTO cells VALUES (?, ?)", list(enumerate(texts)))
        found = connection.execute(
            f"SELECT CAST({sql_for_value(column, 'cell')} AS VARCHAR), {is_missing('cell')} "
            "FROM cells ORDER BY place"
        ).fetchall()
    return [value if value is not None else "missing" if blank else "unreadable" for value, blank in found]


def column(kind: str, source: str = "", name: str = "") -> Column:
    """A column of a type, or one of a sheet of the house."""
    if source:
        return load_sources()[source].columns[name]
    return Column("cell", kind, ("某列",), codes={"one": ("甲",)} if kind == "code" else {})


def assert_reads(column: Column, drawing: str) -> None:
    """Compare a drawn table with what is read, all lines at once."""
    pairs = [line.split("→") for line in drawing.splitlines() if line.strip()]
    cells = [cell.strip() for cell, _ in pairs]
    for mark, meant in MARKS.items():
        cells = [cell.replace(mark, meant) for cell in cells]
    drawn = [value.strip() for _, value in pairs]
    found = read(column, cells)
    assert dict(zip(cells, found, strict=True)) == dict(zip(cells, drawn, strict=True))
