"""The command line of etl, metrics and briefing: argparse, with its complaints in Chinese first and masked.

argparse speaks English only; what it says has a dozen forms, known here by their shape. One it does not know is
told in English, after a Chinese sentence that says that the call was wrong.
"""

import argparse
import re
import sys
from collections.abc import Callable
from typing import NoReturn

KINDS = {"int": "整数", "float": "数字", "Path": "路径"}
COUNTS = {
    "one argument": "后面应有一个值",
    "at least one argument": "后面至少应有一个值",
    "at most one argument": "后面至多有一个值",
}
# What argparse says of one argument (after "argument NAME: "), and of the call as a whole.
FORMS = (
    (r"the following arguments are required: (.*)", "缺少必需的参数：{0}"),
    (r"one of the arguments (.*) is required", "必须写出其中一个参数：{0}"),
    (r"unrecognized arguments: (.*)", "无法识别的参数：{0}"),
    (r"ambiguous option: (.*) could match (.*)", "参数 {0} 不明确，可能是：{1}"),
    (r"invalid choice: (.*?) \((?:maybe you meant .*; )?choose from (.*)\)", "{0} 不在可选之列，可用：{1}"),
    (r"not allowed with argument (.*)", "不能与 {0} 同时使用"),
    (r"ignored explicit argument (.*)", "不需要值，却写了 {0}"),
)


class Parser(argparse.ArgumentParser):
    """argparse with its complaint in both languages; `mask` stars what nobody may see in a log."""

    mask: Callable[[str], str] = staticmethod(lambda text: text)

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong with the call and end with exit code 2."""
        self.print_usage(sys.stderr)
        message = self.mask(message)
        self.exit(2, f"命令写法有误：{in_chinese(message)}。\n  The call was wrong: {message}.\n")


def in_chinese(message: str) -> str:
    """What argparse said, in Chinese; as it stands where the form is not known.

    >>> in_chinese("argument DROP: invalid int value: 'x'")
    "参数 DROP：'x' 不是整数"
    """
    of_one = re.fullmatch(r"argument (.*?): (.*)", message, re.DOTALL)
    if of_one:
        return f"参数 {of_one[1]}：{in_chinese(of_one[2])}"
    value = re.fullmatch(r"invalid (\w+) value: (.*)", message, re.DOTALL)
    if value:
        return f"{value[2]} 不是{KINDS.get(value[1], '可用的值')}"
    expected = re.fullmatch(r"expected (.*)", message)
    if expected:
        return COUNTS.get(expected[1], f"后面的值个数不对（{expected[1]}）")
    for form, said in FORMS:
        found = re.fullmatch(form, message, re.DOTALL)
        if found:
            return said.format(*found.groups())
    return message
