"""Why something could not be read or written, as people are told."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb
import pytest

from etl.messages import reason_of

FULL = 'IO Error: Could not write file "/srv/张三丰.duckdb": No space left on device'
SPILLED = (
    "Out of Memory Error: failed to offload data block (2.5 MiB used). … 'max_temp_directory_size' setting."
)


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满", "No space left on device"),
        (duckdb.IOException(FULL), "磁盘已满", "No space left on device"),
        (duckdb.OutOfMemoryException(SPILLED), "磁盘已满", "No space left on device"),
        (duckdb.OutOfMemoryException("Out of Memory Error: 9 GB"), "内存不足", "Cannot allocate memory"),
        (MemoryError(), "内存不足", "Cannot allocate memory"),
        (duckdb.IOException("IO Error: 张三丰"), "IOException", "IOException"),
        (OSError(), "OSError", "OSError"),
    ],
)
def test_the_reason_is_told_and_nothing_of_what_the_engine_quotes(error: Exception, zh: str, en: str) -> None:
    told = reason_of(error)
    assert (told.zh, told.en) == (zh, en)


def test_a_reason_of_the_system_is_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        (tmp_path / "gone").read_bytes()
    assert reason_of(caught.value).zh == "文件或文件夹不存在"
