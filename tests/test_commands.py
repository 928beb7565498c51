"""Both ways of running a command must tell the same story, or a test in-process would prove little."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import run, run_as_subprocess


@pytest.mark.parametrize(
    "arguments",
    [
        ("metrics", "list", "--json"),
        ("metrics", "query", "active_rat", "--area", "130200", "--period", "2021"),
        ("etl", "withdraw"),
    ],
)
def test_a_command_answers_alike_in_this_process_and_in_its_own(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    here = run(*arguments, home=tmp_path / "here")
    there = run_as_subprocess(*arguments, home=tmp_path / "there")
    assert (here.code, here.out) == (there.code, there.out)
