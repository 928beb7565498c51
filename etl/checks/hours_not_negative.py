"""Hours below zero: a correction written as a record, or start and end exchanged."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import EXPECTED


@check(
    stage="read",
    zh="时长“{found}”是负数，应为{expected}。",
    en="the hours '{found}' are below zero, expected {expected}.",
)
def check_hours_not_negative(columns: Columns) -> Iterator[Failure]:
    for name in ("service_hours", "service_minutes"):
        if columns.has(name):
            yield Failure(f"{columns.value(name)} < 0", name, EXPECTED[name.removeprefix("service_")])
