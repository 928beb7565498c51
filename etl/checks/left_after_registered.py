"""Someone left before they registered: one of the two days is wrong, and either would change the stock."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text


@check(
    stage="read",
    zh="注销日期“{found}”早于注册日期，应{expected}。",
    en="left on '{found}', expected {expected}.",
)
def check_left_after_registered(columns: Columns) -> Iterator[Failure]:
    if columns.has("left_on", "registered_on"):
        left, registered = columns.value("left_on"), columns.value("registered_on")
        status = f"coalesce({columns.value('status')}, 'left') <> 'in_force'"
        later = Text("不早于注册日期", "a day not before the registration")
        yield Failure(f"{left} < {registered} AND {status}", "left_on", later)
