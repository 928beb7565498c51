"""A wrong call is told in Chinese first, and nothing in it that could be a phone number is repeated."""

from __future__ import annotations

import pytest

from metrics.calls import in_chinese
from tests.commands import run


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            ("etl", "release", "2"),
            "命令写法有误：缺少必需的参数：--by。\n  The call was wrong: the following",
        ),
        (("etl", "replay", "x"), "命令写法有误：参数 DROP：'x' 不是整数。"),
        (("etl", "replay", "0315-2345678"), "命令写法有误：参数 DROP：'************' 不是整数。"),
        (("etl", "lode"), "参数 COMMAND：'lode' 不在可选之列，可用："),
        (("etl", "status", "--jsn"), "无法识别的参数：--jsn"),
        (("etl", "load", "--source"), "参数 --source：后面应有一个值"),
        (("metrics", "query", "active_rate"), "缺少必需的参数：--area, --period"),
        (("briefing", "--area", "130200"), "缺少必需的参数：--period, --out"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_first(call: tuple[str, ...], said: str) -> None:
    assert said in run(*call).require(2).err


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("one of the arguments --a --b is required", "必须写出其中一个参数：--a --b"),
        ("argument --a: not allowed with argument --b", "参数 --a：不能与 --b 同时使用"),
        (
            "ambiguous option: --re could match --replace, --reason",
            "参数 --re 不明确，可能是：--replace, --reason",
        ),
        ("argument --json: ignored explicit argument '1'", "参数 --json：不需要值，却写了 '1'"),
        ("argument --x: expected 2 arguments", "参数 --x：后面的值个数不对（2 arguments）"),
        ("something new", "something new"),
    ],
)
def test_what_argparse_says_in_chinese(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese
