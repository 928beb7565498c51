"""A cell holds something, but not a value of its column's type: impossible dates, words for numbers …

What can be said better is left to the checks named in etl/values/doubts.py.
"""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import can_be_unreadable, expected
from etl.values.doubts import sql_of_unreadable


@check(stage="read", zh="“{found}”无法识别，应为{expected}。", en="found '{found}', expected {expected}.")
def check_value_readable(columns: Columns) -> Iterator[Failure]:
    for name, column in columns.source.columns.items():
        if columns.has(name) and can_be_unreadable(column):
            condition = sql_of_unreadable(column, columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
