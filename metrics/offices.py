"""Who may sign a review: the offices a data home declares, or else whatever is called like an office or a post.

Declared in <home>/offices.toml: `offices = ["市文明办综合科", "统计员"]`. Then only these may sign, exactly as written.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from metrics.home_toml import read_home_toml
from metrics.refusals import Refused

FILE = "offices.toml"
KEY = "offices"
REVIEWER = re.compile(r"[^\W\d_][\w .,()（）、·/&-]{0,59}")
# A review is an office's act and is published: it is signed by an office or a post, never with somebody's name. That
# no name stands before it no program can tell; that it ends in such a word, and 王科员 with one character too few, it can.
OFFICES = re.compile(
    r".*(科|处|室|办|局|厅|部|委|中心|站|所|会|总队|支队|组|专班|岗|"
    r"office|bureau|department|division|section|committee|commission|centre|center|federation|association|unit|"
    r"team|group|desk)[)）]?",
    re.IGNORECASE,
)
POSTS = re.compile(
    r"(..+)?(科员|专员|分析员|统计员|管理员|审核员|核定员|负责人|analyst|steward|statistician|administrator|reviewer)[)）]?",
    re.IGNORECASE,
)


class OfficesNotUsable(Refused):
    """The data home's offices.toml cannot be used; the sentences say where and what was expected."""


def is_office(by: str) -> bool:
    """市文明办综合科, 统计员, data steward: an office or a post by how it ends."""
    return bool(REVIEWER.fullmatch(by) and (OFFICES.fullmatch(by) or POSTS.fullmatch(by)))


def may_sign(by: str, offices: Sequence[str]) -> bool:
    """Whether a review may be signed so: by one of the declared, or by the rule of endings where none are."""
    return by in offices if offices else is_office(by)


def offices_of_home(home: Path) -> tuple[str, ...]:
    """The offices and posts a data home declares; none where it declares none. Raises OfficesNotUsable."""
    entries = read_home_toml(home / FILE, OfficesNotUsable)
    for key, value in entries.items():
        if key != KEY:
            raise OfficesNotUsable(
                f"{FILE} 不能用：{key}：写的是“{value}”，没有这个键，只有 {KEY}。",
                f"{FILE}, {key}: found '{value}', expected only {KEY}.",
            )
    found = entries.get(KEY)
    if found is None:
        return ()
    if not isinstance(found, list) or not found:
        raise _fault(found, "一列科室或岗位", "a list of offices or posts")
    for one in found:
        if not isinstance(one, str) or not REVIEWER.fullmatch(one):
            raise _fault(
                one,
                "科室或岗位的名称，文字开头，最多 60 个字",
                "the name of an office, of at most 60 characters",
            )
    return tuple(found)


def _fault(found: object, zh: str, en: str) -> OfficesNotUsable:
    sample = 'offices = ["市文明办综合科", "统计员"]'
    return OfficesNotUsable(
        f"{FILE} 不能用：{KEY}：写的是“{found}”，应为{zh}，如 {sample}。",
        f"{FILE}, {KEY}: found '{found}', expected {en}, such as {sample}.",
    )
