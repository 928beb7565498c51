"""A record of an activity nobody has reported: its list is missing, or the number is wrong."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "activities"),
    zh="活动编号不在任何活动报送中。",
    en="this activity is in no list of activities.",
)
def check_activity_unknown(facts: Facts) -> Iterator[Flagged]:
    if facts.has("activities"):
        yield Flagged("activity_key IS NOT NULL AND starts_on IS NULL")
