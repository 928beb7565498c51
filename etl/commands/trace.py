"""python -m etl trace: which drops, files and rows a published figure was made of."""

import argparse
import json
from typing import Any

from etl.messages import Refusal, Text, say
from etl.trace import ROWS_LISTED, Traced, trace
from etl.warehouse import open_warehouse, warehouse_path
from metrics.build import open_build
from metrics.catalogue import load_catalogue
from metrics.explain import explain
from metrics.indicator import Term
from metrics.periods import Period, window_span
from metrics.query import Observation, query
from metrics.sentences import status_text, variant_text
from metrics.variants import Variant, indicator_of

HELP = "追溯一个指标到报送、文件和行 / from a published figure to drops, files and rows"

SIDES = {"numerator": ("分子", "numerator"), "denominator": ("分母", "denominator")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("indicator", metavar="INDICATOR", help="指标，如 active_rate / e.g. active_rate")
    parser.add_argument("--area", required=True, help="区划代码 / area code")
    parser.add_argument("--period", required=True, help="2021 | 2021-Q3 | 2021-05")
    parser.add_argument("--window", help="month|quarter|year|ytd|rolling12|to_date")
    parser.add_argument("--basis", help="residence | service")
    parser.add_argument("--variant", help="口径 / another definition: active=clocked,hours=approved")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON object")


def run(args: argparse.Namespace) -> int:
    build = open_build(args.home)
    if build is None:
        raise Refusal(
            "还没有发布数据；请先运行 python -m etl load。",
            "Nothing is published yet; run python -m etl load.",
        )
    period = Period.parse(args.period)
    observation = query(
        build, args.indicator, args.area, period, args.window, args.basis, variant=args.variant
    )[0]
    indicator = indicator_of(observation)
    sides = [("numerator", indicator.numerator)]
    if indicator.denominator is not None:
        sides.append(("denominator", indicator.denominator))
    growth = indicator.kind == "growth"
    if not warehouse_path(args.home).exists():
        known = explain(build, args.indicator, args.area, period, args.window, args.basis, args.variant)
        return _trace_to_drops(observation, known["drops"], args.json)
    with open_warehouse(args.home, "trace") as connection:
        report = [_side(connection, name, term, observation, period, growth) for name, term in sides]
    if args.json:
        print(json.dumps({"figure": vars(observation), "sides": report}, ensure_ascii=False, default=str))
    else:
        _tell(observation, report)
    return 0 if all(side["adds_up"] is not False for side in report) else 1


def _trace_to_drops(observation: Observation, drops: list[dict[str, Any]], as_json: bool) -> int:
    """Where only builds are at hand: the drops their ledger names."""
    if as_json:
        print(json.dumps({"figure": vars(observation), "drops": drops}, ensure_ascii=False, default=str))
        return 0
    say(
        Text(
            "这里没有数据仓库，只能追溯到报送；要到文件和行号，请在有 warehouse.duckdb 的数据目录运行。",
            "There is no warehouse here, so the trace ends at the drops; for files and rows run it where "
            "warehouse.duckdb is.",
        )
    )
    for drop in drops:
        print(f"  {drop['drop_id']:>5}  {drop['file_name']}  {drop['supplier'] or ''}")
    return 0


def _side(
    connection: Any, name: str, term: Term, observation: Observation, period: Period, growth: bool
) -> dict[str, Any]:
    window = term.window or observation.window
    for _ in range(term.years_earlier):
        period = period.year_earlier()
    start, end = window_span(period, window)
    basis = term.basis or (
        observation.basis if observation.basis in term.measure.bases else term.measure.bases[0]
    )
    reading = Variant.parse(observation.variant).reading(term)
    found: Traced | None = trace(
        connection, term.measure.id, basis, observation.area_code, start, end, reading
    )
    published = getattr(observation, name)
    if name == "numerator" and growth and published is not None:
        published += observation.denominator  # the difference of two stocks; the later one is traced here
    if found is None:
        return {
            "side": name,
            "measure": term.measure.id,
            "published": published,
            "adds_up": None,
            "drops": [],
        }
    close = published is not None and abs(found.total - published) <= 1e-6 * max(1.0, abs(published))
    return {
        "side": name,
        "measure": term.measure.id,
        "basis": basis,
        "start": start,
        "end": end,
        "published": published,
        "traced": found.total,
        "adds_up": None if published is None else close,
        "drops": [
            dict(zip(("drop_id", "file_name", "supplier", "rows"), drop, strict=True)) for drop in found.drops
        ],
        "rows": [{"drop_id": drop_id, "row_no": row_no} for drop_id, row_no in found.rows],
        "spans": [dict(zip(("drop_id", "first", "last"), span, strict=True)) for span in found.spans],
        "more_spans": found.more_spans,
    }


def _tell(observation: Observation, report: list[dict[str, Any]]) -> None:
    if observation.variant:
        print("".join(variant_text(observation.variant, lang) for lang in ("zh", "en")).strip())
    if observation.value is None:
        zh, en = (status_text(observation.told_status, lang) for lang in ("zh", "en"))
        say(
            Text(
                f"这一数值没有发布（{zh}）；下面是仓库中现有的行，没有可以核对的发布值。",
                f"No value was published here ({en}); what follows are the rows there are, with nothing to hold them against.",
            )
        )
    for side in report:
        zh, en = SIDES[side["side"]]
        measure = load_catalogue().indicator(side["measure"]).name("zh")
        published = "未发布 not published" if side["published"] is None else side["published"]
        print(f"{zh} {en}: {measure} {side['measure']} = {published}")
        if "traced" not in side:
            print("  来自参考数据，不由报送得出 / from the reference data, not from drops")
            continue
        print(f"  追溯合计 / traced: {side['traced']}  （{side['start'] or '—'} … {side['end']}）")
        for drop in side["drops"]:
            print(
                f"  {drop['drop_id']:>5}  {drop['file_name']}  {drop['supplier']}  {drop['rows']:,} 行 rows"
            )
        listed = ", ".join(f"{row['drop_id']}:{row['row_no']}" for row in side["rows"])
        print(f"  行(报送：行号，前 {ROWS_LISTED} 行)/ rows (drop:row, first {ROWS_LISTED}): {listed}")
        if side["adds_up"] is False:
            say(
                Text(
                    "追溯合计与发布值不一致：仓库在发布后有变化，或发布有误；请运行 python -m etl publish 后再试。",
                    "The trace does not add up to the published figure: the warehouse changed since, or the build is wrong; "
                    "publish again and retry.",
                )
            )
