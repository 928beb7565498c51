"""Replay the quarantine: read a drop again after a rule, an alias or the reference was mended.

Only the rows that were set aside are looked at. The file must still be the one that was loaded: a mended
file has other bytes and is a drop of its own. A row ends in exactly one place, and the ledger's counts move
with it.
"""

from datetime import date
from pathlib import Path

import duckdb

from etl import facts, ledger
from etl.identity import obtain_secret
from etl.inbox import find_kept
from etl.ledger import LedgerRow
from etl.load import resolve_faults
from etl.messages import Refusal
from etl.reader import open_drop
from etl.reader.survey import survey
from etl.resolve import resolve
from etl.screen import faults_of, screen


def replay(connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow, today: date) -> tuple[int, int]:
    """(rows that were in quarantine, rows still there). One transaction."""
    files = find_kept(home, row.path)
    if not files:
        raise Refusal(
            f"第 {row.drop_id} 号报送的文件 {row.file_name} 已不在原处，无法重放；请放回原文件。",
            f"The file of drop {row.drop_id}, {row.file_name}, is no longer where it was; put it back to replay.",
        )
    same = [file for file in files if survey(file).sha256 == row.sha256] if len(files) > 1 else []
    drop = open_drop([*same, *files][0], row.source)
    if drop.survey.sha256 != row.sha256:
        raise Refusal(
            f"{row.file_name} 的内容已经改变；请用 load 作为新的报送载入。",
            f"{row.file_name} has changed since it was loaded; load it as a drop of its own.",
        )
    before = row.rows_quarantined
    screened = screen(connection, drop, today)
    connection.execute("BEGIN TRANSACTION")
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE waiting AS SELECT DISTINCT row_no FROM quarantine WHERE drop_id = {row.drop_id}"
        )
        connection.execute("DELETE FROM quarantine WHERE drop_id = ?", [row.drop_id])
        waiting = f"{screened.row_no} IN (FROM waiting)"
        # Rows that were accepted before stay as they are: only faults of waiting rows may be entered again.
        secret = obtain_secret(home, connection)
        ledger.write_quarantine(connection, row.drop_id, faults_of(connection, drop, screened, waiting))
        resolved = resolve(connection, drop, screened, secret, row.area_code, today)
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE again AS SELECT * FROM resolved WHERE row_no IN (FROM waiting)"
        )
        connection.execute("CREATE OR REPLACE TEMP VIEW resolved AS SELECT * FROM again")
        ledger.write_quarantine(connection, row.drop_id, resolve_faults(connection, drop, resolved))
        source = drop.header.source
        good = f"SELECT * FROM resolved WHERE NOT ({resolved.failing})"
        inserted = facts.insert(connection, source, row.drop_id, secret.salt, good)
        facts.contest_drop(connection, source, row.drop_id)
        facts.gather(connection, source)
        unchanged, superseding = facts.find_versions(
            connection, source, row.drop_id, "row_no IN (FROM waiting)"
        )
        row.first_on, row.last_on = facts.days_covered(connection, source, row.drop_id)  # type: ignore[assignment]
        row.area_code = resolved.area_code
        facts.settle(connection, source)
        row.rows_quarantined = ledger.count_quarantined(connection, row.drop_id)
        row.rows_unchanged += unchanged
        row.rows_accepted += inserted - unchanged
        row.rows_superseding += superseding
        ledger.write(connection, row)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return before, row.rows_quarantined
