"""A receipt as one page of plain text, for a covering letter or a message; what does not fit is in the workbook."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from etl.receipts.content import Content
from etl.receipts.workbook import TITLE

MOST_LINES = 60  # of A4 at the usual size
WIDTH = 76  # columns, a Chinese character taking two
NO_LINE_BEGINS_WITH = "，。；：、）”！？…"


def page(content: Content, workbook_name: str) -> str:
    """At most sixty lines, each narrow enough to be printed."""
    head = [
        TITLE,
        "=" * 40,
        *(line for label, text in content.about for line in folded(f"{label}：{text}", 10)),
    ]
    head += ["", "行数", *(f"  {label} {rows:,}" for label, rows in content.counts)]
    if content.row.status in ("loaded", "withdrawn"):
        head.append("  读取 = 接受 + 未变 + 隔离")
    to_do = ["", "要做什么", *(line for one in content.to_do for line in folded(f"  {one}", 2))]
    end = ["", *folded(f"逐行清单见表格：{workbook_name}", 2)] if content.lines else []
    room = MOST_LINES - len(head) - len(to_do) - len(end)
    return "\n".join([*head, *to_do, *_fitting(content, room), *end]) + "\n"


def _fitting(content: Content, room: int) -> list[str]:
    """As many reasons, flags and corrections as there is room for, and a word where there are more."""
    lines: list[str] = []
    for block in _blocks(content):
        if len(lines) + len(block) > room - 1:
            return [*lines, "  其余见表格。"] if room > 0 else []
        lines += block
    return lines


def _blocks(content: Content) -> Iterator[list[str]]:
    """Lines that belong together."""
    for number, one in enumerate(content.reasons, start=1):
        title = ["", "没有通过的检查"] if number == 1 else []
        column = f"，列“{one.column}”" if one.column else ""
        said = folded(f"  {number}. {one.title}{column}：{one.rows:,} 行（{one.places}）", 5)
        yield [*title, *said, *folded(f"     怎么改：{one.fix}", 5)]
    for number, (flag, rows) in enumerate(content.flags, start=1):
        title = ["", "请核对（已计入统计）"] if number == 1 else []
        yield [*title, *folded(f"  {flag}：{rows:,} 行", 2)]
    for number, (what, rows, why) in enumerate(content.corrections, start=1):
        title = ["", "按商定所作的更正"] if number == 1 else []
        yield [*title, *folded(f"  {what}，{rows:,} 行；缘由：{why}", 2)]


def folded(text: str, indent: int) -> list[str]:
    """A line cut into lines of at most WIDTH columns; the later ones indented."""
    lines, line, used = [], "", 0
    for character in text.replace("\n", " "):
        wide = 2 if east_asian_width(character) in "WF" else 1
        if used + wide > WIDTH and character not in NO_LINE_BEGINS_WITH:
            lines.append(line)
            line, used = " " * indent, indent
        line += character
        used += wide
    return [*lines, line]
