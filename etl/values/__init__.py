"""Text of a cell to a typed value, as SQL: one expression for each type of column.

Every cell is read as text and cast here, where it can be seen and tested; no sniffer decides. The common
form of a value is cast directly; only cells that fail it pay for regular expressions (CASE evaluates its
branches on the remaining rows only). An expression gives NULL for a missing cell and for an unreadable one;
`is_missing` tells them apart, so an unreadable value is refused and never loaded as "missing".
"""

from collections.abc import Callable

from etl.messages import Text
from etl.source import Column
from etl.values import moments, numbers, text
from etl.values.text import INVISIBLE, MISSING_WORDS, is_missing, quoted, tidy

__all__ = [
    "COMMON", "EXPECTED", "INVISIBLE", "MISSING_WORDS", "READERS", "can_be_unreadable", "expected", "is_missing",
    "quoted", "sql_for_absent", "sql_for_common", "sql_for_value", "tidy",
]  # fmt: skip

EXPECTED = {
    "id_number": Text(
        "18 位身份证号（末位为校验码）或 15 位旧号", "an 18-digit ID number with a right check digit"
    ),
    "date": Text("日期，如 2021-05-01", "a date such as 2021-05-01"),
    "datetime": Text("日期时间，如 2021-05-01 08:30", "a date and time such as 2021-05-01 08:30"),
    "hours": Text("小时数，如 3.5(0 至 24)", "a number of hours such as 3.5 (0 to 24)"),
    "minutes": Text("分钟数，如 210(0 至 1440)", "a number of minutes such as 210 (0 to 1440)"),
    "count": Text(
        "非负整数（至多写 7 位数字，更大的用万、亿）",
        "a whole number, 0 or more (at most 7 digits; above that in units of 10,000)",
    ),
    "area": Text("本市区县的名称或六位区划代码", "the name or six-digit code of a district"),
}


def _id_number(raw: str, column: Column) -> str:
    """Eighteen bytes are taken as they are: whether they are a number is asked once for each distinct one."""
    written = f"upper(ltrim(replace({tidy(raw)}, ' ', ''), ''''))"
    return f"CASE WHEN {_is_18_bytes(raw)} THEN {raw} WHEN NOT {is_missing(raw)} THEN {written} END"


def _common_id_number(raw: str, column: Column) -> str:
    return f"CASE WHEN {_is_18_bytes(raw)} THEN {raw} END"


def _is_18_bytes(raw: str) -> str:
    return f"strlen({raw}) = 18 AND {raw}[18] BETWEEN '0' AND 'X'"


Reader = Callable[[str, Column], str]
READERS: dict[str, tuple[str, Reader]] = {
    "id_number": ("VARCHAR", _id_number),
    "number": ("VARCHAR", text.text),
    "text": ("VARCHAR", text.text),
    "label": ("VARCHAR", text.label),
    "code": ("ENUM", text.code),  # of its codes
    "date": ("DATE", moments.date),
    "datetime": ("TIMESTAMP", moments.datetime),
    "hours": ("DECIMAL(18,6)", numbers.hours),
    "minutes": ("DECIMAL(18,4)", numbers.minutes),
    "count": ("BIGINT", numbers.count),
    "area": ("VARCHAR", text.area),
    "reference": ("VARCHAR", text.text),
    "synthetic": ("BOOLEAN", text.synthetic),
}


# The first branch of each reader alone: the value of a cell of the common form, NULL for any other. A cell it gives a
# value for has that value; the rest of the reader is hundreds of nodes, which a few rows are not worth planning.
COMMON: dict[str, Reader] = {
    "id_number": _common_id_number,
    "number": text.common_text,
    "text": text.common_text,
    "label": text.common_label,
    "code": text.common_code,
    "date": moments.common_date,
    "datetime": moments.common_datetime,
    "hours": numbers.common_hours,
    "minutes": numbers.common_minutes,
    "count": numbers.common_count,
    "area": text.common_area,
    "reference": text.common_text,
}


def sql_for_common(column: Column, raw: str) -> str | None:
    """The typed value of a cell of the common form, NULL for any other; None for a type without one."""
    reader = COMMON.get(column.type)
    return reader(raw, column) if reader else None


def sql_for_value(column: Column, raw: str) -> str:
    """The typed value of a cell; NULL when missing or unreadable."""
    return READERS[column.type][1](raw, column)


def sql_for_absent(column: Column) -> str:
    """The typed NULL of a column the drop does not have."""
    if column.type == "synthetic":
        return "false"
    return f"CAST(NULL AS {column.enumeration if column.type == 'code' else READERS[column.type][0]})"


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
