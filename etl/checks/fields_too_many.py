"""A row with more fields than the header: an unquoted delimiter inside a cell shifts all that follow."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="有 {found} 个字段，应为 {expected} 个（与列名行一致）；单元格内的分隔符要用英文双引号括起来。",
    en="{found} fields, expected {expected} as in the header; quote a cell that holds the delimiter.",
)
def check_fields_too_many(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'too_many'")
