"""Text of a cell to a typed value, as SQL: one expression for each type of column.

Every cell is read as text and cast here, where it can be seen and tested; no sniffer decides. The common
form of a value is cast directly; only cells that fail it pay for regular expressions (CASE evaluates its
branches on the remaining rows only). An expression gives NULL for a missing cell and for an unreadable one;
`is_missing` tells them apart, so an unreadable value is refused and never loaded as "missing".
"""

from collections.abc import Callable

from etl.messages import Text
from etl.source import Column

MISSING_WORDS = ("-", "--", "—", "——", "/", "\\", "无", "暂无", "null", "n/a", "na", "none", "nan")
LONGEST_MISSING_WORD = max(len(word.encode()) for word in MISSING_WORDS)
INVISIBLE = "\u00a0\u3000\u200b\u200c\u200d\ufeff\t\r\n "
FULL_WIDTH = "０１２３４５６７８９：／－．，＋Ｘｘ"
HALF_WIDTH = "0123456789:/-.,+Xx"

EXPECTED = {
    "id_number": Text(
        "18 位身份证号（末位为校验码）或 15 位旧号", "an 18-digit ID number with a right check digit"
    ),
    "date": Text("日期，如 2021-05-01", "a date such as 2021-05-01"),
    "datetime": Text("日期时间，如 2021-05-01 08:30", "a date and time such as 2021-05-01 08:30"),
    "hours": Text("小时数，如 3.5(0 至 24)", "a number of hours such as 3.5 (0 to 24)"),
    "minutes": Text("分钟数，如 210(0 至 1440)", "a number of minutes such as 210 (0 to 1440)"),
    "count": Text("非负整数（至多 7 位）", "a whole number, 0 or more (at most 7 digits)"),
    "area": Text("本市区县的名称或六位区划代码", "the name or six-digit code of a district"),
}


def tidy(raw: str) -> str:
    """Text without invisible characters around it, in half width (for the slow branch only)."""
    return f"translate(trim({raw}, {quoted(INVISIBLE)}), '{FULL_WIDTH}', '{HALF_WIDTH}')"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def is_missing(raw: str) -> str:
    """True for an absent or empty cell and for the words people write for 'nothing'.

    The words are compared one by one: DuckDB turns IN (and list_contains) with more than a few constants
    into a join over all rows, however lazy the CASE around it, and screening takes eight times as long.
    """
    words = " ".join(f"WHEN {quoted(word)} THEN true" for word in ("", *MISSING_WORDS))
    return f"""CASE WHEN {raw} IS NULL OR {raw} = '' THEN true WHEN {_is_plain(raw)} THEN false
        ELSE CASE lower(trim({raw}, {quoted(INVISIBLE)})) {words} ELSE false END END"""


def _is_plain(raw: str) -> str:
    """Too long for a word of MISSING_WORDS, beginning and ending visibly: not missing, and nothing to trim.

    This one cheap test spares nearly every cell the trimming, which costs ten times as much.
    """
    ends = (
        f"(ascii({end}) BETWEEN 33 AND 126 OR ascii({end}) BETWEEN 19968 AND 40959)"
        for end in (raw, f"{raw}[-1]")
    )
    return f"strlen({raw}) > {LONGEST_MISSING_WORD} AND {' AND '.join(ends)}"


# What may follow a day and does not change it; anything else (another day, UTC, a name) would be guessed away.
TIME = r"\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?"
GAP = r"(?:日 *|日?[ T]+)"
BEIJING = r"(?:\+08:?00)?"
DAY = r"((?:19|20|21)\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})"


def _date(raw: str, column: Column) -> str:
    text = tidy(raw)
    written = rf"'^{DAY}(?:日?|{GAP}{TIME}{BEIJING})$'"
    compact = r"'^((?:19|20)\d{2})(\d{2})(\d{2})$'"
    return f"""CASE
        WHEN strlen({raw}) = 10 AND {raw}[5] IN ('-', '/') AND {raw} >= '1900' THEN try_cast({raw} AS DATE)
        WHEN {raw} IS NULL OR {raw} = '' THEN NULL
        WHEN regexp_matches({text}, {written})
            THEN try_cast(regexp_replace({text}, {written}, '\\1-\\2-\\3') AS DATE)
        WHEN regexp_matches({text}, {compact})
            THEN try_cast(regexp_replace({text}, {compact}, '\\1-\\2-\\3') AS DATE)
        END"""


def _datetime(raw: str, column: Column) -> str:
    text = tidy(raw)
    written = rf"'^{DAY}{GAP}({TIME}){BEIJING}$'"
    day_only = rf"regexp_matches({text}, '^({DAY}日?|(19|20)\d{{6}})$')"
    return f"""CASE
        WHEN strlen({raw}) IN (16, 19) AND {raw}[5] = '-' AND {raw} >= '1900' THEN try_cast({raw} AS TIMESTAMP)
        WHEN {raw} IS NULL OR {raw} = '' THEN NULL
        WHEN regexp_matches({text}, {written})
            THEN try_cast(regexp_replace({text}, {written}, '\\1-\\2-\\3 \\4') AS TIMESTAMP)
        WHEN {day_only} THEN CAST(({_date(raw, column)}) AS TIMESTAMP) END"""


def _number(raw: str, type_name: str) -> str:
    """A decimal number; 1e2, 1_000 and nan are not numbers a person would write here, but DuckDB casts them."""
    text = tidy(raw)
    plain = f"strlen({raw}) <= 9 AND NOT contains({raw}, 'e') AND NOT contains({raw}, 'E') AND NOT contains({raw}, '_')"
    return f"""coalesce(CASE WHEN {plain} THEN try_cast({raw} AS {type_name}) END,
        CASE WHEN {raw} <> '' AND regexp_full_match({text}, '[-+]?\\d{{1,9}}(\\.\\d+)?')
             THEN try_cast({text} AS {type_name}) END)"""


def _hours(raw: str, column: Column) -> str:
    return _number(raw, "DECIMAL(18,6)")


def _minutes(raw: str, column: Column) -> str:
    return _number(raw, "DECIMAL(18,4)")


def _count(raw: str, column: Column) -> str:
    """At most seven digits: more people never took part, and a phone number in this column must not be kept."""
    text = tidy(raw)
    return rf"CASE WHEN {raw} <> '' AND regexp_full_match({text}, '\d{{1,7}}') THEN try_cast({text} AS BIGINT) END"


def _code(raw: str, column: Column) -> str:
    by_value = {value.lower(): code for code, values in column.codes.items() for value in values}
    branches = " ".join(f"WHEN {quoted(value)} THEN {quoted(code)}" for value, code in by_value.items())
    otherwise = f"ELSE {quoted(column.unknown)}" if column.unknown else ""
    text = f"lower({tidy(raw)})"
    return f"""CASE WHEN {raw} IS NULL OR {raw} = '' THEN NULL ELSE
        coalesce(CASE {raw} {branches} END, CASE {text} {branches} END,
                 CASE WHEN {is_missing(raw)} THEN NULL {otherwise} END) END"""


def _text(raw: str, column: Column) -> str:
    bare = f"trim({raw}, {quoted(INVISIBLE)})"
    return f"CASE WHEN {_is_plain(raw)} THEN {raw} WHEN NOT {is_missing(raw)} THEN {bare} END"


def _id_number(raw: str, column: Column) -> str:
    """Eighteen bytes are taken as they are: whether they are a number is asked once for each distinct one."""
    written = f"upper(ltrim(replace({tidy(raw)}, ' ', ''), ''''))"
    as_is = f"strlen({raw}) = 18 AND {raw}[18] BETWEEN '0' AND 'X'"
    return f"CASE WHEN {as_is} THEN {raw} WHEN NOT {is_missing(raw)} THEN {written} END"


def _label(raw: str, column: Column) -> str:
    """Short text that is kept: long digit runs are starred, so no phone or ID number can be stored in it."""
    numbers = r"'1\d{2}[- ]\d{4}[- ]\d{4}|\d{6,}[Xx]?'"
    starred = f"regexp_replace({tidy(raw)}, {numbers}, '*', 'g')"
    return f"CASE WHEN NOT {is_missing(raw)} THEN left({starred}, 80) END"


def _synthetic(raw: str, column: Column) -> str:
    marked = f"{raw} LIKE '%示例%' OR lower({raw}) LIKE '%sample%' OR lower({raw}) LIKE '%synthetic%'"
    return f"CASE WHEN {raw} = '示例数据' THEN true WHEN {raw} IS NULL OR {raw} = '' THEN false ELSE {marked} END"


READERS: dict[str, tuple[str, Callable[[str, Column], str]]] = {
    "id_number": ("VARCHAR", _id_number),
    "number": ("VARCHAR", _text),
    "text": ("VARCHAR", _text),
    "label": ("VARCHAR", _label),
    "code": ("VARCHAR", _code),
    "date": ("DATE", _date),
    "datetime": ("TIMESTAMP", _datetime),
    "hours": ("DECIMAL(18,6)", _hours),
    "minutes": ("DECIMAL(18,4)", _minutes),
    "count": ("BIGINT", _count),
    "area": ("VARCHAR", _text),
    "reference": ("VARCHAR", _text),
    "synthetic": ("BOOLEAN", _synthetic),
}


def sql_for_value(column: Column, raw: str) -> str:
    """The typed value of a cell; NULL when missing or unreadable."""
    return READERS[column.type][1](raw, column)


def sql_for_absent(column: Column) -> str:
    """The typed NULL of a column the drop does not have."""
    return "false" if column.type == "synthetic" else f"CAST(NULL AS {READERS[column.type][0]})"


def can_be_unreadable(column: Column) -> bool:
    """Whether a present cell of this column may fail to become a value."""
    return column.type in ("date", "datetime", "hours", "minutes", "count") or (
        column.type == "code" and column.unknown is None
    )


def expected(column: Column) -> Text:
    """What a cell of this column should hold, for sentences."""
    if column.type == "code":
        listed = [values[0] for values in column.codes.values()]
        return Text("以下之一：" + "、".join(listed), "one of " + ", ".join(column.codes))
    return EXPECTED.get(column.type, Text("文本", "text"))
