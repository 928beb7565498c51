"""python -m etl status: what is in the warehouse, what became of each drop, what waits or was interrupted."""

import argparse
import json
from dataclasses import asdict

from etl.desk import shown_name
from etl.journal import work_of
from etl.ledger import STATUSES, LedgerRow
from etl.loading import ledger_json
from etl.messages import Text, say
from etl.situation import Situation, look
from metrics.small_counts import rows_text

HELP = "台账与发布情况 / the ledger, the current build, and what waits or was interrupted"
LEFT = {
    "staging": Text("临时文件", "staged files"),
    "building": Text("未完成的数据版本", "half-built builds"),
    "log": Text("未并入的日志", "a log not merged yet"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON / print one JSON object")
    parser.add_argument(
        "--no-wait",
        action="store_true",
        help="有人正在写入时不等待，显示已发布的台账 / do not wait for a writer: the ledger as published",
    )


def run(args: argparse.Namespace) -> int:
    found = look(args.home, wait=not args.no_wait)
    if args.json:
        print(json.dumps(as_json(found), ensure_ascii=False, default=str))
        return 0
    if not found.drops:
        say(Text("还没有载入过任何报送。", "Nothing has been loaded yet."))
    for row in found.drops:
        print(_line(row))
        if row.status != "loaded" and row.note_zh:
            print(f"       {row.note_zh}\n       {row.note_en}")
    for sentence in sentences(found):
        say(sentence)
    return 0


def as_json(found: Situation) -> dict[str, object]:
    return {
        "drops": [ledger_json(row) for row in found.drops],
        "formers": found.formers,
        "build_id": found.build_id,
        "build_is_current": found.build_is_current,
        "build_warning": asdict(found.warning) if found.warning else None,
        "last_load": found.last_load,
        "held": [row.drop_id for row in found.held],
        "writing": asdict(found.writing) if found.writing else None,
        "interrupted": [asdict(one) for one in found.unfinished],
        "interruptions": [asdict(one) for one in found.interruptions],
        "leftovers": [asdict(one) for one in found.leftovers],
    }


def sentences(found: Situation) -> list[Text]:
    """What is to be known beside the ledger, most pressing first; also what the pages may show."""
    told = []
    if found.writing is not None:
        who = found.writing
        told.append(
            Text(
                f"进程 {who.pid} 正在{work_of(who.doing).zh}（自 {who.since}）；以上为当前已发布的台账。",
                f"Process {who.pid} is doing '{who.doing}' since {who.since}; the ledger above is the published one.",
            )
        )
    told += [_interrupted(one.doing, one.since) for one in found.unfinished]
    for one in found.interruptions:
        if one.finished_at is not None:
            told.append(
                Text(
                    f"{one.since} 开始的{work_of(one.doing).zh}曾中断；此后的载入或发布已于 {one.finished_at} 完整结束。",
                    f"'{one.doing}', begun {one.since}, was interrupted; a command to make up for it ended well "
                    f"at {one.finished_at}.",
                )
            )
    for left in found.leftovers:
        zh, en = LEFT[left.kind].zh, LEFT[left.kind].en
        told.append(
            Text(
                f"中断的进程留下了{zh}（{left.files} 个文件，{left.bytes:,} 字节）；不影响数据，下次写入时自动清理。",
                f"An interrupted process left {en} ({left.files} files, {left.bytes:,} bytes); the data are not "
                "touched by it, the next writer clears it.",
            )
        )
    if found.held:
        numbers = "、".join(str(row.drop_id) for row in found.held)
        told.append(
            Text(
                f"{len(found.held)} 次报送暂缓，等待放行：第 {numbers} 号。",
                f"{len(found.held)} drops are on hold and wait for release: {numbers.replace('、', ', ')}.",
            )
        )
    if found.warning is not None:
        told.append(found.warning)
    if not found.build_is_current:
        told.append(
            Text(
                "台账在发布之后有变化，当前数据版本尚未包含；请运行 python -m etl publish。",
                "The ledger has changed since the current build was made; run python -m etl publish.",
            )
        )
    if found.last_load is not None:
        told.append(Text(f"最近一次载入：{found.last_load}。", f"Last load: {found.last_load}."))
    told.append(
        Text(f"当前数据版本：{found.build_id or '未发布'}。", f"Current build: {found.build_id or 'none'}.")
    )
    return told


def _interrupted(doing: str, since: str) -> Text:
    if doing == "load":
        return Text(
            f"{since} 开始的载入中断了：写完的报送都在台账中，未写完的没有留下痕迹；请再次运行 python -m etl load 完成。",
            f"The load begun {since} was interrupted: drops in the ledger are wholly in, the others not at all; "
            "run load again to finish.",
        )
    return Text(
        f"{since} 开始的{work_of(doing).zh}中断了：请对照台账确认是否已生效，未生效则重做，已生效则运行 python -m etl publish。",
        f"'{doing}', begun {since}, was interrupted: see in the ledger whether it was done; if so run publish, "
        "if not repeat it.",
    )


def _line(row: LedgerRow) -> str:
    sample = " [示例数据 sample]" if row.is_synthetic else ""
    unused = "  ［未采纳任何一行 not one row was taken］" if row.is_without_use else ""
    # Of a held drop nothing is decided yet: its rows are neither in nor set aside.
    # A ledger as published may withhold counts.
    parts = " + ".join(map(rows_text, (row.rows_accepted, row.rows_unchanged, row.rows_quarantined)))
    became = "行等待放行 rows wait" if row.status == "held" else f"= {parts}"
    return (
        f"{row.drop_id:>5}  {STATUSES[row.status]} {row.status:<9}  {row.source or '—':<14} "
        f"{rows_text(row.rows_read):>10} {became}  "
        f"{row.area_code or '—'}  {row.first_on or '—'}…{row.last_on or '—'}  {row.supplier or '—'}  "
        f"{shown_name(row)}{sample}{unused}"
    )
