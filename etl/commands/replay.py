"""python -m etl replay: give quarantined rows another chance after a rule or alias was mended."""

import argparse
from datetime import date

from etl import ledger, receipts
from etl.ledger import STATUSES
from etl.messages import Refusal, Text, say
from etl.publish import publish, published_sentence
from etl.replay import replay
from etl.warehouse import open_warehouse, require_warehouse
from etl.withdraw import require_drop

HELP = "重放隔离行 / screen quarantined rows again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "drop", nargs="?", type=int, metavar="DROP", help="报送编号；省略则全部 / all if omitted"
    )


def run(args: argparse.Namespace) -> int:
    code = 0
    require_warehouse(args.home)
    with open_warehouse(args.home, "replay") as connection:
        if args.drop is not None:
            rows = [require_drop(connection, args.drop)]
        else:
            rows = ledger.read(connection, "status = 'loaded' AND rows_quarantined > 0")
        changed = False
        for row in rows:
            if row.status != "loaded":
                say(
                    Text(
                        f"第 {row.drop_id} 号报送的状态是“{STATUSES[row.status]}”，只有“{STATUSES['loaded']}”的可以重放。",
                        f"Drop {row.drop_id} is {row.status}, not loaded.",
                    )
                )
                code = 1
                continue
            try:
                before, after = replay(connection, args.home, row, date.today())
            except Refusal as refusal:
                say(refusal.text)
                code = 1
                continue
            changed = changed or after != before
            say(
                Text(
                    f"第 {row.drop_id} 号报送：隔离 {before:,} 行，重放后仍有 {after:,} 行。",
                    f"Drop {row.drop_id}: {before:,} rows were quarantined, {after:,} still are.",
                )
            )
        if not rows:
            say(Text("没有隔离的行。", "No row is quarantined."))
        if changed:
            say(published_sentence(publish(connection, args.home, date.today())))
            changed_rows = [require_drop(connection, row.drop_id) for row in rows if row.status == "loaded"]
            receipts.write_each(connection, args.home, changed_rows, say)
    return code
