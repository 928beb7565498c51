"""A day the calendar does not have: 2021-02-29, 2021-04-31, 2021-13-01."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values.doubts import DAYS, sql_of_doubt


@check(
    stage="read",
    zh="没有“{found}”这一天：一年有 12 个月，4、6、9、11 月只有 30 天，2 月平年只有 28 天、闰年 29 天。",
    en="there is no day '{found}': a year has 12 months, April, June, September and November have 30 days, February has "
    "28 and in leap years 29.",
)
def check_date_no_such_day(columns: Columns) -> Iterator[Failure]:
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in DAYS:
            condition = sql_of_doubt("date_no_such_day", columns.value(name), columns.raw(name))
            yield Failure(condition, name, without_value=True)
