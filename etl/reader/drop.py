"""A file opened as a drop: what it is, and its rows as a relation DuckDB can read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from etl.messages import Refusal, Text, joined, reason_of
from etl.privacy import mask_label
from etl.reader.fields import BLANK, PAIRS, RUN, Dialect
from etl.reader.head import MOST_RECORDS, Unclear
from etl.reader.header import Header, find_header, mark_not_taken, spreadsheet_column
from etl.reader.lines import Counts, Reading, read_batches
from etl.reader.parts import Part
from etl.reader.stated import Stated, in_unit, stated_in_names
from etl.reader.survey import MOST_BLANK_LINES, Survey, survey
from etl.values import INVISIBLE, quoted

NO_SUCH_TEXT = "\\x00\\x01NULL"  # no cell is read as NULL because of what it says; '' stays ''


class Irregular(Exception):
    """DuckDB's reader met a line that only the careful path can describe."""


@dataclass(frozen=True)
class Drop:
    """A drop that can be read: its bytes' identity and its header."""

    path: Path
    survey: Survey
    header: Header
    is_copy: bool = False  # in UTF-8, whatever encoding the header tells
    broken: Mapping[int, str] = field(default_factory=dict)  # lines of the copy that could not be transcoded
    name: str = ""  # what sentences call the file, masked
    workbook: str = ""  # the format of the workbook it is a sheet of
    part_remark: Text | None = None  # of how it was made a text

    @property
    def remark(self) -> Text | None:
        """How it was read, for the ledger."""
        return joined(self.part_remark, self.header.remark)

    @property
    def width(self) -> int:
        return len(self.header.fields)

    @property
    def first_row_no(self) -> int:
        """Number of the first row after the header, as a spreadsheet shows it."""
        return self.header.first_row_no

    @property
    def titles(self) -> tuple[tuple[int, str], ...]:
        """(row_no, kind) of the rows above the header that are no data: 'title', 'header'."""
        return self.header.titles

    @property
    def can_be_read_fast(self) -> bool:
        """Every line regular as far as one look at the bytes tells; DuckDB finds the rest and says so."""
        seen = self.survey
        blank = (
            any(place >= self.header.skip for place in seen.blank_at) or seen.blank_lines > MOST_BLANK_LINES
        )
        irregular = (
            seen.has_nul or blank or seen.lone_carriage_return or self.header.delimiter in (RUN, BLANK)
        )
        irregular = irregular or self.header.quote in PAIRS
        return seen.is_utf8 and not (irregular or self.broken) and _is_utf8(self.path)

    def fast_relation(self) -> str:
        """SQL giving (shape, shape_detail, c0 …) for a regular file, in file order.

        One more column than a row has is declared, with padding: a short row is then NULL in its last column (an
        empty cell is ''), a long one is not NULL in the surplus column. Rows longer than that, bad quotes and
        mixed line ends make DuckDB raise, and the file goes down the careful path. So it does for a row whose
        quotes may have hidden a delimiter: its shape_detail is that of a row of one field.
        """
        count = self.width + self.header.surplus
        declared = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(count + 1))
        present = " + ".join(f"(c{index} IS NOT NULL)::INTEGER" for index in range(count + 1))
        columns = ", ".join(f"c{index}" for index in range(self.width))
        delimiter, quote = quoted(self.header.delimiter), quoted(self.header.quote)
        filled = "".join(f" OR trim(c{at}, {quoted(INVISIBLE)}) <> ''" for at in range(self.width, count))
        too_few, too_many = f"c{count - 1} IS NULL", f"c{count} IS NOT NULL{filled}"
        doubtful = "false"
        if self.survey.has_quote:
            odd = " + ".join(_has_odd_quotes(f"c{index}", quote) for index in range(self.width))
            doubtful = f"({odd}) > 1"
        return f"""
            SELECT CASE WHEN {too_few} THEN 'too_few' WHEN {too_many} THEN 'too_many'
                        WHEN {doubtful} THEN 'broken_quotes' END AS shape,
                   CASE WHEN {too_few} OR {too_many} THEN CAST({present} AS VARCHAR)
                        WHEN {doubtful} THEN '1' END AS shape_detail,
                   {columns}
            FROM read_csv({_literal(self.path)}, auto_detect=false, compression='none', hive_partitioning=false,
                          header=false, skip={self.header.skip}, all_varchar=true, null_padding=true,
                          delim={delimiter}, quote={quote}, escape={quote}, nullstr='{NO_SUCH_TEXT}',
                          columns={{{declared}}})"""

    def expected_fast_rows(self) -> int:
        """Rows the fast path must deliver: a quoted line end would break the count, and is refused there."""
        return self.survey.line_count - self.header.skip

    def batches(self, counts: Counts) -> Iterator[pa.RecordBatch]:
        """The careful path: batches of (row_no, shape, shape_detail, c0 …)."""
        header = self.header
        reading = Reading(
            "utf-8" if self.is_copy else header.encoding,
            Dialect(header.delimiter, header.quote),
            self.width,
            header.skip,
            header.first_row_no,
            header.surplus,
            self.broken,
        )
        return read_batches(self.path, reading, counts)


def _is_utf8(path: Path) -> bool:
    """Whether DuckDB can be told this path (files unpacked from a Chinese Windows may be named in GBK)."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_odd_quotes(cell: str, quote: str) -> str:
    """1 for a cell with an odd number of quotes; nearly all cells have none, which is cheap to see."""
    odd = f"(strlen({cell}) - strlen(replace({cell}, {quote}, ''))) % 2"
    return f"CASE WHEN contains({cell}, {quote}) THEN {odd} ELSE 0 END"


def _literal(path: Path) -> str:
    """A path as SQL text that DuckDB takes for this file only: 'x[1].csv' would match x1.csv, a name with a star all."""
    escaped = re.sub(r"[\[*?]", lambda found: f"[{found.group()}]", str(path.resolve()))
    return "'" + escaped.replace("'", "''") + "'"


def open_drop(part: Part | Path, wanted: str | None = None) -> Drop:
    """Survey a part (or a plain file) and recognise its header.

    Raises Refusal with a sentence (file, what was found, what was expected) for a file that is no drop.
    """
    if isinstance(part, Path):
        part = Part("", part)
    path, name = part.path, part.name or mask_label(part.path.name)
    if part.refusal is not None:
        raise Refusal(part.refusal.zh, part.refusal.en)
    try:
        seen = part.survey or survey(path)
    except OSError as error:
        raise _unreadable(name, path, error) from None
    require_text(name, seen)
    try:
        header = find_header(path, seen, wanted)
    except Unclear as unclear:
        raise _unclear(name, unclear) from None
    if header is None:
        _require_no_web_page(name, path)
        _require_known_delimiter(name, mark_not_taken(path, seen, wanted))
        last = min(MOST_RECORDS, seen.line_count)
        rows = Text("第 1 行", "row 1") if last == 1 else Text(f"第 1 至 {last} 行", f"rows 1 to {last}")
        if last < MOST_RECORDS:
            rows = Text(f"{rows.zh}（文件只有 {last} 行）", f"{rows.en} (the file has no more)")
        raise Refusal(
            f"{name} {rows.zh}：没有任何可识别的列名，不是注册、时长或活动数据；"
            "应有一行列名，如“身份证号,服务日期,服务时长”。",
            f"{name}, {rows.en}: no column name is known, so this is not a drop of registrations, "
            "hours or activities; expected a header such as 'id_number,service_date,service_hours'.",
        )
    require_columns(name, header)
    header = _in_unit(name, header, (*stated_in_names(part.names_given), *part.stated))
    if seen.line_count <= header.skip and not seen.lone_carriage_return:
        raise no_rows(name)
    seen = replace(
        seen, sha256=part.sha256 or seen.sha256, size=seen.size if part.size is None else part.size
    )
    header = replace(header, encoding=part.encoding or header.encoding)
    is_copy = part.encoding is not None
    return Drop(path, seen, header, is_copy, part.broken, name, part.workbook, part.remark)


def with_notes(drop: Drop, stated: Iterable[Stated]) -> Drop:
    """The drop with what its notes state of the unit of time. Raises Refusal where that contradicts."""
    return replace(drop, header=_in_unit(drop.name, drop.header, stated))


def _in_unit(name: str, header: Header, stated: Iterable[Stated]) -> Header:
    try:
        return in_unit(header, stated)
    except Unclear as unclear:
        raise _unclear(name, unclear) from None


def _unclear(name: str, unclear: Unclear) -> Refusal:
    return Refusal(
        f"{name} 第 {unclear.row_no} 行：{unclear.zh}。", f"{name}, row {unclear.row_no}: {unclear.en}."
    )


def _require_no_web_page(name: str, path: Path) -> None:
    """Many platforms export a page of HTML, or Excel's own XML, and call it .xls."""
    with path.open("rb") as file:
        head = file.read(4096).replace(b"\0", b"").lower()
    if any(mark in head for mark in (b"<html", b"<table", b"<!doctype html", b"<workbook")):
        raise Refusal(
            f"{name}：这是网页（HTML、XML）格式的表格；请用 Excel 或 WPS 打开，另存为 xlsx 或 CSV 再报送。",
            f"{name}: this is a table written as a web page (HTML, XML); open it in a spreadsheet, save it as xlsx or CSV "
            "and send that.",
        )


def _require_known_delimiter(name: str, mark: str | None) -> None:
    if mark is not None:
        raise Refusal(
            f"{name}：列名之间用“{mark}”分隔，这个符号也会出现在内容里，不能用作分隔符；请改用逗号或制表符分隔，再报送。",
            f"{name}: the names of the header are divided by '{mark}', which also stands within cells and is not taken for "
            "a delimiter; divide them by commas or tabs and send the file again.",
        )


def _unreadable(name: str, path: Path, error: OSError) -> Refusal:
    if path.is_dir():
        return Refusal(
            f"{name}：这是文件夹，不是文件；其中的文件已另行读取。",
            f"{name}: this is a folder, not a file; the files in it are read on their own.",
        )
    if path.is_symlink() and not path.exists():
        return Refusal(
            f"{name}：这个链接指向的文件不存在；请放入文件本身。",
            f"{name}: this link leads to a file that does not exist; put the file itself here.",
        )
    reason = reason_of(error)
    return Refusal(f"{name}：无法读取（{reason.zh}）。", f"{name}: cannot be read ({reason.en}).")


def no_rows(name: str) -> Refusal:
    return Refusal(
        f"{name}：只有列名，没有数据行。",
        f"{name}: a header and no rows; expected at least one row of data.",
    )


def require_text(name: str, seen: Survey) -> None:
    """Refuse what is no text at all: empty files and files whose first bytes say they are something else."""
    if seen.size <= (3 if seen.has_bom else 0) or seen.line_count == 0:
        raise Refusal(
            f"{name}：空文件，没有内容。", f"{name}: the file is empty; expected a header and rows."
        )
    if seen.signature == "UTF-32":
        raise Refusal(
            f"{name}：这是 UTF-32 编码的文本，不能读取；请用 UTF-8 或 GBK 编码重新保存后再报送。",
            f"{name}: this is text in UTF-32, which is not read; save it in UTF-8 or GBK and send it again.",
        )
    if seen.signature is not None:
        raise Refusal(
            f"{name}：这是 {seen.signature} 文件，不是文本；请另存为 CSV(UTF-8 或 GBK)再报送。",
            f"{name}: found a {seen.signature} file, expected text; save it as CSV (UTF-8 or GBK) and send it again.",
        )


def require_columns(name: str, header: Header) -> None:
    """Refuse a header that lacks a required column, with the list of what is missing."""
    missing = header.source.missing(header.positions)
    for first, second in header.doubled:
        one, other = spreadsheet_column(first), spreadsheet_column(second)
        raise Refusal(
            f"{name} 第 {header.row_no} 行：{one} 列与 {other} 列的列名相同或意思相同，无法判断用哪一列；请删去或改名其中一列。",
            f"{name}, row {header.row_no}: columns {one} and {other} have the same header or meaning, so which one is meant "
            "is not known; delete or rename one of them.",
        )
    if not missing:
        return
    columns = header.source.columns
    zh = ";".join("或".join(columns[one].title for one in group) for group in missing)
    en = "; ".join(" or ".join(group) for group in missing)
    found_zh = "、".join(columns[one].title for one in header.positions)
    found_en = ", ".join(header.positions)
    raise Refusal(
        f"{name} 第 {header.row_no} 行：缺少必需的列：{zh}。已识别的列：{found_zh}；未识别 {len(header.unknown_places)} 列。"
        f"（按“{header.source.title['zh']}”识别）",
        f"{name}, row {header.row_no}: required columns are missing: {en}. Recognised: {found_en}; {len(header.unknown_places)} "
        f"columns were not recognised. (Read as {header.source.name}.)",
    )


def is_irregular(error: duckdb.Error) -> bool:
    """Whether DuckDB refused the text itself (then the careful path describes it) and not our statement."""
    return isinstance(error, duckdb.InvalidInputException | duckdb.ConversionException) or "CSV Error" in str(
        error
    )
