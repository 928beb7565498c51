"""Two rows of one file about the same person, day and activity that say different things, without number or time."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="与第 {found} 行同一人、同一天、同一活动而内容不同，没有记录编号和开始时间，"
    "无法判断是另一次服务还是更正；请补上其中一项。",
    en="the same person, day and activity as row {found} with other content, and no record number or start time: whether "
    "it is another service or a correction cannot be told; give one of the two.",
)
def check_session_told_apart(columns: Columns) -> Iterator[Failure]:
    """Found among the rows stored (etl.facts.not_told_apart), not in the scan; here is its sentence."""
    yield Failure("shape = 'session_told_apart'")
