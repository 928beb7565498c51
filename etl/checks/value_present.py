"""A required value is missing (of alternatives such as ID number or volunteer number: all of them)."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text
from etl.values import is_missing


@check(
    stage="read", zh="缺少必填值，应填写{expected}。", en="a required value is missing; expected {expected}."
)
def check_value_present(columns: Columns) -> Iterator[Failure]:
    for group in columns.source.require_one_of:
        there = [name for name in group if columns.has(name)]
        titles = Text("或".join(columns.source.columns[name].title for name in there), " or ".join(there))
        missing = " AND ".join(is_missing(columns.raw(name)) for name in there)
        # A row with a value is not asked further (CASE is lazy, AND is not).
        there_is_one = " ".join(f"WHEN {columns.value(name)} IS NOT NULL THEN false" for name in there)
        yield Failure(f"CASE {there_is_one} ELSE {missing} END", there[0], titles, without_value=True)
