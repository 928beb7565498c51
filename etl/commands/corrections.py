"""python -m etl corrections: the declared repairs, and what they were applied to."""

import argparse
import json
from pathlib import Path
from typing import Any

from etl.corrections import Correction, create_tables, declared
from etl.messages import Text, say
from etl.warehouse import open_warehouse, warehouse_path

HELP = "列出已声明的更正 / list the declared corrections and where they were applied"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON object")


def run(args: argparse.Namespace) -> int:
    found = declared(args.home)
    applied = _applied(args.home)
    if args.json:
        listed = [_as_json(one, applied.get(one.id, [])) for one in found]
        print(json.dumps({"corrections": listed}, ensure_ascii=False))
        return 0
    if not found:
        say(
            Text(
                "没有声明任何更正（数据目录下的 corrections/*.toml）。",
                "No correction is declared (corrections/*.toml in the data home).",
            )
        )
    for one in found:
        print(f"{one.id}  {one.file}\n    {one.what.zh}\n    {one.what.en}")
        print(f"    {one.why}（{one.who}，{one.when}）")
        places = [
            (
                f"第 {drop_id} 号报送 {rows:,} 行",
                f"drop {drop_id}: {rows:,} rows",
            )
            for drop_id, rows in applied.get(one.id, [])
        ]
        zh = "、".join(place[0] for place in places) or "尚未用到任何报送"
        en = ", ".join(place[1] for place in places) or "not applied to any drop yet"
        print(f"    {zh} / {en}")
    return 0


def _applied(home: Path) -> dict[str, list[tuple[int, int]]]:
    """(drop, rows) of each correction by id."""
    if not warehouse_path(home).exists():
        return {}
    with open_warehouse(home, "corrections") as connection:
        create_tables(connection)
        found = connection.execute(
            "SELECT correction_id, drop_id, rows FROM corrections_applied ORDER BY ALL"
        ).fetchall()
    applied: dict[str, list[tuple[int, int]]] = {}
    for correction, drop_id, rows in found:
        applied.setdefault(correction, []).append((drop_id, rows))
    return applied


def _as_json(one: Correction, applied: list[tuple[int, int]]) -> dict[str, Any]:
    least, most = one.expected_rows
    expect: dict[str, Any] = {"rows_least": least, "rows_most": most if most < 2**62 else None}
    if one.expected_value:
        expect |= dict(zip(("column", "value"), one.expected_value, strict=True))
    return {
        "id": one.id,
        "file": one.file,
        "what_zh": one.what.zh,
        "what_en": one.what.en,
        "why": one.why,
        "who": one.who,
        "when": one.when.isoformat(),
        "drop": one.drop,
        "expect": expect,
        "applied": [{"drop_id": drop_id, "rows": rows} for drop_id, rows in applied],
    }
