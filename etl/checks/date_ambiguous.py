"""A date that could be several days: a year of two digits, or the year in the last place."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import expected
from etl.values.doubts import DOUBTS, sql_of_doubt


@check(
    stage="read",
    zh="日期“{found}”分不清年、月、日，应为{expected}（四位年份在前）。",
    en="the date '{found}' could be several days; expected {expected}, a year of four digits first.",
)
def check_date_ambiguous(columns: Columns) -> Iterator[Failure]:
    types, _ = DOUBTS["date_ambiguous"]
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in types:
            condition = sql_of_doubt("date_ambiguous", columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
