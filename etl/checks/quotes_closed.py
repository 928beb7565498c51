"""A quote that does not close, or text after a closing quote: where the cell ends cannot be known."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="英文双引号不成对，无法判断单元格在哪里结束；单元格内的引号应写成两个。",
    en="double quotes do not match, so the cell's end is unknown; write a quote inside a cell twice.",
)
def check_quotes_closed(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'broken_quotes'")
