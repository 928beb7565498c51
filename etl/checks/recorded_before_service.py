"""Recorded before it took place: a plan entered as service, or one of the days is wrong."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="录入日期早于服务日期。",
    en="recorded before the day of service.",
)
def check_recorded_before_service(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("recorded_on < service_date")
