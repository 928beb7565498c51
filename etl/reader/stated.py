"""What unit the figures of a column of time have when it is stated beside the table: above it, below it, in a name.

A column that is only called 服务时长 is one of minutes when 单位：分钟 stands above or below the table, in the sheet's name
or in the file's. Every place must say the same, and the header too: else nobody knows what the figures mean, and the drop
is refused with the places named.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etl.header_words import HOURS, MINUTES, without_frame
from etl.messages import Text
from etl.privacy import mask_label
from etl.reader.head import Recognised, Record, Unclear
from etl.reader.units import DIVIDED, HOURS_NAMED, NAMES, units_in, units_in_name
from etl.source import normalise_header
from metrics.characters import simplified

if TYPE_CHECKING:
    from etl.reader.header import Header

_A_NOTE = re.compile(
    r"(注|备注|附注|说明|填表说明|以上|单位|计量单位|时长单位|时间单位)[^)）]*[:：为是以按]|(时长|工时).{0,4}[以按为]"
)
INSTRUCTIONS = re.compile(r"说明|须知|填表|填写|备注|要求|readme|notes?|instructions?", re.IGNORECASE)
MOST_TOLD = 3  # places where the same is stated, on every page of a long list
LIKE_TIME = ("时长", "时间", "工时", "用时", "耗时")  # other columns a note may speak of


@dataclass(frozen=True)
class Stated:
    """The units one place states: hours, minutes, or the word for another; several where it is not clear."""

    units: frozenset[str]
    place: Text
    row_no: int | None = None  # where the place is a row


def in_row(row_no: int, units: Iterable[str]) -> Stated:
    return Stated(frozenset(units), Text(f"第 {row_no} 行", f"row {row_no}"), row_no)


def has_time(header: "Header") -> bool:
    return any(header.source.columns[name].type in NAMES for name in header.positions)


def in_unit(header: "Header", stated: Iterable[Stated]) -> "Header":
    """The header with its column of time in the unit stated beside it, besides what was stated before.

    Raises Unclear when that is not one unit. `as_named` keeps what the header alone says, so that the order in which
    the places are read changes nothing.
    """
    stated = tuple(dict.fromkeys((*header.stated, *stated)))
    positions = header.as_named or header.positions
    header = replace(header, stated=stated, as_named=positions, positions=positions, remark=None)
    types = {name: header.source.columns[name].type for name in positions}
    names = [name for name in positions if types[name] in NAMES]
    if not stated or not names:
        return header
    plain = [name for name in names if not _names_unit(header, name)]
    if not plain:
        if any(one.units.isdisjoint(types[name] for name in names) for one in stated):
            raise _contradicting(header, stated, names)
        return header
    (name,) = plain  # a column of minutes always says so
    units = frozenset().union(*(one.units for one in stated))
    if len(units) > 1 or not units <= NAMES.keys():
        raise _contradicting(header, stated, [])
    (unit,) = units
    zh = "、".join(one.place.zh for one in stated[:MOST_TOLD]) + ("等处" if len(stated) > MOST_TOLD else "")
    en = ", ".join(one.place.en for one in stated[:MOST_TOLD]) + (
        " and more" if len(stated) > MOST_TOLD else ""
    )
    said = NAMES[unit]
    remark = Text(
        f"服务时长按{zh}写明的单位（{said.zh}）读取",
        f"the hours were read in the unit stated in {en} ({said.en})",
    )
    if unit != types[name]:
        other = next(one for one, column in header.source.columns.items() if column.type == unit)
        if other in positions:
            raise _contradicting(header, stated, [other, name])
        positions = {other if one == name else one: place for one, place in positions.items()}
    return replace(header, positions=positions, remark=remark)


def _contradicting(header: "Header", stated: Sequence[Stated], names: Sequence[str]) -> Unclear:
    positions = header.as_named or header.positions
    first = {one.units: one for one in reversed(stated)}  # of a unit on every page, the first
    places = [(one.place, sorted(one.units)) for one in stated if first[one.units] is one]
    for name in names:
        title = mask_label(" ".join(header.fields[positions[name]].split()))
        places.append((Text(f"列名“{title}”", f"the header '{title}'"), [header.source.columns[name].type]))
    words = [(place, [NAMES.get(unit, Text(unit, unit)) for unit in units]) for place, units in places]
    zh = "；".join(f"{place.zh}：{'、'.join(one.zh for one in said)}" for place, said in words)
    en = "; ".join(f"{place.en}: {', '.join(one.en for one in said)}" for place, said in words)
    return Unclear(
        min((one.row_no for one in stated if one.row_no is not None), default=header.row_no),
        f"表外写的时长单位不明确或前后不一（{zh}），无法判断是小时还是分钟；请把单位写进列名，如“服务时长(分钟)”，"
        "并删去不符的说明",
        f"the units of time stated beside the table are not one of hours and minutes ({en}), so what the figures mean is not "
        "known; put the unit into the header, as in 服务时长(分钟), and delete what contradicts it",
    )


def stated_above(found: Recognised, records: Sequence[Record]) -> Iterator[Stated]:
    """Each line that states a unit: above the header, or a line of its own within or just below it."""
    first, last = found.records[0].row_no, found.records[-1].row_no
    if found.source.recognise_normalised(found.records[-1].compared) == found.positions:
        first = last  # what stands above adds nothing: no tier, a title
    for record in records:
        if record.row_no > last + 1:
            return
        is_own_line = len(record.filled) == 1 and "单位" in simplified(record.filled[0])
        if record.row_no >= first and not is_own_line:
            continue
        units: set[str] = set()
        for at, text in enumerate(record.fields):
            after = record.fields[at + 1] if at + 1 < len(record.fields) else ""
            units |= units_in(text, is_label=any(map(str.isdigit, after)))
        if units:
            yield in_row(record.row_no, units)


def stated_at_the_side(found: Recognised, records: Sequence[Record]) -> Iterator[Stated]:
    """What stands to the right of a table, in its header's row or in its first rows: 说明：时长单位为分钟.

    In a column with a name of its own (备注) it may be said of that row alone: then it is not clear.
    """
    known = set(found.positions.values())
    for record in records:
        if record.row_no < found.records[-1].row_no or len(record.filled) < 2:
            continue
        is_header = record.row_no == found.records[-1].row_no
        for place, text in enumerate(record.fields):
            if place in known or not _A_NOTE.match(simplified(text).strip()):
                continue
            units = units_in(text)
            is_named = not is_header and place < len(found.fields) and found.fields[place].strip() != ""
            is_named = is_named and not _A_NOTE.match(simplified(found.fields[place]).strip())
            if units:
                yield in_row(record.row_no, units if units == {"hours"} or not is_named else NAMES)


def stated_in_sheet(name: str, rows: Iterable[Sequence[str]]) -> Iterator[Stated]:
    """What a sheet of instructions (填表说明) says; a sheet of figures speaks of its own."""
    if not INSTRUCTIONS.search(simplified(name)):
        return
    units = {unit for row in rows for text in row if "时长" in simplified(text) for unit in units_in(text)}
    if units:
        shown = mask_label(name)
        yield Stated(frozenset(units), Text(f"工作表“{shown}”", f"the sheet '{shown}'"))


def stated_in_names(names: Sequence[str]) -> Iterator[Stated]:
    """What the names of the file, of the archive's member and of the sheet state."""
    for name in dict.fromkeys(names):
        if units := units_in_name(name):
            shown = mask_label(name)
            yield Stated(frozenset(units), Text(f"名称“{shown}”", f"the name '{shown}'"))


def stated_in_note(header: "Header", row_no: int, cells: Sequence[str | None]) -> Stated | None:
    """What a line below or between the rows states; None for nothing.

    A unit that stands alone in a cell is the unit of something in that line, unless the cell before it asks for one.
    """
    others = [
        text
        for place, text in enumerate(normalise_header(simplified(one)) for one in header.fields)
        if place not in header.positions.values() and any(word in text for word in LIKE_TIME)
    ]
    units: set[str] = set()
    filled = [text for text in cells if text and text.strip()]
    for before, text in zip(["", *filled], filled, strict=False):
        asks = "单位" in simplified(before) and not units_in(before)
        alone = units_in(f"单位:{text}") if asks else set()
        units |= alone or _of_ours(text, others)
    return in_row(row_no, units) if units else None


def _of_ours(text: str, others: Sequence[str]) -> set[str]:
    """The units a cell states, unless it names another column of time and none else."""
    plain = normalise_header(simplified(text))
    if plain.strip("()") in HOURS | MINUTES:
        return set()
    rest = plain
    for other in others:
        rest = rest.replace(other, "")
    is_anothers = rest != plain and not any(word in rest for word in LIKE_TIME)
    return set() if is_anothers else units_in(text)


def _names_unit(header: "Header", name: str) -> bool:
    """Whether any tier of a column's header says in what it counts."""
    positions = header.as_named or header.positions
    if header.source.columns[name].type == "minutes":
        return True
    place = positions[name]
    for text in (
        normalise_header(simplified(row[place])) for row in (header.fields, *header.rows) if place < len(row)
    ):
        words = [without_frame(word) for word in DIVIDED.split(text)]
        if HOURS_NAMED.search(text) or not HOURS.isdisjoint(words):
            return True
    return False
