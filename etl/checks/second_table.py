"""Rows from the header of another table on: their cells stand under headers that are not theirs."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="此行起是另一张表，列与本表不同；一个文件（工作表）只放一张表，请分开报送。",
    en="another table with other columns begins at or above this row; one file (or sheet) holds one table: send it apart.",
)
def check_second_table(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'second_table'")
