"""Whether it was recorded in time cannot be said: the calendar of working days does not reach so far."""

from collections.abc import Iterator

from etl.checks import Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="未核对：工作日历不含该年份，无法判断是否在 {recorded_within_working_days} 个工作日内录入。",
    en="not checked: no calendar of working days for that year, so nobody can say "
    "whether it was recorded within {recorded_within_working_days} of them.",
)
def check_working_days_unknown(facts: Facts) -> Iterator[Flagged]:
    yield Flagged("recorded_on > doubtful_after AND (late_after IS NULL OR recorded_on <= late_after)")
