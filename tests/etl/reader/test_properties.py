"""Any table of texts comes back exactly, or is refused or set aside; and both paths say the same.

Tables are written by an independent writer in every encoding, delimiter, quote and line end the reader knows.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.messages import Refusal
from etl.reader import Drop, open_drop, open_parts
from etl.reader.drop import is_irregular
from etl.reader.lines import Counts

HEADER = ("身份证号", "服务日期", "服务时长", "备注")
BLANKS = " \t\u3000\xa0\u200b\u200c\u200d\ufeff\r\n"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030")
DELIMITERS = (",", "\t", ";", "|", "，")
LINE_ENDS = ("\n", "\r\n", "\r")
DATABASE = duckdb.connect(":memory:", config={"threads": 1})
REMARKS = "社区服务好人a1 ,;|，\t\"'\\-.=\n#%"


@dataclass(frozen=True)
class Written:
    """A table and how it is written."""

    rows: list[tuple[str, ...]]
    encoding: str
    delimiter: str
    quote: str
    line_end: str
    is_quoted_throughout: bool
    titles: int
    is_ended: bool

    def content(self) -> bytes:
        lines = ["标题" for _ in range(self.titles)]
        lines += [self.delimiter.join(map(self._cell, row)) for row in (HEADER, *self.rows)]
        text = self.line_end.join(lines) + (self.line_end if self.is_ended else "")
        return text.encode(self.encoding)

    def _cell(self, text: str) -> str:
        special = (self.delimiter, self.quote, "\n", "\r")
        needs = any(one in text for one in special) or text[:1].isspace() or text[-1:].isspace()
        if not (needs or self.is_quoted_throughout):
            return text
        doubled = text.replace(self.quote, self.quote * 2).replace("\n", self.line_end)
        return f"{self.quote}{doubled}{self.quote}"


def tables(quotes: str = "\"'") -> st.SearchStrategy[Written]:
    """Rows that say who and when, with a free text that may hold anything that means something to a reader."""
    row = st.tuples(
        st.integers(0, 999).map(lambda number: f"900000199003{number:06}"),
        st.sampled_from(["2021-05-01", "2021/5/1", ""]),
        st.sampled_from(["2.5", "", "3小时"]),
        st.text(REMARKS, max_size=8),
    )
    return st.builds(
        Written,
        st.lists(row, min_size=1, max_size=6),
        st.sampled_from(ENCODINGS),
        st.sampled_from(DELIMITERS),
        st.sampled_from(quotes),
        st.sampled_from(LINE_ENDS),
        st.booleans(),
        st.integers(0, 2),
        st.booleans(),
    )


Row = tuple[int, str | None, str | None, tuple[str | None, ...]]


def careful(drop: Drop) -> list[Row]:
    return [
        (row["row_no"], row["shape"], row["shape_detail"], tuple(row[f"c{at}"] for at in range(drop.width)))
        for batch in drop.batches(Counts())
        for row in batch.to_pylist()
    ]


def fast(drop: Drop) -> list[Row] | None:
    """What the fast path delivers, under the same conditions as the loader's; None when it gives up."""
    if not drop.can_be_read_fast:
        return None
    with DATABASE.cursor() as connection:
        try:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {drop.fast_relation()}")
        except duckdb.Error as error:
            if not is_irregular(error):
                raise
            return None
        rows = connection.execute("SELECT rowid, * FROM found ORDER BY rowid").fetchall()
    if len(rows) != drop.expected_fast_rows() or any(row[2] == "1" for row in rows):
        return None
    return [(row[0] + drop.first_row_no, row[1], row[2], tuple(row[3:])) for row in rows]


def opened(content: bytes, check: Any) -> None:
    """Open a file of these bytes and hand its drop to a check; a refusal ends it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drop.csv"
        path.write_bytes(content)
        with open_parts(path, Path(folder) / "staging") as parts:
            for part in parts:
                try:
                    drop = open_drop(part)
                except Refusal:
                    continue
                check(drop)


def plain(cells: tuple[str | None, ...]) -> tuple[str, ...]:
    """Cells as they are cast later: without blanks around them, and with one kind of line end."""
    return tuple((cell or "").replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS) for cell in cells)


@settings(max_examples=100, deadline=None)
@given(tables('"'))
# A cell that ends in a backslash, a quote and a line end: a backslash would close it a line too early.
@example(
    Written([("900000199003000000", "2021-05-01", "2.5", '\\"\n')], "utf-8", ",", '"', "\n", False, 0, False)
)
def test_a_table_comes_back_exactly(table: Written) -> None:
    seen: list[Drop] = []

    def check(drop: Drop) -> None:
        seen.append(drop)
        rows = careful(drop)
        assert [row[0] for row in rows] == [table.titles + 2 + at for at in range(len(table.rows))]
        for row, written in zip(rows, table.rows, strict=True):
            assert row[1] is None
            assert plain(row[3]) == plain(written)
        quick = fast(drop)
        if quick is not None:
            assert [row[:3] for row in quick] == [row[:3] for row in rows]
            assert [plain(row[3]) for row in quick] == [plain(row[3]) for row in rows]

    opened(table.content(), check)
    assert seen, "refused"


@settings(max_examples=100, deadline=None)
@given(tables("'"))
def test_under_another_quote_nothing_wrong_comes_back(table: Written) -> None:
    """Where the quote is not seen, a row is set aside or its text keeps its quotes; no cell slips."""

    def check(drop: Drop) -> None:
        written = {plain(row)[:3] for row in table.rows}
        for _, shape, _, cells in careful(drop):
            if shape is None:
                told = tuple(cell.strip("'") for cell in plain(cells))
                assert told[:3] in written

    opened(table.content(), check)


@settings(max_examples=100, deadline=None)
@given(tables(), st.data())
def test_a_damaged_file_is_read_alike_on_both_paths_and_loses_no_row(
    table: Written, data: st.DataObject
) -> None:
    """One byte put in, taken out or changed: whatever it does, both paths say the same or the fast one gives up."""
    content = bytearray(table.content())
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.sampled_from(b"\",\n\r\t\\\x00\xff\x80a1 '"))
    how = data.draw(st.sampled_from(["put in", "taken out", "changed"]))
    if how == "put in":
        content.insert(at, byte)
    elif how == "taken out":
        del content[at]
    else:
        content[at] = byte

    def check(drop: Drop) -> None:
        rows = careful(drop)
        assert [row[0] for row in rows] == sorted({row[0] for row in rows})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("etl.reader.lines.read_at_once", lambda *about: None)
            slowly = careful(drop)
        assert [(*row[:3], plain(row[3])) for row in slowly] == [(*row[:3], plain(row[3])) for row in rows]
        quick = fast(drop)
        if quick is not None:
            # A row set aside by both may be so for another reason: where a backslash stands before its last quote,
            # the careful path tries it as an escape, too.
            assert [(row[0], row[1] is None) for row in quick] == [(row[0], row[1] is None) for row in rows]
            assert [row[3] for row in quick if not row[1]] == [row[3] for row in rows if not row[1]]

    opened(bytes(content), check)
