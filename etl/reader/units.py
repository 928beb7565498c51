"""The unit of time that stands beside a table: in a line above its header, or in a column of its own.

单位：分钟 above a column that is only called 服务时长 makes it one of minutes, as 服务时长(分钟) would. Only words that are
a unit of time and nothing else are taken (单位：某某协会 names an organisation); two units, or one that contradicts
the header, leave open what the figures mean, and such a drop is refused.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.header_words import HOURS, MINUTES, without_frame
from etl.messages import Text
from etl.reader.head import Recognised, Record, Unclear
from etl.source import normalise_header
from etl.values import quoted
from metrics.characters import simplified

NAMES = {"hours": Text("小时", "hours"), "minutes": Text("分钟", "minutes")}
_DIVIDED = re.compile(r"[()\[\]【】〔〕{}<>《》;,。、/|和及或与:\s]+")
_REMARK = re.compile(r"[(\[【〔{<《]([^()\[\]【】〔〕{}<>《》]{1,24})[)\]】〕}>》](:.)?")
_TIME = "|".join(sorted(HOURS | MINUTES, key=len, reverse=True))
_SAID = re.compile(
    rf"(?<!不)[以按]({_TIME})(?:为单位|计|统计|填|记)|(?:时长|工时)(?:单位)?(?:[均都]?为|是|:)({_TIME})(?![\d一-龥])"
)
_OF_POINTS = re.compile(r"积分|得分|评分|分数")  # where 分 is no minute
# Headers that name hours by themselves, without a remark.
_HOURS_NAMED = re.compile(r"小时|钟头|时数|工时|hour|hrs")
AMBIGUOUS = "单位"  # or the organisation somebody works for
_UNIT_COLUMNS = frozenset(
    [
        *("时长单位", "计量单位", "时间单位", "服务时长单位", "志愿服务时长单位", "工时单位", "计时单位"),
        *("unit", "units", "timeunit", "hoursunit", "hourunit", "durationunit"),
    ]
)
_AROUND = quoted(" \u3000\u00a0\t()（）")
_SQL_HOURS = "(?i:个?小[时時]|[时時]|个?[钟鐘][头頭]|hours?|hrs?|h)"
_SQL_MINUTES = "(?i:分[钟鐘]?数?|minutes?|mins?|m)"
_SQL_OTHER_TIME = "(?i:秒|天|日|工作日|半天|周|days?|seconds?)"


@dataclass(frozen=True)
class Beside:
    """What stands beside the table: the columns as they are then to be read, and the sentence that tells of it."""

    positions: dict[str, int]
    remark: Text | None = None


def apply_unit(found: Recognised, records: Sequence[Record]) -> Beside:
    """Read a column of time without a unit in the unit stated above it; Unclear when that is not one unit."""
    types = {name: found.source.columns[name].type for name in found.positions}
    names = [name for name in found.positions if types[name] in NAMES]
    stated = dict(_stated(found, records)) if names else {}
    if not stated:
        return Beside(found.positions)
    units = set().union(*stated.values())
    row_no = min(stated)
    plain = [name for name in names if not _names_unit(found, name)]
    if not plain:
        if units.isdisjoint(types[name] for name in names):
            raise _contradicting(row_no, "与列名写的不同", "and the header disagree")
        return Beside(found.positions)
    (name,) = plain  # a column of minutes always says so
    if len(units) > 1:
        raise _contradicting(row_no, "不止一种或不明确", "is more than one, or not clear")
    (unit,) = units
    said = NAMES[unit]
    remark = Text(
        f"服务时长按第 {row_no} 行写明的单位（{said.zh}）读取",
        f"the hours were read in the unit stated in row {row_no} ({said.en})",
    )
    if unit == types[name]:
        return Beside(found.positions, remark)
    other = next(one for one, column in found.source.columns.items() if column.type == unit)
    if other in found.positions:
        raise _contradicting(row_no, "与列名写的不同", "and the header disagree")
    renamed = {other if one == name else one: place for one, place in found.positions.items()}
    return Beside(renamed, remark)


def _contradicting(row_no: int, zh: str, en: str) -> Unclear:
    return Unclear(
        row_no,
        f"表外写的时长单位{zh}，无法判断是小时还是分钟；请把单位写进列名，如“服务时长(分钟)”",
        f"the unit of time stated beside the table {en}, so hours and minutes cannot be told apart; put the unit into the "
        "header, as in 服务时长(分钟)",
    )


def _stated(found: Recognised, records: Sequence[Record]) -> Iterator[tuple[int, set[str]]]:
    """(row_no, units) of each line that states any: above the header, or a line of its own within or just below it."""
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
            yield record.row_no, units


def units_in(text: str, is_label: bool = False) -> set[str]:
    """The units of time a text states: 'hours', 'minutes'; both where it is not clear that it speaks of the table.

    `is_label` says that a figure stands beside the text, which then tells of that figure.
    """
    plain = unicodedata.normalize("NFKC", simplified(text)).lower()
    if len(plain) > 400:
        return set()
    found: set[str] = set()
    for written in (plain, "".join(plain.split())):
        _, is_told, told = written.partition("单位")
        words = _DIVIDED.split(told) if is_told else [written.strip(" ()[]【】")]
        words = [word.removeprefix("为").removeprefix("是") for word in words]
        words += [word for said in _SAID.findall(written) for word in said]
        if not _OF_POINTS.search(written):
            found |= _units(words)
        for remark in _REMARK.finditer(written):
            remarked = [without_frame(word) for word in _DIVIDED.split(remark[1])]
            if "时长" not in written:
                remarked = [word for word in remarked if len(word) > 1]
            units = _units(remarked)
            found |= {"hours", "minutes"} if "minutes" in units and (remark[2] or is_label) else units
    return found


def _units(words: Sequence[str]) -> set[str]:
    hours, minutes = not HOURS.isdisjoint(words), not MINUTES.isdisjoint(words)
    return {unit for unit, is_there in (("hours", hours), ("minutes", minutes)) if is_there}


def _names_unit(found: Recognised, name: str) -> bool:
    """Whether any tier of a column's header says in what it counts."""
    if found.source.columns[name].type == "minutes":
        return True
    place = found.positions[name]
    rows = [found.fields, *(record.fields for record in found.records)]
    for text in (normalise_header(simplified(row[place])) for row in rows if place < len(row)):
        words = [without_frame(word) for word in _DIVIDED.split(text)]
        if _HOURS_NAMED.search(text) or not HOURS.isdisjoint(words):
            return True
    return False


def unit_place(fields: Sequence[str]) -> int | None:
    """Position of the column that says the unit of each row."""
    for place, text in enumerate(fields):
        name = _column_name(text)
        if name == AMBIGUOUS or name in _UNIT_COLUMNS:
            return place
    return None


def _column_name(text: str) -> str:
    return re.sub(r"\(.*\)$", "", normalise_header(simplified(text)))


def sql_with_unit(cell: str, fields: Sequence[str]) -> str:
    """SQL for a cell of time with the unit that stands in a column of its own, row by row (20 beside 分钟 is 20分钟).

    A column that is called 单位 may hold organisations: there, only a word that is a unit of time is one.
    """
    place = unit_place(fields)
    if place is None:
        return cell
    unit = f"trim(c{place}, {_AROUND})"
    is_ambiguous = _column_name(fields[place]) == AMBIGUOUS
    other = f"regexp_full_match({unit}, '{_SQL_OTHER_TIME}')" if is_ambiguous else f"{unit} <> ''"
    return f"""CASE WHEN NOT regexp_matches({cell}, '[0-9０-９一二两三四五六七八九十半]') THEN {cell}
        WHEN regexp_matches({cell}, '[时時分点:：hHmM]') THEN {cell}
        WHEN regexp_full_match({unit}, '{_SQL_MINUTES}') THEN trim({cell}) || '分钟'
        WHEN regexp_full_match({unit}, '{_SQL_HOURS}') THEN trim({cell}) || '小时'
        WHEN {other} THEN {cell} || {unit} ELSE {cell} END"""
