"""Seeded faults: rows as they go wrong in life, beside the right ones, with the truth about each.

A faulty row is an extra row, copied from a right one and spoiled; only a re-sent record spoils the first
copy and sends the right one later. So faulty files, once screened, mean exactly what faultless ones mean,
and a load can be checked against both the truth list and the clean figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from etl.sample.identity_numbers import CHECK_CHARACTERS, check_character
from etl.sample.tables import Table

Array = npt.NDArray[Any]
RowValues = dict[str, str]
Spoil = Callable[[RowValues, np.random.Generator], RowValues]

UNDECODABLE = "\ue000"  # stands for a byte that is in no encoding until the file is written
DROPPED_FIELDS = 2
HOURS_COLUMNS = ("服务时长", "服务时长(分钟)")
DATE_COLUMNS = ("注册日期", "注册时间", "服务日期", "开始时间")
AREA_COLUMNS = ("所属区县", "区划代码", "服务地区")
ID_COLUMNS = ("身份证号", "证件号码")


@dataclass(frozen=True)
class Fault:
    """One planted fault: where (file as written, row as a spreadsheet counts it, the header being 1), what."""

    file: str
    row_no: int
    kind: str


def first_of(row: RowValues, columns: tuple[str, ...]) -> str:
    return next(column for column in columns if column in row)


def wrong_check_digit(row: RowValues, generator: np.random.Generator) -> RowValues:
    column = first_of(row, ID_COLUMNS)
    right = row[column][-1].upper()
    wrong = (CHECK_CHARACTERS.tobytes().decode().index(right) + int(generator.integers(1, 11))) % 11
    return row | {column: row[column][:-1] + chr(CHECK_CHARACTERS[wrong])}


def impossible_birth_date(row: RowValues, generator: np.random.Generator) -> RowValues:
    column = first_of(row, ID_COLUMNS)
    stem = row[column][:10] + f"023{int(generator.integers(0, 2))}" + row[column][14:17]
    return row | {column: stem + check_character(stem)}


def impossible_date(row: RowValues, generator: np.random.Generator) -> RowValues:
    return row | {first_of(row, DATE_COLUMNS): f"2023-02-{int(generator.integers(30, 32))}"}


def unknown_area(row: RowValues, generator: np.random.Generator) -> RowValues:
    return row | {first_of(row, AREA_COLUMNS): "示例不存在区"}


def missing_id(row: RowValues, generator: np.random.Generator) -> RowValues:
    if "招募人数" in row:
        return row | {"活动编号": ""}
    return row | {column: "" for column in (*ID_COLUMNS, "志愿者编号") if column in row}


def negative_hours(row: RowValues, generator: np.random.Generator) -> RowValues:
    column = first_of(row, HOURS_COLUMNS)
    return row | {column: "-" + row[column]}


def absurd_hours(row: RowValues, generator: np.random.Generator) -> RowValues:
    column = first_of(row, HOURS_COLUMNS)
    service_hours = int(generator.integers(25, 400))
    return row | {column: str(service_hours * 60 if column == HOURS_COLUMNS[1] else service_hours)}


def text_hours(row: RowValues, generator: np.random.Generator) -> RowValues:
    return row | {first_of(row, HOURS_COLUMNS): "半天"}


def undecodable_byte(row: RowValues, generator: np.random.Generator) -> RowValues:
    column = "活动名称" if "招募人数" in row else "姓名"
    return row | {column: row[column][:2] + UNDECODABLE + row[column][2:]}


def unchanged(row: RowValues, generator: np.random.Generator) -> RowValues:
    return row


SHAPES = {"too_few_fields": unchanged, "too_many_fields": unchanged}  # spoiled when the line is joined
COMMON: dict[str, Spoil] = {
    "impossible_date": impossible_date,
    "unknown_area": unknown_area,
    "missing_id": missing_id,
    "undecodable_byte": undecodable_byte,
    **SHAPES,
}
OF_PERSONS: dict[str, Spoil] = {
    "wrong_check_digit": wrong_check_digit,
    "impossible_birth_date": impossible_birth_date,
}
OF_HOURS: dict[str, Spoil] = {
    "negative_hours": negative_hours,
    "absurd_hours": absurd_hours,
    "text_hours": text_hours,
}
REPEATED = "duplicated_row"  # the same row again, byte for byte
RESENT = "resent_with_changed_hours"
KINDS: dict[str, dict[str, Spoil]] = {
    "registrations": COMMON | OF_PERSONS | {REPEATED: unchanged},
    "activities": COMMON | {REPEATED: unchanged},
    "service_hours": COMMON | OF_PERSONS | OF_HOURS | {REPEATED: unchanged, RESENT: unchanged},
}


def plan_faults(
    source: str, rows: int, share: float, generator: np.random.Generator
) -> list[tuple[str, int]]:
    """(kind, index of the row it is made from), `share` of `rows`, every kind of the source equally often."""
    wanted = round(share * rows)
    kinds = generator.permutation(list(KINDS[source]))
    chosen = generator.choice(rows, wanted, replace=False)
    return [(str(kinds[place % len(kinds)]), int(row)) for place, row in enumerate(chosen)]


def with_faults(
    source: str,
    file: str,
    table: Table,
    delimiter: str,
    share: float,
    spare_ids: list[str],
    generator: np.random.Generator,
) -> tuple[Any, list[Fault]]:
    """(the lines of a file as an array of joined rows without line ends, the truth about the faulty ones)."""
    lines = joined(table, delimiter)
    plan = plan_faults(source, len(lines), share, generator)
    if not plan:
        return lines, []
    headers = list(table)
    copies = pa.table(table).take([row for _, row in plan]).to_pylist()
    replaced: dict[int, str] = {}
    extra: list[tuple[float, str, str]] = []  # position among the right rows, kind, line
    for number, ((kind, row), copy) in enumerate(zip(plan, copies, strict=True)):
        if kind == RESENT:
            replaced[row] = delimiter.join(with_other_hours(copy).values())
            extra.append((len(lines) + number, kind, delimiter.join(copy.values())))
            continue
        if kind != REPEATED:
            copy = as_someone_new(source, copy, spare_ids[number % len(spare_ids)])
        spoiled = KINDS[source][kind](copy, generator)
        extra.append((row + 0.5, kind, as_line(kind, [spoiled[header] for header in headers], delimiter)))
    return merge(lines, replaced, extra, file)


def joined(table: Table, delimiter: str) -> Any:
    return pc.binary_join_element_wise(*table.values(), delimiter)


def as_line(kind: str, values: list[str], delimiter: str) -> str:
    if kind == "too_few_fields":
        values = values[:-DROPPED_FIELDS]
    elif kind == "too_many_fields":
        values = [*values, "多余"]
    return delimiter.join(values)


def as_someone_new(source: str, row: RowValues, spare_id: str) -> RowValues:
    """A spoiled row must not touch the right one's person, record or activity, however it is understood."""
    if source == "registrations":
        new = {column: spare_id for column in ID_COLUMNS if column in row}
        if "志愿者编号" in row:
            new["志愿者编号"] = row["志愿者编号"] + "F"
        return row | new
    column = "记录编号" if source == "service_hours" else "活动编号"
    return row | {column: row[column] + "F"}


def with_other_hours(row: RowValues) -> RowValues:
    """The first, wrong version of a record that was sent again: one hour more."""
    column = first_of(row, HOURS_COLUMNS)
    more = float(row[column]) + (60 if column == HOURS_COLUMNS[1] else 1)
    return row | {column: f"{more:g}"}


def merge(
    lines: Any, replaced: dict[int, str], extra: list[tuple[float, str, str]], file: str
) -> tuple[Any, list[Fault]]:
    """Put the extra lines in their places and find the row numbers they end up with."""
    where = np.array(sorted(replaced), np.int64)
    mask = np.zeros(len(lines), bool)
    mask[where] = True
    lines = pc.replace_with_mask(
        lines, pa.array(mask), pa.array([replaced[int(row)] for row in where], pa.string())
    )
    everything = pa.concat_arrays([lines, pa.array([line for _, _, line in extra], pa.string())])
    positions = np.concatenate([np.arange(len(lines)), [position for position, _, _ in extra]])
    order = np.argsort(positions, kind="stable")
    row_of = np.empty(len(order), np.int64)
    row_of[order] = np.arange(len(order)) + 2
    faults = [Fault(file, int(row_of[len(lines) + n]), kind) for n, (_, kind, _) in enumerate(extra)]
    return everything.take(pa.array(order)), sorted(faults, key=lambda fault: fault.row_no)
