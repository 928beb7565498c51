"""What a receipt says, before it is laid out: counts, reasons, flags, corrections and what to do.

Grain of the table `headers`: one row per drop and recognised column, with the header as it stands in the file,
so that a supplier is told of a column in their own words. Only recognised headers are kept: any other may be a
cell with a name in it.
"""

from dataclasses import dataclass, field
from typing import Any

import duckdb

from etl.advice import advice
from etl.checks import load_flags
from etl.checks.id_number_valid import NO_NUMBER, PROBLEMS
from etl.flag_counts import sentence
from etl.ledger import LedgerRow
from etl.reader.header import Header, spreadsheet_column
from etl.source import load_sources
from metrics.areas import AreaNotKnown, load_areas

STATUS = {"loaded": "已接收", "refused": "已拒收", "held": "暂缓", "withdrawn": "已撤回"}
SKIPPED = {"title": "标题行", "header": "重复的列名行", "total": "合计行", "signature": "落款、说明行"}
PART_FAILED = 0.5  # share of rows set aside from which on a drop is said to be received in part only
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


def keep_headers(connection: duckdb.DuckDBPyConnection, drop_id: int, header: Header) -> None:
    """Keep what a drop calls its columns; within the load's transaction."""
    connection.execute("DELETE FROM headers WHERE drop_id = ?", [drop_id])
    names = list(header.positions)
    places = [header.positions[name] for name in names]
    texts = [" ".join(header.fields[place].split()) for place in places]
    connection.execute(
        "INSERT INTO headers SELECT ?, unnest(?), unnest(?), unnest(?)", [drop_id, names, places, texts]
    )


def read_content(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> Content:
    """Everything a receipt says of a drop, but for the rows themselves."""
    headers = columns_called(connection, row)
    found = connection.execute(
        """SELECT check_name, coalesce(column_name, ''), count(DISTINCT row_no),
                  list_sort(list_distinct(min(row_no, ?))), count(*),
                  count(*) FILTER (contains(message_zh, ?)) * 2 > count(*)
           FROM quarantine WHERE drop_id = ? GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
        [ROWS_NAMED, PROBLEMS["no_number"].zh, row.drop_id],
    ).fetchall()
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
        about=_about(row),
        counts=_counts(connection, row),
        to_do=_to_do(row, any(one.check == "left_out_by_correction" for one in reasons)),
        reasons=reasons,
        lines=sum(lines for *_, lines, _ in found),
        flags=_flags(connection, row),
        corrections=_corrections(connection, row),
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


def _counts(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> list[tuple[str, int]]:
    counts = [("读取", row.rows_read)]
    if row.status in ("loaded", "withdrawn"):
        counts += [
            ("接受", row.rows_accepted),
            ("其中更新以往记录", row.rows_superseding),
            ("与以往相同（未变）", row.rows_unchanged),
            ("隔离（需要修改）", row.rows_quarantined),
        ]
    counts.append(("空行（不计入读取）", row.rows_blank))
    skipped = _rows(
        connection,
        "skipped",
        "SELECT kind, count(*) FROM skipped WHERE drop_id = ? GROUP BY 1 ORDER BY 1",
        row.drop_id,
    )
    return counts + [(f"{SKIPPED.get(kind, kind)}（不是数据，不计入读取）", rows) for kind, rows in skipped]


def _to_do(row: LedgerRow, is_left_out: bool) -> list[str]:
    """Sentences that tell the supplier what to do now."""
    note = [f"原因：{row.note_zh}"] if row.note_zh and row.status != "loaded" else []
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


def fix_of(check: str, message_zh: str) -> str:
    """What to do about one row: a cell that is no number needs no advice on spreadsheets that shorten numbers."""
    return NO_NUMBER.zh if PROBLEMS["no_number"].zh in message_zh else advice(check).fix.zh


def columns_called(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> dict[str, str]:
    """What to call each column: as in the file with its letter, else as the sheet calls it."""
    source = load_sources().get(row.source or "")
    called = {name: column.title for name, column in source.columns.items()} if source else {}
    kept = _rows(
        connection, "headers", "SELECT column_name, place, header FROM headers WHERE drop_id = ?", row.drop_id
    )
    return called | {name: f"{header}（{spreadsheet_column(place)} 列）" for name, place, header in kept}


def _flags(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> list[tuple[str, int]]:
    """Rows that count and should be looked at, per check; as of the last publishing."""
    found = _rows(
        connection,
        "flags",
        "SELECT check_name, count(DISTINCT row_no) FROM flags WHERE drop_id = ? GROUP BY 1 ORDER BY 2 DESC, 1",
        row.drop_id,
    )
    known = load_flags()
    return [(sentence(known[check]).zh.rstrip("。"), rows) for check, rows in found if check in known]


def _corrections(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> list[tuple[str, int, str]]:
    return _rows(
        connection,
        "corrections_applied",
        "SELECT what_zh, rows, why FROM corrections_applied WHERE drop_id = ? ORDER BY correction_id",
        row.drop_id,
    )


def _rows(connection: duckdb.DuckDBPyConnection, table: str, sql: str, drop_id: int) -> list[tuple[Any, ...]]:
    """The rows of a query over a table that a warehouse made before it was thought of does not have."""
    known = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = ? AND NOT temporary", [table]
    ).fetchall()
    return connection.execute(sql, [drop_id]).fetchall() if known else []
