"""Many records of one day alike to the minute, far beyond what the supplier ordinarily has in a day.

Ordinary is the median of the supplier's days of that month; with few days there is nothing to compare with.
"""

from collections.abc import Iterator

from etl.checks import FLAGGED_ROW, Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="同一活动同一天有 {batch_records} 条以上起止时间和时长完全相同的记录，"
    "达到该报送单位当月平常一天的 {batch_times_ordinary} 倍以上。",
    en="{batch_records} or more records of one activity and day with equal times and hours, "
    "{batch_times_ordinary} times the supplier's ordinary day of that month or more.",
)
def check_batch_entry_spike(facts: Facts) -> Iterator[Flagged]:
    yield Flagged(rows=f"SELECT {FLAGGED_ROW} FROM flag_batch")
