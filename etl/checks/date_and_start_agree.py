"""A day of service and a start on another day: one of the two is mistyped, and either would be believed alone.

A shift past midnight belongs to the day it began; a start that is only a day is its midnight.
"""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text

SAME_DAY = Text("与服务日期是同一天（跨过零点的，按开始的那一天）", "a start on that day")


@check(
    stage="read",
    zh="开始时间“{found}”不在服务日期那一天，应{expected}。",
    en="the start '{found}' is not on the day of the service, expected {expected}.",
)
def check_date_and_start_agree(columns: Columns) -> Iterator[Failure]:
    if columns.has("service_date", "start_at"):
        day, start = columns.value("service_date"), columns.value("start_at")
        yield Failure(f"CAST({start} AS DATE) <> {day}", "start_at", SAME_DAY)
