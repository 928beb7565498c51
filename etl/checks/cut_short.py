"""Half a character at the end of a text in UTF-16: the file does not go on as it should."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="文件在一个字的中间断了（UTF-16 每字至少两个字节，最后只有半个，在第 {place} 个字节）；"
    "后面可能还有行没有传来，请重新导出。",
    en="the file ends in the middle of a character (UTF-16 has two bytes each, the last one, byte {place}, stands alone); "
    "rows may be missing, export it again.",
)
def check_cut_short(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'cut_short'")
