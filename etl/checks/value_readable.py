"""A cell holds something, but not a value of its column's type: impossible dates, words for numbers …"""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import can_be_unreadable, expected, is_missing


@check(stage="read", zh="“{found}”无法识别，应为{expected}。", en="found '{found}', expected {expected}.")
def check_value_readable(columns: Columns) -> Iterator[Failure]:
    for name, column in columns.source.columns.items():
        if columns.has(name) and can_be_unreadable(column):
            # CASE, not AND: only cells without a value are asked whether there was something to read.
            condition = (
                f"CASE WHEN {columns.value(name)} IS NULL THEN NOT {is_missing(columns.raw(name))} END"
            )
            yield Failure(condition, name, expected(column))
