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
    "no_number": Text(
        "18 位号码；这一格里没有数字，不是号码，可能是姓名等其他内容填进了这一列",
        "18 digits; there is no digit in this cell, a name or something else may stand in the wrong column",
    ),
    "birth_date": Text("第 7 至 14 位是可能的出生日期", "a possible birth date in digits 7 to 14"),
    "check_digit": Text(
        "校验码（末位）正确；请核对是否录错一位", "a right check digit at the end; a digit may be mistyped"
    ),
    "scientific": Text(
        "完整的 18 位；电子表格已把它改成科学计数法，后几位丢失，无法还原。请从平台重新导出；用 Excel 或 WPS 打开前，"
        "在“数据→自文本/CSV 导入”中把该列设为“文本”，再另存为 CSV",
        "all 18 digits; a spreadsheet has made it a number in scientific notation and its last digits are lost. Export "
        "it again from the platform; import it as text ('Data, From Text/CSV', column type Text) before saving",
    ),
    "rounded": Text(
        "完整的 18 位；电子表格只保留 15 位数字，末三位变成了 000，无法还原。请从平台重新导出；用 Excel 或 WPS 打开前，"
        "在“数据→自文本/CSV 导入”中把该列设为“文本”，再另存为 CSV",
        "all 18 digits; a spreadsheet keeps 15 digits and has made the last three 000, they are lost. Export it again "
        "from the platform; import it as text ('Data, From Text/CSV', column type Text) before saving",
    ),
}

# What to do when most cells are no numbers, in place of the general advice.
NO_NUMBER = Text(
    "这一列填的不是身份证号，可能是姓名等内容错了列；请对照列名，把各列对齐后从系统重新导出。",
    "This column holds no ID numbers, perhaps names: put the cells under the right headers and export again.",
)


@check(
    stage="resolve",
    zh="身份证号“{found}”有误，应为{expected}。",
    en="ID number '{found}', expected {expected}.",
)
def check_id_number_valid(columns: Columns) -> Iterator[Failure]:
    if columns.has("id_number"):
        for problem, expected in PROBLEMS.items():
            yield Failure(f"id_problem = '{problem}'", "id_number", expected)
