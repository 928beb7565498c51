"""Service on a day its activity did not take place. An activity without an end has only a first day."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "activities"),
    zh="服务日期不在活动的起止日期之内。",
    en="served outside the days of its activity.",
)
def check_outside_activity_dates(facts: Facts) -> Iterator[Flagged]:
    margin = facts.thresholds["activity_margin_days"]
    yield Flagged(f"service_date < starts_on - {margin} OR service_date > ends_on + {margin}")
