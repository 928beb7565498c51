"""Counts that some public build of the home has told and that are still the same, whatever builds between said.

A file that came and was withdrawn leaves counts as they were before it: who kept the build of that time knows them.
"""

from collections.abc import Collection, Iterator

from metrics.disclosure.grids import Numbering
from metrics.disclosure.tables import SIDE_TABLES

KEPT = "still_told"
MARKS = "told_marks"  # a hash of each count told with its key, which is quick to look for
KEYS = ("measure", "basis", "area_code", "time_window", "period_end", "dimension", "member")


def tables(numbering: Numbering) -> Iterator[tuple[int, str, tuple[str, ...], str]]:
    """Tables of counts: a number, the name, the key columns and the column that counts."""
    yield 0, "observations", KEYS, "value"
    for number, side in enumerate(SIDE_TABLES, start=1):
        if numbering.has_table(side.name):
            yield number, side.name, tuple(name for name, _ in side.keys), side.value


def mark(keys: tuple[str, ...], value: str) -> str:
    """SQL of a hash of a count with its key, whatever type an earlier program gave the count."""
    return f"hash({', '.join(keys)}, CAST({value} AS DOUBLE))"


def add(numbering: Numbering, there: Collection[str]) -> None:
    """What the attached build `earlier` tells, given the tables it has."""
    for number, table, keys, value in tables(numbering):
        if table in there:
            numbering.connection.execute(f"""
                INSERT INTO {MARKS}
                SELECT {number}, mark
                FROM (SELECT {mark(keys, value)} AS mark FROM earlier.{table} WHERE {value} IS NOT NULL)
                ANTI JOIN (SELECT mark FROM {MARKS} WHERE table_no = {number}) USING (mark)""")


def keep(numbering: Numbering) -> None:
    """The counts of the build that are among them, as tables of a build of their own."""
    execute = numbering.connection.execute
    execute(f"ATTACH ':memory:' AS {KEPT}")
    for number, table, keys, value in tables(numbering):
        source = f"{numbering.target}.{table}"
        execute(f"CREATE TABLE IF NOT EXISTS {KEPT}.{table} AS FROM {source} LIMIT 0")
        columns = ", ".join((*keys, value))
        execute(f"""
            INSERT INTO {KEPT}.{table} ({columns}) SELECT {columns} FROM {source}
            WHERE {value} IS NOT NULL
              AND {mark(keys, value)} IN (SELECT mark FROM {MARKS} WHERE table_no = {number})""")


def end(numbering: Numbering) -> None:
    numbering.connection.execute(f"DETACH {KEPT}")
