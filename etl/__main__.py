"""python -m etl: load, look after and publish drops. Each command is a file in etl/commands/."""

import argparse
import importlib
import pkgutil
import sys
import traceback
from pathlib import Path

import duckdb

from etl import commands, journal
from etl.messages import Refusal, Text, WrongCall, reason_of, say
from etl.privacy import mask_digits
from etl.source import SheetFault
from etl.verify import BuildRefused
from metrics.areas import AreaNotKnown
from metrics.build import data_home
from metrics.calls import Parser
from metrics.refusals import Refused


class Calls(Parser):
    """Of these commands a reason or a name may be given, and go astray: what is told of a wrong call is masked."""

    mask = staticmethod(mask_digits)


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done; 1 nothing of some drop counts; 2 the call was wrong (docs/steward.md)."""
    parser = Calls(prog="python -m etl", description="志愿服务数据载入 / volunteer-service drops")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in _names(sys.argv[1:] if argv is None else argv):
        command = importlib.import_module(f"etl.commands.{name}")
        subparser = subparsers.add_parser(name, help=command.HELP, description=command.HELP)
        subparser.add_argument(
            "--data", metavar="DIR", help="数据目录 / the data home (else REDVEST_DATA, ./data)"
        )
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    try:
        args = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    args.home = data_home(args.data)
    return _run(args)


def _names(argv: list[str]) -> list[str]:
    """The command asked for, or all of them when help is wanted or there is no such command.

    Importing the others too would double the time of the quick ones: some need scipy and pandas.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    return [argv[0]] if argv and argv[0] in names else names


def _run(args: argparse.Namespace) -> int:
    try:
        journal.keep(args.home)
        code = int(args.run(args))
        if not getattr(args, "check", False):  # a dry run makes up for nothing
            journal.finished(args.home, args.command)
        return code
    except WrongCall as refusal:
        say(refusal.text)
        return 2
    except Refusal as refusal:
        say(refusal.text)
        return 1
    except SheetFault as fault:
        say(
            Text(
                f"数据源定义（etl/sources/）无法使用：{fault}",
                f"A source sheet (etl/sources/) cannot be used: {fault}",
            )
        )
        return 2
    except Refused as refused:
        say(Text(refused.zh, refused.en))
        return 2
    except AreaNotKnown as unknown:
        say(Text(unknown.zh, str(unknown)))
        return 2
    except BuildRefused as refused:
        say(
            Text(
                f"新版本自相矛盾，未发布，仍用原版本：{refused}",
                f"The new build contradicts itself, not published: {refused}",
            )
        )
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        say(Text("已中断；未完成的报送没有载入。", "Interrupted; an unfinished drop was not loaded."))
        return 1
    except (OSError, duckdb.Error, MemoryError) as error:
        # The engine's own words may quote cells of a drop, so only the kind of error and the place are told.
        place = traceback.extract_tb(error.__traceback__)[-1]
        reason, where = reason_of(error), Path(place.filename).name
        say(
            Text(
                f"未能完成（{reason.zh}，{where}：{place.lineno}）；在此之前完成的都有效，没有留下一半的数据。排除原因后请再运行一次。",
                f"Not done ({reason.en}, {where}:{place.lineno}); what was done before counts and nothing is half done. "
                "Run it again once the cause is mended.",
            )
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
