"""Every command of the design exists, explains itself in two languages and answers a wrong call with a sentence."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.areas import Areas
from metrics.build import open_build
from tests.commands import REPOSITORY, Result, run, run_as_subprocess
from tests.etl.desk import ADA, BEA, REGISTER, TANGSHAN, plain, text

COMMANDS = {
    "load": ["--source", "--area", "--supplier", "--check", "--json", "PATH"],
    "status": ["--json"],
    "withdraw": ["--reason", "DROP"],
    "release": ["--by", "--reason", "DROP"],
    "receipt": ["--all", "DROP"],
    "quarantine": ["--check", "--json", "--export", "DROP"],
    "corrections": ["--json"],
    "replay": ["DROP"],
    "sample": ["--city", "--volunteers", "--months", "--seed", "--faults", "OUT"],
    "publish": [],
    "watch": ["--inbox"],
    "trace": ["--area", "--period", "--window", "--basis", "--json", "INDICATOR"],
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def put(folder: Path, name: str, *lines: str) -> Path:
    path = folder / TANGSHAN / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(*lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a loaded drop, one with a row in quarantine, a refused one and a withdrawn one."""
    directory = tmp_path_factory.mktemp("commands")
    put(directory, "1.csv", REGISTER, f"{ADA},某某,路南区,2021-01-01,正常")
    put(directory, "2.csv", REGISTER, f"{BEA},某某,火星区,2021-01-02,正常")
    put(directory, "3.csv", "今天天气很好")
    put(directory, "4.csv", REGISTER, f"{BEA},某某,路北区,2021-01-03,正常")
    run("etl", "load", directory, home=directory / "home").require(1)
    run("etl", "withdraw", 4, "--reason", "重复报送", home=directory / "home").require()
    return directory / "home"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_of_the_design_explains_itself_in_both_languages(command: str) -> None:
    told = run("etl", command, "--help").require().out
    for option in ["--data", *COMMANDS[command]]:
        assert option in told
    described = told.split("options:")[0].split("usage:")[1]
    assert CHINESE.search(described)
    assert re.search(r"/ [a-z]", described)
    for line in re.findall(r"^  --?\w.*(?:\n {20,}.*)*", told, flags=re.MULTILINE):
        assert CHINESE.search(line) or "--help" in line or "e.g." in line or "|" in line, line


def test_the_help_lists_every_command() -> None:
    told = run("etl", "--help").require().out
    assert [command for command in COMMANDS if command not in told] == []
    assert CHINESE.search(told)


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["withdraw", "1", "--reason", " "], "--reason 应写原因", "--reason: expected the reason"),
        (["withdraw", "4", "--undo", "--reason", ""], "--reason 应写原因", "--reason: expected the reason"),
        (
            ["withdraw", "99", "--reason", "x"],
            "没有第 99 号报送（现有：1–4）",
            "There is no drop 99 (there are: 1–4)",
        ),
        (
            ["withdraw", "3", "--reason", "x"],
            "状态是“已拒收”，只有“已载入”的可以撤回",
            "Drop 3 is refused; only a loaded one",
        ),
        (
            ["withdraw", "4", "--reason", "x"],
            "状态是“已撤回”，只有“已载入”的可以撤回",
            "Drop 4 is withdrawn; only a loaded one",
        ),
        (
            ["withdraw", "1", "--undo", "--reason", "x"],
            "状态是“已载入”，只有“已撤回”的可以恢复",
            "Drop 1 is loaded; only a withdrawn one can be brought back.",
        ),
        (["replay", "99"], "没有第 99 号报送", "There is no drop 99"),
        (["trace", "active_rat", "--area", TANGSHAN, "--period", "2021"], "active_rat", "active_rate"),
        (
            ["trace", "active_rate", "--area", "999999", "--period", "2021"],
            "没有区划代码为“999999”的地区",
            "999999",
        ),
        (
            ["trace", "active_rate", "--area", TANGSHAN, "--period", "夏天"],
            "“夏天”不是统计期",
            "is not a period",
        ),
        (
            ["trace", "active_rate", "--area", TANGSHAN, "--period", "2021-05", "--window", "year"],
            "year",
            "year",
        ),
        (
            ["trace", "active_rate", "--area", TANGSHAN, "--period", "2021", "--window", "week"],
            "week",
            "week",
        ),
        (
            ["trace", "active_rate", "--area", TANGSHAN, "--period", "2021", "--basis", "x"],
            "没有“x”这种口径",
            "no basis 'x'",
        ),
        (["load", "nowhere"], "没有这个文件或文件夹", "no such file or folder"),
        (["load", "--area", "火星"], "火星", "火星"),
        (["load", "--source", "hours"], "没有名为“hours”的数据源", "There is no source called 'hours'"),
        (["sample", "out", "--city", "110000"], "110000", "110000"),
        (["sample", "out", "--city", TANGSHAN, "--volunteers", "-5"], "参数有误", ""),
        (["sample", "out", "--city", TANGSHAN, "--faults", "7"], "参数有误", ""),
    ],
)
def test_a_wrong_call_is_answered_with_a_sentence_in_both_languages(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], zh: str, en: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("etl", *arguments, home=home).require(2)
    assert plain(zh) in plain(result.err)
    assert en in result.err
    assert "Traceback" not in result.err
    assert result.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["lod"],
        ["withdraw"],
        ["withdraw", "1"],
        ["withdraw", "one", "--reason", "x"],
        ["replay", "x"],
        ["load", "--chek"],
        ["sample"],
    ],
)
def test_a_call_that_cannot_be_understood_ends_with_2_and_says_what_is_expected(
    home: Path, arguments: list[str]
) -> None:
    result = run("etl", *arguments, home=home).require(2)
    assert "usage: python -m etl" in result.err


def test_a_drop_that_is_not_loaded_is_not_replayed(home: Path) -> None:
    result = run("etl", "replay", 4, home=home).require(1)
    assert "Drop 4 is withdrawn, not loaded." in result.err
    assert "第 4 号报送的状态是“已撤回”，只有“已载入”的可以重放。" in result.err


def test_replaying_everything_looks_at_the_drops_with_rows_in_quarantine(home: Path) -> None:
    result = run("etl", "replay", home=home).require()
    assert "Drop 2: 1 rows were quarantined, 1 still are." in result.err
    assert "Drop 1" not in result.err


def test_replaying_publishes_what_it_has_brought_back_and_then_finds_nothing_to_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home"))
    real, before = Areas.resolve, open_build(home)
    monkeypatch.setattr(
        Areas, "resolve", lambda self, text, city=None: real(self, text.replace("火星", "路南"), city)
    )
    result = run("etl", "replay", home=home).require()
    assert "Drop 2: 1 rows were quarantined, 0 still are." in result.err
    build = open_build(home)
    assert build is not None
    assert before is not None
    assert build.build_id != before.build_id
    assert build.quality() == []
    assert "No row is quarantined." in run("etl", "replay", home=home).require().err


def test_replaying_a_file_that_is_gone_is_told_and_the_others_are_replayed(tmp_path: Path) -> None:
    paths = [
        put(tmp_path, name, REGISTER, f"{person},某某,火星区,2021-01-02,正常")
        for name, person in (("1.csv", ADA), ("2.csv", BEA))
    ]
    run("etl", "load", *paths, home=tmp_path / "home").require(1)  # none of their rows is in
    paths[0].unlink()
    result = run("etl", "replay", home=tmp_path / "home").require(1)
    assert "The file of drop 1, 1.csv, is no longer where it was; put it back." in result.err
    assert "Drop 2: 1 rows were quarantined, 1 still are." in result.err


def test_the_status_tells_every_drop_and_why_it_is_not_in(home: Path) -> None:
    result = run("etl", "status", home=home).require()
    assert re.search(r"1  已载入 loaded .* 1 = 1 \+ 0 \+ 0 .* 1\.csv", result.out)
    assert re.search(r"3  已拒收 refused .* 3\.csv", result.out)
    assert "没有任何可识别的列名" in result.out
    assert "withdrawn: 重复报送" in result.out
    build = open_build(home)
    assert build is not None
    assert f"Current build: {build.build_id}." in result.err


def test_the_status_as_json_has_the_columns_of_load(home: Path) -> None:
    answer = run("etl", "status", "--json", home=home).require().json()
    assert [row["status"] for row in answer["drops"]] == ["loaded", "loaded", "refused", "withdrawn"]
    assert answer["build_id"]
    assert "path" not in answer["drops"][0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["status"], 0), (["status", "--json"], 0), (["replay"], 2), (["withdraw", "1", "--reason", "x"], 2)],
)
def test_no_home_is_made_by_looking_or_by_undoing(tmp_path: Path, arguments: list[str], code: int) -> None:
    result = run("etl", *arguments, home=tmp_path / "home").require(code)
    assert not (tmp_path / "home").exists()
    assert result.err or result.json()["drops"] == []


def test_a_trace_before_anything_was_published_says_so(tmp_path: Path) -> None:
    result = run(
        "etl", "trace", "active_rate", "--area", TANGSHAN, "--period", "2021", home=tmp_path
    ).require(1)
    assert "Nothing is published yet" in result.err


def test_withdrawing_publishes_what_is_left(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = put(tmp_path, "1.csv", REGISTER, f"{ADA},某某,路南区,2021-01-01,正常")
    first = run("etl", "load", path, "--json", home=home).require().json()["build_id"]
    result = run("etl", "withdraw", 1, "--reason", "报错了", home=home).require()
    build = open_build(home)
    assert build is not None
    assert build.build_id != first
    assert "Drop 1 has been withdrawn." in result.err
    assert [(row["status"], row["note_zh"]) for row in build.drops()] == [("withdrawn", "撤回：报错了")]
    assert build.cities_with_data() == []


def test_a_quick_command_does_not_wait_for_the_libraries_of_others(tmp_path: Path) -> None:
    asked = "import sys; from etl.__main__ import main; main(sys.argv[1:]); print('scipy' in sys.modules)"
    call = [sys.executable, "-c", asked, "status", "--data", str(tmp_path)]
    said = subprocess.run(call, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "False"


def test_as_a_shell_sees_it(tmp_path: Path) -> None:
    """The process itself: exit codes, UTF-8 whatever the locale, nothing on stdout but the answer."""
    path = put(tmp_path, "1.csv", "今天天气很好")
    plain = {"LC_ALL": "C", "LANG": "C"}
    result: Result = run_as_subprocess(
        "etl", "load", path, "--json", home=tmp_path / "home", environment=plain
    )
    assert result.code == 1
    assert result.json()["drops"][0]["note_zh"].startswith("1.csv 第 1 ")
    assert "没有任何可识别的列名" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([REGISTER, f"{ADA},某某,路南区,2021-01-01,正常"], 0),
        (
            [REGISTER, f"{ADA},某某,路南区,2021-01-01,正常", f"{BEA},某某,火星区,2021-01-02,正常"],
            0,
        ),  # one row waits
        ([REGISTER, f"{BEA},某某,火星区,2021-01-02,正常"], 1),  # none is in
        (["今天天气很好"], 1),
    ],
    ids=["all in", "some in", "none in", "refused"],
)
def test_who_schedules_a_load_is_told_by_1_that_nothing_of_a_drop_is_in(
    lines: list[str], code: int, tmp_path: Path
) -> None:
    path = put(tmp_path / "drops", "1.csv", *lines)
    assert run("etl", "load", path, "--check", home=tmp_path / "home").code == code
    for _ in range(2):  # the same again is no reason to think that somebody has looked at it
        assert run("etl", "load", path, home=tmp_path / "home").code == code
    inbox = ("--inbox", tmp_path / "drops", "--every", "0", "--rounds", "2")
    assert run("etl", "watch", *inbox, home=tmp_path / "other").code == code
    assert run("etl", "load", "--check", home=tmp_path / "other").code == 0  # nothing there is nothing to do


def test_a_source_sheet_with_a_mistake_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from etl import source

    (tmp_path / "visits.toml").write_text('name = "visits', encoding="utf-8")
    monkeypatch.setattr(source, "FOLDER", tmp_path)
    path = put(tmp_path / "drops", "1.csv", REGISTER)
    source.load_sources.cache_clear()
    try:
        told = run("etl", "load", path, home=tmp_path / "home").require(2).err
    finally:
        source.load_sources.cache_clear()
    assert told.startswith("数据源定义（etl/sources/）无法使用：visits.toml")
    assert "A source sheet (etl/sources/) cannot be used: visits.toml: not valid TOML" in told
