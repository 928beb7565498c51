"""A byte that means nothing in the file's encoding: guessing would invent characters."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="这一行夹有不是 {expected} 编码的字节（从文件的第 {place} 个字节起，其值为 0x{byte}），文件像由两种编码拼成；"
    "请全部用同一种编码重新导出。",
    en="this row holds bytes that are not {expected} (from byte {place} of the file on, which is 0x{byte}); the file seems to "
    "mix two encodings, export all of it in one.",
)
def check_bytes_decodable(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'undecodable'")
