"""python -m metrics: list what can be asked, ask it, explain a figure, reconcile a city, export everything.

Exit codes: 0 done; 1 nothing is published, or a build or folder cannot be used; 2 the call was wrong.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from metrics import commands as run
from metrics.analysis import command as analysing
from metrics.areas import AreaNotKnown
from metrics.build import BuildBroken
from metrics.calls import Parser
from metrics.commands import NothingPublished, say
from metrics.comparisons.telling import USUALLY
from metrics.definitions import DefinitionFault
from metrics.export import FORMATS
from metrics.periods import WINDOWS
from metrics.reference import ReferenceFault
from metrics.refusals import Refused


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit code."""
    arguments = parser().parse_args(argv)
    chosen: Callable[[argparse.Namespace], None] = arguments.run
    try:
        chosen(arguments)
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
        # "active_rate.toml, numerator: no measure called …": where it is needs no translation.
        place, is_told, _ = str(fault).partition(": ")
        where = f"，位置：{place}" if is_told and not isinstance(fault, BuildBroken) else ""
        say(f"数据版本或定义文件不可用{where}；原因见下一行。", str(fault))
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
    listing = add_command(commands, "list", run.list_indicators, "全部指标 / all indicators and measures")
    listing.add_argument("--json", action="store_true", help="JSON")
    listing.add_argument(
        "--markdown",
        nargs="?",
        const="both",
        choices=("zh", "en", "both"),
        help="文档里的表 / the table of the docs",
    )
    listing.add_argument(
        "--into",
        metavar="PAGE",
        type=Path,
        help="写进一个文档，代替旧表 / write it into a page, in place of the old one",
    )
    asking = add_command(commands, "query", run.query_indicator, "查询一个指标 / ask one indicator")
    add_question(asking)
    asking.add_argument("--by", metavar="DIMENSION", help="district | gender | age_band")
    asking.add_argument("--format", choices=("table", "csv", "json"), default="table")
    explaining = add_command(
        commands, "explain", run.explain_figure, "解释一个数字 / where a figure comes from"
    )
    add_question(explaining)
    explaining.add_argument("--format", choices=("text", "json"), default="text")
    explaining.add_argument("--json", action="store_const", const="json", dest="format", help="--format json")
    beside = add_command(
        commands,
        "compare",
        run.compare_figure,
        "与上期、上年、目标、全市、对比组比较 / a figure beside others",
    )
    add_question(beside)
    beside.add_argument(
        "--with",
        dest="others",
        default=USUALLY,
        metavar="OTHERS",
        help=f"与什么比，逗号分开 / against what: {USUALLY},peer,peer:same_type,period:2021",
    )
    beside.add_argument("--format", choices=("table", "csv", "json"), default="table")
    checking = add_command(
        commands, "reconcile", run.reconcile_city,
        "核对全市与各区县、与公布数 / a city against its parts and against what it has printed",
    )  # fmt: skip
    add_place(checking)
    checking.add_argument("--format", choices=("text", "csv", "json"), default="text")
    comparing = add_command(
        commands, "sensitivity", run.compare_variants, "口径对排名的影响 / ranks by definition"
    )
    comparing.add_argument("indicator", metavar="INDICATOR", help="python -m metrics list")
    comparing.add_argument(
        "--area",
        required=True,
        action="append",
        metavar="CODE",
        help="一个城市，或多次给出几个地区 / a city, or several",
    )
    add_reading(comparing)
    add_basis(comparing)
    comparing.add_argument("--format", choices=("text", "csv", "markdown", "json"), default="text")
    comparing.add_argument("--json", action="store_const", const="json", dest="format", help="--format json")
    reviewing = add_command(
        commands, "review", run.review_definitions, "记录核定 / record that definitions are right"
    )
    reviewing.add_argument("indicators", metavar="INDICATOR", nargs="+", help="python -m metrics list")
    reviewing.add_argument(
        "--by", required=True, metavar="OFFICE", help="科室或岗位，不写姓名 / an office or post, not a name"
    )
    analysis = add_command(commands, "analyse", run.analyse_build, "对比、推算、分布、留存、名次 / analyses")
    analysing.add_options(analysis)
    exporting = add_command(commands, "export", run.export_build, "导出全部数据 / export all observations")
    exporting.add_argument("folder", metavar="DIR", type=Path)
    exporting.add_argument(
        "--format",
        dest="formats",
        nargs="+",
        choices=FORMATS,
        default=["csv", "parquet"],
        help="观测表的格式；csv.gz 是压缩的 CSV / of the observations; csv.gz is compressed",
    )
    exporting.add_argument(
        "--indicator",
        dest="indicators",
        nargs="+",
        metavar="INDICATOR",
        help="只要这些 / only these (default: all)",
    )
    definitions = exporting.add_mutually_exclusive_group()
    add_variant(definitions)
    definitions.add_argument(
        "--variants",
        choices=("all",),
        help="每一种读得出的口径，列 variant 写明是哪一种 / every definition there is, named in the column variant",
    )
    exporting.add_argument("--build", metavar="ID", help="某个数据版本 / a build other than the current one")
    revising = add_command(
        commands, "revisions", run.revise_figure, "各次发布怎么说同一个数 / one figure in every build"
    )
    add_question(revising, builds=False)
    revising.add_argument("--format", choices=("table", "csv", "json"), default="table")
    return root


def add_command(
    commands: "argparse._SubParsersAction[Parser]",
    name: str,
    does: Callable[[argparse.Namespace], None],
    text: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.add_argument("--data", metavar="DIR", help="数据目录 / the data home (else REDVEST_DATA, ./data)")
    command.set_defaults(run=does)
    return command


def add_question(command: argparse.ArgumentParser, builds: bool = True) -> None:
    command.add_argument("indicator", metavar="INDICATOR", help="python -m metrics list")
    add_place(command, builds)
    add_basis(command)
    add_variant(command)


def add_variant(command: "argparse._ActionsContainer") -> None:
    command.add_argument(
        "--variant", metavar="CHOICES", help="口径 / another definition: active=clocked,hours=approved"
    )


def add_place(command: argparse.ArgumentParser, builds: bool = True) -> None:
    command.add_argument("--area", required=True, metavar="CODE", help="区划代码或名称 / area code or name")
    add_reading(command, builds)


def add_basis(command: argparse.ArgumentParser) -> None:
    command.add_argument("--basis", metavar="BASIS", help="residence | service")


def add_reading(command: argparse.ArgumentParser, builds: bool = True) -> None:
    command.add_argument("--period", required=True, metavar="PERIOD", help="2021 | 2021-Q3 | 2021-05")
    command.add_argument("--window", metavar="WINDOW", help=" | ".join(WINDOWS))
    if builds:
        command.add_argument(
            "--build", metavar="ID", help="某个数据版本 / a build other than the current one"
        )


if __name__ == "__main__":
    sys.exit(main())
