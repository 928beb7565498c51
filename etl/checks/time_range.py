"""A start and an end in one cell (8:30-11:30): which of the two is meant is not guessed."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import expected
from etl.values.doubts import DOUBTS, sql_of_doubt


@check(
    stage="read",
    zh="“{found}”是时间段，请分成开始时间和结束时间，应为{expected}。",
    en="'{found}' is a time range; give its start and its end in a column each, expected {expected}.",
)
def check_time_range(columns: Columns) -> Iterator[Failure]:
    types, _ = DOUBTS["time_range"]
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in types:
            condition = sql_of_doubt("time_range", columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
