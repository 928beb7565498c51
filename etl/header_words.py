"""What people write after a header: a unit, a date's form, 必填. The name is the known one, the unit may change it.

服务时长（h）is the column of hours, 服务时长[分钟] that of minutes, 服务日期（年-月-日）that of the day. A remark nobody
knows, or a unit that contradicts the name (服务分钟数（小时）), leaves a header unknown: nothing is guessed.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.source import Column

# As etl.source.normalise_header gives it: half width, lower case, no blanks.
_REMARK = r"[(\[【〔{<《](?P<%s>[^()\[\]【】〔〕{}<>《》]{1,24})[)\]】〕}>》]"
_REMARKED = re.compile(
    rf"^(?:{_REMARK % 'before'})?(?P<name>[^()\[\]【】〔〕<>/:,]+?)"
    rf"(?:{_REMARK % 'inside'}|[/:,](?P<after>[^/:,()]{{1,12}}))?$"
)
_UNIT = re.compile(r"^(?:单位[:为]?|以|按)?(.*?)(?:计|为单位|数)?$")
HOURS = frozenset(["小时", "时", "个小时", "钟头", "h", "hr", "hrs", "hour", "hours"])
MINUTES = frozenset(["分钟", "分", "m", "min", "mins", "minute", "minutes"])
COUNTS = frozenset(["人", "名", "位", "个", "人次", "次", "person", "persons", "people"])
OF_TYPE = {"hours": HOURS, "minutes": MINUTES, "count": COUNTS}
DAY_FORM = re.compile(r"(?:格式[:为]?|如|例|例如)?[:]?[ymdhs年月日时分秒\-/.:t]{2,20}")
NOTES = frozenset(
    [
        *("必填", "必填项", "必须填写", "选填", "选填项", "可选", "可不填", "非必填", "required", "optional"),
        *("文本", "文本格式", "文本型", "text", "18位", "18位号码", "请填18位"),
        *("下拉", "下拉选择", "下拉菜单", "单选", "全称", "区县", "县区", "区县全称"),
    ]
)
OF_CODES = re.compile(r"[^/、,|或]{1,6}(?:[/、,|或][^/、,|或]{1,6})+")  # 男/女, 是或否


def column_of(text: str, known: Mapping[str, str], columns: Mapping[str, "Column"]) -> str | None:
    """The column a normalised header names, by `known` alone or with what is remarked beside it."""
    name = known.get(text)
    if name is not None or len(text) < 3:
        return name
    found = _REMARKED.match(text)
    if found is None:
        return None
    name = known.get(found["name"])
    remarks = [one for one in (found["before"], found["inside"], found["after"]) if one]
    if name is None or not remarks:
        return None
    for remark in remarks:
        name = _with_remark(name, remark, columns)
        if name is None:
            return None
    return name


def without_frame(remark: str) -> str:
    """The unit alone of 单位:分钟, 以分钟计, 分钟数."""
    return _UNIT.sub(r"\1", remark)


def _with_remark(name: str, remark: str, columns: Mapping[str, "Column"]) -> str | None:
    """The column that a name with a remark means; None when the remark is not understood."""
    kind = columns[name].type
    if remark in NOTES:
        return name
    if kind in OF_TYPE:
        unit = without_frame(remark)
        if unit in OF_TYPE[kind]:
            return name
        if kind == "hours" and unit in MINUTES:
            return next((other for other, column in columns.items() if column.type == "minutes"), None)
        return None
    if kind in ("date", "datetime"):
        return name if DAY_FORM.fullmatch(remark) else None
    if kind == "code":
        return name if OF_CODES.fullmatch(remark) else None
    return None
