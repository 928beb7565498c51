"""The ledger: one row per drop that came, whatever became of it, and the rows that were set aside."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import duckdb

from etl.privacy import mask_digits
from etl.sql import only_row
from metrics.engine import insert_many

if TYPE_CHECKING:
    from etl.faults import Fault

STATUSES = {
    "loaded": "已载入",
    "refused": "已拒收",
    "held": "暂缓",
    "withdrawn": "已撤回",
}  # and what they are called

# What people write is published with the ledger, and may name a phone to call.
FREE_TEXTS = ("note_zh", "note_en", "released_by")

QUARANTINE_COLUMNS = (
    "drop_id", "row_no", "check_name", "column_name", "masked_value", "message_zh", "message_en",
)  # fmt: skip


@dataclass
class LedgerRow:
    """One drop. rows_read counts every row but the header, blank ones and those that are no data (rows_skipped)."""

    drop_id: int
    source: str | None
    file_name: str
    sha256: str
    bytes: int
    encoding: str | None = None  # of a text; of a workbook its format: xlsx, xls …
    delimiter: str | None = None  # of a text; 'sheet' of a workbook
    rows_read: int = 0
    rows_accepted: int = 0
    rows_unchanged: int = 0
    rows_quarantined: int = 0
    rows_superseding: int = 0
    rows_blank: int = 0
    rows_skipped: int = 0  # titles, repeated headers, totals and signatures: told from data and never loaded
    area_code: str | None = None
    first_on: date | None = None
    last_on: date | None = None
    supplier: str | None = None
    is_synthetic: bool = False
    received_at: datetime | None = None
    loaded_at: datetime | None = None
    status: str = "refused"
    note_zh: str = ""
    note_en: str = ""
    part: str = ""  # the member of an archive or the sheet of a workbook this drop was
    released_by: str = ""  # who let a held drop pass
    replaces: str = ""  # the scope in which it stood for all there is, see etl/replacing.py
    numbers_scope: str = ""  # what its record numbers count within besides their platform; '' for all drops
    path: str = ""

    @property
    def is_without_use(self) -> bool:
        """Loaded, and yet every row of it was set aside."""
        return self.status == "loaded" and bool(self.rows_read) and self.rows_quarantined == self.rows_read

    @property
    def needs_somebody(self) -> bool:
        """Nothing of it counts, and nothing will until a person has done something: what a scheduler is told by 1."""
        return self.status in ("refused", "held") or self.is_without_use

    def add_note(self, zh: str, en: str) -> None:
        """Say something more of the drop."""
        self.note_zh = "；".join(part for part in (self.note_zh, zh) if part)
        self.note_en = "; ".join(part for part in (self.note_en, en) if part)


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS drops (
            drop_id INTEGER NOT NULL, source VARCHAR, file_name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
            bytes BIGINT NOT NULL, encoding VARCHAR, delimiter VARCHAR,
            rows_read BIGINT NOT NULL, rows_accepted BIGINT NOT NULL, rows_unchanged BIGINT NOT NULL,
            rows_quarantined BIGINT NOT NULL, rows_superseding BIGINT NOT NULL, rows_blank BIGINT NOT NULL,
            rows_skipped BIGINT NOT NULL, area_code VARCHAR, first_on DATE, last_on DATE, supplier VARCHAR,
            is_synthetic BOOLEAN NOT NULL,
            received_at TIMESTAMP, loaded_at TIMESTAMP,
            status VARCHAR NOT NULL CHECK (status IN ('loaded', 'refused', 'held', 'withdrawn')),
            note_zh VARCHAR, note_en VARCHAR, part VARCHAR, released_by VARCHAR, replaces VARCHAR, numbers_scope VARCHAR,
            path VARCHAR,
            CHECK (rows_read = rows_accepted + rows_unchanged + rows_quarantined OR status = 'held'),
            CHECK (rows_superseding <= rows_accepted))""")
    connection.execute("""
        CREATE TABLE IF NOT EXISTS quarantine (
            drop_id INTEGER NOT NULL, row_no BIGINT NOT NULL, check_name VARCHAR NOT NULL, column_name VARCHAR,
            masked_value VARCHAR, message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL)""")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS skipped (drop_id INTEGER NOT NULL, row_no BIGINT NOT NULL, kind VARCHAR NOT NULL)"
    )


def next_drop_id(connection: duckdb.DuckDBPyConnection) -> int:
    """One more than the greatest id, not a sequence's next: a dry run must not use ids up."""
    return int(only_row(connection, "SELECT coalesce(max(drop_id), 0) + 1 FROM drops")[0])


def find_by_bytes(connection: duckdb.DuckDBPyConnection, sha256: str) -> LedgerRow | None:
    """The drop with these bytes that is in (else one that was withdrawn); refused ones may be tried again."""
    sql = "SELECT max_by(drop_id, (status <> 'withdrawn', drop_id)) FROM drops WHERE sha256 = ? AND status <> 'refused'"
    (latest,) = only_row(connection, sql, [sha256])  # nearly always none: a whole row is dearer to ask for
    return None if latest is None else read(connection, "drop_id = ?", [latest])[0]


def find_refused(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> LedgerRow | None:
    """The row of the same file refused for the same reason before: a folder loaded daily repeats no complaint."""
    # What was not even opened is known by where it lay alone.
    place = "(sha256 <> '' OR (supplier IS NOT DISTINCT FROM ? AND area_code IS NOT DISTINCT FROM ?))"
    rows = read(
        connection,
        f"status = 'refused' AND sha256 = ? AND file_name = ? AND note_en = ? AND {place}",
        [row.sha256, row.file_name, row.note_en, row.supplier, row.area_code],
    )
    return rows[-1] if rows else None


def read(
    connection: duckdb.DuckDBPyConnection, where: str = "true", parameters: list[Any] | None = None
) -> list[LedgerRow]:
    """The drops of which the condition holds, in the order in which they came."""
    names = ", ".join(field.name for field in fields(LedgerRow))
    found = connection.execute(f"SELECT {names} FROM drops WHERE {where}", parameters or [])
    # Sorted here: planning a sort of thirty columns takes DuckDB longer than all the rest.
    return sorted((LedgerRow(*row) for row in found.fetchall()), key=lambda row: row.drop_id)


def write(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> None:
    """Enter a drop; the table itself refuses a row whose counts do not add up."""
    parts = row.rows_accepted + row.rows_unchanged + row.rows_quarantined
    assert row.status == "held" or row.rows_read == parts, (
        f"Drop {row.drop_id}: {row.rows_read} rows read, but {row.rows_accepted} accepted + "
        f"{row.rows_unchanged} unchanged + {row.rows_quarantined} quarantined."
    )
    values = asdict(row)
    for free in FREE_TEXTS:
        values[free] = mask_digits(values[free] or "")
    names, marks = ", ".join(values), ", ".join("?" for _ in values)
    (known,) = only_row(connection, "SELECT count(*) FROM drops WHERE drop_id = ?", [row.drop_id])
    if known:
        entries = ", ".join(f"{name} = ?" for name in values)
        connection.execute(f"UPDATE drops SET {entries} WHERE drop_id = ?", [*values.values(), row.drop_id])
    else:
        connection.execute(f"INSERT INTO drops ({names}) VALUES ({marks})", list(values.values()))


def set_status(connection: duckdb.DuckDBPyConnection, drop_id: int, status: str, zh: str, en: str) -> None:
    """Change what became of a drop, and add why to what is noted of it."""
    connection.execute(
        """UPDATE drops SET status = ?, note_zh = concat_ws('；', nullif(note_zh, ''), ?),
                            note_en = concat_ws('; ', nullif(note_en, ''), ?) WHERE drop_id = ?""",
        [status, mask_digits(zh), mask_digits(en), drop_id],
    )


def write_quarantine(connection: duckdb.DuckDBPyConnection, drop_id: int, faults: Iterable["Fault"]) -> int:
    """Enter the reasons in blocks, so a drop of which every row fails needs no more memory than a good one; how many."""
    remaining, entered = iter(faults), 0
    while block := list(islice(remaining, 50_000)):
        rows = [
            (drop_id, one.row_no, one.check, one.column, one.masked_value, one.message.zh, one.message.en)
            for one in block
        ]
        insert_many(connection, "quarantine", QUARANTINE_COLUMNS, rows)
        entered += len(block)
    return entered


def count_quarantined(connection: duckdb.DuckDBPyConnection, drop_id: int) -> int:
    sql = "SELECT count(DISTINCT row_no) FROM quarantine WHERE drop_id = ?"
    return int(only_row(connection, sql, [drop_id])[0])
