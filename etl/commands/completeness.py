"""python -m etl completeness: which supplier has reported which area and month, as of the current build."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from etl.messages import Refusal, Text, WrongCall, say
from etl.source import load_sources
from metrics.areas import load_areas
from metrics.build import open_build
from metrics.completeness import months_text, reason_text

HELP = "完整性：哪个报送单位报了哪个地区、哪个月 / completeness: which supplier reported which area and month"
# What a month is in words, of a supplier, and as a sign, of one area.
WORDS = {
    "complete": Text("已报", "reported"),
    "partial": Text("只报来一部分", "reported in part"),
    "absent": Text("缺报", "absent"),
    "awaited": Text("未到期限", "not due yet"),
}
SIGNS = {"complete": "●", "partial": "◐", "zero": "○", "absent": "×", "awaited": "…"}
LEGEND = Text(
    "● 有数据  ◐ 只报来一部分  ○ 报送了，该地区为零  × 缺报  … 未到期限",
    "rows, in part, zero, absent, not due yet",
)
MONTHS_SHOWN = 36  # the latest; --json has them all
LATE = Text("迟报", "late")
NOBODY = Text("（未注明报送单位）", "(no supplier named)")
Matrix = list[dict[str, Any]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--area", metavar="CODE", help="只看一个市或区县 / one city or district only")
    parser.add_argument("--from", dest="first", metavar="YYYY-MM", help="从这个月起 / from this month on")
    parser.add_argument("--to", dest="last", metavar="YYYY-MM", help="到这个月为止 / up to this month")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON object")


def run(args: argparse.Namespace) -> int:
    first, last = _month(args.first, "--from"), _month(args.last, "--to")
    if first and last and first > last:
        raise WrongCall("--from 不能晚于 --to。", "--from must not be later than --to.")
    build = open_build(args.home)
    if build is None:
        raise Refusal(
            "还没有发布过数据版本；请先运行 python -m etl load。",
            "Nothing has been published yet: run python -m etl load.",
        )
    code = None if args.area is None else load_areas().resolve(args.area) or args.area
    matrix = [
        row for row in build.completeness(code) if (first or date.min) <= row["month"] <= (last or date.max)
    ]
    if args.json:
        answer = {"build_id": build.build_id, "completeness": matrix}
        print(json.dumps(answer, ensure_ascii=False, default=str))
        return 0
    if not matrix:
        say(Text("没有报送可看。", "There is nothing to show."))
    else:
        say(LEGEND)
    for line in lines(matrix, MONTHS_SHOWN if first is None else len(matrix)):
        print(line)
    return 0


def _month(text: str | None, name: str) -> date | None:
    """The first day of a month given as YYYY-MM."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise WrongCall(
            f"{name} 应写成年-月，如 2021-05。", f"{name}: expected a month such as 2021-05."
        ) from None


def lines(matrix: Matrix, most: int = MONTHS_SHOWN) -> Iterator[str]:
    """A block for each source and supplier: how its months came, then a line of signs for each area."""
    months = sorted({row["month"] for row in matrix})[-most:]
    shown = [row for row in matrix if row["month"] >= months[0]] if months else []
    for (source, supplier), its in groupby(shown, key=lambda row: (row["source"], row["supplier"])):
        rows = list(its)
        yield f"{load_sources()[source].title['zh']} {source} · {supplier or f'{NOBODY.zh} {NOBODY.en}'}"
        by_month = {row["month"]: row for row in rows}  # the same of every area, but for whether it had rows
        for said, alike in groupby(sorted(by_month), key=lambda month: said_of(by_month[month])):
            yield f"  {months_text(alike):<17}  {said}"
        by_area: dict[str, dict[date, str]] = defaultdict(dict)
        for row in rows:
            by_area[row["area_code"]][row["month"]] = SIGNS[row["state"]]
        for area, signs in by_area.items():
            years = groupby(sorted(by_month), key=lambda month: month.year)
            told = "  ".join(
                f"{year} " + "".join(signs.get(month, " ") for month in group) for year, group in years
            )
            yield f"    {told}  {area} {load_areas().get(area).area_name}"


def said_of(row: dict[str, Any]) -> str:
    """How a month came from a supplier, in words."""
    state = WORDS["complete" if row["state"] == "zero" else row["state"]]
    zh, en = state.zh, state.en
    if row["state"] == "partial":
        numbers = (row["why"], row["month_rows"], row["usual_rows"])
        zh, en = zh + reason_text(*numbers, "zh"), en + reason_text(*numbers, "en")
    if row["is_late"]:
        zh, en = f"{zh}，{LATE.zh}", f"{en}, {LATE.en}"
    return f"{zh} / {en}"
