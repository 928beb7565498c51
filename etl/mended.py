"""A mended file takes the place of the drop it mends: its number, and so where it stood in the order of drops.

Had it only been loaded as one more drop, it would overrule what was said after the drop it mends, and rows it no
longer holds would still count. What the drop was before is kept under a new number, withdrawn, with its
quarantine and profile; the table `former` (one row per such number) says whose place it had. Changing places is one
transaction with the load of the mended file, so every figure is then what it would be had only that file come.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from etl import fact_tables, facts, ledger, profile, unlike
from etl.desk import Desk, Outcome, shown_name
from etl.ledger import LedgerRow
from etl.messages import Refusal, Text, WrongCall
from etl.source import source_named
from etl.withdraw import withdraw

SCHEMA = "CREATE TABLE IF NOT EXISTS former (drop_id INTEGER NOT NULL, place INTEGER NOT NULL)"
# What is kept of a drop beside its facts and its ledger row, and goes with it to another number.
KEPT_OF_A_DROP = (
    "quarantine",
    "skipped",
    "remarked",
    "headers",
    "read_as",
    "profiles",
    "corrections_applied",
    "replacements",
)

ASIDE = ".mended"  # below drops/, where loads pass over hidden folders


@contextmanager
def laid_aside(home: Path, path: Path, drop_id: int) -> Iterator[Path]:
    """Where a mended file is kept: an upload moves among the drops, and back when it is refused; others stay."""
    if not path.resolve().is_relative_to((home / ".uploads").resolve()):
        yield path
        return
    folder, number = home / "drops" / ASIDE / str(drop_id), 1
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / path.name
    while place.exists():
        number += 1
        place = folder / f"{path.stem} ({number}){path.suffix}"
    path.rename(place)
    try:
        yield place
    except Refusal:
        place.rename(path)
        raise


def place_of(connection: duckdb.DuckDBPyConnection, drop_id: int) -> int | None:
    """The number of the drop whose former state a withdrawn one is; None for any other."""
    found = connection.execute("SELECT place FROM former WHERE drop_id = ?", [drop_id]).fetchall()
    return int(found[0][0]) if found else None


def places(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Each former state, and the number of the drop whose it is."""
    return dict(connection.execute("SELECT drop_id, place FROM former ORDER BY drop_id").fetchall())


def require_no_former(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> None:
    """Refuse to bring back a former state beside what has taken its place: rows would count twice."""
    place = place_of(connection, row.drop_id)
    if place is not None:
        raise WrongCall(
            f"第 {row.drop_id} 号是第 {place} 号报送改正以前的文件，不能与改正后的同时计入；"
            f"要换回它，请运行 python -m etl replay {place} --file 原文件。",
            f"Drop {row.drop_id} is what drop {place} was before a mended file took its place, and cannot count beside "
            f"it; to go back, run python -m etl replay {place} --file ORIGINAL.",
        )


def is_there(row: LedgerRow) -> Text:
    """What is said of a mended file that has taken its place already, or mends nothing."""
    return Text(
        f"{row.file_name}：第 {row.drop_id} 号报送就是这个文件，未作改动。",
        f"{row.file_name}: drop {row.drop_id} is this very file; nothing changed.",
    )


def require_other_bytes(known: LedgerRow | None, row: LedgerRow) -> None:
    """Refuse bytes that are another drop already: they would count twice."""
    if known is None or known.status == "withdrawn":
        return
    raise Refusal(
        f"{row.file_name}：内容与第 {known.drop_id} 号报送（{known.file_name}）完全相同；"
        f"要让它取代第 {row.drop_id} 号，请先撤回第 {known.drop_id} 号（暂缓的请先退回）。",
        f"{row.file_name}: the same bytes as drop {known.drop_id} ({known.file_name}); to let it take the place of drop "
        f"{row.drop_id}, withdraw drop {known.drop_id} first (send it back if it is held).",
    )


def successor(old: LedgerRow, arrived: LedgerRow) -> LedgerRow:
    """The ledger row of a mended file: what the drop is about is as before, what the file is comes from the file.

    It was received when the drop was: a report that was on time is not late for being mended.
    """
    return replace(
        arrived,
        drop_id=old.drop_id,
        supplier=old.supplier,
        area_code=old.area_code,
        received_at=old.received_at,
        released_by=old.released_by,
        replaces=old.replaces,
        numbers_scope=old.numbers_scope,
    )


def make_way(desk: Desk, old: LedgerRow, row: LedgerRow) -> LedgerRow:
    """Withdraw a drop and give it a number of its own, within the caller's transaction; its new ledger row."""
    connection, source = desk.connection, source_named(str(old.source))
    if desk.dry_run:
        facts.borrow_drop(connection, source, old.drop_id)
    number = ledger.next_drop_id(connection)
    zh = f"由改正后的文件 {row.file_name} 取代（第 {old.drop_id} 号报送）"
    en = f"a mended file, {row.file_name}, took its place (drop {old.drop_id})"
    withdraw(connection, old, zh, en)  # under its old number: what it replaced by period is told by the order
    (now,) = ledger.read(connection, "drop_id = ?", [old.drop_id])
    former = replace(now, drop_id=number)
    ledger.write(connection, former)
    # Withdrawn, all its rows are past ones.
    for table in (fact_tables.past(source), *KEPT_OF_A_DROP):
        connection.execute(f"UPDATE {table} SET drop_id = {number} WHERE drop_id = {old.drop_id}")
    connection.execute("INSERT INTO former VALUES (?, ?)", [number, old.drop_id])
    if desk.dry_run:
        row.add_note(
            f"将取代第 {old.drop_id} 号报送（{old.file_name}）；原来的文件改为第 {number} 号，已撤回",
            f"would take the place of drop {old.drop_id} ({old.file_name}), which would become drop {number}, withdrawn",
        )
    else:
        row.add_note(
            f"改正后的文件，取代了 {old.file_name}（现为第 {number} 号，已撤回）",
            f"a mended file in place of {old.file_name} (now drop {number}, withdrawn)",
        )
    return former


def settle_among_later(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> None:
    """Settle the rows of a drop that is not the last: later ones may say otherwise of them, or replace their months.

    Its rows are counted against the versions before it, also those that a later drop has overruled since.
    """
    if ledger.next_drop_id(connection) == row.drop_id + 1:
        return  # it is the last, and what the load leaves to settle is all there is
    source = source_named(str(row.source))
    facts.contest_drop(connection, source, row.drop_id)
    facts.gather(connection, source)
    unchanged, row.rows_superseding = facts.find_versions(connection, source, row.drop_id)
    row.rows_accepted += row.rows_unchanged - unchanged
    row.rows_unchanged = unchanged
    facts.contest_drop(connection, source, row.drop_id)  # counting versions looked at fewer keys
    facts.settle(connection, source)
    ledger.write(connection, row)


def suspicions(
    connection: duckdb.DuckDBPyConnection, former: LedgerRow, row: LedgerRow, now: profile.Profile
) -> list[Text]:
    """What makes a mended file unlike the one it mends: another month's, or another list."""
    limits = unlike.thresholds()
    was = profile.kept(connection, [former.drop_id])[former.drop_id]
    # Named by the number it has had till now: refused, it keeps it.
    told = unlike.differences(row, now, [(replace(former, drop_id=row.drop_id), was)], limits)
    if now.span and was.span and (now.span[0] > was.span[1] or now.span[1] < was.span[0]):
        told.append(
            Text(
                f"没有一行在原来的月份里（原来 {former.first_on}–{former.last_on}，"
                f"现在 {row.first_on}–{row.last_on}）。",
                f"no row is of the months it was about ({former.first_on} to {former.last_on}; "
                f"now {row.first_on} to {row.last_on}).",
            )
        )
    return told


def require_likeness(desk: Desk, row: LedgerRow, doubts: list[Text]) -> None:
    """Refuse a file that looks like another report, unless somebody answers for it by name; a trial tells of it."""
    if not doubts or desk.released_by or desk.dry_run:
        return
    zh = "；".join(doubt.zh.rstrip("。") for doubt in doubts)
    en = "; ".join(doubt.en.rstrip(".") for doubt in doubts)
    raise Refusal(
        f"{row.file_name}：不像是第 {row.drop_id} 号报送的改正文件，没有载入：{zh}。"
        f"核实无误的，请写明由谁负责：python -m etl replay {row.drop_id} --file 文件 --by 姓名。",
        f"{row.file_name}: does not look like drop {row.drop_id} mended, so nothing was loaded: {en}. If it is, say who "
        f"answers for it: python -m etl replay {row.drop_id} --file FILE --by NAME.",
    )


def comparison(former: LedgerRow, row: LedgerRow, doubts: list[Text]) -> list[Text]:
    """What a trial says of a mended file beside the one it mends: both counts, and what makes it unlike."""
    name = shown_name(row)
    told = [
        Text(
            f"{name}：与原来的文件相比：读取 {former.rows_read:,} → {row.rows_read:,} 行，"
            f"接受 {former.rows_accepted:,} → {row.rows_accepted:,} 行，"
            f"隔离 {former.rows_quarantined:,} → {row.rows_quarantined:,} 行。",
            f"{name}: beside the file before: rows read {former.rows_read:,} → {row.rows_read:,}, accepted "
            f"{former.rows_accepted:,} → {row.rows_accepted:,}, quarantined {former.rows_quarantined:,} → "
            f"{row.rows_quarantined:,}.",
        )
    ]
    if not doubts:
        told.append(
            Text(
                f"{name}：像是第 {row.drop_id} 号报送的改正文件：月份、地区、行数和时长没有可疑的变化。",
                f"{name}: looks like drop {row.drop_id} mended: no change of months, areas, rows or hours is suspicious.",
            )
        )
    return told


def waiting(row: LedgerRow, doubts: list[Text], told: list[Text]) -> Outcome:
    """What a trial gives of a file that would be refused unless somebody answers for it by name."""
    name = shown_name(row)
    unlike = [
        Text(
            f"{name}：不像是第 {row.drop_id} 号报送的改正文件；核实无误的，请写明由谁负责："
            f"python -m etl replay {row.drop_id} --file 文件 --by 姓名。",
            f"{name}: does not look like drop {row.drop_id} mended; if it is, say who answers for it: "
            f"python -m etl replay {row.drop_id} --file FILE --by NAME.",
        ),
        *(Text(f"{name}：{doubt.zh}", f"{name}: {doubt.en}") for doubt in doubts),
    ]
    zh, en = "；".join(one.zh.rstrip("。") for one in doubts), "; ".join(one.en.rstrip(".") for one in doubts)
    return Outcome(replace(row, status="held", note_zh=zh, note_en=en), told=[*unlike, *told])
