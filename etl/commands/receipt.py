"""python -m etl receipt: write the receipt of a drop (again), or of every drop."""

import argparse

from etl import ledger, receipts
from etl.messages import Text, WrongCall, say
from etl.warehouse import open_warehouse, require_warehouse
from etl.withdraw import require_drop

HELP = "写出回执（表格与一页文字）/ write the receipt of a drop: a workbook and a page of text"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "drop", nargs="?", type=int, metavar="DROP", help="报送编号（见 status）/ its number, see status"
    )
    parser.add_argument("--all", action="store_true", help="所有报送 / of every drop")


def run(args: argparse.Namespace) -> int:
    if (args.drop is None) != args.all:
        raise WrongCall("请写报送编号，或 --all。", "Say the number of a drop, or --all.")
    require_warehouse(args.home)
    with open_warehouse(args.home, "receipt") as connection:
        rows = ledger.read(connection) if args.all else [require_drop(connection, args.drop)]
        for row in rows:
            for path in receipts.write(connection, args.home, row):
                print(path)
    say(
        Text(
            f"已写出 {len(rows)} 份回执：{args.home / 'receipts'}。",
            f"{len(rows)} receipts written to {args.home / 'receipts'}.",
        )
    )
    return 0
