"""Commas in a number that do not stand between groups of three digits: a slip, or two numbers."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import expected
from etl.values.doubts import DOUBTS, sql_of_doubt


@check(
    stage="read",
    zh="数字“{found}”里的逗号不是千位分隔符，应为{expected}；千位分隔符写作 1,234。",
    en="the commas in '{found}' do not part thousands, expected {expected}; thousands are written 1,234.",
)
def check_digits_grouped(columns: Columns) -> Iterator[Failure]:
    types, _ = DOUBTS["digits_grouped"]
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in types:
            condition = sql_of_doubt("digits_grouped", columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
