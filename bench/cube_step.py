"""One step of the cube's benchmark, in a process of its own.

`python -m bench.cube_step load HOME FILE…` loads drops without publishing;
`python -m bench.cube_step publish HOME` publishes; `… anew HOME` publishes after throwing away all that is kept of
earlier publishings: sums, flags, counts of what was reported. `… cube HOME` and `… cube_anew HOME` do the cube's part
of it alone: observations and the tables beside them, no flags, completeness, ledger, disclosure or verification.
Each prints one JSON object.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from bench.measure import peak_memory_mib
from etl import flag
from etl.completeness import reported
from etl.inbox import find_drops
from etl.kept import MADE_BY, bring_up_to_date
from etl.linking import links_at_hand
from etl.loading import load_paths
from etl.publish import attached, publish
from etl.warehouse import open_warehouse
from metrics.build import create_schema
from metrics.cube import compute, compute_from_kept

Figures = dict[str, float | int | str]


def load(home: Path, paths: list[Path]) -> Figures:
    """In the order given; every row must be in, or the cube would be timed on less.

    Each file is a supplier's first: a drop smaller than the one before would be held, and be right to be.
    """
    home.mkdir(parents=True, exist_ok=True)
    found = [replace(one, supplier=path.stem) for path in paths for one in find_drops([path], None)]
    started = time.process_time()
    report = load_paths(home, found, today=date.today(), tell=lambda text: None, and_publish=False)
    seconds = time.process_time() - started
    rows = [one.row for one in report.outcomes]
    odd = [row.file_name for row in rows if row.rows_accepted != row.rows_read]
    assert not odd, f"not wholly in: {odd}"
    assert len(rows) == len(paths), f"{len(paths)} drops, {len(rows)} outcomes"
    return {"cpu_seconds": seconds, "rows": sum(row.rows_accepted for row in rows)}


def forget(home: Path) -> None:
    """Throw away all that is kept of earlier publishings."""
    with open_warehouse(home, "bench") as connection:
        for made in (MADE_BY, flag.BASIS, reported.BASIS):
            connection.execute("DELETE FROM meta WHERE key = ?", [made])
        connection.execute("DROP TABLE IF EXISTS number_print")


def cube_alone(home: Path, anew: bool) -> Figures:
    """Sums brought up to date, then a build's observations and tables; the file is thrown away."""
    if anew:
        forget(home)
    scratch = home / "published" / ".cube.building"
    started, cpu_started = time.perf_counter(), time.process_time()
    with open_warehouse(home, "publish") as connection, links_at_hand(connection):
        is_kept = bring_up_to_date(connection)
        with attached(connection, scratch):
            create_schema(connection, "build")
            found = (compute_from_kept if is_kept else compute)(connection, "build", today=date.today())
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    scratch.unlink()
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_memory_mib": peak_memory_mib(),
        "observations": found.observations,
    }


def publish_once(home: Path, anew: bool) -> Figures:
    """The clock runs until the warehouse is closed: what is kept must have reached the disk."""
    if anew:
        forget(home)
    started, cpu_started = time.perf_counter(), time.process_time()
    with open_warehouse(home, "publish") as connection:
        # In full: what is withheld also depends on earlier builds, and two ways to the same cube are compared here.
        build_id = publish(connection, home, date.today(), threshold=0)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    with duckdb.connect(str(home / "published" / f"{build_id}.duckdb"), read_only=True) as build:
        found = build.execute(
            "SELECT count(*), CAST(sum(hash(observations)) AS VARCHAR) FROM observations"
        ).fetchone()
    assert found is not None
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_memory_mib": peak_memory_mib(),
        "observations": found[0],
        "digest": found[1],
    }


def main(arguments: list[str]) -> Figures:
    if arguments[0] == "load":
        return load(Path(arguments[1]), [Path(path) for path in arguments[2:]])
    step, home = arguments[0], Path(arguments[1])
    if step.startswith("cube"):
        return cube_alone(home, step == "cube_anew")
    return publish_once(home, step == "anew")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])) + "\n")
