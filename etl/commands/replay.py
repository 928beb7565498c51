"""python -m etl replay: give quarantined rows another chance, or let a mended file take a drop's place."""

import argparse
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from etl import corrections, ledger, mended, receipts
from etl.desk import Desk, Outcome
from etl.ledger import STATUSES, LedgerRow
from etl.loading import Report
from etl.messages import Refusal, Text, WrongCall, say
from etl.privacy import mask_digits, mask_label
from etl.publish import is_current, publish, published_sentence
from etl.replay import mend, replay
from etl.trial_report import TrialReport, add_trial, require_check, say_it_was_a_trial
from etl.warehouse import open_for_dry_run, open_warehouse, require_warehouse
from etl.withdraw import require_drop, require_status
from metrics.build import current_build_id

HELP = "重放隔离行；--file：用改正后的文件取代 / screen quarantined rows again, or take a mended file instead"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "drop", nargs="?", type=int, metavar="DROP", help="报送编号；省略则全部 / all if omitted"
    )
    parser.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="报送单位改正后的文件，取代这份报送 / the file mended by its supplier, which takes the drop's place",
    )
    parser.add_argument(
        "--by",
        metavar="NAME",
        default="",
        help="改正后的文件与原来差别很大时，由谁负责 / who answers for a mended file that is unlike the first",
    )
    add_trial(parser)


def run(args: argparse.Namespace) -> int:
    if (args.file is not None or args.by) and args.drop is None:
        raise WrongCall(
            "--file 要写明取代第几号报送。", "--file: say the number of the drop whose place it takes."
        )
    for option, given in (("--by", args.by), ("--check", args.check), ("--json", args.json)):
        if given and args.file is None:
            raise WrongCall(f"{option} 只与 --file 一起用。", f"{option} goes with --file only.")
    require_check(args.report, args.check)
    if args.file is not None and not args.file.is_file():
        name = mask_label(args.file.name)
        raise WrongCall(f"没有文件 {name}。", f"There is no file {name}.")
    require_warehouse(args.home)
    if args.check:
        return _try(args)
    with open_warehouse(args.home, "replay") as connection:
        if args.file is not None:
            return _mend(connection, args)
        return _replay(connection, args)


def _desk(connection: duckdb.DuckDBPyConnection, args: argparse.Namespace, old: LedgerRow) -> Desk:
    require_status(old, "loaded", "由改正后的文件取代", "mended")
    repairs = tuple(corrections.declared(args.home))
    by = mask_digits(args.by).strip()
    return Desk(
        connection, args.home, date.today(), progress=say, released_by=by, repairs=repairs, instead_of=old
    )


def _try(args: argparse.Namespace) -> int:
    """What taking the file would do, told as `load --check` tells it; 1 where it would need somebody's name."""
    full = None if args.report is None else TrialReport(args.report, args.home, [args.file])
    with open_for_dry_run(args.home) as connection:
        desk = _desk(connection, args, require_drop(connection, args.drop))
        outcome = mend(replace(desk, dry_run=True, on_trial=None if full is None else full.take), args.file)
    for told in outcome.told:
        say(told)
    if full is not None:
        full.tell([outcome])
    if args.json:
        _print_json(args.home, outcome)
    else:
        say_it_was_a_trial()
    return 1 if outcome.row.status == "held" else 0


def _print_json(home: Path, outcome: Outcome) -> None:
    report = Report([outcome], current_build_id(home)).as_json()
    print(json.dumps(report, ensure_ascii=False, default=str))


def _mend(connection: duckdb.DuckDBPyConnection, args: argparse.Namespace) -> int:
    old = require_drop(connection, args.drop)
    desk = _desk(connection, args, old)
    with mended.laid_aside(args.home, args.file, old.drop_id) as file:
        outcome = mend(desk, file)
    for told in outcome.told:
        say(told)
    row = outcome.row
    if not outcome.repeated:
        say(
            Text(
                f"第 {row.drop_id} 号报送：隔离 {old.rows_quarantined:,} 行，改正后有 {row.rows_quarantined:,} 行。"
                f"要换回原来的文件：python -m etl replay {row.drop_id} --file 原文件。",
                f"Drop {row.drop_id}: {old.rows_quarantined:,} rows were quarantined, {row.rows_quarantined:,} are now. To "
                f"go back to the file before: python -m etl replay {row.drop_id} --file ORIGINAL.",
            )
        )
    if not outcome.repeated or not is_current(connection, args.home):
        say(published_sentence(publish(connection, args.home, date.today())))
    receipts.forget_others(args.home, row)
    formers = connection.execute("SELECT drop_id FROM former WHERE place = ?", [row.drop_id]).fetchall()
    changed = [row, *(require_drop(connection, number) for (number,) in formers)]
    receipts.write_each(connection, args.home, changed, say)
    if args.json:
        _print_json(args.home, outcome)
    return 0


def _replay(connection: duckdb.DuckDBPyConnection, args: argparse.Namespace) -> int:
    code = 0
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
