"""No area in the row and no city known for the drop: the row could belong to any city."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text

ABOUT = Text(
    "填写区县，或用 --area 指明城市，或放在以区划代码命名的文件夹里",
    "a district, or say the city with --area or a folder named after its code",
)


@check(
    stage="resolve",
    zh="没有地区，也无法判断属于哪个城市，应{expected}。",
    en="no area, and no city is known; expected {expected}.",
)
def check_area_given(columns: Columns) -> Iterator[Failure]:
    if columns.source.name != "service_hours":  # a record's area is the activity's or the person's otherwise
        yield Failure("area IS NULL AND drop_leaf IS NULL", "area", ABOUT)
