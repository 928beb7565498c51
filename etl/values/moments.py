r"""Days and moments as people write them, in Beijing time.

The forms machines write are parsed directly. Anything else is taken apart by one regular expression, and
what fits none of its alternatives is nothing: 21-5-1 and 5/1/2021 could be several days and are refused,
as is 2021-05-01 8:30-11:30, whose end is no time zone.
A day's number in Excel (44317) counts from 30 December 1899. A workbook that counts from 1904 says so, and its numbers
are counted by etl/reader/day_numbers.py; a text exported from one does not, and comes out four years early.
"""

from etl.source import Column
from etl.values.text import quoted, tidy

SERIAL_ZERO = "1899-12-30"  # the day before the number 1, had 1900 not a 29 February to Excel
FIRST_SERIAL, LAST_SERIAL = 10000, 73050  # 1927-05-18 and 2099-12-31; five digits
_YEAR = r"((?:19|[2-9]\d)\d{2})"
_DAY = rf"{_YEAR} ?[-–—/.。年] ?(\d{{1,2}}) ?[-–—/.。月] ?(\d{{1,2}})"
_COMPACT = r"((?:19|20)\d{2})(\d{2})(\d{2})"
_WEEKDAY = r"(?: ?[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)?"
_GAP = rf"(?: ?[日号]{_WEEKDAY} *|{_WEEKDAY}(?: |(T)) *)"
_CLOCK = (
    r"(上午|下午)? ?(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(\.\d{1,9})?)?|[时点時點](?:(\d{1,2})(?:分(?:(\d{1,2})秒)?)?)?)"
    r"(?: ?([AaPp])\.?[Mm]\.?)?"
)
_COMPACT_CLOCK = r"[ T]?(\d{2})(\d{2})(?:(\d{2})(\.\d{1,9})?)?"  # 083000, after a day without marks only
_ZONE = r"(?: ?(Z|(?:UTC|GMT)?([-+])(0?\d|1[0-4])(?::?([0-5]\d))?|UTC|GMT))?"
_SERIAL = r"(\d{5})(\.\d{1,15})?"
_NAMES = (
    "y", "m", "d", "cy", "cm", "cd", "t", "half", "h", "mi", "s", "f", "mi2", "s2", "ap",
    "ch", "cmi", "cs", "cf", "z", "sign", "zh", "zm",
)  # fmt: skip
_OF_DAY = rf" ?[日号]?{_WEEKDAY}|(?:{_GAP}{_CLOCK}|{_COMPACT_CLOCK}){_ZONE}"
# 20210501.0 is a day that pandas has written as a float.
_FORM = rf"^(?:(?:{_DAY}|{_COMPACT})(?:{_OF_DAY}|(\.0))|{_SERIAL})$"
_PARTS = f"{quoted(_FORM)}, [{', '.join(map(quoted, (*_NAMES, 'float', 'serial', 'part')))}]"


def date(raw: str, column: Column) -> str:
    """A day. A time that comes with it must be possible; with a zone, it is the day in Beijing.

    24:00 ends the day that is written, so the day stays.
    """
    written = f"CAST({_written()} - CASE concat(p.h, p.ch) WHEN '24' THEN INTERVAL 1 MICROSECOND ELSE INTERVAL 0 DAY END AS DATE)"
    return f"""CASE WHEN {_is_iso_day(raw)} THEN try_cast({raw} AS DATE)
        WHEN {raw} IS NULL OR {raw} = '' THEN NULL ELSE {_taken_apart(raw, _serial(), written)} END"""


def common_date(raw: str, column: Column) -> str:
    return f"CASE WHEN {_is_iso_day(raw)} THEN try_cast({raw} AS DATE) END"


def _is_iso_day(raw: str) -> str:
    return f"strlen({raw}) = 10 AND {raw}[5] IN ('-', '/') AND {raw} >= '1900'"


def datetime(raw: str, column: Column) -> str:
    """A moment; a day alone is its beginning, 24:00 the beginning of the next (ISO 8601, GB/T 7408)."""
    time = "to_seconds(CAST(round(CAST('0' || p.part AS DOUBLE) * 86400) AS BIGINT))"
    return f"""CASE WHEN {raw} IS NULL OR {raw} = '' THEN NULL ELSE coalesce(
        {common_datetime(raw, column)},
        {_taken_apart(raw, f"{_serial()} + {time}", _written())}) END"""


def common_datetime(raw: str, column: Column) -> str:
    forms = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M")
    long, short = [form + ":%S" for form in forms], list(forms)
    return f"""CASE WHEN {raw} >= '1900' THEN CASE strlen({raw}) WHEN 19 THEN try_strptime({raw}, {long})
                                                          WHEN 16 THEN try_strptime({raw}, {short}) END END"""


def _taken_apart(raw: str, serial: str, written: str) -> str:
    """The parts `p` of the form found; a lambda, because SQL has no other name for a part of an expression."""
    return f"""list_transform([regexp_extract({tidy(raw)}, {_PARTS})], lambda p:
        CASE WHEN p.serial <> '' THEN {serial}
            WHEN p.cy <> '' OR p.y <> '' AND p.ch || p.float = '' THEN {written} END)[1]"""


def _serial() -> str:
    number = "CAST(p.serial AS INTEGER)"
    return f"CASE WHEN {number} BETWEEN {FIRST_SERIAL} AND {LAST_SERIAL} THEN DATE '{SERIAL_ZERO}' + {number} END"


_LATE = "CASE WHEN try_cast(p.h AS INTEGER) BETWEEN 1 AND 23 THEN try_cast(p.h AS INTEGER) % 12 + 12 END"


def _written() -> str:
    """The moment in Beijing time; NULL for an impossible day, time or zone."""
    hour = "try_cast(p.h || p.ch AS INTEGER)"
    # 上午12:30 is half past midnight to Excel and half past noon to people; 12:30 AM is only the first.
    of_day = f"""CASE p.half || lower(p.ap) WHEN '' THEN coalesce({hour}, 0)
        WHEN '上午' THEN CASE WHEN {hour} < 12 THEN {hour} END
        WHEN 'a' THEN CASE WHEN {hour} <= 12 THEN {hour} % 12 END
        WHEN '下午' THEN {_LATE} WHEN 'p' THEN {_LATE} END"""
    clock = "lpad(p.mi || p.mi2 || p.cmi, 2, '0'), ':', lpad(p.s || p.s2 || p.cs, 2, '0'), p.f, p.cf"
    text = f"concat(p.y, p.cy, '-', p.m, p.cm, '-', p.d, p.cd, ' ', coalesce({of_day}, 99), ':', {clock})"
    east = "coalesce(try_cast(p.sign || p.zh AS INTEGER), 0) * 60 + coalesce(try_cast(p.sign || p.zm AS INTEGER), 0)"
    # 8:30-11:30 is a time range: a bare ±hh:mm is a zone only as machines write it, after T or seconds.
    machine = "(p.ch <> '' OR p.t || p.s <> '' AND p.mi <> '') AND p.half || p.ap = ''"
    minutes = f"""CASE WHEN p.z = '' THEN 0
        WHEN p.sign = '' OR p.z[1] IN ('U', 'G') OR ({machine}) THEN 480 - ({east}) END"""
    return f"try_cast({text} AS TIMESTAMP) + to_minutes({minutes})"
