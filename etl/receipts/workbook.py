"""A receipt as a workbook: a summary, and every row to be mended with its reason and what to do."""

from collections.abc import Iterator, Sequence

import duckdb

from etl.receipts.content import Content, fix_of
from etl.spreadsheet import Sheet

MOST_LINES = 100_000  # a supplier with more than that mends an export, not rows; writing more takes minutes
TITLE = "志愿服务数据报送回执"
COLUMNS = ("行号", "列", "原值（已打码）", "原因", "怎么改", "检查项")
WIDTHS = (10, 22, 26, 60, 60, 22)


def sheets(connection: duckdb.DuckDBPyConnection, content: Content) -> list[Sheet]:
    """The summary, and the rows when there are any; rows are read while they are written."""
    found = [Sheet("回执", (24, 44, 24, 60), None, _summary(content))]
    if content.lines:
        found.append(Sheet("需要修改的行", WIDTHS, COLUMNS, _rows(connection, content)))
    return found


def _summary(content: Content) -> Iterator[Sequence[object]]:
    yield [TITLE]
    yield []
    yield from ([label, text] for label, text in content.about)
    yield []
    yield ["要做什么"]
    yield from (["", sentence] for sentence in content.to_do)
    yield []
    yield ["行数"]
    yield from ([f"  {label}", rows] for label, rows in content.counts)
    if content.reasons:
        yield []
        yield ["没有通过的检查", "行数", "列", "怎么改"]
        yield from ([f"  {one.title}", one.rows, one.column, one.fix] for one in content.reasons)
        yield [
            "",
            "行号以原文件为准，列名行也算一行；一行可能有几处要改，各占一行。值已打码，请按行号在原文件里找。",
        ]
    if content.lines > MOST_LINES:
        yield ["", over_the_limit(content)]
    if content.flags:
        yield []
        yield ["请核对（已计入统计）", "行数"]
        yield from ([f"  {title}", rows] for title, rows in content.flags)
    if content.corrections:
        yield []
        yield ["按商定所作的更正", "做法", "行数", "缘由"]
        yield from (["", what, rows, why] for what, rows, why in content.corrections)


def over_the_limit(content: Content) -> str:
    return (
        f"共 {content.lines:,} 处，表中只列前 {MOST_LINES:,} 处；这么多行多半是同一个原因，请先改导出设置。"
        "需要全部清单的，请向数据员索取。"
    )


def _rows(connection: duckdb.DuckDBPyConnection, content: Content) -> Iterator[list[object]]:
    """One line per row and reason, in file order; nothing else may be asked of the connection meanwhile."""
    found = connection.execute(
        f"""SELECT row_no, coalesce(column_name, ''), masked_value, message_zh, check_name FROM quarantine
            WHERE drop_id = ? ORDER BY row_no, check_name, column_name LIMIT {MOST_LINES}""",
        [content.row.drop_id],
    )
    while block := found.fetchmany(5_000):
        for row_no, column, value, message, check in block:
            yield [
                row_no,
                content.headers.get(column, column) or "整行",
                value,
                message,
                fix_of(check, message),
                check,
            ]
