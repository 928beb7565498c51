"""The life of a drop: opened, screened, resolved, made facts; one transaction from beginning to end."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from etl import facts, ledger
from etl.identity import Secret, obtain_secret
from etl.inbox import Found, kept_path
from etl.ledger import LedgerRow
from etl.messages import Refusal, Text
from etl.privacy import mask, mask_label
from etl.reader import Drop, open_drop
from etl.reader.drop import no_rows
from etl.reader.header import spreadsheet_column
from etl.reader.survey import survey
from etl.resolve import Resolved, resolve
from etl.screen import Fault, Screened, fault, faults_of, screen
from etl.sql import only_row
from etl.withdraw import withdraw

EXAMPLES_TOLD = 3  # sentences of each check told on the screen; all are in the quarantine


@dataclass
class Outcome:
    """What became of one drop: its ledger row, sentences for the person at the screen."""

    row: LedgerRow
    repeated: bool = False
    told: list[Text] = field(default_factory=list)


Progress = Callable[[Text], None]


def load_drop(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    found: Found,
    *,
    today: date,
    source: str | None = None,
    dry_run: bool = False,
    progress: Progress = lambda text: None,
) -> Outcome:
    """Load one file wholly or not at all. A dry run does the same and takes it back.

    Never raises for what is in the file: a drop that cannot be read is an outcome with status 'refused'.
    """
    row = LedgerRow(
        drop_id=ledger.next_drop_id(connection),
        source=None,
        file_name=mask_label(found.path.name),
        sha256="",
        bytes=0,
        supplier=mask_label(found.supplier) if found.supplier else None,
        area_code=found.area,
        received_at=found.received_at,
        loaded_at=datetime.now().replace(microsecond=0),
        path=kept_path(home, found.path),
    )
    try:
        return _load(connection, home, found, row, today, source, dry_run, progress)
    except Refusal as refusal:
        outcome = _refused(row, found.path, refusal.text)
        known = ledger.find_refused(connection, outcome.row)
        if known is not None:
            return Outcome(known, repeated=True, told=outcome.told)
        if not dry_run:
            ledger.write(connection, outcome.row)
        return outcome


def _load(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    found: Found,
    row: LedgerRow,
    today: date,
    wanted: str | None,
    dry_run: bool,
    progress: Progress,
) -> Outcome:
    name = row.file_name
    drop = open_drop(found.path, wanted)
    known = ledger.find_by_bytes(connection, drop.survey.sha256)
    if known is not None:
        return _repeated(known, name)
    progress(Text(f"{name}：读取并检查……", f"{name}: reading and checking …"))
    # Screening fills temporary tables only and may fail and start again on the careful path, which an open
    # transaction would not survive; everything that lasts is written inside one transaction below.
    screened = screen(connection, drop, today)
    if not screened.rows:
        raise no_rows(name)  # lines of blanks only: nothing the header's look at the bytes could tell
    row = _describe(row, drop, screened)
    row.is_synthetic = _is_synthetic(connection)
    connection.execute("BEGIN TRANSACTION")
    try:
        secret = obtain_secret(home, connection, keep=not dry_run)
        _keep_samples_apart(connection, row)
        progress(
            Text(
                f"{name}：{screened.rows:,} 行，匹配人员与地区……",
                f"{name}: {screened.rows:,} rows, matching …",
            )
        )
        resolved = resolve(connection, drop, screened, secret, found.area, today)
        row.area_code = resolved.area_code
        ledger.write_quarantine(connection, row.drop_id, faults_of(connection, drop, screened))
        ledger.write_quarantine(connection, row.drop_id, resolve_faults(connection, drop, resolved))
        progress(Text(f"{name}：写入事实表……", f"{name}: storing facts …"))
        store(connection, drop, resolved, secret, row)
        outcome = Outcome(row, told=_tell(connection, row, drop))
        connection.execute("ROLLBACK" if dry_run else "COMMIT")
    except BaseException:
        _take_back(connection)
        raise
    return outcome


def _take_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Roll back; after a failure inside DuckDB there may be nothing left to roll back."""
    with contextlib.suppress(duckdb.TransactionException):
        connection.execute("ROLLBACK")


def store(
    connection: duckdb.DuckDBPyConnection, drop: Drop, resolved: Resolved, secret: Secret, row: LedgerRow
) -> None:
    """Make the good rows facts, count what became of every row, settle versions, enter the ledger row."""
    source = drop.header.source
    good = "SELECT * FROM resolved" + ("" if resolved.nothing_failed else f" WHERE NOT ({resolved.failing})")
    inserted = facts.insert(connection, source, row.drop_id, secret.salt, good)
    facts.borrow(connection, source, row.drop_id)
    row.rows_unchanged, row.rows_superseding = facts.find_versions(connection, source, row.drop_id)
    row.rows_accepted = inserted - row.rows_unchanged
    row.rows_quarantined = ledger.count_quarantined(connection, row.drop_id)
    row.first_on, row.last_on = facts.days_covered(connection, source, row.drop_id)  # type: ignore[assignment]
    row.status = "loaded"
    ledger.write(connection, row)
    facts.settle(connection, source)


def resolve_faults(connection: duckdb.DuckDBPyConnection, drop: Drop, resolved: Resolved) -> Iterable[Fault]:
    """Every reason of every row that failed when it was looked up."""
    if resolved.nothing_failed:
        return
    for rule in resolved.rules:
        column = rule.failure.column
        cell = column if column in drop.header.positions else "NULL"
        failing = connection.execute(
            f"SELECT row_no, {cell} FROM resolved WHERE {rule.failure.condition}"
        ).fetchall()
        for row_no, text in failing:
            yield fault(drop, rule, row_no, mask(text))


def _describe(row: LedgerRow, drop: Drop, screened: Screened) -> LedgerRow:
    # By place, not by name: in a file whose rows have slipped, a header may be a cell with a name in it.
    unknown = [spreadsheet_column(place) for place in drop.header.unknown_places]
    return replace(
        row,
        source=drop.header.source.name,
        sha256=drop.survey.sha256,
        bytes=drop.survey.size,
        encoding=drop.header.encoding
        + ("-sig" if drop.survey.has_bom and drop.header.encoding == "utf-8" else ""),
        delimiter=drop.header.delimiter,
        rows_read=screened.rows,
        rows_blank=screened.blank,
        note_zh=f"忽略 {len(unknown)} 个未识别的列：第 {'、'.join(unknown)} 列" if unknown else "",
        note_en=f"{len(unknown)} columns not known and ignored: {', '.join(unknown)}" if unknown else "",
    )


def _is_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    """One marked row makes the whole drop a sample: better a real drop refused than a sample believed."""
    return bool(only_row(connection, "SELECT coalesce(bool_or(data_nature), false) FROM screened")[0])


def _keep_samples_apart(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> None:
    """Sample data leaves when the first real drop comes, and cannot come in after it."""
    loaded = ledger.read(connection, "status = 'loaded'")
    if row.is_synthetic and any(not one.is_synthetic for one in loaded):
        raise Refusal(
            f"{row.file_name}：这是示例数据，而仓库里已有真实数据；请用 --data 指定另一个目录。",
            f"{row.file_name}: this is sample data and the warehouse holds real data; use another folder (--data).",
        )
    if row.is_synthetic:
        return
    for one in loaded:
        if one.is_synthetic:
            withdraw(
                connection,
                one,
                "收到真实数据，示例数据自动撤下",
                "the first real drop came; sample data withdrawn",
            )


def _repeated(known: LedgerRow, name: str) -> Outcome:
    zh = {"loaded": "已载入", "withdrawn": "已撤回", "held": "暂缓"}[known.status]
    way_zh = f"如要恢复：python -m etl withdraw {known.drop_id} --undo --reason 原因。"
    way_en = f" To bring it back: python -m etl withdraw {known.drop_id} --undo --reason TEXT."
    told = Text(
        f"{name}：内容与第 {known.drop_id} 号报送（{known.file_name}，{zh}）完全相同，未作改动。"
        + (way_zh if known.status == "withdrawn" else ""),
        f"{name}: the same bytes as drop {known.drop_id} ({known.file_name}, {known.status}); nothing changed."
        + (way_en if known.status == "withdrawn" else ""),
    )
    return Outcome(known, repeated=True, told=[told])


def _refused(row: LedgerRow, path: Path, text: Text) -> Outcome:
    try:
        seen = survey(path)
        row = replace(row, sha256=seen.sha256, bytes=seen.size)
    except OSError:
        pass  # it cannot be read; the sentence already says so
    row = replace(row, status="refused", note_zh=text.zh, note_en=text.en)
    return Outcome(row, told=[text])


def _tell(connection: duckdb.DuckDBPyConnection, row: LedgerRow, drop: Drop) -> list[Text]:
    """A summary and, for each check, its first sentences with file, row and column."""
    told = [
        Text(
            f"{row.file_name}：读取 {row.rows_read:,} 行 = 接受 {row.rows_accepted:,} + 未变 {row.rows_unchanged:,} "
            f"+ 隔离 {row.rows_quarantined:,}（空行 {row.rows_blank:,}）。",
            f"{row.file_name}: {row.rows_read:,} rows read = {row.rows_accepted:,} accepted + {row.rows_unchanged:,} "
            f"unchanged + {row.rows_quarantined:,} quarantined ({row.rows_blank:,} blank).",
        )
    ]
    if row.note_zh:
        told.append(Text(f"{row.file_name}：{row.note_zh}", f"{row.file_name}: {row.note_en}"))
    found = connection.execute(
        """SELECT row_no, check_name, column_name, message_zh, message_en,
                  count(*) OVER (PARTITION BY check_name) AS times
           FROM quarantine WHERE drop_id = ?
           QUALIFY row_number() OVER (PARTITION BY check_name ORDER BY row_no) <= ?
           ORDER BY check_name, row_no""",
        [row.drop_id, EXAMPLES_TOLD],
    ).fetchall()
    shown: dict[str, int] = {}
    for row_no, check, column, zh, en, times in found:
        shown[check] = shown.get(check, 0) + 1
        header = ""
        if column:
            position = drop.header.positions.get(column)
            title = drop.header.source.columns[column].title
            header = drop.header.fields[position].strip() if position is not None else title
        more = times - shown[check] if shown[check] == EXAMPLES_TOLD and times > EXAMPLES_TOLD else 0
        told.append(
            Text(
                f"{row.file_name} 第 {row_no} 行{f'，列“{header}”' if header else ''}：{zh}"
                + (f"（同类另有 {more:,} 处）" if more else ""),
                f"{row.file_name}, row {row_no}{f', column {header}' if header else ''}: {en}"
                + (f" (and {more:,} more of this kind)" if more else ""),
            )
        )
    return told
