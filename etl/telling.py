"""What a person is told about a drop that was loaded, or was there before."""

import duckdb

from etl.desk import shown_name
from etl.ledger import STATUSES, LedgerRow
from etl.messages import Text
from etl.reader import Drop

EXAMPLES_TOLD = 3  # sentences of each kind told on the screen; all are in the quarantine
KINDS_TOLD = (
    4  # of each check, the most frequent: a check may say different things of different columns and cells
)
# A sentence without the cell and the numbers it quotes.
KIND = "coalesce(column_name, '') || translate(replace(message_zh, masked_value, ''), '0123456789', '##########')"


def loaded_otherwise(known: LedgerRow, row: LedgerRow) -> bool:
    """Whether the same bytes are to be loaded for another area, supplier or in another scope than they were."""
    area = row.area_code is not None and row.area_code != known.area_code
    supplier = row.supplier is not None and row.supplier != known.supplier
    return area or supplier or row.replaces != known.replaces


def seen_before(known: LedgerRow, name: str, otherwise: bool = False, place: int | None = None) -> Text:
    """The sentence for bytes that came before; a withdrawn or held drop says how it can come in.

    `place` is the number of the drop that a mended file is now, where these bytes are what it was before.
    """
    ways = {
        "withdrawn": Text(
            f"如要恢复：python -m etl withdraw {known.drop_id} --undo --reason 原因。",
            f" To bring it back: python -m etl withdraw {known.drop_id} --undo --reason TEXT.",
        ),
    }
    if place is not None:
        ways["withdrawn"] = Text(
            f"它是第 {place} 号报送改正以前的文件；要换回它：python -m etl replay {place} --file 这个文件。",
            f" It is what drop {place} was before a mended file took its place; to go back to it: python -m etl replay "
            f"{place} --file THIS FILE.",
        )
    if known.status == "held":
        return Text(
            f"{name}：内容与第 {known.drop_id} 号报送（{known.file_name}）相同，仍在暂缓，一行也没有计入。暂缓的原因："
            f"{known.note_zh}。核实后放行：python -m etl release {known.drop_id} --by 姓名；有误则退回："
            f"python -m etl refuse {known.drop_id} --by 姓名 --reason 原因。",
            f"{name}: the same bytes as drop {known.drop_id} ({known.file_name}), which is still held: none of its rows "
            f"counts. It was held because: {known.note_en}. To let it pass once it is clear: python -m etl release "
            f"{known.drop_id} --by NAME; to send it back: python -m etl refuse {known.drop_id} --by NAME --reason TEXT.",
        )
    if otherwise:
        ways["loaded"] = Text(
            f"这次指明的地区、报送单位或替换方式不同，没有采用；要改用，请先撤回：python -m etl withdraw {known.drop_id} "
            "--reason 原因，再载入。",
            f" The area, supplier or replacement named now is another and was not used; to use it, withdraw first: "
            f"python -m etl withdraw {known.drop_id} --reason TEXT, then load again.",
        )
    way = ways.get(known.status, Text("", ""))
    return Text(
        f"{name}：内容与第 {known.drop_id} 号报送（{known.file_name}，{STATUSES[known.status]}）完全相同，未作改动。"
        + way.zh,
        f"{name}: the same bytes as drop {known.drop_id} ({known.file_name}, {known.status}); nothing changed."
        + way.en,
    )


def outcome_sentences(connection: duckdb.DuckDBPyConnection, row: LedgerRow, drop: Drop) -> list[Text]:
    """A summary and, for each check, its first sentences with file, row and column."""
    name = shown_name(row)
    renewed = Text("", "")
    if row.rows_superseding:
        renewed = Text(
            f"（其中更新以往 {row.rows_superseding:,}）",
            f" ({row.rows_superseding:,} of them renew earlier rows)",
        )
    told = [
        Text(
            f"{name}：读取 {row.rows_read:,} 行 = 接受 {row.rows_accepted:,}{renewed.zh} + 未变 {row.rows_unchanged:,} "
            f"+ 隔离 {row.rows_quarantined:,}（另有空行 {row.rows_blank:,}、"
            f"标题表头合计落款 {row.rows_skipped:,}）。",
            f"{name}: {row.rows_read:,} rows read = {row.rows_accepted:,} accepted{renewed.en} + {row.rows_unchanged:,} "
            f"unchanged + {row.rows_quarantined:,} quarantined ({row.rows_blank:,} blank, "
            f"{row.rows_skipped:,} titles, headers, totals and signatures besides).",
        )
    ]
    if row.rows_quarantined == row.rows_read:
        told.append(
            Text(
                f"{name}：处理结果：未采纳任何一行，请按以下原因改正后重报。",
                f"{name}: result: not one row was taken; mend what is told below and send it again.",
            )
        )
    if row.note_zh:
        told.append(Text(f"{name}：{row.note_zh}", f"{name}: {row.note_en}"))
    if not row.rows_quarantined:
        return told
    found = connection.execute(
        f"""WITH said AS (
                SELECT row_no, check_name, column_name, message_zh, message_en, {KIND} AS kind,
                       count(*) OVER kinds AS times, row_number() OVER (kinds ORDER BY row_no) AS place
                FROM quarantine WHERE drop_id = ? WINDOW kinds AS (PARTITION BY check_name, {KIND})),
            ranked AS (
                SELECT check_name, kind,
                       row_number() OVER (PARTITION BY check_name ORDER BY max(times) DESC, min(row_no)) AS rank
                FROM said GROUP BY 1, 2)
            SELECT row_no, column_name, message_zh, message_en, times, place
            FROM said JOIN ranked USING (check_name, kind) WHERE place <= ? AND rank <= ?
            ORDER BY row_no, check_name, column_name""",
        [row.drop_id, EXAMPLES_TOLD, KINDS_TOLD],
    ).fetchall()
    for row_no, column, zh, en, times, place in found:
        header = ""
        if column:
            position = drop.header.positions.get(column)
            title = drop.header.source.columns[column].title
            header = drop.header.fields[position].strip() if position is not None else title
        more = times - EXAMPLES_TOLD if place == EXAMPLES_TOLD else 0
        told.append(
            Text(
                f"{name} 第 {row_no} 行{f'，列“{header}”' if header else ''}：{zh}"
                + (f"（同类另有 {more:,} 处）" if more else ""),
                f"{name}, row {row_no}{f', column {header}' if header else ''}: {en}"
                + (f" (and {more:,} more of this kind)" if more else ""),
            )
        )
    return told
