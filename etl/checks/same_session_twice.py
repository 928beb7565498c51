"""One session entered twice, under two record numbers or by two suppliers: its hours count double.

Without a start time two sessions of one length are taken for one. The first row stands; the others are flagged.
"""

from collections.abc import Iterator

from etl.checks import FLAGGED_ROW, Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="同一人同一天同一活动、同一开始时间的服务，此前已有一条记录（编号或报送单位不同）。",
    en="the same person, day, activity and start are in another record (other number or supplier).",
)
def check_same_session_twice(facts: Facts) -> Iterator[Flagged]:
    yield Flagged(rows=f"SELECT {FLAGGED_ROW} FROM flag_session WHERE is_repeat")
