"""The baseline: DuckDB's own typed load of the same files, with no checks, identities, ledger or cube.

`python -m bench.bare_load FOLDER DATABASE` prints one JSON object. The clock runs from opening the new
database file to closing it, checkpoint included, as a complete load's does.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

from bench.measure import peak_memory_mib

# The whole drop as received, every column with the narrowest honest type: what anyone would write by hand.
COLUMNS: dict[str, dict[str, str]] = {
    "registrations": {
        "身份证号": "VARCHAR",
        "志愿者编号": "VARCHAR",
        "姓名": "VARCHAR",
        "性别": "VARCHAR",
        "所属区县": "VARCHAR",
        "注册日期": "DATE",
        "状态": "VARCHAR",
        "来源平台": "VARCHAR",
        "数据性质": "VARCHAR",
    },
    "activities": {
        "活动编号": "VARCHAR",
        "活动名称": "VARCHAR",
        "服务类别": "VARCHAR",
        "所属区县": "VARCHAR",
        "开始时间": "TIMESTAMP",
        "结束时间": "TIMESTAMP",
        "招募人数": "INTEGER",
        "状态": "VARCHAR",
        "数据性质": "VARCHAR",
    },
    "service_hours": {
        "记录编号": "VARCHAR",
        "身份证号": "VARCHAR",
        "活动编号": "VARCHAR",
        "服务日期": "DATE",
        "开始时间": "TIMESTAMP",
        "结束时间": "TIMESTAMP",
        "服务时长": "DECIMAL(12,4)",
        "录入日期": "DATE",
        "计时方式": "VARCHAR",
        "审核状态": "VARCHAR",
        "数据性质": "VARCHAR",
    },
}

# A drop may be narrower: its header says which of the columns it has.


def columns_of(path: Path, source: str) -> dict[str, str]:
    """The types of a file's columns, in its order."""
    with path.open(encoding="utf-8") as file:
        header = file.readline().rstrip("\r\n").split(",")
    return {name: COLUMNS[source][name] for name in header}


def load(folder: Path, database: Path) -> dict[str, float | int]:
    """Load every drop of the folder into a fresh database; seconds, rows per source, peak memory, bytes."""
    started, cpu_started = time.perf_counter(), time.process_time()
    rows = {}
    with duckdb.connect(str(database)) as connection:
        for source in COLUMNS:
            files = sorted(str(path) for path in folder.glob(f"{source}*.csv"))
            columns = columns_of(Path(files[0]), source)
            connection.execute(
                f"CREATE TABLE {source} AS FROM read_csv(?, columns = ?, header = true, auto_detect = false)",
                [files, columns],
            )
            found = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
            rows[f"{source}_rows"] = found[0] if found else 0
        connection.execute("CHECKPOINT")
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    return {
        "load_seconds": seconds,
        "load_cpu_seconds": cpu_seconds,
        **rows,
        "peak_memory_mib": peak_memory_mib(),
        "database_bytes": database.stat().st_size,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(load(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
