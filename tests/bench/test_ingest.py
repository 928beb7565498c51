"""The benchmark runs, its figures agree with one another. No timing is asserted."""

import json
from pathlib import Path

import pytest

from bench.ingest import ROWS_PER_VOLUNTEER
from tests.commands import run

ROWS = 2000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "kept"


def test_a_small_comparison_has_consistent_figures(kept: Path) -> None:
    figures = json.loads(run("bench", "ingest", "--rows", ROWS, "--keep", kept, "--json").require().out)
    assert figures["service_hours_rows"] == figures["bare"]["service_hours_rows"] == ROWS
    assert figures["complete"]["service_hours_rows"] == ROWS
    assert figures["registrations_rows"] == ROWS // ROWS_PER_VOLUNTEER
    assert figures["repeat"] == 1
    assert figures["ratio"] == pytest.approx(
        figures["complete"]["load_seconds"] / figures["bare"]["load_seconds"]
    )
    assert figures["ratio_with_publish"] > figures["ratio"]
    assert figures["bytes"] == sum(path.stat().st_size for path in (kept / "drops").iterdir())
    for way in ("bare", "complete"):
        assert figures[way]["peak_memory_mib"] > 10
        assert figures[way]["database_bytes"] > 0


def test_the_table_names_both_ways_and_the_ratio() -> None:
    text = run("bench", "ingest", "--rows", 500, "--volunteers", 40, "--files", 2).require().out
    assert "bare typed load" in text
    assert "complete load" in text
    assert "complete load / bare typed load:" in text
