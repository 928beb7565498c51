"""Service dated after the person had left every platform."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours", "registrations"),
    zh="服务日期晚于本人注销日期（各平台均已注销）。",
    en="served after this person had left every platform.",
)
def check_served_after_leaving(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("service_date > left_on")
