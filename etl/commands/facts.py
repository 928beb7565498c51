"""python -m etl facts: write the facts as Parquet, for a cluster or another engine."""

import argparse
from pathlib import Path

from etl.messages import Text, say
from etl.parquet import write_facts
from etl.warehouse import open_warehouse

HELP = "把事实表写成 Parquet（按月分区）/ write the facts as Parquet, partitioned by month"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT", help="写到这个文件夹 / the folder to write to")


def run(args: argparse.Namespace) -> int:
    with open_warehouse(args.home, "facts") as connection:
        written = write_facts(connection, args.out)
    for view, rows in written.items():
        say(Text(f"{view}：{rows:,} 行。", f"{view}: {rows:,} rows."))
    return 0
