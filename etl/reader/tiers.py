"""A header that takes several rows: what each column is called when its tiers are read together.

A cell merged over several columns names them all; below a cell merged downwards nothing stands. 服务 above 日期 is
服务日期, and 服务时长 above 分钟 counts minutes. What stands under 计划, or under somebody else (负责人), is another thing
than the same word alone.
"""

import re
from collections.abc import Sequence

from etl.source import Source, normalise_header
from metrics.characters import simplified

UNITS = set(
    re.findall(r"\w+", "小时 分钟 时 分 秒 天 日 人 次 人次 人数 元 个 场 h min hour hours minute minutes")
)
# Groups whose columns are not those of the record: plans, other times, other people.
OTHER_TIMES = re.compile(r"计划|预计|拟|预约|报名|申报|累计|历史|上年|去年|上月|上期|同期|planned|previous")
LONGEST_GROUP = 8  # characters; longer is a title
OTHER_PEOPLE = re.compile(r"联系人|负责人|组织者|领队|监护人|家长|审核人|录入人|contact|guardian")
Rows = Sequence[Sequence[str]]


def names_of(source: Source, rows: Rows) -> tuple[str, ...]:
    """What each column of a header of several rows is called."""
    return tuple(_name(source, stack) for stack in stacks(rows))


def stacks(rows: Rows) -> list[list[str]]:
    """The texts above each other in each column, from the top; a group's title stands in all of its columns."""
    found: list[list[str]] = []
    groups = [""] * len(rows)
    for at in range(max(map(len, rows))):
        own = [cell(row, at).strip() for row in rows]
        stack = []
        is_new = False  # a group ends where one above it begins
        for tier, text in enumerate(own):
            is_above = any(own[tier + 1 :])
            is_new = is_new or bool(text)
            if text or not is_above or (is_new and not text):
                groups[tier] = text if is_above else ""
            stack.append(text or groups[tier])
        found.append(stack)
    return found


def _name(source: Source, stack: Sequence[str]) -> str:
    """What a column is called: its tiers from the bottom up, each with what is known by then."""
    *above, name = [text for text in stack if text] or [""]
    for upper in reversed(above):
        name = _together(source, upper, name)
    return name


def _together(source: Source, upper: str, lower: str) -> str:
    """The first of the possible names that is known."""
    is_anothers = is_of_another_time(upper) or OTHER_PEOPLE.search(normalise_header(simplified(upper)))
    bare = lower.strip("()（）")
    for name in (upper + lower, f"{upper}({bare})", *(() if is_anothers else (lower,))):
        if source.recognise([simplified(name)]):
            return name
    for name in () if is_anothers else source.recognise([simplified(upper)]):
        if is_unit(lower) and source.columns[name].type not in ("hours", "minutes"):
            return upper  # a unit below changes the meaning of an amount of time only
    return f"{upper} {lower}"


def is_of_another_time(group: str) -> bool:
    """Whether a group's title says that its columns are a plan, or another period's."""
    text = normalise_header(simplified(group))
    return len(text) <= LONGEST_GROUP and OTHER_TIMES.search(text) is not None


def is_unit(text: str) -> bool:
    return normalise_header(text).removeprefix("单位").strip("():") in UNITS


def cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""
