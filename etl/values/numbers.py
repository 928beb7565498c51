r"""Numbers as people write them: hours, minutes and counts.

A unit that is written wins over the column's (210分钟 in a column of hours is 3.5); a bare number has the
column's unit. A clock form is hours and minutes in both (03:30 is 3.5 hours). Groups of digits must be
groups of three: 12,34 is a typing error or two numbers, and neither is guessed. What a spreadsheet computed
(0.333333333333333, 2.0000000001) is rounded to what is stored.
"""

from etl.source import Column
from etl.values.text import quoted, tidy

_DIGITS = r"(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})"
_TIMES = r" ?([十百千]?[万萬亿億]|千|[万萬][亿億])? ?"
_HOUR = r"(?:个?小时|个?钟头|时|(?i:hours?|hrs?|h))"
_MINUTE = r"(?:分钟?|(?i:minutes?|mins?|m))"
_DURATION = (
    rf"^(?:([-+]?{_DIGITS}?(?:\.\d{{0,30}})?){_TIMES}(?:({_HOUR})|({_MINUTE}))?"
    rf"|(\d{{1,3}}) ?{_HOUR} ?([0-5]?\d) ?{_MINUTE}"
    r"|(\d{1,3}):([0-5]\d)(?::([0-5]\d))?)$"
)
_DURATION_PARTS = f"{quoted(_DURATION)}, ['n', 'times', 'h', 'm', 'wh', 'wm', 'ch', 'cm', 'cs']"
# As people speak: 两小时, 半个小时, 一个半小时, 1小时半, 三十分钟, and 3個小時. Without a unit 一 may be a dash.
_SPOKEN_DIGITS = "一二两兩三四五六七八九"
_SPOKEN_NUMBER = (
    rf"(?:[{_SPOKEN_DIGITS}]?十[{_SPOKEN_DIGITS}]?|[{_SPOKEN_DIGITS}]|\d{{1,12}}(?:\.\d{{1,30}})?)"
)
_SPOKEN_HOUR = "(?:小[时時]|[钟鐘鍾][头頭])"
_SPOKEN_MINUTE = "分[钟鐘鍾]?"
_SPOKEN = (
    rf"半[个個]?{_SPOKEN_HOUR}|{_SPOKEN_NUMBER} ?[个個]半{_SPOKEN_HOUR}|{_SPOKEN_NUMBER} ?{_SPOKEN_MINUTE}"
    rf"|{_SPOKEN_NUMBER} ?[个個]?{_SPOKEN_HOUR}(?:半| ?{_SPOKEN_NUMBER} ?{_SPOKEN_MINUTE})?"
)
# One after the other, each everywhere: what is left is a form of _DURATION.
_WRITTEN = (
    (r"(\d)十(\d)", r"\1\2"), (r"(\d)十", r"\10"), (r"十(\d)", r"1\1"), ("十", "10"),
    ("^半个?", "0.5"), (r"(\d) ?个半", r"\1.5"), (r"(\d) ?个?(小时|钟头)半$", r"\1.5\2"),
)  # fmt: skip
_COUNT = rf"^({_DIGITS}(?:\.\d{{0,9}})?){_TIMES}(?:人次|人|名|位|个)?$"
_COUNT_PARTS = f"{quoted(_COUNT)}, ['n', 'times']"
_NUMBER = "try_cast(replace(p.n, ',', '') AS DECIMAL(24,9))"
# Any other (百万, 万亿) is beyond every column, however much more: exact, the product might not fit. No more branches
# in one CASE: DuckDB makes a join of them, for every row.
_MULTIPLE = (
    "CASE WHEN p.times = '' THEN 1 ELSE CASE translate(p.times, '萬億', '万亿') WHEN '千' THEN 1000 WHEN '万' THEN 10000 "
    "WHEN '亿' THEN 100000000 ELSE 1000000000 END END"
)
# Far beyond any length of time, yet a number: a check says that it is too much, not that it cannot be read.
_BEYOND = 900_000_000_000
_AMOUNT = f"CASE WHEN {_NUMBER} * {_MULTIPLE} > {_BEYOND} THEN {_BEYOND} ELSE {_NUMBER} * {_MULTIPLE} END"


def hours(raw: str, column: Column) -> str:
    return _duration(raw, "DECIMAL(18,6)", "p.m <> ''", "/ 60::DOUBLE", 3600)


def minutes(raw: str, column: Column) -> str:
    return _duration(raw, "DECIMAL(18,4)", "p.h <> ''", "* 60", 60)


def common_hours(raw: str, column: Column) -> str:
    return _bare(raw, "DECIMAL(18,6)")


def common_minutes(raw: str, column: Column) -> str:
    return _bare(raw, "DECIMAL(18,4)")


def _bare(raw: str, type_name: str) -> str:
    """A number alone. 1e2, 1_000 and nan are numbers to DuckDB, but nobody would write them here."""
    plain = f"strlen({raw}) <= 9 AND NOT contains({raw}, 'e') AND NOT contains({raw}, 'E') AND NOT contains({raw}, '_')"
    return f"CASE WHEN {plain} THEN try_cast({raw} AS {type_name}) END"


def _duration(raw: str, type_name: str, converted: str, conversion: str, seconds: int) -> str:
    """`converted` says that the other unit is written; `seconds` is how many the column's unit has."""
    sums = " + ".join(
        f"coalesce(try_cast({part} AS INTEGER), 0) * {worth}"
        for part, worth in (("p.wh || p.ch", 3600), ("p.wm || p.cm", 60), ("p.cs", 1))
    )
    return f"""CASE WHEN {raw} IS NULL OR {raw} = '' THEN NULL
        ELSE coalesce({_bare(raw, type_name)},
            list_transform([regexp_extract({_as_written(tidy(raw))}, {_DURATION_PARTS})], lambda p: try_cast(
                CASE WHEN p.wh || p.ch <> '' THEN ({sums}) / {seconds}::DOUBLE
                     WHEN {converted} THEN ({_AMOUNT}) {conversion}
                     ELSE {_AMOUNT} END AS {type_name}))[1]) END"""


def _as_written(text: str) -> str:
    """SQL for a spoken length of time in digits; any other text as it is."""
    written = f"translate(t, '{_SPOKEN_DIGITS}個時鐘鍾頭', '12223456789个时钟钟头')"
    for spoken, digits in _WRITTEN:
        written = f"regexp_replace({written}, {quoted(spoken)}, {quoted(digits)}, 'g')"
    return f"list_transform([{text}], lambda t: CASE WHEN regexp_full_match(t, {quoted(_SPOKEN)}) THEN {written} ELSE t END)[1]"


def count(raw: str, column: Column) -> str:
    """At most seven digits are written (3亿 is one): a phone number in this column must not be kept."""
    number = f"{_NUMBER} * {_MULTIPLE}"
    few = f"({number} < 10000000 OR (p.times IN ('千', '万', '亿', '萬', '億') AND strlen(p.n) <= 7))"
    return rf"""CASE WHEN {raw} IS NULL OR {raw} = '' THEN NULL
        WHEN {_is_digits(raw)} THEN try_cast({raw} AS BIGINT)
        ELSE list_transform([regexp_extract({tidy(raw)}, {_COUNT_PARTS})], lambda p:
            CASE WHEN {number} = trunc({number}) AND {few} THEN CAST({number} AS BIGINT) END)[1] END"""


def common_count(raw: str, column: Column) -> str:
    return f"CASE WHEN {_is_digits(raw)} THEN try_cast({raw} AS BIGINT) END"


def _is_digits(raw: str) -> str:
    return f"regexp_full_match({raw}, '\\d{{1,7}}')"
