"""A paid post entered as service; the words are in etl/sources/activities.toml."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "activities"),
    zh="所属活动按名称看是公益岗位、补贴等有偿劳动，不是志愿服务。",
    en="by its title the activity is paid work, not volunteer service.",
)
def check_paid_as_service(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("not_service = 'paid'")
