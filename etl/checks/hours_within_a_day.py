"""More hours than a day has: minutes entered as hours, a forgotten check-out, a typing error."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import EXPECTED


@check(
    stage="read",
    zh="“{found}”太大，超出一天，应为{expected}。",
    en="'{found}' is too large, more than a day, expected {expected}.",
)
def check_hours_within_a_day(columns: Columns) -> Iterator[Failure]:
    for name, most in (("service_hours", 24), ("service_minutes", 1440)):
        if columns.has(name):
            yield Failure(f"{columns.value(name)} > {most}", name, EXPECTED[name.removeprefix("service_")])
