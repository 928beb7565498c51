"""The cube's benchmark runs and its figures agree with one another. No timing is asserted."""

import json
from typing import Any

import pytest

from bench.cube import table
from tests.commands import run


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(run("bench", "cube", "--rows", 1800, "--json").require().out)
    return printed


def test_the_months_and_their_sum_are_loaded(figures: dict[str, Any]) -> None:
    persons, activities = figures["volunteers"], figures["rows"] // 100
    assert figures["load"]["rows"] + figures["load_month"]["rows"] == figures["rows"] + persons + activities
    assert 0 < figures["load_month"]["rows"] < figures["load"]["rows"] / 10


def test_both_ways_of_publishing_give_the_same_build(figures: dict[str, Any]) -> None:
    assert figures["month"]["digest"] == figures["anew"]["digest"] != figures["first"]["digest"]
    assert figures["month"]["observations"] == figures["anew"]["observations"] > 0


def test_the_cube_alone_has_the_observations_of_the_build(figures: dict[str, Any]) -> None:
    assert figures["cube"]["observations"] == figures["cube_month"]["observations"] > 0
    assert figures["cube"]["observations"] == figures["anew"]["observations"]


def test_the_ratios_are_of_the_figures_shown(figures: dict[str, Any]) -> None:
    month, anew = figures["month"]["cpu_seconds"], figures["anew"]["cpu_seconds"]
    assert figures["month_to_build"] == pytest.approx(month / anew)
    assert figures["build_to_bare"] == pytest.approx(anew / figures["bare"]["cpu_seconds"])
    cube, bare = figures["cube"], figures["bare"]
    assert figures["cube_to_bare"] == pytest.approx(cube["cpu_seconds"] / bare["cpu_seconds"])
    assert figures["cube_to_bare_by_clock"] == pytest.approx(cube["seconds"] / bare["seconds"])
    assert figures["cube_month_to_cube"] == pytest.approx(
        figures["cube_month"]["cpu_seconds"] / cube["cpu_seconds"]
    )
    assert f"monthly / whole build: {figures['month_to_build']:.3f}" in table(figures)
