"""python -m metrics analyse: the list of analyses, or one of them as a table or as JSON.

The analyses themselves are imported when one is asked for: they take half a second no other command should wait.
"""

import argparse
import json
from typing import TYPE_CHECKING, Any

from metrics.analysis.fields import load_fields
from metrics.analysis.finding import Finding, plain
from metrics.analysis.reading import AnalysisRefused
from metrics.build import Build
from metrics.output import aligned, build_line
from metrics.periods import WINDOWS, Period
from metrics.sentences import MISSING, format_number, status_text
from metrics.variants import Variant

if TYPE_CHECKING:
    from metrics.analysis.registry import Call

# Options of the command line by the field of Call they fill.
OPTION_NAMES = {
    "indicator": "--indicator", "window": "--window", "basis": "--basis", "variant": "--variant", "group": "--group",
    "group_version": "--group-version", "count": "--count", "target": "--target", "before": "--before",
    "composite": "--composite", "is_corrected": "--correct",
}  # fmt: skip
UNTOLD = {
    "zh",
    "en",
    "name_en",
    "code",
    "parts",
    "told_status",
}  # said in the sentence, or too wide for a line; all in the JSON


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", nargs="?", help="不写则列出 / left out: list them")
    command.add_argument("--area", metavar="CODE", help="区划代码或名称 / area code or name")
    command.add_argument("--period", metavar="PERIOD", help="2021 | 2021-Q3 | 2021-05")
    command.add_argument("--indicator", metavar="INDICATOR", default="", help="python -m metrics list")
    command.add_argument("--window", metavar="WINDOW", help=" | ".join(WINDOWS))
    command.add_argument("--basis", metavar="BASIS", help="residence | service")
    command.add_argument("--variant", metavar="CHOICES", help="口径 / another definition: active=clocked")
    command.add_argument(
        "--group", metavar="GROUP", help="same_city | same_type | population_band | own_list | 组号 id"
    )
    command.add_argument("--group-version", metavar="VERSION", help="对比组版本 / version of the peer group")
    command.add_argument("--count", metavar="N", type=int, help="期数 / how many periods (12)")
    command.add_argument(
        "--target", metavar="VALUE", help="目标值、标准、catalogue / a value, a standard, catalogue"
    )
    command.add_argument(
        "--before", metavar="PERIOD", help="较早的统计期 / the earlier period (a year earlier)"
    )
    command.add_argument("--composite", metavar="NAME", help="综合指数 / an index (vitality)")
    command.add_argument(
        "--correct", dest="is_corrected", action="store_true", default=None, help="Benjamini–Hochberg"
    )
    command.add_argument("--build", metavar="ID", help="某个数据版本 / a build other than the current one")
    command.add_argument("--format", choices=("table", "json"), default="table")


def listing(as_json: bool) -> str:
    """Every analysis, with what it has to be told."""
    from metrics.analysis.registry import ANALYSES

    if as_json:
        rows = [
            {
                "name": one.name,
                "question": {"zh": one.zh, "en": one.en},
                "options": [OPTION_NAMES[option] for option in one.options],
            }
            for one in ANALYSES.values()
        ]
        return json.dumps(rows, ensure_ascii=False, indent=2)
    table = [["名称 name", "回答什么 what it answers", "选项 options"]]
    for one in ANALYSES.values():
        options = " ".join(OPTION_NAMES[option] for option in one.options)
        table.append([one.name, f"{one.zh} / {one.en}", options])
    return aligned(table)


def require_known(arguments: argparse.Namespace) -> None:
    """Raise AnalysisRefused for an unknown analysis, or one without area or period."""
    from metrics.analysis.registry import analysis_called

    analysis_called(arguments.name)
    for option in ("area", "period"):
        if not getattr(arguments, option):
            raise AnalysisRefused(f"请写明 --{option}。", f"--{option} is missing.")
    Period.parse(arguments.period)


def call_from(arguments: argparse.Namespace, build: Build, area_code: str) -> "Call":
    """The options that were given; one the analysis does not look at is refused, not ignored."""
    from metrics.analysis.registry import Call, analysis_called

    analysis = analysis_called(arguments.name)
    given: dict[str, Any] = {}
    for field, option in OPTION_NAMES.items():
        value = getattr(arguments, field)
        if value is None or value == "":
            continue
        if field not in analysis.options:
            raise AnalysisRefused(
                f"“{analysis.name}”没有 {option} 这个选项。",
                f"'{analysis.name}' has no option {option}; it has "
                f"{', '.join(OPTION_NAMES[known] for known in analysis.options) or 'none'}.",
            )
        given[field] = Period.parse(value) if field == "before" else value
    if given.get("count", 1) < 1:
        raise AnalysisRefused("--count 至少是 1。", "--count is 1 or more.")
    return Call(build, area_code, Period.parse(arguments.period), **given, home=arguments.home)


def run(arguments: argparse.Namespace, build: Build, area_code: str) -> str:
    """The finding as text for stdout."""
    from metrics.analysis.registry import analyse

    found = analyse(arguments.name, call_from(arguments, build, area_code))
    if arguments.format == "json":
        return json.dumps(found.as_dict(), ensure_ascii=False, indent=2)
    return as_text(found, build)


def as_text(found: Finding, build: Build) -> str:
    """The sentence in both languages, the build, and the rows."""
    lines = [found.zh, found.en, build_line(build)]
    if found.variant:
        lines.append(f"口径 definition: {Variant.parse(found.variant).label('zh')} {found.variant}")
    rows = plain(getattr(found, "rows", ()))
    if rows:
        columns = [name for name in rows[0] if name not in UNTOLD]
        known = load_fields()
        called = [name.removesuffix("_zh") for name in columns]
        heads = [f"{known[name].name('zh')} {name}" if name in known else name for name in called]
        decimals = [decimals_of([row[name] for row in rows]) for name in columns]
        body = [
            [
                written(name, told_in(row, name), places)
                for name, places in zip(columns, decimals, strict=True)
            ]
            for row in rows
        ]
        numbers = [
            place
            for place, name in enumerate(columns)
            if any(isinstance(row[name], int | float) for row in rows)
        ]
        lines += ["", aligned([heads, *body], numbers)]
    return "\n".join(lines)


def told_in(row: dict[str, Any], name: str) -> Any:
    """A field of a row; a status with the words it is told by."""
    return (row.get("told_status") or row[name], row[name]) if name == "status" else row[name]


def decimals_of(values: list[Any]) -> int:
    """Of a column: none for whole numbers, four for fractions of 1, else two."""
    numbers = [value for value in values if isinstance(value, float)]
    if all(number.is_integer() for number in numbers):
        return 0
    return 4 if all(abs(number) <= 1 for number in numbers) else 2


def written(name: str, value: Any, decimals: int) -> str:
    """A cell; missing is a dash."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if name == "status":
        told, code = value
        return f"{status_text(told, 'zh')} {code}"
    if isinstance(value, int):
        return str(value) if name == "year" else format_number(value, 0)
    if isinstance(value, float):
        return format_number(value, decimals)
    if isinstance(value, dict):
        return " ".join(f"{key} {written(key, one, 2)}" for key, one in value.items()) or MISSING
    if isinstance(value, list):
        return "、".join(map(str, value)) or MISSING
    return str(value)
