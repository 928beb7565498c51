"""python -m etl status: what is in the warehouse and what became of each drop."""

import argparse
import json

from etl import ledger
from etl.loading import ledger_json
from etl.messages import Text, say
from etl.warehouse import open_warehouse, warehouse_path
from metrics.build import current_build_id

HELP = "台账与发布情况 / the ledger and the current build"
WORDS = {"loaded": "已载入", "refused": "已拒收", "held": "暂缓", "withdrawn": "已撤回"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON object")


def run(args: argparse.Namespace) -> int:
    rows = []
    if warehouse_path(args.home).exists():
        with open_warehouse(args.home, "status") as connection:
            rows = ledger.read(connection)
    build_id = current_build_id(args.home)
    if args.json:
        print(
            json.dumps(
                {"drops": [ledger_json(row) for row in rows], "build_id": build_id},
                ensure_ascii=False,
                default=str,
            )
        )
        return 0
    if not rows:
        say(Text("还没有载入过任何报送。", "Nothing has been loaded yet."))
    for row in rows:
        sample = " [示例数据 sample]" if row.is_synthetic else ""
        print(
            f"{row.drop_id:>5}  {WORDS[row.status]} {row.status:<9}  {row.source or '—':<14} "
            f"{row.rows_read:>10,} = {row.rows_accepted:,} + {row.rows_unchanged:,} + {row.rows_quarantined:,}  "
            f"{row.area_code or '—'}  {row.first_on or '—'}…{row.last_on or '—'}  {row.file_name}{sample}"
        )
        if row.status != "loaded" and row.note_zh:
            print(f"       {row.note_zh}\n       {row.note_en}")
    say(Text(f"当前数据版本：{build_id or '未发布'}。", f"Current build: {build_id or 'none'}."))
    return 0
