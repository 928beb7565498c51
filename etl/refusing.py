"""Send a held drop back: it never comes in, and its file leaves the inbox so that no later load finds it again."""

from dataclasses import replace
from pathlib import Path

import duckdb

from etl import ledger
from etl.inbox import find_kept, kept_path
from etl.ledger import LedgerRow

ASIDE = ".refused"  # below drops/, where loads pass over hidden folders


def send_back(
    connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow, by: str, reason: str
) -> LedgerRow:
    """Enter a held drop as refused by somebody and for a reason; one transaction, then the file is moved.

    A file outside the data home stays where it is, and so does one of which another part is loaded or still
    held: it is read again for replay and release. Loaded again, its bytes are held again.
    """
    refused = replace(
        row,
        status="refused",
        rows_read=0,
        rows_blank=0,
        rows_skipped=0,
        note_zh=f"由 {by} 退回：{reason}；暂缓的原因：{row.note_zh}",
        note_en=f"sent back by {by}: {reason}; it was held because: {row.note_en}",
    )
    ledger.write(connection, refused)
    moved = _moved(connection, home, refused)
    if moved is not None:
        refused.path = moved
        ledger.write(connection, refused)
    return refused


def _moved(connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow) -> str | None:
    others = ledger.read(connection, "path = ? AND status <> 'refused'", [row.path])
    files = find_kept(home, row.path)
    inbox = (home / "drops").resolve()
    if others or len(files) != 1 or not files[0].resolve().is_relative_to(inbox):
        return None
    aside = inbox / ASIDE / files[0].resolve().relative_to(inbox)
    if ASIDE in files[0].parts or aside.exists():
        return None
    aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    files[0].rename(aside)
    return kept_path(home, aside)
