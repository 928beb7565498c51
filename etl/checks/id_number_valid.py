"""GB 11643: 18 digits (or an old 15), a possible birth date, the right check digit.

The first six digits say where the number was first issued and are not checked against a list: many
genuine numbers carry codes that no longer exist.
"""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text

PROBLEMS = {
    "form": Text(
        "18 位（或 15 位旧号），由数字组成，末位可为 X", "18 digits (or an old 15), the last may be X"
    ),
    "birth_date": Text("第 7 至 14 位是可能的出生日期", "a possible birth date in digits 7 to 14"),
    "check_digit": Text(
        "校验码（末位）正确；请核对是否录错一位", "a right check digit at the end; a digit may be mistyped"
    ),
    "spreadsheet": Text(
        "完整的 18 位；该号码已被电子表格改成科学计数法，请把整列设为文本后重新导出",
        "all 18 digits; a spreadsheet has turned it into a rounded number: format the column as text, export again",
    ),
}


@check(
    stage="resolve",
    zh="身份证号“{found}”有误，应为{expected}。",
    en="ID number '{found}', expected {expected}.",
)
def check_id_number_valid(columns: Columns) -> Iterator[Failure]:
    if columns.has("id_number"):
        for problem, expected in PROBLEMS.items():
            yield Failure(f"id_problem = '{problem}'", "id_number", expected)
