"""python -m etl quarantine: the rows set aside, listed (masked) or exported."""

import argparse
import json
from pathlib import Path

import duckdb

from etl.advice import advice
from etl.checks import load_checks
from etl.messages import Text, WrongCall, say
from etl.quarantine_export import counts, export, lines, require_export, shown, titles
from etl.warehouse import open_warehouse, require_warehouse
from etl.withdraw import require_drop

HELP = "列出或导出隔离的行（值已打码）/ list or export quarantined rows, values masked"
LISTED = 100  # lines on the screen; all of them with --json or --export


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "drop", nargs="?", type=int, metavar="DROP", help="报送编号；省略则全部 / all if omitted"
    )
    parser.add_argument("--check", metavar="NAME", help="只看这一检查项 / rows of one check only")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON object")
    parser.add_argument(
        "--first", type=int, metavar="N", help="--json 只列前 N 行 / with --json: the first N lines only"
    )
    parser.add_argument(
        "--export", type=Path, metavar="FILE", help="导出为 .csv 或 .xlsx / write them to a .csv or .xlsx"
    )


def run(args: argparse.Namespace) -> int:
    if args.check is not None and args.check not in load_checks():
        raise WrongCall(
            f"没有名为“{args.check}”的检查项；可用：{'、'.join(load_checks())}。",
            f"There is no check called '{args.check}'; checks: {', '.join(load_checks())}.",
        )
    if args.export is not None:
        require_export(args.export, args.home)
    require_warehouse(args.home)
    with open_warehouse(args.home, "quarantine") as connection:
        if args.drop is not None:
            require_drop(connection, args.drop)
        if args.export is not None:
            _export(connection, args)
        elif args.json:
            _print_json(connection, args)
        else:
            _print(connection, args)
    return 0


def _export(connection: duckdb.DuckDBPyConnection, args: argparse.Namespace) -> None:
    total, written = export(connection, args.export, args.drop, args.check)
    say(Text(f"已导出 {written:,} 行到 {args.export}。", f"{written:,} lines written to {args.export}."))
    if written < total:
        say(
            Text(
                f"一张工作表放不下全部 {total:,} 行；要全部请导出为 .csv。",
                f"A sheet does not hold all {total:,} lines; export to .csv for all of them.",
            )
        )


def _print_json(connection: duckdb.DuckDBPyConnection, args: argparse.Namespace) -> None:
    """One object, written line by line: a quarantine may be larger than the memory."""
    print('{"quarantine": [', end="")
    for number, line in enumerate(lines(connection, args.drop, args.check, args.first)):
        print("," * (number > 0) + "\n" + json.dumps(line, ensure_ascii=False), end="")
    found = counts(connection, args.drop, args.check)
    by_check = [{"drop_id": drop, "check_name": check, "rows": rows} for drop, _, check, rows in found]
    print(f'\n], "counts": {json.dumps(by_check)}}}')


def _print(connection: duckdb.DuckDBPyConnection, args: argparse.Namespace) -> None:
    found = counts(connection, args.drop, args.check)
    if not found:
        say(Text("没有隔离的行。", "No row is quarantined."))
        return
    for drop_id, file_name, check, rows in found:
        title = advice(check).title
        print(f"{drop_id:>5}  {check:<24} {rows:>10,}  {title.zh} / {title.en}  {file_name}")
    called = titles(connection, args.drop)
    number = shown_drop = 0
    for number, line in enumerate(lines(connection, args.drop, args.check, LISTED + 1), start=1):
        if number > LISTED:
            break
        if line["drop_id"] != shown_drop:
            shown_drop = line["drop_id"]
            print(f"\n{shown_drop}  {line['file_name']}" + (f"［{line['part']}］" if line["part"] else ""))
        told = shown(line, called)
        print(f"  {told.zh}\n    {told.en}")
    if number > LISTED:
        say(
            Text(
                f"只列出前 {LISTED} 行；全部请用 --export 文件.csv 导出。",
                f"The first {LISTED} lines only; --export FILE.csv writes them all.",
            )
        )
