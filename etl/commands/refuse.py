"""python -m etl refuse: send a held drop back, by name and with the reason, and publish."""

import argparse
from datetime import date

from etl import receipts
from etl.messages import Text, WrongCall, say
from etl.privacy import mask_digits
from etl.publish import publish, published_sentence
from etl.refusing import send_back
from etl.warehouse import open_warehouse, require_warehouse
from etl.withdraw import require_drop, require_status

HELP = "退回暂缓的报送 / send a held drop back: it never comes in, its file leaves the inbox"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "drop", type=int, metavar="DROP", help="报送编号（见 status）/ its number, see status"
    )
    parser.add_argument(
        "--by", required=True, metavar="NAME", help="退回人，记入台账 / who decides; kept in the ledger"
    )
    parser.add_argument("--reason", required=True, metavar="TEXT", help="原因，记入台账 / kept in the ledger")


def run(args: argparse.Namespace) -> int:
    by, reason = mask_digits(args.by).strip(), mask_digits(args.reason).strip()
    if not by or not reason:
        raise WrongCall(
            "--by 和 --reason 应写退回人的姓名和原因。", "--by and --reason: expected a name and a reason."
        )
    require_warehouse(args.home)
    with open_warehouse(args.home, "refuse") as connection:
        row = require_drop(connection, args.drop)
        require_status(row, "held", "退回", "sent back")
        refused = send_back(connection, args.home, row, by, reason)
        say(Text(f"已退回第 {row.drop_id} 号报送。", f"Drop {row.drop_id} has been sent back."))
        say(published_sentence(publish(connection, args.home, date.today())))
        receipts.write_each(connection, args.home, [refused], say)
    return 0
