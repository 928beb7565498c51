"""Training, a regular meeting or the like entered as service; the words are in etl/sources/activities.toml."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "activities"),
    zh="所属活动按名称看是培训、例会等，不是志愿服务。",
    en="by its title the activity is training or a meeting, not volunteer service.",
)
def check_training_as_service(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("not_service = 'training'")
