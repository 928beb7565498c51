"""Replay the quarantine: read a drop again after a rule, an alias or the reference was mended.

Only the rows that were set aside are looked at. The file must still be the one that was loaded: a mended
file has other bytes and is a drop of its own. A row ends in exactly one place, and the ledger's counts move
with it.
"""

from datetime import date
from pathlib import Path

import duckdb

from etl import corrections, facts, ledger, replacing
from etl.again import file_of
from etl.faults import faults_of
from etl.identity import obtain_secret
from etl.ledger import LedgerRow
from etl.load import resolve_faults
from etl.reader import Drop, open_drop
from etl.resolve import resolve
from etl.screen import screen, write_skipped_since
from etl.sql import transaction


def replay(connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow, today: date) -> tuple[int, int]:
    """(rows that were in quarantine, rows still there). One transaction."""
    with file_of(home, row) as part:
        return _replay(connection, home, row, open_drop(part, row.source), today)


def _replay(
    connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow, drop: Drop, today: date
) -> tuple[int, int]:
    before = row.rows_quarantined
    repairs = corrections.concerning(corrections.declared(home), drop, row)
    screened = screen(connection, drop, today, repairs=repairs)
    with transaction(connection):
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
        inserted = facts.insert(connection, source, row.drop_id, secret.salt, good, row.numbers_scope)
        replacing.declare(connection, source, row)
        facts.contest_drop(connection, source, row.drop_id)
        facts.gather(connection, source)
        unchanged, superseding = facts.find_versions(
            connection, source, row.drop_id, "row_no IN (FROM waiting)"
        )
        row.first_on, row.last_on, _ = facts.days_covered(connection, source, row.drop_id)
        row.area_code = resolved.area_code
        facts.contest_drop(connection, source, row.drop_id)  # counting versions looked at fewer keys
        facts.settle(connection, source)
        corrections.enter(connection, row.drop_id, screened.applied)
        # A row that is now told to be a total or a signature is no data: it leaves what was read, as at a load.
        blank, skipped = write_skipped_since(connection, row.drop_id, "FROM waiting")
        row.rows_blank += blank
        row.rows_skipped += skipped
        row.rows_read -= blank + skipped
        row.rows_quarantined = ledger.count_quarantined(connection, row.drop_id)
        row.rows_unchanged += unchanged
        row.rows_accepted += inserted - unchanged
        row.rows_superseding += superseding
        ledger.write(connection, row)
    return before, row.rows_quarantined
