"""The first records of a table: which of them is the header, and what stands above it.

The header is the record (or the two records) in which all required columns of a source are found; nothing is
guessed. A title has no such columns; a row of data above a header means the file is not understood.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from etl.reader.fields import Dialect, split
from etl.source import Source, normalise_header
from metrics.characters import simplified

MOST_RECORDS = 30  # a header further down is not looked for
MOST_HEADER_LINES = 20  # a wrapped header cell holds line ends; more lines than this are an unclosed quote
LINE_END = re.compile(r"\r\n|\n|\r")
# What a title, a header or a row of units never holds and a row of data always does.
ID_NUMBER = re.compile(r"(?<!\d)\d{15}(\d{2}[\dXx])?(?!\d)")
DIGIT = re.compile(r"\d")
UNITS = set(
    re.findall(r"\w+", "小时 分钟 时 分 秒 天 日 人 次 人次 人数 元 个 场 h min hour hours minute minutes")
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
    """Columns of a source found in a record, or in two of them read together."""

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
        if (
            fields is None
        ):  # an unclosed quote: the line as it stands is no header, and what follows may be one
            taken, fields = 1, [lines[at]]
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
        following = records[index + 1] if index + 1 < len(records) else None
        found = _at(record, following, sources, forced)
        if found is not None and not found.missing:
            return found
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _at(upper: Record, lower: Record | None, sources: Sequence[Source], forced: bool) -> Recognised | None:
    """The header that begins with a record: the record alone, or with the one below when that goes on."""
    alone = _best([_recognise(source, (upper,)) for source in sources], forced)
    if lower is None or not lower.filled or DIGIT.search("".join(upper.filled + lower.filled)):
        return alone
    below = _best([_recognise(source, (lower,)) for source in sources], forced)
    if alone is not None and not alone.missing and below is not None and _says_the_same(alone, below):
        return _both(alone, below)  # in Chinese and in English, or the header twice
    goes_on = (
        _is_merged(upper, lower) or all(map(_is_unit, lower.filled)) or alone is None or alone.missing > 0
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
    return any(_cell(lower, at).strip() and at not in known for at in alone.positions.values())


def _both(first: Recognised, second: Recognised) -> Recognised:
    return Recognised(first.source, first.fields, first.positions, first.records + second.records)


def _recognise(source: Source, records: tuple[Record, ...]) -> Recognised:
    if len(records) == 1:
        only = records[0]
        return Recognised(source, only.fields, source.recognise_normalised(only.compared), records)
    fields = tuple(_name(source, *pair) for pair in _pairs(*records))
    return Recognised(source, fields, source.recognise([simplified(text) for text in fields]), records)


def _pairs(upper: Record, lower: Record) -> list[tuple[str, str]]:
    """(upper, lower) of each column; a cell merged over several columns names them all.

    In text a merged cell is one filled cell and empty ones to its right; what lies below it is filled, while
    below a cell merged downwards nothing is.
    """
    pairs, group = [], ""
    for at in range(max(len(upper.fields), len(lower.fields))):
        above, below = _cell(upper, at).strip(), _cell(lower, at).strip()
        if above or not below:
            group = above if below else ""
        pairs.append((above or group, below))
    return pairs


def _name(source: Source, upper: str, lower: str) -> str:
    """What a column of a header of two rows is called: the first of the possible names that is known."""
    if not (upper and lower):
        return upper or lower
    for name in (upper + lower, f"{upper}({lower.strip('()（）')})", lower):
        if source.recognise([simplified(name)]):
            return name
    for name in source.recognise([simplified(upper)]):
        if _is_unit(lower) and source.columns[name].type not in ("hours", "minutes"):
            return upper  # a unit below changes the meaning of an amount of time only
    return f"{upper} {lower}"


def _is_merged(upper: Record, lower: Record) -> bool:
    """Whether a cell of the upper record seems to span columns of the lower one."""
    pairs = _pairs(upper, lower)
    return any(above and below and not _cell(upper, at).strip() for at, (above, below) in enumerate(pairs))


def _is_unit(text: str) -> bool:
    return normalise_header(text).removeprefix("单位").strip("():") in UNITS


def _cell(record: Record, at: int) -> str:
    return record.fields[at] if at < len(record.fields) else ""


def data_above(records: Sequence[Record], header: Recognised, sources: Sequence[Source]) -> int | None:
    """Number of the first row above the header that is no title: it holds an ID number or known columns."""
    for record in records:
        if record.row_no >= header.records[0].row_no:
            return None
        known = max(len(source.recognise_normalised(record.compared)) for source in sources)
        if known > 1 or any(ID_NUMBER.search(text.replace(" ", "")) for text in record.fields):
            return record.row_no
    return None
