"""python -m etl load: take every drop found into the warehouse and publish."""

import argparse
import json
from datetime import date
from pathlib import Path

from etl.disclosing import add_threshold
from etl.inbox import find_drops, passed_over, passed_over_sentence
from etl.loading import load_paths
from etl.messages import Text, say
from etl.privacy import mask_label
from etl.trial_report import TrialReport, add_trial, require_check, say_it_was_a_trial

HELP = "载入报送文件并发布 / load every drop found (default: <data>/drops) and publish"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="文件或文件夹 / files or folders")
    parser.add_argument(
        "--source", help="指定数据源 / force a source (registrations, service_hours, activities)"
    )
    parser.add_argument("--area", help="这些报送属于哪个地区 / the area these drops are about (code or name)")
    parser.add_argument("--supplier", help="报送单位 / who sent them")
    parser.add_argument(
        "--replace",
        choices=["area+month", "month", "none"],
        help="这些报送是所涉月份（地区）的全部：旧行不再生效 / they are all there is of their months: earlier rows "
        "of the supplier no longer count (default: as the source sheet says)",
    )
    add_trial(parser)
    add_threshold(parser)


def run(args: argparse.Namespace) -> int:
    require_check(args.report, args.check)
    full = None if args.report is None else TrialReport(args.report, args.home, args.paths)
    inbox = args.home / "drops"
    if not args.paths and not args.check:
        inbox.mkdir(parents=True, exist_ok=True)
    paths = args.paths or [path for path in [inbox] if path.exists()]  # a dry run makes no inbox
    found = find_drops(paths, args.area, args.supplier, inbox)
    if not found:
        places = [mask_label(str(path)) for path in paths or [inbox]]
        say(
            Text(
                f"在 {'、'.join(places)} 中没有找到报送文件（.csv、.xlsx、.zip 等）。",
                f"No drops found in {', '.join(places)} (.csv, .xlsx, .zip …).",
            )
        )
    ignored = passed_over(paths)
    if ignored:
        say(passed_over_sentence(ignored))
    report = load_paths(
        args.home,
        found,
        today=date.today(),
        source=args.source,
        dry_run=args.check,
        replace_scope="" if args.replace == "none" else args.replace,
        threshold=args.threshold,
        on_trial=None if full is None else full.take,
    )
    if full is not None:
        full.tell(report.outcomes)
    if args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, default=str))
    elif args.check:
        say_it_was_a_trial()
    return 1 if report.needs_somebody else 0
