"""The first records of a table: which of them is the header, and what stands above it.

The header is the record (or the two or three records) in which all required columns of a source are found; nothing is
guessed. A title has no such columns; a row of data above a header means the file is not understood.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from etl.reader.fields import Dialect, split
from etl.reader.tiers import cell, is_of_another_time, is_unit, names_of, stacks
from etl.source import Source, normalise_header
from metrics.characters import simplified

MOST_RECORDS = 30  # a header further down is not looked for
MOST_TIERS = 3
MOST_HEADER_LINES = 20  # a wrapped header cell holds line ends; more lines than this are an unclosed quote
LINE_END = re.compile(r"\r\n|\n|\r")
# What a title, a header or a row of units never holds and a row of data always does.
ID_NUMBER = re.compile(r"(?<!\d)\d{15}(\d{2}[\dXx])?(?!\d)")
DIGIT = re.compile(r"\d")
# Names of columns that also stand before a value in a line above the table (地区 路南区 日期 2021-05-31), or within
# the name of another column (出生日期).
GENERIC = frozenset(
    [
        *(
            "日期",
            "地区",
            "区域",
            "区县",
            "县区",
            "区划",
            "行政区",
            "平台",
            "名字",
            "开始",
            "结束",
            "签到",
            "签退",
        ),
        *("时数", "工时", "date", "start", "end", "team", "county", "area"),
    ]
)


@dataclass(frozen=True)
class Record:
    """One record of the head, numbered as a spreadsheet does."""

    row_no: int
    end_line: int  # physical lines up to its end
    fields: tuple[str, ...]

    @cached_property
    def filled(self) -> list[str]:
        return [text for text in self.fields if text.strip(" \t\u3000\ufeff\xa0")]

    @cached_property
    def compared(self) -> list[str]:
        """The fields as headers are compared: once, though every source is asked of every record."""
        return [normalise_header(simplified(text)) for text in self.fields]


@dataclass(frozen=True)
class Recognised:
    """Columns of a source found in a record, or in several of them read together."""

    source: Source
    fields: tuple[str, ...]
    positions: dict[str, int]
    records: tuple[Record, ...]

    @property
    def missing(self) -> int:
        return len(self.source.missing(self.positions))

    @property
    def score(self) -> tuple[int, int, int]:
        """More is better: nothing missing, then many columns, then those that tell sources apart."""
        groups = self.source.require_one_of
        distinctive = sum(1 for group in groups if any(name in self.positions for name in group))
        return (-self.missing, len(self.positions), distinctive)


class Unclear(Exception):
    """The head can be read in more than one way; `row_no` says where."""

    def __init__(self, row_no: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.row_no, self.zh, self.en = row_no, zh, en


def records_of(text: str, dialect: Dialect) -> list[Record]:
    """The first records of a text; a quoted cell may hold line ends."""
    lines = LINE_END.split(text.removeprefix("\ufeff"), MOST_RECORDS * MOST_HEADER_LINES)
    if lines and not lines[-1]:
        lines.pop()
    found: list[Record] = []
    at = 0
    while at < len(lines) and len(found) < MOST_RECORDS + 2:
        taken, fields = 1, split(lines[at], dialect)
        while fields is None and taken < MOST_HEADER_LINES and at + taken < len(lines):
            taken += 1
            fields = split("\n".join(lines[at : at + taken]), dialect)
        if fields is None:  # an unclosed quote: it encloses nothing, and what follows may be the header
            taken, fields = 1, lines[at].split(dialect.delimiter)
        at += taken
        found.append(Record(len(found) + 1, at, tuple(fields)))
    return found


def find_in(records: Sequence[Record], sources: Sequence[Source], forced: bool) -> Recognised | None:
    """The header among the records: the first one with all required columns, else the one with most columns.

    Raises Unclear when two readings of it exclude each other.
    """
    best: Recognised | None = None
    for index, record in enumerate(records[:MOST_RECORDS]):
        if not record.filled:
            continue
        found = _at(record, records[index + 1 : index + MOST_TIERS], sources, forced)
        if found is not None and not found.missing:
            return found
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _at(upper: Record, below: Sequence[Record], sources: Sequence[Source], forced: bool) -> Recognised | None:
    """The header that begins with a record: the record alone, or with one or two below when they go on."""
    found = _in_two(upper, below[0] if below else None, sources, forced)
    complete = found if found is not None and not found.missing else None
    if len(below) < 2 or len(upper.filled) == 1 or (complete is not None and len(complete.records) == 1):
        return found
    if not all(one.filled for one in below) or DIGIT.search(
        "".join(t for one in (upper, *below) for t in one.filled)
    ):
        return found
    without = _in_two(below[0], below[1], sources, forced)
    three = _best([_recognise(source, (upper, *below)) for source in sources], forced)
    if three is None or three.missing:
        return found
    if complete is not None:  # what stands below is a tier, unless names would be lost
        return three if set(complete.positions.values()) <= set(three.positions.values()) else found
    if without is not None and not without.missing and without.positions == three.positions:
        return found  # the upper row is a title, or groups that add nothing: the header begins below it
    return three


def _in_two(
    upper: Record, lower: Record | None, sources: Sequence[Source], forced: bool
) -> Recognised | None:
    """The header in a record, or in two of them."""
    alone = _best([_recognise(source, (upper,)) for source in sources], forced)
    if lower is None or not lower.filled or DIGIT.search("".join(upper.filled + lower.filled)):
        return alone
    below = _best([_recognise(source, (lower,)) for source in sources], forced)
    if alone is not None and not alone.missing and below is not None and _says_the_same(alone, below):
        return _both(alone, below)  # in Chinese and in English, or the header twice
    if below is not None and not below.missing:
        _require_own(upper, lower, below)
    goes_on = (
        _is_merged(upper, lower) or all(map(is_unit, lower.filled)) or alone is None or alone.missing > 0
    )
    together = _best([_recognise(source, (upper, lower)) for source in sources], forced) if goes_on else None
    if together is None or together.missing or _loses(together, alone, lower):
        if goes_on and alone is not None and not alone.missing and _loses(together, alone, lower):
            raise Unclear(
                upper.row_no,
                "列名分两行，合起来有不认识的列名；请改为一行列名",
                "the header takes two rows that give unknown names together; write it in one row",
            )
        return alone
    if below is not None and not below.missing:
        if below.positions == together.positions and len(upper.filled) == 1:
            return alone  # a title: the header is the next record
        if not below.positions.items() <= together.positions.items():
            raise Unclear(
                lower.row_no,
                "两行列名的含义互相矛盾；请改为一行列名",
                "the two rows of the header contradict each other; write it in one row",
            )
    return together


def _require_own(upper: Record, lower: Record, below: Recognised) -> None:
    """Refuse a complete header of which a group above says that some of its columns are a plan, or of another time."""
    if len(upper.filled) == 1 and cell(upper.fields, 0).strip():
        return  # a title
    for at, (group, name) in enumerate(stacks([upper.fields, lower.fields])):
        if group and name and at in below.positions.values() and is_of_another_time(group):
            raise Unclear(
                upper.row_no,
                "列名上方的一行说其中几列是计划或别的时期的，无法判断用哪些列；请只保留实际发生的列，列名写在一行",
                "the row above the header says that some columns are a plan or another period's; keep the actual ones, in a "
                "header of one row",
            )


def _best(found: list[Recognised], forced: bool) -> Recognised | None:
    """The source that fits best.

    A list of people whose hours go by an unknown name has all an activity needs: taken for one, its rows would
    supersede each other until one per activity was left.
    """
    found = [one for one in found if one.positions]
    if any(one.source.identifies_persons(one.positions) for one in found) and not forced:
        found = [one for one in found if one.source.identifies_persons(one.positions)]
    best = max(found, key=lambda one: one.score, default=None)
    if best is None or best.missing:
        return best
    rivals = [one.source for one in found if one.score == best.score]
    if len(rivals) > 1:
        zh, en = "、".join(one.title["zh"] for one in rivals), ", ".join(one.name for one in rivals)
        raise Unclear(
            best.records[0].row_no,
            f"列名同时符合{zh}；请用 --source 指明",
            f"the header fits {en} alike; say which with --source",
        )
    return best


def _says_the_same(first: Recognised, second: Recognised) -> bool:
    """Whether two complete headers name the same columns at the same places, as far as both know them."""
    same_source = first.source is second.source and not second.missing
    return same_source and all(first.positions.get(name, at) == at for name, at in second.positions.items())


def _loses(together: Recognised | None, alone: Recognised | None, lower: Record) -> bool:
    """Whether a column known from the upper record alone is no longer known with what stands below it."""
    if alone is None or alone.missing:
        return False
    known = set(together.positions.values()) if together is not None else set()
    return any(cell(lower.fields, at).strip() and at not in known for at in alone.positions.values())


def _both(first: Recognised, second: Recognised) -> Recognised:
    return Recognised(first.source, first.fields, first.positions, first.records + second.records)


def _recognise(source: Source, records: tuple[Record, ...]) -> Recognised:
    if len(records) == 1:
        only = records[0]
        return Recognised(source, only.fields, source.recognise_normalised(only.compared), records)
    fields = names_of(source, [one.fields for one in records])
    return Recognised(source, fields, source.recognise([simplified(text) for text in fields]), records)


def _is_merged(upper: Record, lower: Record) -> bool:
    """Whether a cell of the upper record seems to span columns of the lower one."""
    pairs = stacks([upper.fields, lower.fields])
    return any(
        above and below and not cell(upper.fields, at).strip() for at, (above, below) in enumerate(pairs)
    )


def data_above(records: Sequence[Record], header: Recognised, sources: Sequence[Source]) -> int | None:
    """Number of the first row above the header that is no title: it holds an ID number or known columns."""
    for record in records:
        if record.row_no >= header.records[0].row_no:
            return None
        telling = [text for text in record.compared if text not in GENERIC]
        known = max(len(source.recognise_normalised(telling)) for source in sources)
        if known > 1 or any(ID_NUMBER.search(text.replace(" ", "")) for text in record.fields):
            return record.row_no
    return None
