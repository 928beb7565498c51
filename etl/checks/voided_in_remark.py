"""A record whose remark says that it does not hold; the words are in etl/remarks.py."""

from collections.abc import Iterator

from etl.checks import FLAGGED_ROW, Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="备注里写着“作废”“撤销”或“无效”，而审核状态没有说不计入。",
    en="its remark says that it is void, and its status does not say so.",
)
def check_voided_in_remark(facts: Facts) -> Iterator[Flagged]:
    yield Flagged(rows=f"SELECT {FLAGGED_ROW} FROM flag_voided")
