"""The subject: what `python -m etl load` does with the same files, into a fresh data home.

`python -m bench.complete_load FOLDER HOME [LATER]` prints one JSON object: everything in FOLDER, then, if named,
one more drop on top of it, loaded and published as any month is. Loading (facts stored, everything checked)
and publishing (the cube) are timed apart, because only the first has the bare load as its yardstick.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

import duckdb

from bench.measure import peak_memory_mib
from etl.inbox import find_drops
from etl.loading import load_paths
from etl.publish import publish
from etl.warehouse import open_warehouse, warehouse_path

ACCEPTED = "SELECT source, CAST(sum(rows_accepted) AS BIGINT) FROM drops GROUP BY source"


def load(folder: Path, home: Path, later: Path | None = None) -> dict[str, float | int]:
    """Load every drop of the folder, then publish; seconds, accepted rows per source, peak memory, bytes."""
    home.mkdir(parents=True)
    today = date.today()
    started, cpu_started = time.perf_counter(), time.process_time()
    load_paths(home, find_drops(sorted(folder.glob("*.csv")), None, None), today=today, and_publish=False)
    loaded, cpu_loaded = time.perf_counter(), time.process_time()
    load_peak = peak_memory_mib()
    with open_warehouse(home, "publish") as connection:
        publish(connection, home, today)
    published, cpu_published = time.perf_counter(), time.process_time()
    warehouse = warehouse_path(home)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        accepted = connection.execute(ACCEPTED).fetchall()
    monthly = one_month(home, later, today) if later is not None else {}
    return {
        "load_seconds": loaded - started,
        "load_cpu_seconds": cpu_loaded - cpu_started,
        "publish_seconds": published - loaded,
        "publish_cpu_seconds": cpu_published - cpu_loaded,
        **{f"{source}_rows": rows for source, rows in accepted},
        "peak_memory_mib": load_peak,
        "publish_peak_memory_mib": peak_memory_mib(),
        "database_bytes": warehouse.stat().st_size,
        "build_bytes": max(path.stat().st_size for path in (home / "published").glob("*.duckdb")),
        **monthly,
    }


def one_month(home: Path, later: Path, today: date) -> dict[str, float | int]:
    """Load one more drop and publish, as the command does, on top of all there is."""
    started, cpu_started = time.perf_counter(), time.process_time()
    report = load_paths(home, find_drops([later], None, None), today=today)
    return {
        "later_seconds": time.perf_counter() - started,
        "later_cpu_seconds": time.process_time() - cpu_started,
        "later_rows": report.outcomes[0].row.rows_accepted,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(load(*map(Path, sys.argv[1:]))) + "\n")
