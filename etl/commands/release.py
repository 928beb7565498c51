"""python -m etl release: let held drops pass, by name, and publish once."""

import argparse
from datetime import date

from etl import load, receipts
from etl.messages import Text, WrongCall, say
from etl.privacy import mask_digits
from etl.publish import publish, published_sentence
from etl.warehouse import open_warehouse, require_warehouse
from etl.withdraw import require_drop, require_status

HELP = "放行暂缓的报送 / let a held drop pass; your name is kept in the ledger"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "drops",
        type=int,
        nargs="+",
        metavar="DROP",
        help="报送编号（见 status），可以几个 / numbers, see status",
    )
    parser.add_argument(
        "--by",
        required=True,
        metavar="NAME",
        help="放行人，记入台账 / who answers for it; kept in the ledger",
    )
    parser.add_argument("--reason", metavar="TEXT", default="", help="原因，记入台账 / kept in the ledger")


def run(args: argparse.Namespace) -> int:
    by, reason = mask_digits(args.by).strip(), mask_digits(args.reason).strip()
    if not by:
        raise WrongCall("--by 应写放行人的姓名。", "--by: expected the name of who lets it pass.")
    require_warehouse(args.home)
    with open_warehouse(args.home, "release") as connection:
        rows = [require_drop(connection, number) for number in dict.fromkeys(args.drops)]
        for row in rows:  # all of them, before the first is let pass
            require_status(row, "held", "放行", "released")
        zh, en = f"由 {by} 放行", f"released by {by}"
        if reason:
            zh, en = f"{zh}：{reason}", f"{en}: {reason}"
        passed = []
        for row in rows:
            outcome = load.release(connection, args.home, row, by, date.today(), Text(zh, en))
            for told in outcome.told:
                say(told)
            if outcome.row.status == "loaded":
                say(Text(f"已放行第 {row.drop_id} 号报送。", f"Drop {row.drop_id} has been released."))
                passed.append(outcome.row)
        if passed:
            say(published_sentence(publish(connection, args.home, date.today())))
        for done in passed:
            receipts.write(connection, args.home, done)  # after publishing, which is when rows are flagged
    return 0 if len(passed) == len(rows) else 1
