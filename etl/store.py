"""The good rows of a drop become facts, and what became of every row is counted and entered."""

import duckdb

from etl import doubtful, facts, ledger, replacing, touched
from etl.identity import Secret
from etl.ledger import LedgerRow
from etl.messages import Text
from etl.reader import Drop
from etl.resolve import Resolved


def store(
    connection: duckdb.DuckDBPyConnection,
    drop: Drop,
    resolved: Resolved,
    secret: Secret,
    row: LedgerRow,
    borrows: facts.Borrows = "none",
    is_tried: bool = False,
) -> list[Text]:
    """Make the good rows facts, count what became of them, enter the ledger row; versions are not settled yet.

    Gives what makes the drop's record numbers doubtful. In a drop that was let pass with such a doubt the numbers
    count within the drop alone: nothing of earlier drops is overruled.
    """
    source = drop.header.source
    # Rows a supplier has sent before under numbers of its own are renewed under them, whoever else is still there.
    is_trial = not (is_tried or row.numbers_scope) and doubtful.has_own_numbers(
        connection, source, row.supplier
    )
    if is_trial:
        row.numbers_scope = doubtful.scope_of_supplier(row.supplier or "")
    good = "SELECT * FROM resolved" + ("" if resolved.nothing_failed else f" WHERE NOT ({resolved.failing})")
    inserted = facts.insert(connection, source, row.drop_id, secret.salt, good, row.numbers_scope)
    facts.borrow(connection, source, row.drop_id, borrows)
    row.rows_unchanged, row.rows_superseding = facts.find_versions(connection, source, row.drop_id)
    if is_trial and not (row.rows_unchanged or row.rows_superseding):
        row.numbers_scope = ""
        doubtful.take_out(connection, source, row.drop_id)
        return store(connection, drop, resolved, secret, row, borrows, is_tried=True)
    strangers, namesakes, reused = doubtful.NONE, 0, 0
    if row.rows_unchanged or row.rows_superseding:
        namesakes = doubtful.count_namesakes(connection, source, row.drop_id, row.supplier)
        strangers = doubtful.count_strangers(connection, source, row.drop_id, row.supplier)
        reused = doubtful.count_reused(connection, source, row.drop_id)
    doubts: list[Text] = []
    if strangers.is_of_another and row.supplier and not row.numbers_scope:
        row.add_note(
            f"{strangers.of_others:,} 行的记录编号别的单位也用过，指的是别人或别的月份；本单位的编号单独计，不覆盖别的单位的记录",
            f"{strangers.of_others:,} rows have record numbers that another supplier used for other persons or months; this "
            "supplier's numbers count by themselves and overrule no one else's records",
        )
        row.numbers_scope = doubtful.scope_of_supplier(row.supplier)
        doubtful.take_out(connection, source, row.drop_id)
        return store(connection, drop, resolved, secret, row, borrows)
    if strangers.is_numbered_anew and row.released_by:
        row.numbers_scope = f"#{row.drop_id}"
        doubtful.take_out(connection, source, row.drop_id)
        return store(connection, drop, resolved, secret, row, borrows)
    if reused and not row.released_by:
        doubts.append(
            Text(
                f"{reused:,} 行的记录编号在本文件前面已用于别人或别的日期，编号可能在文件里又从头排起；后一行会取代前一行，"
                "请改为不重复的编号或删去编号一列重报，确属更正再放行",
                f"{reused:,} rows have record numbers that stand for other persons or days further up in the file; numbers "
                "seem to begin anew within it, and a later row replaces the earlier one. Ask for numbers that do not repeat, "
                "or for a file without them; release only if they are corrections",
            )
        )
    if namesakes and not row.released_by:
        doubts.append(
            Text(
                f"{namesakes:,} 行只有志愿者编号、没有来源平台，编号与别的单位报的相同而注册日期或性别不同，可能是另一个人；"
                "请补上“来源平台”一列重报，确属同一人再放行",
                f"{namesakes:,} rows have a volunteer number only and no platform; another supplier registered the numbers on "
                "other days or with another gender, so they may be other people. Ask for the column 来源平台 and a new "
                "file; release only if they are the same people",
            )
        )
    if strangers.is_numbered_anew:
        doubts.append(
            Text(
                f"{strangers.rows:,} 行的记录编号以前是别人的或别的月份的，编号可能每次从头排起；"
                "放行后编号只在本次报送内有效，不覆盖以前的记录",
                f"{strangers.rows:,} rows have record numbers that stood for other persons or months before; numbers seem to "
                "begin anew. Once released they count within this drop only and overrule nothing",
            )
        )
    row.rows_accepted = inserted - row.rows_unchanged
    row.first_on, row.last_on, without_area = facts.days_covered(connection, source, row.drop_id)
    touched.note(connection, source, source.table, f"drop_id = {row.drop_id}")
    row.status = "loaded"
    _note_without_area(row, without_area)
    if row.replaces:
        replacing.declare(connection, source, row)
        retired = facts.contest_replaced(connection, source, row.drop_id)
        waiting = f"，隔离的 {row.rows_quarantined:,} 行改正前不计" if row.rows_quarantined else ""
        waiting_en = f", the {row.rows_quarantined:,} quarantined rows do not until mended" if waiting else ""
        row.add_note(
            f"按期替换：{retired:,} 行旧记录不再生效{waiting}",
            f"replaced by period: {retired:,} earlier rows no longer count{waiting_en}",
        )
    ledger.write(connection, row)
    return doubts


def _note_without_area(row: LedgerRow, rows: int) -> None:
    """Tell of rows that say no area in a drop that says none: they count where the person is registered, if at all."""
    if rows:
        row.add_note(
            f"{rows:,} 行没有地区，报送也没有说明是哪里：只有活动或本人的地区已知时才计入"
            "（可撤回后用 --area 或地区文件夹重新载入）",
            f"{rows:,} rows have no area and the drop names none: they count only where the activity's or the person's is "
            "known (withdraw and load again with --area or in the area's folder)",
        )
