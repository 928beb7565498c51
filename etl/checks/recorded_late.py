"""Recorded later than the rules on service records allow, in working days (make-up days counted)."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="录入日期晚于服务结束后 {recorded_within_working_days} 个工作日。",
    en="recorded later than {recorded_within_working_days} working days after the service ended.",
)
def check_recorded_late(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("recorded_on > late_after")
