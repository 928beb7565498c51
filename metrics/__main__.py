"""python -m metrics: list what can be asked, ask it, explain a figure, export everything.

Exit codes: 0 done; 1 nothing is published, or a build or folder cannot be used; 2 the call was wrong.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from metrics.areas import AreaNotKnown, load_areas
from metrics.build import Build, BuildBroken, data_home, open_build
from metrics.calls import Parser
from metrics.catalogue import load_catalogue
from metrics.definitions import DefinitionFault
from metrics.explain import explain
from metrics.export import export
from metrics.output import (
    SYNTHETIC,
    as_csv,
    as_json,
    as_table,
    catalogue_rows,
    catalogue_table,
    explanation_text,
)
from metrics.periods import WINDOWS, Period
from metrics.query import query
from metrics.reference import ReferenceFault
from metrics.refusals import Refused


class NothingPublished(Exception):
    """The data home has no build yet."""


def say(zh: str, en: str) -> None:
    """A sentence for people, on stderr."""
    print(f"{zh}\n{en}", file=sys.stderr)


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit code."""
    arguments = parser().parse_args(argv)
    run: Callable[[argparse.Namespace], None] = arguments.run
    try:
        run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Refused as refusal:
        say(refusal.zh, refusal.en)
        return 2
    except AreaNotKnown as unknown:
        say(unknown.zh, str(unknown))
        return 2
    except NothingPublished:
        say(
            f"{arguments.home} 中还没有发布过数据：请先运行 python -m etl load（载入后自动发布）。",
            f"Nothing has been published in {arguments.home} yet: run python -m etl load first.",
        )
        return 1
    except (BuildBroken, DefinitionFault, ReferenceFault) as fault:
        say("数据版本或定义文件不可用。", str(fault))
        return 1
    except (OSError, duckdb.Error) as error:
        say("无法读写文件。", f"A file could not be read or written: {error}")
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    root = Parser(
        prog="python -m metrics",
        description="查询已发布的志愿服务指标 / Ask published volunteer-service indicators.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    listing = add_command(commands, "list", list_indicators, "全部指标 / all indicators and measures")
    listing.add_argument("--json", action="store_true", help="JSON")
    asking = add_command(commands, "query", query_indicator, "查询一个指标 / ask one indicator")
    add_question(asking)
    asking.add_argument("--by", metavar="DIMENSION", help="district | gender | age_band")
    asking.add_argument("--format", choices=("table", "csv", "json"), default="table")
    explaining = add_command(commands, "explain", explain_figure, "解释一个数字 / where a figure comes from")
    add_question(explaining)
    explaining.add_argument("--json", action="store_true", help="JSON")
    exporting = add_command(commands, "export", export_build, "导出全部数据 / export all observations")
    exporting.add_argument("folder", metavar="DIR", type=Path)
    exporting.add_argument("--build", metavar="ID", help="某个数据版本 / a build other than the current one")
    return root


def add_command(
    commands: "argparse._SubParsersAction[Parser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--data", metavar="DIR", help="数据目录 / the data home (else REDVEST_DATA, ./data)")
    command.set_defaults(run=run)
    return command


def add_question(command: argparse.ArgumentParser) -> None:
    command.add_argument("indicator", metavar="INDICATOR", help="python -m metrics list")
    command.add_argument("--area", required=True, metavar="CODE", help="区划代码或名称 / area code or name")
    command.add_argument("--period", required=True, metavar="PERIOD", help="2021 | 2021-Q3 | 2021-05")
    command.add_argument("--window", metavar="WINDOW", help=" | ".join(WINDOWS))
    command.add_argument("--basis", metavar="BASIS", help="residence | service")
    command.add_argument("--build", metavar="ID", help="某个数据版本 / a build other than the current one")


def list_indicators(arguments: argparse.Namespace) -> None:
    catalogue = load_catalogue()
    if arguments.json:
        print(json.dumps(catalogue_rows(catalogue), ensure_ascii=False, indent=2))
    else:
        print(catalogue_table(catalogue))


def query_indicator(arguments: argparse.Namespace) -> None:
    load_catalogue().indicator(arguments.indicator)
    period, area_code = Period.parse(arguments.period), area_of(arguments.area)
    build = require_build(arguments)
    rows = query(
        build, arguments.indicator, area_code, period, arguments.window, arguments.basis, arguments.by
    )
    if arguments.format == "json":
        print(as_json(rows))
    elif arguments.format == "csv":
        print(as_csv(build, rows))
    else:
        print(as_table(build, rows))
    mark(build)


def explain_figure(arguments: argparse.Namespace) -> None:
    load_catalogue().indicator(arguments.indicator)
    period, area_code = Period.parse(arguments.period), area_of(arguments.area)
    build = require_build(arguments)
    explanation = explain(build, arguments.indicator, area_code, period, arguments.window, arguments.basis)
    if arguments.json:
        print(json.dumps(explanation, ensure_ascii=False, indent=2))
    else:
        print(explanation_text(explanation))
    mark(build)


def export_build(arguments: argparse.Namespace) -> None:
    build = require_build(arguments)
    paths = export(build, arguments.folder)
    names = ", ".join(path.name for path in paths)
    say(f"已导出到 {arguments.folder}:{names}。", f"Exported to {arguments.folder}: {names}.")
    mark(build)


def require_build(arguments: argparse.Namespace) -> Build:
    arguments.home = data_home(arguments.data)
    build = open_build(arguments.home, arguments.build)
    if build is None:
        raise NothingPublished
    return build


def area_of(text: str) -> str:
    """The area a code or a name means today. Raises AreaNotKnown."""
    areas = load_areas()
    if text in areas:
        return text
    return areas.resolve(text) or areas.get(text).area_code


def mark(build: Build) -> None:
    """Say on stderr, which no format can hide, that figures are not real."""
    if build.is_synthetic:
        print(SYNTHETIC, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
