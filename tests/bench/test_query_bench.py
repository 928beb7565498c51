"""The benchmark of questions asks what it says, of one build or of two, and its figures agree. No timing is asserted."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.query import questions, require_build, table
from metrics.catalogue import load_catalogue
from tests.commands import run
from tests.metrics.build_factory import small_city


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city(tmp_path_factory.mktemp("asked"))


@pytest.fixture(scope="module")
def figures(home: Path) -> dict[str, Any]:
    call = ("bench", "query", "--home", home, "--home2", home, "--repeat", 1, "--json")
    printed: dict[str, Any] = json.loads(run(*call).require().out)
    return printed


def test_every_indicator_is_asked_in_every_window_and_shape(home: Path) -> None:
    asked = [one.name for one in questions(require_build(home))]
    assert len(set(asked)) == len(asked)
    for indicator in load_catalogue().all():
        for window in indicator.windows():
            shapes = ["city", "by district", "series"]
            if "gender" in indicator.dimensions and window in indicator.windows("gender"):
                shapes.append("by gender")
            wanted = {f"{indicator.id} {window} {shape}" for shape in shapes}
            assert wanted == {name for name in asked if name.startswith(f"{indicator.id} {window} ")}


def test_a_question_gives_rows(home: Path) -> None:
    by_name = {one.name: one for one in questions(require_build(home))}
    assert len(by_name["active_rate month series"].ask()) == 36
    assert len(by_name["active_rate year city"].ask()) == 1
    assert len(by_name["active_rate ytd by gender"].ask()) == 3


def test_the_figures_are_of_both_builds_and_their_ratio(figures: dict[str, Any]) -> None:
    first, second = figures["builds"]
    assert figures["questions"] > 500
    assert first["records"] == second["records"]
    assert figures["ratio"]["p95"] == pytest.approx(second["cpu"]["p95"] / first["cpu"]["p95"])
    assert all(one["cpu"]["p50"] <= one["cpu"]["p95"] for one in (first, second))
    assert set(first["shapes"]) == {"city", "by district", "by gender", "series"}
    told = table(figures)
    assert f"p95 {figures['ratio']['p95']:.2f}" in told
    assert "aim: p95 <= 20 ms" in told


def test_a_home_without_a_build_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Nothing has been published"):
        require_build(tmp_path)
