"""Service in an activity that was cancelled."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "activities"),
    zh="所属活动已取消。",
    en="its activity was cancelled.",
)
def check_activity_cancelled(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("is_cancelled")
