"""What a receipt says, before it is laid out: counts, reasons, flags, corrections and what to do.

Grain of the table `headers`: one row per drop and recognised column, with the header as it stands in the file,
so that a supplier is told of a column in their own words. Only recognised headers are kept: any other may be a
cell with a name in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from etl.advice import advice
from etl.checks import load_flags
from etl.checks.id_number_valid import NO_NUMBER, PROBLEMS
from etl.flag_counts import sentence
from etl.ledger import LedgerRow
from etl.reader import Drop
from etl.reader.header import spreadsheet_column
from etl.source import load_sources
from etl.values import quoted
from metrics.areas import AreaNotKnown, load_areas

STATUS = {"loaded": "已接收", "refused": "已拒收", "held": "暂缓", "withdrawn": "已撤回"}
SKIPPED = {"title": "标题行", "header": "重复的列名行", "total": "合计行", "signature": "落款、说明行"}
PART_FAILED = 0.5  # share of rows set aside from which on a drop is said to be received in part only
# How `release` and `refuse` begin what they note in the ledger: 由 某某 退回：……
DECIDED = re.compile(r"由 [^；]*? (退回|放行)(?=：|；|$)")
ROWS_NAMED = 12  # row numbers of a reason that are named in the summary


@dataclass(frozen=True)
class Reason:
    """One check on one column: how many rows it set aside, and the first of them."""

    check: str
    title: str
    column: str  # as in the file, with its letter: '服务时长（F 列）'
    rows: int
    first: list[int]
    fix: str

    @property
    def places(self) -> str:
        more = "……" if self.rows > len(self.first) else ""
        return "第 " + "、".join(str(row_no) for row_no in self.first) + f" 行{more}"


@dataclass
class Content:
    """A receipt's content; `lines` is how many (row, reason) pairs the quarantine holds."""

    row: LedgerRow
    about: list[tuple[str, str]]
    counts: list[tuple[str, int]]
    to_do: list[str]
    reasons: list[Reason] = field(default_factory=list)
    lines: int = 0
    flags: list[tuple[str, int]] = field(default_factory=list)
    corrections: list[tuple[str, int, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS headers (
            drop_id INTEGER NOT NULL, column_name VARCHAR NOT NULL, place INTEGER NOT NULL, header VARCHAR NOT NULL)""")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS read_as (drop_id INTEGER NOT NULL, remark_zh VARCHAR NOT NULL)"
    )


def keep_headers(connection: duckdb.DuckDBPyConnection, drop_id: int, drop: Drop) -> None:
    """Keep what a drop calls its columns, and how it was read; within the load's transaction."""
    header = drop.header
    if drop.remark is not None:
        connection.execute("INSERT INTO read_as VALUES (?, ?)", [drop_id, drop.remark.zh])
    names = list(header.positions)
    places = [header.positions[name] for name in names]
    texts = [" ".join(header.fields[place].split()) for place in places]
    connection.execute(
        "INSERT INTO headers SELECT ?, unnest(?), unnest(?), unnest(?)", [drop_id, names, places, texts]
    )


class Kept:
    """What the warehouse keeps of some drops besides their ledger rows: each table asked once, however many they are."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rows: Sequence[LedgerRow]) -> None:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
        self._tables = {name for (name,) in tables}
        self._connection = connection
        self._drops = [row.drop_id for row in rows]
        self.reasons = self._by_drop(
            "quarantine",
            f"""SELECT drop_id, check_name, coalesce(column_name, ''), count(DISTINCT row_no) AS rows,
                  list_sort(list_distinct(min(row_no, {ROWS_NAMED}))), count(*),
                  count(*) FILTER (contains(message_zh, {quoted(PROBLEMS["no_number"].zh)})) * 2 > count(*)
            FROM quarantine SEMI JOIN asked USING (drop_id) GROUP BY 1, 2, 3 ORDER BY rows DESC, 2, 3""",
        )
        self.headers = self._by_drop(
            "headers",
            "SELECT drop_id, column_name, place, header FROM headers SEMI JOIN asked USING (drop_id)",
        )
        self.skipped = self._by_drop(
            "skipped",
            "SELECT drop_id, kind, count(*) FROM skipped SEMI JOIN asked USING (drop_id) GROUP BY 1, 2 ORDER BY 2",
        )
        self.read_as = self._by_drop(
            "read_as", "SELECT drop_id, remark_zh FROM read_as SEMI JOIN asked USING (drop_id)"
        )
        self.flags = self._by_drop(
            "flags",
            """SELECT drop_id, check_name, count(DISTINCT row_no) AS rows FROM flags SEMI JOIN asked USING (drop_id)
            GROUP BY 1, 2 ORDER BY rows DESC, 2""",
        )
        self.corrections = self._by_drop(
            "corrections_applied",
            """SELECT drop_id, what_zh, rows, why FROM corrections_applied SEMI JOIN asked USING (drop_id)
            ORDER BY correction_id""",
        )

    def _by_drop(self, table: str, sql: str) -> dict[int, list[tuple[Any, ...]]]:
        """The rows of a query by its first column; none of a table that an older warehouse does not have."""
        found: dict[int, list[tuple[Any, ...]]] = {drop_id: [] for drop_id in self._drops}
        if table in self._tables and found:
            asked = f"WITH asked AS (SELECT unnest(?::INTEGER[]) AS drop_id) {sql}"
            for drop_id, *rest in self._connection.execute(asked, [self._drops]).fetchall():
                found[drop_id].append(tuple(rest))
        return found


def read_contents(connection: duckdb.DuckDBPyConnection, rows: Sequence[LedgerRow]) -> Iterator[Content]:
    """Everything the receipts of some drops say, but for the rows themselves."""
    kept = Kept(connection, rows)
    for row in rows:
        yield _content(kept, row)


def _content(kept: Kept, row: LedgerRow) -> Content:
    headers = _called(row, kept.headers[row.drop_id])
    found = kept.reasons[row.drop_id]
    reasons = [
        Reason(
            check,
            advice(check).title.zh,
            headers.get(column, column),
            rows,
            first,
            NO_NUMBER.zh if is_no_number else advice(check).fix.zh,
        )
        for check, column, rows, first, _, is_no_number in found
    ]
    return Content(
        row=row,
        about=_about(row) + [("读取说明", remark) for (remark,) in kept.read_as[row.drop_id]],
        counts=_counts(row, kept.skipped[row.drop_id]),
        to_do=_to_do(row, any(one.check == "left_out_by_correction" for one in reasons)),
        reasons=reasons,
        lines=sum(lines for *_, lines, _ in found),
        flags=_flags(kept.flags[row.drop_id]),
        corrections=[(what, rows, why) for what, rows, why in kept.corrections[row.drop_id]],
        headers=headers,
    )


def _about(row: LedgerRow) -> list[tuple[str, str]]:
    part = row.part
    source = load_sources().get(row.source or "")
    said = [
        ("文件", row.file_name + (f"（{part}）" if part else "")),
        ("报送单位", row.supplier or "未注明"),
        ("地区", _area_name(row.area_code)),
        ("数据类别", source.title["zh"] if source else "未能识别"),
        ("收到时间", f"{row.received_at:%Y-%m-%d %H:%M}" if row.received_at else "—"),
        ("处理时间", f"{row.loaded_at:%Y-%m-%d %H:%M}" if row.loaded_at else "—"),
        ("报送编号", str(row.drop_id)),
        ("处理结果", result_of(row) + ("（示例数据）" if row.is_synthetic else "")),
    ]
    if row.first_on and row.last_on:
        said.insert(4, ("数据起止", f"{row.first_on} 至 {row.last_on}"))
    return said


def result_of(row: LedgerRow) -> str:
    """What became of a drop: one of which most rows, or all, were set aside is not simply received."""
    if row.is_without_use:
        return "未采纳任何一行"
    if row.status == "loaded" and row.rows_quarantined >= PART_FAILED * max(row.rows_read, 1):
        return f"部分接收（{row.rows_read:,} 行中有 {row.rows_quarantined:,} 行未采纳）"
    return STATUS[row.status]


def _area_name(code: str | None) -> str:
    if not code:
        return "—"
    try:
        return f"{load_areas().get(code).area_name}（{code}）"
    except AreaNotKnown:
        return code


def _counts(row: LedgerRow, skipped: list[tuple[Any, ...]]) -> list[tuple[str, int]]:
    counts = [("读取", row.rows_read)]
    if row.status in ("loaded", "withdrawn"):
        counts += [
            ("接受", row.rows_accepted),
            ("其中更新以往记录", row.rows_superseding),
            ("与以往相同（未变）", row.rows_unchanged),
            ("隔离（需要修改）", row.rows_quarantined),
        ]
    counts.append(("空行（不计入读取）", row.rows_blank))
    return counts + [(f"{SKIPPED.get(kind, kind)}（不是数据，不计入读取）", rows) for kind, rows in skipped]


def _to_do(row: LedgerRow, is_left_out: bool) -> list[str]:
    """Sentences that tell the supplier what to do now."""
    said = without_names(row.note_zh)
    note = [f"原因：{said}"] if said and row.status != "loaded" else []
    if row.status == "refused":
        return ["整个文件没有接收，没有任何一行计入统计。", *note, "请按上述原因改正后，重新报送整个文件。"]
    if row.status == "held":
        return [
            "文件已收到，但与以往的报送差别较大，暂未计入统计。",
            *note,
            "请核对：数据属实的，请书面说明，由数据员放行；数据有误的，请改正后重新报送，不必撤回这一次。",
        ]
    if row.status == "withdrawn":
        return ["这次报送已撤回，不计入任何统计。", *note]
    if not row.rows_quarantined:
        return ["所有行都已接收，不需要再做什么。"]
    if row.is_without_use:
        return [
            "没有任何一行计入统计：每一行都没有通过检查，原因见下。",
            "请在原系统中改好后重新导出，重新报送整个文件。",
            *(["“按更正剔除”的行是商定剔除的，不必改正。"] if is_left_out else []),
        ]
    return [
        f"有 {row.rows_quarantined:,} 行没有计入统计。请按表格中“需要修改的行”逐行改正，"
        "在原系统中改好后重新导出报送；整个文件或只报改正的行都可以。",
        "同一条记录以后报的为准，已接收的行再报一次不会重复计算。",
        *(["“按更正剔除”的行是商定剔除的，不必改正。"] if is_left_out else []),
    ]


def without_names(note: str) -> str:
    """A note of the ledger for the supplier: which colleague let a drop pass or sent it back is the office's own."""
    return DECIDED.sub(r"\1", note)


def fix_of(check: str, message_zh: str) -> str:
    """What to do about one row: a cell that is no number needs no advice on spreadsheets that shorten numbers."""
    return NO_NUMBER.zh if PROBLEMS["no_number"].zh in message_zh else advice(check).fix.zh


def columns_called(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> dict[str, str]:
    """What to call each column: as in the file with its letter, else as the sheet calls it."""
    return _called(row, Kept(connection, [row]).headers[row.drop_id])


def _called(row: LedgerRow, kept: list[tuple[Any, ...]]) -> dict[str, str]:
    source = load_sources().get(row.source or "")
    called = {name: column.title for name, column in source.columns.items()} if source else {}
    return called | {name: f"{header}（{spreadsheet_column(place)} 列）" for name, place, header in kept}


def _flags(found: list[tuple[Any, ...]]) -> list[tuple[str, int]]:
    """Rows that count and should be looked at, per check; as of the last publishing."""
    known = load_flags()
    return [(sentence(known[check]).zh.rstrip("。"), rows) for check, rows in found if check in known]
