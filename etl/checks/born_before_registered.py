"""Someone registered before they were born: one of the two days is wrong."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text

EARLIER = Text("不晚于注册日期", "a day not after the registration")


@check(
    stage="read",
    zh="出生日期“{found}”晚于注册日期，应{expected}。",
    en="born on '{found}', expected {expected}.",
)
def check_born_before_registered(columns: Columns) -> Iterator[Failure]:
    if columns.has("birth_date", "registered_on"):
        born, registered = columns.value("birth_date"), columns.value("registered_on")
        # A day that has not come yet is check_date_possible's.
        yield Failure(f"{born} > {registered} AND {born} <= DATE '{columns.today}'", "birth_date", EARLIER)
