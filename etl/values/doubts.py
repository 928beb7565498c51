"""Why a cell is no value, where that can be said better than "not recognised".

Each doubt has a check of its own (etl/checks) with its sentence; check_value_readable leaves these cells to
it, so that a cell has one reason. Only cells without a value are asked.
"""

from etl.source import Column
from etl.values.text import AROUND, MISSING, quoted, tidy

NUMBERS, DAYS = ("hours", "minutes", "count"), ("date", "datetime")
MERGED_AMOUNT = "（合并单元格）"  # written after an amount that a workbook merges over several rows
COUNTED_FROM_UNKNOWN = "（起算年不明）"  # written after a day's number that may count from 1900 or from 1904
_TIME = r"(?:[ T].*)?"
_N = "[0-9０-９]"
_SPOKEN = rf"{_N}{{1,2}} ?[时点時點](?: ?{_N}{{1,2}}(?: ?分(?: ?{_N}{{1,2}} ?秒)?)?)?"
_CLOCK = rf"(?:[上下]午)? *(?:{_N}{{1,2}}[:：]{_N}{{2}}(?:[:：]{_N}{{2}}(?:\.\d{{1,9}})?)?|{_SPOKEN})(?: ?[AaPp]\.?[Mm]\.?)?"
_NOT_LEAP = "(?:1900|(?:19|20)(?:[02468][1235679]|[13579][01345789]))"
_AND, _YEAR = "[-/.年月]", r"(?:19|20)\d{2}"
# A whole date with a day or a month there is not, with a year of four digits in front.
_NO_DAY = (
    rf"(?:{_YEAR}{_AND}(?:0?[469]|11){_AND}31|{_YEAR}{_AND}0?2{_AND}3[01]|{_NOT_LEAP}{_AND}0?2{_AND}29"
    rf"|{_YEAR}{_AND}\d{{1,2}}{_AND}(?:00?|3[2-9]|[4-9]\d)|{_YEAR}{_AND}(?:00?|1[3-9]|[2-9]\d){_AND}\d{{1,2}}"
    rf"|{_YEAR}(?:(?:0[469]|11)31|023[01])|{_NOT_LEAP}0229)[日号]?"
)
# name of the check: the types of column it may befall, and the form of the cell
DOUBTS: dict[str, tuple[tuple[str, ...], str]] = {
    # 21-5-1, 5/1/2021: the year in two digits, or in the last place; 210501 may be a day or a month.
    "date_ambiguous": (DAYS, rf"(?:\d{{1,2}}[-/.年]\d{{1,2}}[-/.月](?:\d{{1,2}}|\d{{4}})日?{_TIME}|\d{{6}})"),
    # 2021-5, 2021年, 5月1日, 8:30
    "date_incomplete": (
        DAYS,
        r"(?:(?:19|20)\d{2}(?:[-/.年]\d{1,2}月?|年?)|\d{1,2}[-/.月]\d{1,2}[日号]?|" + f"{_CLOCK})",
    ),
    # 2021-05-01 8:30-11:30, 8:30至11:30, 8点~11点
    "time_range": (DAYS, rf"(?:(?:19|20)\d{{2}}.{{3,14}})?{_CLOCK} *[-–—~～至到]+ *{_CLOCK}"),
    "date_no_such_day": (DAYS, _NO_DAY + r"(?:[ T]\d[\d:.]*)?"),
    "day_counted_from_unknown": (DAYS, ".*" + COUNTED_FROM_UNKNOWN),
    "digits_grouped": (NUMBERS, r"[-+]?\d+(?:[,，]\d*)+(?:\.\d*)?"),
    "amount_merged": (NUMBERS, ".*" + MERGED_AMOUNT),
    "number_scientific": (NUMBERS, r"[-+]?\d+(?:\.\d*)?[eE][-+]?\d+"),
}

TIME_ALONE = quoted(f"{AROUND}{_CLOCK}{AROUND}")


def sql_of_time(cell: str, day: str) -> str:
    """A cell of a moment; a time alone becomes one of the day beside it.

    The common forms are told by their length: a time that begins with a digit has at most 15 bytes, a day with its
    time has more; a full-width or Chinese time has up to 26.
    """
    plain = f"regexp_full_match({cell}, '\\d{{1,2}}:\\d{{2}}(:\\d{{2}})?')"
    return f"""CASE WHEN strlen({cell}) < 4 OR strlen({cell}) > 26 OR (strlen({cell}) > 15 AND {cell} < ':') THEN {cell}
        WHEN {plain} AND strlen({day}) <= 10 AND {day}[1] BETWEEN '0' AND '9' THEN concat({day}, ' ', {cell})
        WHEN regexp_full_match({cell}, {TIME_ALONE}) THEN concat({tidy(day)}, ' ', {tidy(cell)})
        ELSE {cell} END"""


def sql_of_doubt(name: str, value: str, raw: str) -> str:
    """True for a cell in this doubt."""
    return f"CASE WHEN {value} IS NULL AND {raw} <> '' THEN regexp_full_match({raw}, {_pattern(DOUBTS[name][1])}) END"


def sql_of_unreadable(column: Column, value: str, raw: str) -> str:
    """True for a cell that holds something, but neither a value nor a word for nothing, and is in no doubt."""
    forms = "|".join(form for types, form in DOUBTS.values() if column.type in types)
    known = quoted(f"{MISSING}|{AROUND}(?:{forms}){AROUND}") if forms else quoted(MISSING)
    return f"CASE WHEN {value} IS NULL AND {raw} <> '' THEN NOT regexp_full_match({raw}, {known}) END"


def _pattern(form: str) -> str:
    return quoted(f"{AROUND}{form}{AROUND}")
