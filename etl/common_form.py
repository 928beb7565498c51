"""Screening a small drop: first as if every cell were of the common form, and only then as what it is.

The statement that reads every form of every cell and tells every doubt takes DuckDB fifty milliseconds to plan,
whatever it is then asked of; some hundred rows are read in five. So a small drop is read with the common form of each
value alone (etl/values), and a bit for each column tells of cells that are neither empty nor of that form; only if there
are such cells is it read again, those columns with all they may hold. Of the conditions on a cell without a value
there is left what they say of an empty one. Everything comes from the expressions of the whole statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from etl.checks import Columns
from etl.sql import only_row
from etl.values import sql_for_absent, sql_for_common

OTHER_FORMS = "other_forms"  # the bits of a row, in `screened_rows` only
MOST_BYTES = 1_000_000  # reading a larger drop twice takes longer than planning
_of_empty: dict[str, bool | None] = {}  # by the statement that asked, which says all it depends on


@dataclass(frozen=True)
class Common:
    """The columns to be read in their common form alone; the place of each is the bit that another form sets."""

    names: tuple[str, ...] = ()

    def other_forms(self, columns: Columns) -> str:
        """SQL for the bits of a row: cells that hold something and got no value."""
        return " + ".join(
            f"CASE WHEN {columns.value(name)} IS NULL AND {columns.raw(name)} <> '' THEN {1 << place}::BIGINT ELSE 0 END"
            for place, name in enumerate(self.names)
        )

    def without(self, met: int) -> "Common":
        """What is left when these bits were met."""
        return Common(tuple(name for place, name in enumerate(self.names) if not met >> place & 1))


NONE = Common()


def all_common(columns: Columns, there: Sequence[str]) -> Common:
    """Every column there that has a common form."""
    source = columns.source.columns
    return Common(tuple(name for name in there if sql_for_common(source[name], columns.raw(name))))


def condition_on_empty(
    connection: duckdb.DuckDBPyConnection, columns: Columns, name: str, condition: str
) -> str | None:
    """What is left of a condition on cells of a column without a value when all of those are empty; None: nothing."""
    absent = sql_for_absent(columns.source.columns[name])
    statement = (
        f"SELECT coalesce({condition}, false) FROM (SELECT {absent} AS {name}, '' AS {columns.raw(name)})"
    )
    if statement not in _of_empty:
        try:
            _of_empty[statement] = bool(only_row(connection, statement)[0])
        except duckdb.BinderException:  # it speaks of other columns, too
            _of_empty[statement] = None
    holds = _of_empty[statement]
    return condition if holds is None else "true" if holds else None
