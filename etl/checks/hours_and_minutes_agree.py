"""Hours in two columns that say different things: 3 beside 30 may be three and a half hours or a slip.

Hours are often rounded to a tenth, which is six minutes: half of that either way is no difference.
"""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text

TOLERANCE = 3  # minutes
SAME = Text(
    "与小时列是同一时长（只填一列即可）", "the same time as in the column of hours (one of the two is enough)"
)


@check(
    stage="read",
    zh="分钟数“{found}”与小时数不一致，应{expected}。",
    en="the minutes '{found}' disagree with the hours, expected {expected}.",
)
def check_hours_and_minutes_agree(columns: Columns) -> Iterator[Failure]:
    if columns.has("service_hours", "service_minutes"):
        hours, minutes = columns.value("service_hours"), columns.value("service_minutes")
        yield Failure(f"abs({hours} * 60 - {minutes}) > {TOLERANCE}", "service_minutes", SAME)
