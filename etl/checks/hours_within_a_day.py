"""Hours of one record outside 0–24: minutes entered as hours, a forgotten check-out, a typing error."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import EXPECTED


@check(stage="read", zh="“{found}”超出一天，应为{expected}。", en="found '{found}', expected {expected}.")
def check_hours_within_a_day(columns: Columns) -> Iterator[Failure]:
    for name, most in (("service_hours", 24), ("service_minutes", 1440)):
        if columns.has(name):
            value = columns.value(name)
            yield Failure(f"{value} < 0 OR {value} > {most}", name, EXPECTED[name.removeprefix("service_")])
