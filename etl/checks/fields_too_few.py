"""A row with fewer fields than the header: cells may have shifted, so none of them is trusted."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="只有 {found} 个字段，应为 {expected} 个（与列名行一致）；可能漏了分隔符。",
    en="{found} fields, expected {expected} as in the header; a delimiter may be missing.",
)
def check_fields_too_few(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'too_few'")
