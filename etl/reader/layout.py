"""What a row is that is no data: a header again, a total, a signature, another table's header.

Only rows that failed a check are asked, and every answer is strict: a row that could be data keeps its
place among the failed ones, since to call a row a total is to drop it. So a total or a signature has nothing
in the columns that say who, when and which (the word itself may stand there), and holds no ID number.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from etl.reader.header import Header
from etl.source import load_sources, normalise_header
from etl.values import quoted
from metrics.characters import SIMPLIFIED, TRADITIONAL, simplified

# Columns in which a total may write its figures; whatever else is recognised must be empty there.
OF_AMOUNTS = ("hours", "minutes", "count", "unread", "label")
FULL_WIDTH = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
HALF_WIDTH = "".join(chr(code) for code in range(0x21, 0x7F))
LEFT_OUT = r"[\s\x{a0}\x{3000}\x{200b}-\x{200d}\x{feff}*''\"`_]"

_UNIT = "(人|名|位|人次|小时|分钟|时|分|条|项|次|个|元|天|h|hours)?"
_FIGURE = rf"共?[-+]?[\d,]{{1,14}}(\.\d+)?{_UNIT}"
_OF = r"(人数|人次|时长|小时数)?(\((人|人次|小时|分钟)\))?"
_HOW_MANY = r"共[\d,]{1,9}(条|行|项|人|人次)(记录|数据|信息)?"
TOTAL = rf"([一-龥]{{0,10}}(合计|总计|小计|共计|累计){_OF}|平均|(sub|grand)?total):?({_FIGURE})?|{_HOW_MANY}"
FIGURE = f"{_FIGURE}|-+|/"
# How many there are, with what is counted: in a column of numbers of people, 26人 is nobody's number and 26 may be.
COUNTED = r"共?[\d,]{1,9}(人|名|位|人次|条|项|次|个)"
_WHO = "制表|填表|填报|报出|审核|复核|审批|经办|报送|统计|负责|录入|打印|导出|联系|签发|主管|分管"
_WHAT = "人|员|者|单位|部门|日期|时间|电话|领导|负责人|人员|方式"
_SEAL = r"\(?(签字|签名|签章|盖章|公章)\)?"
_LABEL = rf"(({_WHO})({_WHAT})|单位负责人|部门负责人|数据来源|资料来源|数据截止(日期|时间)?)({_SEAL})?"
_NOTE = r"(注\d*|备注|附注|说明|填表说明|注意事项|notes?|remarks?)"
# What the figures above are counted in: 以上时长均以分钟计, 计量单位:分, 单位(小时).
_TIME = "小时|时|分钟|分|min|mins|minutes|h|hours"
_COUNTED_IN = (
    rf"(以上|上述|本表|表中)?(数据|的)?[一-龥]{{0,6}}(时长|工时|时间)(数据)?均?([以按]({_TIME})(计|为单位|统计|填).*|[:为是]({_TIME}))"
    r"|(以上|上述|本表|表中)?[一-龥]{0,4}(时长|工时|时间|计量|计时)单位([:(为是].*)?|单位[:(].*|(time)?units?:.*"
    rf"|[(\[【]?单位[)\]】]?({_TIME})|[(\[【]?[一-龥]{{0,6}}时长[(\[【](单位)?({_TIME})[)\]】]"
)
_PAGE = r"第\d+页.{0,10}|以下(无正文|空白).{0,4}"
SIGNATURE = rf"[(※]*({_LABEL}(:.*)?|({_WHO}):.*|(电话|日期|单位):.*|{_SEAL}:?|{_NOTE}[:.、].*|{_NOTE}|{_COUNTED_IN})\)*|{_PAGE}"
_DIGIT = "[〇○零一二三四五六七八九十]"
DAY = rf"\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?|{_DIGIT}{{4}}年{_DIGIT}{{1,2}}月{_DIGIT}{{1,3}}日"
# Below a table each may stand in a cell of its own, and the day or its empty label besides.
SIGNED = rf"{SIGNATURE}|日期|单位|年月日|{DAY}|{_TIME}"
# A label in one cell and who or when in the next: 制表人 | 王五 | 审核人 | 李四. Each cell ends with APART.
APART = "\x1f"
_SAID = rf"([一-龥·()]{{2,20}}|{DAY}|[-\d]{{7,13}}){APART}"
_PAIR = rf"({_LABEL}:?|({_WHO}|日期|电话|单位):|日期|单位){APART}({_SAID})?"
PAIRED = rf"{_PAIR}({_PAIR}|({DAY}){APART})*"
# What no header holds and every row of data does: an ID number, a date or another long number.
OF_DATA = r"\d{5}|\d{1,4}[-/.年]\d"
ID_NUMBER = r"\d{15,}|\d{6}[- ]?\d{8}[- ]?\d{3}"


def sql_for_kinds(drop_header: Header, failed: str, width: int) -> str:
    """SQL giving (row_no, kind) of the rows that failed a check; kind is what they are instead of data, else NULL.

    `failed` is SQL giving row_no and `cells`, the row's raw texts in file order, NULL where it had no field. Kinds:
    'blank', 'header' (a row of this drop's header again), 'title' (a title line again), 'other_header'
    (the header of another table: what follows does not belong to this one), 'total', 'signature', 'day_alone'
    (a day and nothing else: below the last record it is when the table was signed, else a record that lost the rest).
    """
    guarded = [
        f"t{place}"
        for name, place in drop_header.positions.items()
        if place < width and drop_header.source.columns[name].type not in OF_AMOUNTS
    ]
    again = " OR ".join(
        f"texts = [{', '.join(quoted(one) for one in _padded(row, width))}]"
        for row in drop_header.rows or (drop_header.fields,)
    )
    titles = [quoted(_normal(text)) for text in drop_header.title_texts]
    title = " OR ".join(f"filled = [{text}]" for text in titles) or "false"
    names = [f"t{place}" for place in range(width)]
    # A name for what several conditions ask of: written out in each, it would be read by DuckDB a hundred times.
    texts = ", ".join(f"{_comparable(f'cells[{place + 1}]')} AS {name}" for place, name in enumerate(names))
    nothing = " AND ".join(f"cells[{place + 1}] IS NULL" for place in range(width))
    return f"""
        SELECT row_no, CASE
            WHEN is_nothing THEN NULL
            WHEN len(filled) = 0 THEN 'blank'
            WHEN {again} THEN 'header'
            WHEN {title} THEN 'title'
            WHEN headers >= 2 AND 2 * headers >= len(filled)
                 AND len(list_filter(filled, lambda x: regexp_matches(x, '{OF_DATA}'))) = 0 THEN 'other_header'
            WHEN {_all_blank_or(guarded, f"{TOTAL}|{COUNTED}")} AND {_matching("filled", TOTAL)} > 0
                 AND {_matching("filled", f"{TOTAL}|{FIGURE}")} = len(filled) THEN 'total'
            WHEN regexp_full_match(filled[1], '{SIGNATURE}')
                 AND ({_all_blank_or(guarded, SIGNATURE)} OR {_matching("filled", SIGNED)} = len(filled))
                 AND len(list_filter(filled, lambda x: regexp_matches(x, '{ID_NUMBER}'))) = 0 THEN 'signature'
            WHEN regexp_full_match(array_to_string(filled, '{APART}') || '{APART}', '{PAIRED}') THEN 'signature'
            WHEN len(filled) = 1 AND regexp_full_match(filled[1], '{DAY}') THEN 'day_alone'
            END AS kind
        FROM (SELECT *, {_matching("filled", _known_headers())} AS headers
              FROM (SELECT *, list_filter(texts, lambda x: x <> '') AS filled
                    FROM (SELECT *, [{", ".join(names)}] AS texts
                          FROM (SELECT row_no, {nothing} AS is_nothing, {texts} FROM ({failed})))))"""


def _comparable(cell: str) -> str:
    """A cell as _normal would give it, as far as SQL can: half width, simplified, lower case, no blanks."""
    folded = f"{quoted(FULL_WIDTH + TRADITIONAL)}, {quoted(HALF_WIDTH + SIMPLIFIED)}"
    half = f"translate(coalesce({cell}, ''), {folded})"
    return f"lower(regexp_replace({half}, '{LEFT_OUT}', '', 'g'))"


def _normal(text: str) -> str:
    return normalise_header(simplified(text))


def _padded(row: Sequence[str], width: int) -> list[str]:
    texts = [_normal(text) for text in row[:width]]
    return texts + [""] * (width - len(texts))


def _matching(texts: str, pattern: str) -> str:
    """SQL for how many of the texts match a pattern throughout."""
    return f"len(list_filter({texts}, lambda x: regexp_full_match(x, '{pattern}')))"


def _all_blank_or(cells: Sequence[str], pattern: str) -> str:
    """SQL for whether each of the cells is blank or matches; one list, because a pattern is dear to prepare."""
    if not cells:
        return "false"
    return f"len(list_filter([{', '.join(cells)}], lambda x: NOT (x = '' OR regexp_full_match(x, '{pattern}')))) = 0"


@lru_cache
def _known_headers() -> str:
    """A pattern for every header any sheet knows."""
    names = {
        _normal(alias)
        for source in load_sources().values()
        for column in source.columns.values()
        for alias in column.aliases
    }
    return "|".join(re.escape(name).replace("'", "''") for name in sorted(names))
