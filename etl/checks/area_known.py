"""An area text that is no district we know: it waits in quarantine until an alias is added, never guessed."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.values import EXPECTED


@check(
    stage="resolve",
    zh="地区“{found}”无法识别，应为{expected}。",
    en="area '{found}' is not known, expected {expected}.",
)
def check_area_known(columns: Columns) -> Iterator[Failure]:
    if columns.has("area"):
        yield Failure("area IS NOT NULL AND area_code IS NULL", "area", EXPECTED["area"])
