"""The statement that screens a drop: cells by name, their typed values, and a bit for every condition of a check."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.checks import Check, Columns, Failure, load_checks
from etl.common_form import NONE, OTHER_FORMS, Common
from etl.id_lookup import sql_code
from etl.reader import Drop
from etl.reader.units import sql_with_unit
from etl.source import Column
from etl.values import sql_for_absent, sql_for_common, sql_for_value
from etl.values.doubts import sql_of_time
from metrics.characters import simplified

YES_OR_NO = "是否"


@dataclass(frozen=True)
class Rule:
    """One condition of one check on this drop; its place in the list is its bit."""

    check: Check
    failure: Failure


def rules_of(columns: Columns, stage: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(check, failure)
        for check in load_checks().values()
        if check.stage == stage
        for failure in check.function(columns)
    )


def sql_screening(
    drop: Drop,
    columns: Columns,
    rules: Sequence[Rule | None],
    relation: str,
    row_no: str,
    common: Common = NONE,
) -> str:
    """Three nested selects: cells by name; typed values; faults, and the cells of faulty rows."""
    read = {name: column for name, column in columns.source.columns.items() if column.type != "unread"}
    there = columns_there(drop, columns)
    conditions = " ".join(rule.failure.condition for rule in rules if rule is not None)
    absent = [
        name for name in read if name not in there and re.search(rf"\b{name}\b", conditions)
    ]  # conditions may ask of a column that the drop lacks
    cells = ", ".join(f"c{place}" for place in range(drop.width))
    raw = _sql_cells(drop, columns)

    def value(name: str, column: Column) -> str:
        short = sql_for_common(column, columns.raw(name)) if name in common.names else None
        return short or sql_for_value(column, columns.raw(name))

    values = ", ".join(
        [
            *(f"{value(name, read[name])} AS {name}" for name in there),
            *(f"{sql_for_absent(read[name])} AS {name}" for name in absent),
        ]
    )
    # A row of the wrong shape is judged by its shape only: its cells may stand under the wrong headers.
    shape_bits = " + ".join(
        _bit(index, rule)
        for index, rule in enumerate(rules)
        if rule is not None and rule.failure.column is None
    )
    cell_bits = " + ".join(_cell_bits(rules)) or "0"
    other_forms = (
        f", CASE WHEN shape IS NULL THEN {common.other_forms(columns)} ELSE 0 END AS {OTHER_FORMS}"
        if common.names
        else ""
    )
    kept = ", ".join(_sql_kept(name, read[name]) for name in there)
    codes = "".join(f", {sql_code(name)} AS id_code" for name in there if read[name].type == "id_number")
    return f"""
        SELECT {row_no} {kept}, faults,
               CASE WHEN faults <> 0 THEN shape_detail END AS shape_detail,
               CASE WHEN faults <> 0 THEN [{cells}] END AS cells
               {f", {OTHER_FORMS}" if common.names else ""}
        FROM (SELECT *, CASE WHEN shape IS NOT NULL THEN {shape_bits} ELSE {cell_bits} END AS faults{other_forms}{codes}
              FROM (SELECT *, {values}
                    FROM (SELECT {row_no} shape, shape_detail, {cells}{raw} FROM ({relation}))))"""


def _sql_kept(name: str, column: Column) -> str:
    """What leaves the scan of a column: its value, of an ID number the code or, where it has none, the text."""
    if column.type != "id_number":
        return name
    return f"id_code, CASE WHEN id_code IS NULL THEN {name} END AS id_text"


def _sql_cells(drop: Drop, columns: Columns) -> str:
    """The cells of the columns that are there and read, each as raw_<name>, with a comma before each."""
    return "".join(
        f", {_sql_cell(drop, name)} AS {columns.raw(name)}" for name in columns_there(drop, columns)
    )


def columns_there(drop: Drop, columns: Columns) -> list[str]:
    """The columns of the sheet that the drop has and that are read."""
    return [
        name
        for name, column in columns.source.columns.items()
        if name in drop.header.positions and column.type != "unread"
    ]


def _cell_bits(rules: Sequence[Rule | None]) -> Iterator[str]:
    """The bits of conditions on cells; those that only a cell without a value can set are asked behind one gate."""
    gated: dict[str, list[str]] = {}
    for index, rule in enumerate(rules):
        column = rule.failure.column if rule is not None else None
        if rule is None or column is None:
            continue
        if rule.failure.without_value:
            gated.setdefault(column, []).append(_bit(index, rule))
        else:
            yield _bit(index, rule)
    for column, bits in gated.items():
        yield f"CASE WHEN {column} IS NULL THEN {' + '.join(bits)} ELSE 0 END"


def _sql_cell(drop: Drop, name: str) -> str:
    """The text of a column: its cell, and where that alone does not say it, the one beside.

    An area given twice (区划代码 and 所属区县) is the first that is not blank. A time without a day beside a
    column for the day is a time of that day. A length of time has the unit that a column of units gives it. 1 and 0
    answer a header that asks whether.
    """
    positions, columns = drop.header.positions, drop.header.source.columns
    cell = f"c{positions[name]}"
    if columns[name].type == "area":
        others = "".join(f", nullif(trim(c{place}), '')" for place in drop.header.others(name))
        return f"coalesce(nullif(trim({cell}), ''){others})" if others else cell
    if columns[name].type in ("hours", "minutes"):
        return sql_with_unit(cell, drop.header.fields)
    if columns[name].type == "code" and YES_OR_NO in simplified(drop.header.fields[positions[name]]):
        return _sql_yes_or_no(cell)
    if columns[name].type == "datetime" and "service_date" in positions:
        return sql_of_time(cell, f"c{positions['service_date']}")
    return cell


def _sql_yes_or_no(cell: str) -> str:
    """1 and 0 (a spreadsheet's TRUE and FALSE) under a header that asks whether (是否通过).

    Under 审核状态 they stay what they are, and are set aside: platforms number their statuses differently. 1 is passed
    to some and waiting to others; 0 would not count either way, but silently, and the sender is to say what it means.
    """
    return f"""CASE WHEN strlen({cell}) > 12 THEN {cell} WHEN upper(trim({cell})) IN ('1', '１', '1.0', 'TRUE') THEN '是'
        WHEN upper(trim({cell})) IN ('0', '０', '0.0', 'FALSE') THEN '否' ELSE {cell} END"""


def _bit(index: int, rule: Rule) -> str:
    return f"CASE WHEN {rule.failure.condition} THEN {1 << index}::BIGINT ELSE 0 END"
