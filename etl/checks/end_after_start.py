"""An end before its start: exchanged, or a shift over midnight that ends on the day it began."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text

LATER = Text(
    "不早于开始时间；跨过零点的，结束时间写第二天的日期",
    "an end not before the start, on the next day when it is past midnight",
)


@check(
    stage="read",
    zh="结束时间“{found}”早于开始时间，应{expected}。",
    en="ends at '{found}', before it starts; expected {expected}.",
)
def check_end_after_start(columns: Columns) -> Iterator[Failure]:
    if columns.has("start_at", "end_at"):
        start, end = columns.value("start_at"), columns.value("end_at")
        # An end that is only a day (its midnight) lasts through that day.
        ends_before = f"CASE WHEN {end} < {start} THEN {end} <> date_trunc('day', {start}) END"
        yield Failure(ends_before, "end_at", LATER)
