"""A drop read again from where it lies: for replay, and for a held drop that is let pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.inbox import find_kept
from etl.ledger import LedgerRow
from etl.messages import Refusal
from etl.reader import Part, open_parts
from etl.reader.survey import survey
from etl.warehouse import staging_folder


@contextmanager
def file_of(home: Path, row: LedgerRow) -> Iterator[Part]:
    """The file (or the member or sheet) a ledger row speaks of, byte for byte as it came.

    Raises Refusal when it is gone or has changed: a mended file has other bytes and is a drop of its own.
    """
    files = find_kept(home, row.path)
    if not files:
        raise Refusal(
            f"第 {row.drop_id} 号报送的文件 {row.file_name} 已不在原处，无法再读；请放回原文件。",
            f"The file of drop {row.drop_id}, {row.file_name}, is no longer where it was; put it back.",
        )
    with staging_folder(home) as staging:
        for file in files:
            with open_parts(file, staging) as parts:
                for part in parts:
                    if (part.sha256 or survey(part.path).sha256) == row.sha256:
                        yield part
                        return
    raise Refusal(
        f"{row.file_name} 的内容已经改变；如果是改正后的文件，请运行 python -m etl replay {row.drop_id} --file 文件，"
        "让它取代这份报送；如果是另一份，请用 python -m etl load 载入。",
        f"{row.file_name} has changed since it was loaded; a mended file takes the drop's place by python -m etl replay "
        f"{row.drop_id} --file FILE, any other is a drop of its own.",
    )
