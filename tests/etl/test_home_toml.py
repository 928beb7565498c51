"""Whatever an office keeps in its data home as TOML: a file that cannot be read is told with its place, alike for all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl import corrections
from etl.completeness import suppliers
from etl.messages import Refusal
from metrics.analysis.peer_groups import own_lists
from metrics.offices import offices_of_home
from metrics.refusals import Refused
from metrics.reviews import reviews_of_home
from metrics.series_breaks.reading import load_breaks
from tests.commands import run

READERS: dict[str, Callable[[Path], Any]] = {
    "reviews.toml": reviews_of_home,
    "offices.toml": offices_of_home,
    "series_breaks.toml": load_breaks,
    "peer_groups.toml": own_lists,
    "suppliers.toml": suppliers.declared,
    "corrections/5月.toml": corrections.declared,
}


def told_of(home: Path, file: str, content: bytes) -> tuple[str, str]:
    """(Chinese, English) that a reader says of a file with this content."""
    path = home / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with pytest.raises((Refused, Refusal)) as told:
        READERS[file](home)
    error = told.value
    return (error.zh, error.en) if isinstance(error, Refused) else (error.text.zh, error.text.en)


@pytest.mark.parametrize("file", READERS)
@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        ("# 说明\nname = '路南区'".encode("gbk"), "第 1 行有字节 0xC3", "line 1 holds the byte 0xC3"),
        (b"# ok\n# ok\nname = \xff", "第 3 行有字节 0xFF，不是 UTF-8", "line 3 holds the byte 0xFF"),
        (b"# ok\nname 3\n", "第 2 行第 6 个字符处写法有误", "(at line 2, column 6); expected 'key = value'"),
        (b"[name", "文件末尾写法有误", "(at end of document)"),
        (b"nobody_knows = 3\n", "nobody_knows", "nobody_knows"),
    ],
    ids=["GBK", "wrong byte", "no equals sign", "end", "unknown key"],
)
def test_a_file_that_cannot_be_used_is_told_with_its_place(
    tmp_path: Path, file: str, content: bytes, zh: str, en: str
) -> None:
    told_zh, told_en = told_of(tmp_path, file, content)
    assert zh in told_zh
    assert en in told_en
    assert Path(file).name in told_zh
    assert Path(file).name in told_en


@pytest.mark.parametrize("file", [file for file in READERS if "/" not in file])
def test_what_is_no_file_is_told(tmp_path: Path, file: str) -> None:
    (tmp_path / file).mkdir()
    with pytest.raises((Refused, Refusal)) as told:
        READERS[file](tmp_path)
    assert f"{file} cannot be read (Is a directory)" in str(told.value)


@pytest.mark.parametrize("file", READERS)
def test_the_mark_of_windows_editor_is_no_mistake(tmp_path: Path, file: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\xef\xbb\xbf# nothing yet\n")
    read = READERS[file](tmp_path)
    assert read == READERS[file](tmp_path / "another home")


def test_commands_tell_it_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "disclosure.toml"
    path.write_bytes("threshold = 5 # 内部".encode("gbk"))
    (tmp_path / "x.csv").write_text("身份证号\n", encoding="utf-8")
    told = run("etl", "load", tmp_path / "x.csv", home=tmp_path).require(1).err
    assert "disclosure.toml is not valid TOML: line 1 holds the byte" in told
    assert "Traceback" not in told
