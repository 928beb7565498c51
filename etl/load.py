"""The life of a drop: opened, screened, resolved, compared, made facts; one transaction from beginning to end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from etl import (
    blocks,
    corrections,
    facts,
    ledger,
    likely_minutes,
    mended,
    precheck,
    receipts,
    remarks,
    trial_report,
)
from etl.again import file_of
from etl.desk import Desk, Outcome, shown_name
from etl.faults import faults_of
from etl.identity import obtain_secret
from etl.inbox import Found, foreign_sentence, kept_path
from etl.ledger import LedgerRow
from etl.messages import Refusal, Text
from etl.noted_units import screened_as_noted
from etl.privacy import mask_digits, mask_label
from etl.reader import Drop, Part, open_drop, open_parts
from etl.reader.drop import no_rows
from etl.reader.header import spreadsheet_column
from etl.resolve import resolve, resolve_faults
from etl.screen import screen, write_skipped
from etl.sql import only_row, transaction
from etl.store import store
from etl.telling import loaded_otherwise, outcome_sentences, seen_before
from etl.turned_away import hold, refuse
from etl.warehouse import staging_folder
from etl.withdraw import withdraw

NOTHING = Part("", Path())  # of a file that was not even taken apart


def load_file(desk: Desk, found: Found) -> Iterator[Outcome]:
    """Load each part of a file (a plain text is one, a workbook has one for each sheet), wholly or not at all.

    Never raises for what is in the file: a drop that cannot be read is an outcome with status 'refused'.
    A dry run does the same in a warehouse that is thrown away.
    """
    if found.is_foreign:
        yield refuse(desk, new_row(desk, found, NOTHING), None, foreign_sentence(found))
        return
    with staging_folder(desk.home, desk.dry_run) as staging:
        try:
            with open_parts(found.path, staging) as parts:
                for part in parts:
                    outcome = load_part(desk, found, part, new_row(desk, found, part))
                    yield replace(outcome, told=[*part.notes, *outcome.told])
        except Refusal as refusal:
            # Of the file as such: an archive that cannot be opened, a member that must not be unpacked.
            row = new_row(desk, found, NOTHING)
            yield refuse(desk, row, found.path, refusal.text)


def release(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    row: LedgerRow,
    by: str,
    today: date,
    note: Text | None = None,
) -> Outcome:
    """Load a held drop from where it lies: `by` has looked at it and answers for it; `note` tells so in the ledger.

    Raises Refusal when the file is gone or has changed since it was held.
    """
    desk = Desk(
        connection,
        home,
        today,
        row.source,
        released_by=mask_digits(by),
        release_note=note,
        repairs=tuple(corrections.declared(home)),
    )
    with file_of(home, row) as part:
        entered = replace(row, released_by=desk.released_by, note_zh="", note_en="")
        return load_part(desk, _found_again(row, part), part, entered)


def _found_again(row: LedgerRow, part: Part) -> Found:
    received = row.received_at or datetime.now()
    return Found(path=part.path, area=row.area_code, supplier=row.supplier, received_at=received)


def new_row(desk: Desk, found: Found, part: Part) -> LedgerRow:
    return LedgerRow(
        drop_id=ledger.next_drop_id(desk.connection),
        source=None,
        file_name=mask_label(found.path.name),
        sha256="",
        bytes=0,
        supplier=mask_label(found.supplier) if found.supplier else None,
        area_code=found.area,
        received_at=found.received_at,
        loaded_at=datetime.now().replace(microsecond=0),
        part=mask_label(part.label),
        path=kept_path(desk.home, found.path),
    )


def load_part(desk: Desk, found: Found, part: Part, row: LedgerRow) -> Outcome:
    """Load one part of a file under the number of `row`. Raises Refusal only of a file that takes a drop's place."""
    before = _stamp(part.path)
    try:
        return _load(desk, found, part, row, before)
    except Refusal as refusal:
        if desk.instead_of is not None:
            raise  # the ledger keeps the drop it was to take the place of
        return refuse(desk, row, part.path, refusal.text, part)
    except (OSError, duckdb.Error):
        if _stamp(part.path) == before:
            raise  # it is the disk or the engine, not the file
        if desk.instead_of is not None:
            raise _changed(shown_name(row)) from None
        return refuse(desk, row, part.path, _changed(shown_name(row)).text, part)


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What changes when a file does; None when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _changed(name: str) -> Refusal:
    return Refusal(
        f"{name}：读取时文件被改动或移走，未载入；请待文件写完后再载入。",
        f"{name}: the file changed or went away while it was read, so nothing of it was loaded; "
        "load it when it is complete.",
    )


def _load(desk: Desk, found: Found, part: Part, row: LedgerRow, before: tuple[int, ...] | None) -> Outcome:
    connection, name = desk.connection, shown_name(row)
    drop = open_drop(part, desk.source)
    row = _describe(row, drop)
    row.replaces = row.replaces or (drop.header.source.replace if desk.replace is None else desk.replace)
    known = ledger.find_by_bytes(connection, drop.survey.sha256)
    if desk.instead_of is not None:
        if known is not None and known.drop_id == row.drop_id:
            return Outcome(known, repeated=True, told=[mended.is_there(known)])
        mended.require_other_bytes(known, row)
    elif known is not None and not (known.status == "held" and desk.released_by):
        # What was withdrawn comes in again for another area or supplier, or when other corrections apply to it.
        otherwise = loaded_otherwise(known, row)
        newly = otherwise or corrections.differ(connection, known.drop_id, desk.repairs, drop, row)
        place = mended.place_of(connection, known.drop_id)
        if known.status != "withdrawn" or place is not None or not newly:
            return Outcome(known, repeated=True, told=[seen_before(known, name, otherwise, place)])
    row.released_by = row.released_by or desk.released_by
    desk.progress(Text(f"{name}：读取并检查……", f"{name}: reading and checking …"))
    if desk.release_note is not None:
        # Here and not by the caller: what is entered after the transaction would be lost in a crash between.
        row.note_zh = "；".join(filter(None, (desk.release_note.zh, row.note_zh)))
        row.note_en = "; ".join(filter(None, (desk.release_note.en, row.note_en)))
    if row.replaces and not row.supplier:
        raise Refusal(
            f"{name}：整月替换要知道是哪个报送单位的（只替换它自己以前报的）；请用 --supplier 或单位名的文件夹指明。",
            f"{name}: replacing by period needs to know the supplier, whose earlier rows alone are replaced; name it by "
            "--supplier or by a folder.",
        )
    repairs = corrections.concerning(desk.repairs, drop, row)
    # Screening fills temporary tables only and may fail and start again on the careful path, which an open
    # transaction would not survive; everything that lasts is written inside one transaction below.
    named = drop.header.remark
    drop, screened = screened_as_noted(
        connection, drop, lambda one: screen(connection, one, desk.today, repairs=repairs)
    )
    if drop.header.remark is not None and named is None:
        row.add_note(drop.header.remark.zh, drop.header.remark.en)
    row.rows_blank, row.rows_skipped = screened.blank, screened.skipped
    row.rows_read = screened.rows
    if not screened.rows:
        raise no_rows(name)  # lines of blanks only: nothing the header's look at the bytes could tell
    row.is_synthetic = screened.is_synthetic
    remarks.find(connection, drop, screened)
    with transaction(connection) as entering:
        secret = obtain_secret(desk.home, connection, keep=not desk.dry_run)
        _keep_samples_apart(connection, row)
        unlike: list[Text] = []  # what a mended file and the one it mends differ in
        former = mended.make_way(desk, desk.instead_of, row) if desk.instead_of else None
        desk.progress(
            Text(
                f"{name}：{screened.rows:,} 行，匹配人员与地区……",
                f"{name}: {screened.rows:,} rows, matching …",
            )
        )
        resolved = resolve(connection, drop, screened, secret, found.area, desk.today)
        row.area_code = resolved.area_code
        reasons = ledger.write_quarantine(connection, row.drop_id, faults_of(connection, drop, screened))
        reasons += ledger.write_quarantine(
            connection, row.drop_id, resolve_faults(connection, drop, resolved)
        )
        row.rows_quarantined = ledger.count_quarantined(connection, row.drop_id) if reasons else 0
        write_skipped(connection, row.drop_id, drop, screened)
        remarks.enter(connection, row.drop_id)
        receipts.keep_headers(connection, row.drop_id, drop)
        desk.progress(Text(f"{name}：写入事实表……", f"{name}: storing facts …"))
        doubts = store(connection, drop, resolved, secret, row, desk.borrows)
        if screened.applied:
            corrections.enter(connection, row.drop_id, screened.applied)
        profile = precheck.profile(connection, row, present=screened.columns.present)
        if _stamp(part.path) != before:
            # The ledger would give the digest of other bytes than those that were loaded, and the true ones,
            # sent again, would be taken for known.
            raise _changed(name)
        if not desk.released_by:
            doubts += blocks.suspicions(connection, drop, screened, profile)
            doubts += likely_minutes.suspicions(connection, drop, screened)
        if former is not None:
            unlike = doubts + mended.suspicions(connection, former, row, profile)
            mended.require_likeness(desk, row, unlike)
        elif not desk.released_by:
            doubts += precheck.suspicions(connection, row, profile)
        if former is not None or desk.released_by:
            doubts = []
            mended.settle_among_later(connection, row)
        told = outcome_sentences(connection, row, drop)
        if desk.dry_run:
            told += mended.comparison(former, row, unlike) if former is not None else []
            told += trial_report.counts(connection, row)
            if desk.on_trial is not None:
                desk.on_trial(connection, row)
        if not doubts:
            facts.settle(connection, drop.header.source)
        if doubts or desk.dry_run:
            entering.undo()
    if former is not None and unlike and desk.dry_run and not desk.released_by:
        return mended.waiting(row, unlike, told)
    return hold(desk, row, doubts, told) if doubts else Outcome(row, told=told)


def _describe(row: LedgerRow, drop: Drop) -> LedgerRow:
    # By place, not by name: in a file whose rows have slipped, a header may be a cell with a name in it.
    remarked = remarks.read_in(drop)
    unknown = [spreadsheet_column(place) for place in drop.header.unknown_places if place not in remarked]
    has_mark = drop.survey.has_bom and drop.header.encoding == "utf-8"
    described = replace(
        row,
        source=drop.header.source.name,
        sha256=drop.survey.sha256,
        bytes=drop.survey.size,
        encoding=drop.workbook or drop.header.encoding + ("-sig" if has_mark else ""),
        delimiter="sheet" if drop.workbook else drop.header.delimiter,
        note_zh=f"忽略 {len(unknown)} 个未识别的列：第 {'、'.join(unknown)} 列" if unknown else "",
        note_en=f"{len(unknown)} columns not known and ignored: {', '.join(unknown)}" if unknown else "",
    )
    if drop.remark is not None:
        described.add_note(drop.remark.zh, drop.remark.en)
    return described


def _keep_samples_apart(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> None:
    """Sample data leaves when the first real drop comes, and cannot come in after it."""
    samples, real = only_row(
        connection,
        """SELECT count(*) FILTER (is_synthetic), count(*) FILTER (NOT is_synthetic)
        FROM drops WHERE status = 'loaded'""",
    )
    if row.is_synthetic and real:
        raise Refusal(
            f"{row.file_name}：这是示例数据，而仓库里已有真实数据；请用 --data 指定另一个目录。",
            f"{row.file_name}: this is sample data and the warehouse holds real data; use another folder (--data).",
        )
    if row.is_synthetic or not samples:
        return
    for one in ledger.read(connection, "status = 'loaded' AND is_synthetic"):
        withdraw(
            connection,
            one,
            "收到真实数据，示例数据自动撤下",
            "the first real drop came; sample data withdrawn",
        )
