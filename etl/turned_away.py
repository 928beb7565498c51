"""Drops that do not come in: refused for what they are, or held until somebody has looked at them."""

import contextlib
from dataclasses import replace
from pathlib import Path

from etl import ledger
from etl.desk import Desk, Outcome, shown_name
from etl.ledger import LedgerRow
from etl.messages import Text
from etl.privacy import mask_digits
from etl.reader import Part
from etl.reader.survey import survey


def refuse(desk: Desk, row: LedgerRow, path: Path | None, text: Text, part: Part | None = None) -> Outcome:
    """Enter a refused drop, unless the same was refused for the same reason before. No path: not even looked at."""
    text = Text(mask_digits(text.zh), mask_digits(text.en))  # as the ledger keeps it and repeats are known
    if part is not None and part.sha256 is not None:
        row = replace(row, sha256=part.sha256, bytes=part.size or 0)
    elif path is not None:
        with contextlib.suppress(OSError):  # it cannot be read; the sentence already says so
            seen = survey(path)
            row = replace(row, sha256=seen.sha256, bytes=seen.size)
    row = replace(
        _without_counts(row),
        rows_read=0,
        rows_blank=0,
        rows_skipped=0,
        status="refused",
        note_zh=text.zh,
        note_en=text.en,
    )
    known = ledger.find_refused(desk.connection, row)
    if known is not None:
        return Outcome(known, repeated=True, told=[text])
    if not desk.dry_run:
        ledger.write(desk.connection, row)
    return Outcome(row, told=[text])


def hold(desk: Desk, row: LedgerRow, doubts: list[Text], would_be: list[Text]) -> Outcome:
    """Enter a suspicious drop as held: nothing of it is in the facts until somebody lets it pass."""
    waiting = row.rows_quarantined
    reasons = list(doubts)
    if waiting:
        reasons.append(
            Text(
                f"放行后，{row.rows_read:,} 行中有 {waiting:,} 行将进入隔离区。",
                f"once released, {waiting:,} of its {row.rows_read:,} rows go into quarantine.",
            )
        )
    held = replace(
        _without_counts(row),
        status="held",
        note_zh="；".join(doubt.zh.rstrip("。") for doubt in reasons),
        note_en="; ".join(doubt.en.rstrip(".") for doubt in reasons),
    )
    if not desk.dry_run:
        ledger.write(desk.connection, held)
    name = shown_name(row)
    told = [
        Text(
            f"{name}：暂缓，{row.rows_read:,} 行均未载入。核实后放行：python -m etl release {row.drop_id} --by 姓名。",
            f"{name}: held, none of its {row.rows_read:,} rows is in. To let it pass: "
            f"python -m etl release {row.drop_id} --by NAME.",
        ),
        *(Text(f"{name}：{doubt.zh}", f"{name}: {doubt.en}") for doubt in doubts),
        Text(f"{name}：放行后将是：", f"{name}: once released it would be:"),
        *would_be,
    ]
    return Outcome(held, told=told)


def _without_counts(row: LedgerRow) -> LedgerRow:
    return replace(row, rows_accepted=0, rows_unchanged=0, rows_quarantined=0, rows_superseding=0)
