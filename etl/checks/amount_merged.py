"""An amount in a cell merged over several rows: it may be each row's or the sum of them, and is not guessed."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import expected
from etl.values.doubts import DOUBTS, sql_of_doubt


@check(
    stage="read",
    zh="“{found}”写在合并了几行的单元格里，不知是每行的还是合计，应逐行填写{expected}。",
    en="'{found}' stands in a cell merged over several rows, each row's amount or their sum; expected in every row {expected}.",
)
def check_amount_merged(columns: Columns) -> Iterator[Failure]:
    types, _ = DOUBTS["amount_merged"]
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in types:
            condition = sql_of_doubt("amount_merged", columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
