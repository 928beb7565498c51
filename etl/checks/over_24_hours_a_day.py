"""A person's records of one day add up to more than the day has: entered twice, or in minutes."""

from collections.abc import Iterator

from etl.checks import FLAGGED_ROW, Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="同一人当天的各条记录合计超过 24 小时。",
    en="the records of this person and day add up to more than 24 hours.",
)
def check_over_24_hours_a_day(facts: Facts) -> Iterator[Flagged]:
    most = facts.thresholds["day_most_minutes"]
    yield Flagged(rows=f"SELECT {FLAGGED_ROW} FROM flag_session WHERE minutes_of_day > {most}")
