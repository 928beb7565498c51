"""Facts as Parquet files, partitioned by month: what a cluster reads when one machine is too small.

The same views the cube reads, as files: `<out>/<view>/month=2021-05/….parquet`, and the ledger. Rows are pseudonymous but
still rows about persons, so the folder is as confidential as the warehouse.
"""

import shutil
from pathlib import Path

import duckdb

from etl.messages import Refusal
from etl.source import load_sources
from etl.sql import only_row
from metrics.build_schema import TABLES

LEDGER = "drops.parquet"

# View by view, the day that decides a fact's month.
VIEWS = {f"current_{source.table}": source.day for source in load_sources().values()}


def write_facts(connection: duckdb.DuckDBPyConnection, out: Path) -> dict[str, int]:
    """Write every view beside, then put it in place; rows written by view. `out` must be new or ours."""
    ours = {*VIEWS, LEDGER, *(f".{view}.writing" for view in VIEWS)}
    if out.exists() and any(path.name not in ours for path in out.iterdir()):
        raise Refusal(
            f"{out} 里有别的文件；请指定一个新目录。",
            f"{out} holds other files; name a new folder for the facts.",
        )
    out.mkdir(parents=True, exist_ok=True)
    written = {}
    for view, day in VIEWS.items():
        beside = out / f".{view}.writing"
        shutil.rmtree(beside, ignore_errors=True)
        target = str(beside).replace("'", "''")
        connection.execute(
            f"COPY (SELECT *, strftime({day}, '%Y-%m') AS month FROM {view} ORDER BY month) "
            f"TO '{target}' (FORMAT parquet, PARTITION_BY (month), COMPRESSION zstd)"
        )
        shutil.rmtree(out / view, ignore_errors=True)
        if beside.exists():  # nothing is written for a view without rows
            beside.rename(out / view)
        (written[view],) = only_row(connection, f"SELECT count(*) FROM {view}")
    columns = ", ".join(part.split()[0] for part in TABLES["drops"].split(", "))
    target = str(out / LEDGER).replace("'", "''")
    connection.execute(f"COPY (SELECT {columns} FROM drops ORDER BY drop_id) TO '{target}' (FORMAT parquet)")
    return written


def attach_facts(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Views of the same names over the files, so that the cube's SQL runs on them unchanged."""
    for view in VIEWS:
        files = str(folder / view / "*" / "*.parquet").replace("'", "''")
        connection.execute(
            f"CREATE OR REPLACE VIEW {view} AS "
            f"SELECT * EXCLUDE (month) FROM read_parquet('{files}', hive_partitioning=true)"
        )
    ledger = str(folder / LEDGER).replace("'", "''")
    connection.execute(f"CREATE OR REPLACE VIEW drops AS FROM read_parquet('{ledger}')")
