"""python -m briefing: a leadership briefing of one area and period as Word, PowerPoint and HTML.

Exit codes: 0 done; 1 nothing is published, nothing was reported for the window, or a file cannot be used;
2 the call was wrong. Paths of the written files go to stdout, sentences for people to stderr.
"""

import argparse
import sys
from pathlib import Path

from briefing.content.compose import NothingToSay, compose
from briefing.formats import FORMATS, parse_formats, write_all
from briefing.naming import file_name
from briefing.template import DEFAULT, load_template
from metrics.areas import AreaNotKnown, load_areas
from metrics.build import BuildBroken, data_home, open_build
from metrics.calls import Parser
from metrics.definitions import LANGUAGES, DefinitionFault
from metrics.own_files import require_folder
from metrics.periods import WINDOWS, Period, require_window
from metrics.reference import ReferenceFault
from metrics.refusals import Refused
from metrics.variants import Variant


def say(zh: str, en: str) -> None:
    """A sentence for people, on stderr."""
    print(f"{zh}\n{en}", file=sys.stderr)


def main(argv: list[str] | None = None) -> int:
    """Write the briefing and give the exit code."""
    arguments = parser().parse_args(argv)
    try:
        return run(arguments)
    except Refused as refusal:
        say(refusal.zh, refusal.en)
        return 2
    except AreaNotKnown as unknown:
        say(unknown.zh, str(unknown))
        return 2
    except NothingToSay as nothing:
        say(nothing.zh, nothing.en)
        return 1
    except (BuildBroken, DefinitionFault, ReferenceFault) as fault:
        say("数据版本、模板或定义文件不可用。", str(fault))
        return 1
    except OSError as error:
        place = error.filename or arguments.out
        say(f"文件无法读写：{place}。", f"A file could not be read or written: {place} ({error.strerror}).")
        return 1


def parser() -> argparse.ArgumentParser:
    root = Parser(
        prog="python -m briefing",
        description="生成领导简报 / Write a leadership briefing (Word, PowerPoint, HTML).",
        allow_abbrev=False,
    )
    root.add_argument("--area", required=True, metavar="CODE", help="区划代码 / area code")
    root.add_argument("--period", required=True, metavar="P", help="2021 | 2021-Q3 | 2021-05")
    root.add_argument("--window", metavar="W", help=" | ".join(WINDOWS))
    root.add_argument(
        "--variant", metavar="CHOICES", help="口径 / another definition: active=clocked,hours=approved"
    )
    root.add_argument("--template", default=DEFAULT, metavar="NAME", help="模板 / template (overview)")
    root.add_argument("--format", default=",".join(FORMATS), metavar="LIST", help=",".join(FORMATS))
    root.add_argument("--out", required=True, type=Path, metavar="DIR", help="输出目录 / folder to write to")
    root.add_argument("--lang", default="zh", choices=LANGUAGES, help="语言 / language (zh)")
    root.add_argument("--build", metavar="ID", help="某个数据版本 / a build other than the current one")
    root.add_argument("--data", metavar="DIR", help="数据目录 / the data home (else REDVEST_DATA, ./data)")
    return root


def run(arguments: argparse.Namespace) -> int:
    """Everything about the call is checked before anything is read."""
    formats = parse_formats(arguments.format)
    template = load_template(arguments.template)
    load_areas().get(arguments.area)
    period = Period.parse(arguments.period)
    window = require_window(period, arguments.window)
    variant = Variant.parse(arguments.variant)
    home = data_home(arguments.data)
    build = open_build(home, arguments.build)
    if build is None:
        say(
            f"{home} 中还没有发布过数据：请先运行 python -m etl load（载入后自动发布）。",
            f"Nothing has been published in {home} yet: run python -m etl load first.",
        )
        return 1
    require_folder(arguments.out, home)
    briefing = compose(build, arguments.area, period, window, template, arguments.lang, variant)
    arguments.out.mkdir(parents=True, exist_ok=True)
    name = file_name(template.id, arguments.area, period, window, arguments.lang, build, variant)
    for path in write_all(briefing, formats, arguments.out, name):
        print(path)
    count = len(briefing.figures)
    sample_zh, sample_en = ("示例数据，", "Sample data: ") if build.is_synthetic else ("", "")
    say(
        f"{sample_zh}已写出 {briefing.title}，共 {count} 个可溯源的数字，数据版本 {build.build_id}。",
        f"{sample_en}{count} figures of build {build.build_id}, each in the trace sheet.",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
