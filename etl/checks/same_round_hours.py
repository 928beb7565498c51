"""Everyone in an activity has the same full hours: entered from a list, not measured."""

from collections.abc import Iterator

from etl.checks import FLAGGED_ROW, Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="同一活动同一天的 {same_hours_records} 条以上记录全部为相同的整时长。",
    en="all records of this activity and day ({same_hours_records} or more) have the same round hours.",
)
def check_same_round_hours(facts: Facts) -> Iterator[Flagged]:
    yield Flagged(rows=f"SELECT {FLAGGED_ROW} FROM flag_alike")
