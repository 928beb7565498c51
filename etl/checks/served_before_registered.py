"""Service dated before the person registered anywhere: one of the two days is wrong."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "registrations"),
    zh="服务日期早于本人最早的注册日期。",
    en="served before this person registered anywhere.",
)
def check_served_before_registered(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("service_date < registered_on")
