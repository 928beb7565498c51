"""Hours that are not what lies between start and end: typed in, or one of the times is wrong."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="时长与起止时间不符（多出 {hours_over_times_minutes} 分钟以上，或少 {hours_under_times_minutes} 分钟以上）。",
    en="hours disagree with start and end (by more than {hours_over_times_minutes} minutes over, "
    "or {hours_under_times_minutes} under).",
)
def check_hours_disagree_with_times(facts: Facts) -> Iterator[Flagged]:
    between = "date_diff('second', started_at, ended_at) / 60"
    over, under = facts.thresholds["hours_over_times_minutes"], facts.thresholds["hours_under_times_minutes"]
    yield Flagged(
        f"has_times AND was_there AND (service_minutes > {between} + {over} OR service_minutes < {between} - {under})"
    )
