"""An ID number in the column of volunteer numbers: taken for one, the person would be counted twice."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text

ELSEWHERE = Text(
    "平台的志愿者编号；身份证号请填在“身份证号”列",
    "the platform's number; ID numbers have a column of their own",
)


@check(
    stage="read",
    zh="“{found}”像是身份证号，应为{expected}。",
    en="'{found}' looks like an ID number, expected {expected}.",
)
def check_number_is_no_id(columns: Columns) -> Iterator[Failure]:
    if columns.has("volunteer_number"):
        number = columns.value("volunteer_number")
        shape = rf"regexp_full_match({number}, '\d{{6}}(19|20)\d{{9}}[0-9Xx]')"
        born = rf"try_cast(substr({number}, 7, 4) || '-' || substr({number}, 11, 2) || '-' || substr({number}, 13, 2) AS DATE)"
        # Asked of eighteen characters only: CASE is lazy, AND is not.
        yield Failure(
            f"CASE WHEN strlen({number}) = 18 THEN {shape} AND {born} IS NOT NULL ELSE false END",
            "volunteer_number",
            ELSEWHERE,
        )
