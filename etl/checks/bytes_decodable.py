"""A byte that means nothing in the file's encoding: guessing would invent characters."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check


@check(
    stage="read",
    zh="第 {found} 字节（位置：十六进制值）无法按文件编码 {expected} 解读；请用同一种编码重新导出。",
    en="the byte at {found} (position:hex value) cannot be read as {expected}; export the file in one encoding.",
)
def check_bytes_decodable(columns: Columns) -> Iterator[Failure]:
    yield Failure("shape = 'undecodable'")
