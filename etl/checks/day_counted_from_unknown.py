"""A bare day number in a workbook that does not count from 1900, or does not say: four years lie between the readings."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import expected
from etl.values.doubts import DOUBTS, sql_of_doubt


@check(
    stage="read",
    zh="“{found}”是日期的序号，不知从 1900 年还是 1904 年起算（相差四年零一天），应为{expected}；"
    "请把整列设为日期格式，改正后重新报送。",
    en="'{found}' is the number of a day, counted from 1900 or from 1904 (four years and a day apart), expected {expected}; "
    "give the column a date format, correct it and send it again.",
)
def check_day_counted_from_unknown(columns: Columns) -> Iterator[Failure]:
    types, _ = DOUBTS["day_counted_from_unknown"]
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in types:
            condition = sql_of_doubt("day_counted_from_unknown", columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
