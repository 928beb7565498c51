"""A declared correction (etl/corrections) leaves the row out: it waits here, with the correction's id."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="按更正“{found}”剔除，不计入任何数字。",
    en="left out by correction '{found}'; no figure counts it.",
)
def check_left_out_by_correction(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'left_out'")
