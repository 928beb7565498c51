"""python -m briefing: files where they were asked for, exit codes, sentences and never a traceback."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.commands import Result, run, run_as_subprocess

QUESTION = ("--area", "130200", "--period", "2023")


def briefing(home: Path, out: Path, *arguments: object) -> Result:
    return run("briefing", *arguments, "--out", out, home=home)


def test_writes_the_formats_asked_for_and_prints_their_paths(home: Path, tmp_path: Path) -> None:
    done = run_as_subprocess(
        "briefing", *QUESTION, "--format", "html", "--out", tmp_path / "new" / "folder", home=home
    ).require()
    (path,) = (tmp_path / "new" / "folder").iterdir()
    assert path.name == "overview-130200-2023-2024-01-15-small.html"
    assert done.out.splitlines() == [str(path)]
    assert "示例数据" in done.err
    assert "Sample data" in done.err


def test_window_and_language_are_part_of_the_name(home: Path, tmp_path: Path) -> None:
    briefing(
        home, tmp_path, "--area", "130203", "--period", "2023-Q2", "--window", "ytd", "--format", "HTML",
        "--lang", "en",
    ).require()  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == [
        "overview-130203-2023-Q2-ytd-2024-01-15-small-en.html"
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--area", "130299", "--period", "2023"), "Did you mean '130229' (玉田县)?"),
        (("--area", "130200", "--period", "2023-13"), "is not a period"),
        ((*QUESTION, "--window", "month"), "cannot be read for 2023"),
        ((*QUESTION, "--window", "rolling"), "There is no window 'rolling'"),
        ((*QUESTION, "--template", "overviw"), "Did you mean 'overview'?"),
        ((*QUESTION, "--format", "docx,ppt"), "Did you mean 'pptx'?"),
        ((*QUESTION, "--format", ","), "There is no format"),
        ((*QUESTION, "--lang", "fr"), "The call was wrong"),
        ((*QUESTION, "--build", "2020-01-01-none"), "There is no build"),
        (("--period", "2023"), "命令写法有误"),
    ],
)
def test_a_wrong_call_is_refused_with_a_sentence(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    refused = briefing(home, tmp_path, *arguments).require(2)
    assert sentence in refused.err
    assert refused.out == ""
    assert list(tmp_path.iterdir()) == []


def test_nothing_published_is_said(data_home: Path, tmp_path: Path) -> None:
    refused = briefing(data_home, tmp_path / "out", *QUESTION).require(1)
    assert "python -m etl load" in refused.err
    assert not (tmp_path / "out").exists()


def test_nothing_reported_is_said_with_the_last_day(home: Path, tmp_path: Path) -> None:
    refused = briefing(home, tmp_path / "out", "--area", "130200", "--period", "2030").require(1)
    assert "已报送至 2023-12-31" in refused.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_said(home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = briefing(home, tmp_path / "file", *QUESTION, "--format", "html").require(1)
    assert "could not be read or written" in refused.err


def test_a_build_that_cannot_be_read_is_said(data_home: Path, tmp_path: Path) -> None:
    published = data_home / "published"
    published.mkdir()
    (published / "CURRENT").write_text("broken")
    (published / "broken.duckdb").write_bytes(b"not a database" * 100)
    refused = briefing(data_home, tmp_path / "out", *QUESTION).require(1)
    assert "Traceback" not in refused.err


def test_a_second_run_replaces_the_file_and_leaves_nothing_beside(home: Path, tmp_path: Path) -> None:
    for _ in range(2):
        briefing(home, tmp_path, *QUESTION, "--format", "html").require()
    assert len(list(tmp_path.iterdir())) == 1


def test_nothing_in_the_files_names_this_machine(files: dict[str, Path], home: Path) -> None:
    for extension in ("docx", "pptx"):
        with zipfile.ZipFile(files[extension]) as package:
            for name in package.namelist():
                assert str(home).encode() not in package.read(name), name
    assert str(home) not in files["html"].read_text(encoding="utf-8")
