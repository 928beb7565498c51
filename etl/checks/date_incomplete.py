"""A date without its day, its month or its year: 2021-5, 5月1日, 8:30."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import expected
from etl.values.doubts import DOUBTS, sql_of_doubt


@check(
    stage="read",
    zh="日期“{found}”没有写全年、月、日，应为{expected}。",
    en="the date '{found}' lacks its year, month or day; expected {expected}.",
)
def check_date_incomplete(columns: Columns) -> Iterator[Failure]:
    types, _ = DOUBTS["date_incomplete"]
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in types:
            condition = sql_of_doubt("date_incomplete", columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
