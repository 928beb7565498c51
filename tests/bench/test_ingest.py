"""The benchmark runs, its figures agree with one another. No timing is asserted."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.floor_load import STEPS
from bench.ingest import ROWS_PER_VOLUNTEER
from bench.report import table
from tests.commands import run

ROWS = 2000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "kept"


@pytest.fixture(scope="module")
def figures(kept: Path) -> dict[str, Any]:
    answer = run(
        "bench", "ingest", "--rows", ROWS, "--files", 2, "--keep", kept, "--floor", "--json"
    ).require()
    printed: dict[str, Any] = json.loads(answer.out)
    return printed


def test_every_row_written_is_loaded_both_ways(figures: dict[str, Any]) -> None:
    for way in ("bare", "complete"):
        assert figures[way]["service_hours_rows"] == figures["service_hours_rows"] == ROWS
        assert (
            figures[way]["registrations_rows"] == figures["registrations_rows"] == ROWS // ROWS_PER_VOLUNTEER
        )


def test_the_ratio_is_of_the_figures_shown(figures: dict[str, Any]) -> None:
    bare, complete = figures["bare"], figures["complete"]
    assert figures["repeat"] == 1
    assert figures["ratio"] == pytest.approx(complete["load_seconds"] / bare["load_seconds"])
    assert figures["cpu_ratio"] == pytest.approx(complete["load_cpu_seconds"] / bare["load_cpu_seconds"])
    assert figures["ratio_with_publish"] > figures["ratio"]
    everything = complete["load_seconds"] + complete["publish_seconds"]
    assert figures["later_ratio"] == pytest.approx(complete["later_seconds"] / everything)
    assert complete["later_rows"] == ROWS // 2


def test_memory_and_sizes_are_measured(figures: dict[str, Any], kept: Path) -> None:
    assert figures["bytes"] == sum(path.stat().st_size for path in (kept / "drops").glob("*.csv"))
    assert figures["files"] == 4
    for way in ("bare", "complete"):
        assert figures[way]["peak_memory_mib"] > 10
        assert figures[way]["database_bytes"] > 0


def test_the_table_names_both_ways_and_the_ratio(figures: dict[str, Any]) -> None:
    text = table(figures)
    assert "bare typed load" in text
    assert all(f"least: {step}" in text for step in STEPS)
    assert f"complete load / bare typed load: {figures['ratio']:.2f}" in text
