"""Units of time as people write them beside a table: in a line, in a name, or in a column of their own.

Only words that are a unit of time and nothing else are taken: 单位：某某协会 names an organisation, 每次不少于30分钟 and
5分钟志愿服务队 state no unit.
"""

import re
import unicodedata
from collections.abc import Sequence

from etl.header_words import HOURS, MINUTES, without_frame
from etl.messages import Text
from etl.source import normalise_header
from etl.values import quoted
from metrics.characters import simplified

NAMES = {"hours": Text("小时", "hours"), "minutes": Text("分钟", "minutes")}
# Units nobody turns into hours by a guess: 8 may be a day of eight hours or of six.
OTHER = frozenset(
    [
        *(
            f"{many}{unit}"
            for many in ("十", "百", "千", "万", "百万", "亿")
            for unit in ("小时", "分钟", "工时")
        ),
        *(
            "秒",
            "秒钟",
            "天",
            "日",
            "半天",
            "工作日",
            "工日",
            "人天",
            "星期",
            "课时",
            "学时",
            "second",
            "seconds",
            "day",
            "days",
        ),
    ]
)
_ALSO_A_WORD = frozenset("天日秒") | {
    "课时",
    "学时",
    "半天",
    "星期",
    "工作日",
}  # (日) after a title is a daily table
DIVIDED = re.compile(r"[()\[\]【】〔〕{}<>《》;,。、/|和及或与:\s]+")
_SENTENCE = re.compile(r"[。;；\n\r]+")
_REMARK = re.compile(r"[(\[【〔{<《]([^()\[\]【】〔〕{}<>《》]{1,24})[)\]】〕}>》](:.)?")
_TIME = "|".join(sorted(HOURS | MINUTES | OTHER, key=len, reverse=True))
# Not 请按时填报, 以分钟计入, 按小时计酬.
_ENDS = r"(?=数?(?:$|[^\d一-龥]|哦|呢|吧))"
_SAID = re.compile(
    rf"(?<!不)(?:以|按(?!时))({_TIME})(?:为单位|计(?![入酬分价费补])|统计|填|记)"
    rf"|(?:时长|工时|以上|数据)(?:单位)?(?:[均都]?为|[均都]?是|:)({_TIME}){_ENDS}"
    rf"|(?:时长|工时).{{0,6}}(?:填|写|录)(?:写|报|入|为|的是)?({_TIME}){_ENDS}"
    rf"|\b(?:hours|durations?|times?)\b[a-z ]{{0,24}} in ({_TIME})\b"
)
# Whose unit is not that of the hours: 补贴单位：元/小时, 统计周期单位：天.
_OF_ANOTHER = re.compile(r"(?:补贴|金额|费用|报酬|薪酬|奖励|频次|频率|周期|人数|天数|次数|积分|间隔)[(:]?$")
_UNIT_IN_ENGLISH = re.compile(r"\b(?:time )?units?(?: of (?:time|measure(?:ment)?))?\b")
_INVISIBLE = {ord(one): None for one in "\u200b\u200c\u200d\u2060\ufeff"}
LONGEST = 4000  # characters of a text that is looked at
_IN_NAME = re.compile(r"[^\w]+|_+")
_CONVERTED = re.compile(r"[折换]算|[折换]成")
_OF_POINTS = re.compile(r"积分|得分|评分|分数")  # where 分 is no minute
HOURS_NAMED = re.compile(r"小时|钟头|时数|工时|hour|hrs")
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


def units_in(text: str, is_label: bool = False) -> set[str]:
    """The units of time a text states: 'hours', 'minutes', the word for another; several where it is not clear.

    `is_label` says that a figure stands beside the text, which then tells of that figure.
    """
    plain = unicodedata.normalize("NFKC", simplified(text)).lower().translate(_INVISIBLE)
    if len(plain) > LONGEST:
        return set()
    found: set[str] = set()
    for sentence in _SENTENCE.split(plain):
        found |= _units_of_sentence(sentence, is_label)
    return found


def _units_of_sentence(plain: str, is_label: bool) -> set[str]:
    plain = _UNIT_IN_ENGLISH.sub("单位", plain)
    found: set[str] = set()
    for written in (plain, "".join(plain.split())):
        words, is_plain = _after_unit(written)
        about_time = "时长" in written or "工时" in written
        words += [word for said in _SAID.findall(written) for word in said if word not in OTHER or about_time]
        if not (is_plain or about_time):
            words = [word for word in words if word not in _ALSO_A_WORD]
        found |= _units([word for word in words if word != "分" or not _OF_POINTS.search(written)])
        for remark in _REMARK.finditer(written):
            remarked = [without_frame(word) for word in DIVIDED.split(remark[1])]
            if "时长" not in written:
                remarked = [word for word in remarked if len(word) > 1]
            if not remark[1].startswith("单位"):
                remarked = [word for word in remarked if word not in _ALSO_A_WORD]
            if _OF_POINTS.search(written):
                remarked = [word for word in remarked if word != "分"]
            units = _units(remarked)
            found |= {"hours", "minutes"} if units - {"hours"} and (remark[2] or is_label) else units
    return {"hours", "minutes"} if found and _CONVERTED.search(plain) else found


def _after_unit(written: str) -> tuple[list[str], bool]:
    """The words told after 单位, or the text itself where it is not said; and whether it is one word that is told."""
    before, *told = written.split("单位")
    if not told:
        return [written.strip(" ()[]【】")], False
    words: list[str] = []
    for one in told:
        if not _OF_ANOTHER.search(before):
            words += [re.sub(r"^[均都]?[为是用]|[数哦呢吧]$", "", word) for word in DIVIDED.split(one)]
        before = one
    return words, len([word for word in words if word]) == 1


def units_in_name(name: str) -> set[str]:
    """The units of time the name of a file or a sheet states: 时长(分钟), 2021年5月_分钟.

    hours alone names what the table is about (service_hours.csv), not how it counts.
    """
    plain = unicodedata.normalize("NFKC", simplified(name)).lower()
    plain = re.sub(r"(?<![\d\-_.年])(\d{1,3})\s+(?=\D)", r"\1", plain)  # 30 分钟
    words = [re.sub(r"^(?:单位|[以按])|(?:计|为单位)$", "", word) for word in _IN_NAME.split(plain)]
    if not re.search(r"hours?|time|duration|时长|工时", plain):
        words = [word for word in words if not word.isascii()]  # meeting minutes
    bare = _units([word for word in words if len(word) > 1 and word not in _ALSO_A_WORD | {"hours", "hour"}])
    return bare | (units_in(name) if "时长" in plain or "单位" in plain else set())


def _units(words: Sequence[str]) -> set[str]:
    hours, minutes = not HOURS.isdisjoint(words), not MINUTES.isdisjoint(words)
    found = {unit for unit, is_there in (("hours", hours), ("minutes", minutes)) if is_there}
    return found or {word for word in words if word in OTHER}


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
