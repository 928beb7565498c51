"""Replay the quarantine: read a drop again after a rule, an alias or the reference was mended.

Only the rows that were set aside are looked at. The file must still be the one that was loaded: a mended
file has other bytes, and takes the drop's place as a whole (`mend`). A row ends in exactly one place, and the
ledger's counts move with it.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from etl import corrections, facts, ledger, mended, replacing
from etl.again import file_of
from etl.desk import Desk, Outcome
from etl.faults import faults_of
from etl.identity import obtain_secret
from etl.inbox import find_drops
from etl.ledger import LedgerRow
from etl.load import load_part, new_row
from etl.messages import Refusal
from etl.noted_units import screened_as_noted
from etl.privacy import mask_label
from etl.reader import Drop, open_drop, open_parts
from etl.resolve import resolve, resolve_faults
from etl.screen import screen, write_skipped_since
from etl.sql import transaction
from etl.warehouse import staging_folder


def replay(connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow, today: date) -> tuple[int, int]:
    """(rows that were in quarantine, rows still there). One transaction."""
    with file_of(home, row) as part:
        return _replay(connection, home, row, open_drop(part, row.source), today)


def mend(desk: Desk, path: Path) -> Outcome:
    """Load a mended file in the place of the drop `desk.instead_of`, wholly or not at all (see etl/mended.py).

    Raises Refusal for a file that cannot be read, is another drop, or does not look like this one mended; then
    nothing has changed. The same file once more is an outcome that is `repeated`. In a dry run a file that would need
    somebody's name is an outcome that is held.
    """
    old = desk.instead_of
    assert old is not None
    (found,) = find_drops([path], old.area_code, None, desk.home / "drops")
    if found.supplier not in (None, old.supplier) and mended.ASIDE not in found.path.parts:
        raise Refusal(
            f"{mask_label(path.name)}：在“{mask_label(str(found.supplier))}”的文件夹里，"
            f"而第 {old.drop_id} 号报送是“{old.supplier or '未注明'}”的。",
            f"{mask_label(path.name)}: it lies in the folder of {mask_label(str(found.supplier))}, and drop {old.drop_id} "
            f"came from {old.supplier or 'nobody named'}.",
        )
    with staging_folder(desk.home, desk.dry_run) as staging:
        number = _part_of(path, staging, old)
        with open_parts(path, staging) as parts:
            part = next(part for place, part in enumerate(parts) if place == number)
            row = mended.successor(old, new_row(desk, found, part))
            return load_part(replace(desk, source=old.source, replace=old.replaces), found, part, row)


def _part_of(path: Path, staging: Path, old: LedgerRow) -> int:
    """Which part of a file mends a drop: the only one, or the one that is called as it was."""
    with open_parts(path, staging) as parts:
        labels = [mask_label(part.label) for part in parts]
    if len(labels) == 1:
        return 0
    if labels.count(old.part) == 1:
        return labels.index(old.part)
    name = mask_label(path.name)
    raise Refusal(
        f"{name}：里面有 {len(labels)} 份（{'、'.join(labels)}），看不出哪一份是第 {old.drop_id} 号报送的改正；请只留那一份。",
        f"{name}: it holds {len(labels)} parts ({', '.join(labels)}), and none is told to be drop {old.drop_id} mended; "
        "keep that one only.",
    )


def _replay(
    connection: duckdb.DuckDBPyConnection, home: Path, row: LedgerRow, drop: Drop, today: date
) -> tuple[int, int]:
    before = row.rows_quarantined
    repairs = corrections.concerning(corrections.declared(home), drop, row)
    drop, screened = screened_as_noted(
        connection, drop, lambda one: screen(connection, one, today, repairs=repairs)
    )
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
