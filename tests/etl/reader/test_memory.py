"""Files larger than memory: reading takes as much memory for a large text as for a small one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

READ = """
import resource, sys
from pathlib import Path
from etl.reader import open_drop, open_parts
from etl.reader.lines import Counts

counts = Counts()
with open_parts(Path(sys.argv[1]), Path(sys.argv[2])) as parts:
    for part in parts:
        for batch in open_drop(part).batches(counts):
            pass
print(counts.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
HEADER = "身份证号,服务日期,服务时长,备注\n"
ROW = "90000019900307002X,2021-05-01,2.5,敬老院慰问\n"
SMALL, LARGE = 100_000, 1_000_000  # rows: 5 and 54 MB


def peak(tmp_path: Path, rows: int, encoding: str) -> int:
    """Peak memory, in MB, of a process that reads a file of so many rows line by line."""
    path = tmp_path / f"{rows}.csv"
    block = (ROW * 10_000).encode(encoding)
    with path.open("wb") as file:
        file.write((HEADER + ROW + "\n").encode(encoding))
        for _ in range(rows // 10_000):
            file.write(block)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), str(tmp_path / "staging")],
        capture_output=True,
        text=True,
        check=True,
    )
    path.unlink()
    read, megabytes = map(int, done.stdout.split())
    assert read == rows + 1
    return megabytes


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_ten_times_as_large_takes_no_more_memory(tmp_path: Path, encoding: str) -> None:
    """GBK is read from a copy on disk; a blank line keeps the file off DuckDB's own reader."""
    small, large = peak(tmp_path, SMALL, encoding), peak(tmp_path, LARGE, encoding)
    assert large - small < 25, f"{small} MB for {SMALL} rows, {large} MB for {LARGE}"
