"""python -m etl withdraw: take a drop back, with the reason, and publish."""

import argparse
from datetime import date

from etl import mended, receipts
from etl.messages import Text, WrongCall, say
from etl.privacy import mask_digits
from etl.publish import publish, published_sentence
from etl.sql import transaction
from etl.warehouse import open_warehouse, require_warehouse
from etl.withdraw import require_drop, require_status, restore, withdraw

HELP = "撤回一次报送 / take a drop back; figures become what they were without it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "drop", type=int, metavar="DROP", help="报送编号（见 status）/ its number, see status"
    )
    parser.add_argument("--reason", required=True, metavar="TEXT", help="原因，记入台账 / kept in the ledger")
    parser.add_argument("--undo", action="store_true", help="恢复已撤回的报送 / bring a withdrawn drop back")


def run(args: argparse.Namespace) -> int:
    reason = mask_digits(args.reason).strip()  # it is published with the ledger, and may name a phone to call
    if not reason:
        raise WrongCall(
            "--reason 应写原因，记入台账。", "--reason: expected the reason, which the ledger keeps."
        )
    require_warehouse(args.home)
    with open_warehouse(args.home, "withdraw") as connection:
        row = require_drop(connection, args.drop)
        if args.undo:
            require_status(row, "withdrawn", "恢复", "brought back")
            mended.require_no_former(connection, row)
        else:
            require_status(row, "loaded", "撤回", "withdrawn")
        with transaction(connection):
            if args.undo:
                restore(connection, row, f"恢复：{reason}", f"brought back: {reason}")
            else:
                withdraw(connection, row, f"撤回：{reason}", f"withdrawn: {reason}")
        done = Text("已恢复", "has been brought back") if args.undo else Text("已撤回", "has been withdrawn")
        say(Text(f"{done.zh}第 {row.drop_id} 号报送。", f"Drop {row.drop_id} {done.en}."))
        say(published_sentence(publish(connection, args.home, date.today())))
        # Its receipt says what has become of it since.
        receipts.write_each(connection, args.home, [require_drop(connection, row.drop_id)], say)
    return 0
