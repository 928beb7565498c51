"""A day that has not come yet, or from before there were records: a typing error in the year."""

from collections.abc import Iterator
from datetime import timedelta

from etl.checks import Columns, Failure, check
from etl.messages import Text

# The platforms' lists reach back to the first registered groups of about 1990; an earlier date is a birthday
# or a typing error.
EARLIEST = "1989-01-01"
PLANNED_AHEAD = timedelta(days=731)  # activities are announced for next year at most; further is a wrong year
PAST_DAYS = ("registered_on", "left_on", "service_date", "recorded_on")


@check(
    stage="read",
    zh="日期“{found}”不可能，应{expected}。",
    en="the date '{found}' is impossible; expected {expected}.",
)
def check_date_possible(columns: Columns) -> Iterator[Failure]:
    limits = Text(f"在 {EARLIEST} 至 {columns.today} 之间", f"a day from {EARLIEST} to {columns.today}")
    for name in PAST_DAYS:
        if columns.has(name):
            value = columns.value(name)
            yield Failure(f"{value} < DATE '{EARLIEST}' OR {value} > DATE '{columns.today}'", name, limits)
    if columns.has("start_at"):
        # A record's times are past, an activity's may be planned.
        latest = columns.today + (
            timedelta(0) if "service_hours" in columns.source.columns else PLANNED_AHEAD
        )
        limits = Text(f"在 {EARLIEST} 至 {latest} 之间", f"a day from {EARLIEST} to {latest}")
        day = f"CAST({columns.value('start_at')} AS DATE)"
        yield Failure(f"{day} < DATE '{EARLIEST}' OR {day} > DATE '{latest}'", "start_at", limits)
    if columns.has("birth_date"):
        value = columns.value("birth_date")
        born = Text(f"在 1900-01-01 至 {columns.today} 之间", f"a day from 1900-01-01 to {columns.today}")
        yield Failure(f"{value} < DATE '1900-01-01' OR {value} > DATE '{columns.today}'", "birth_date", born)
