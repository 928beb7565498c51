"""A number as a spreadsheet abbreviates it (1E+09): its digits are gone."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text
from etl.values import expected
from etl.values.doubts import DOUBTS, sql_of_doubt

# Numbers that differ in their last digits look the same now: many volunteers would be one, and of many records or
# activities the last would overrule the others.
NUMBERS = {
    "volunteer_number": Text("平台的志愿者编号", "the platform's number"),
    "record_id": Text("记录编号的全部数字", "all digits of the record's number"),
    "activity_id": Text("活动编号的全部数字", "all digits of the activity's number"),
    "organisation_id": Text("组织编号的全部数字", "all digits of the organisation's number"),
    "project_id": Text("项目编号的全部数字", "all digits of the project's number"),
}


@check(
    stage="read",
    zh="“{found}”是电子表格的科学计数法，应为{expected}；请把整列设为“数值”或“文本”后重新导出。",
    en="'{found}' is a spreadsheet's scientific notation, expected {expected}; format the column as text and "
    "export again.",
)
def check_number_scientific(columns: Columns) -> Iterator[Failure]:
    types, _ = DOUBTS["number_scientific"]
    for name, column in columns.source.columns.items():
        if columns.has(name) and column.type in types:
            condition = sql_of_doubt("number_scientific", columns.value(name), columns.raw(name))
            yield Failure(condition, name, expected(column), without_value=True)
    for name, wanted in NUMBERS.items():
        if columns.has(name):
            number = columns.value(name)
            form = rf"regexp_full_match({number}, '\d\.\d*[eE]\+?\d+|\d[eE]\+\d+')"
            yield Failure(f"CASE WHEN {number}[2] IN ('.', 'E', 'e') THEN {form} END", name, wanted)
