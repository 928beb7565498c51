"""A byte of zeros in a text: something else was written over it, or it was not written to its end."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="这一行夹有空字节（NUL，从文件的第 {place} 个字节起），不是文字；多半是导出或传输没有完成，请重新导出。",
    en="this row holds a byte of zeros (NUL, byte {place} of the file), which is no text; the export or the transfer was "
    "probably not completed, export it again.",
)
def check_zero_byte(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'zero_byte'")
