"""A session nobody serves: very long, or ended by the platform at the last minute of the day."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="疑似忘记签退：连续 {session_most_minutes} 分钟以上，或在当天最后一分钟结束。",
    en="a forgotten check-out: {session_most_minutes} minutes or more, or ended in the last minute of the day.",
)
def check_check_out_forgotten(facts: Facts) -> Iterator[Flagged]:
    longest, last_minute = facts.thresholds["session_most_minutes"], facts.thresholds["auto_check_out_minute"]
    at_last_minute = f"hour(ended_at) * 60 + minute(ended_at) >= {last_minute}"
    yield Flagged(f"was_there AND (service_minutes >= {longest} OR (has_times AND {at_last_minute}))")
