"""The names of the statistics are an interface: all there, documented, with their sources."""

import inspect

import pytest

from metrics import statistics
from metrics.paths import ROOT

# Outside scripts call these; a name may be added, none may go.
PROMISED = {
    "benjamini_hochberg", "byar_interval", "compare_to_benchmark", "cusum", "decompose_change", "difference_interval",
    "excess_count", "expected_by_chance",
    "funnel_limits", "gini", "hours_interval", "outlook", "overdispersion", "percentile_bands", "rank_intervals",
    "required_count", "standardise", "top_share", "trend", "wilson_interval",
}  # fmt: skip


def test_every_promised_name_is_a_function_of_the_package() -> None:
    functions = {name for name in statistics.__all__ if inspect.isfunction(getattr(statistics, name))}
    assert functions == PROMISED


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_a_docstring_says_what_goes_in_what_is_missing_and_what_is_refused(name: str) -> None:
    text = inspect.getdoc(getattr(statistics, name)) or ""
    assert "Input" in text
    assert "nan" in text
    assert "ValueError" in text


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_the_page_on_statistics_has_it(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")


def test_nothing_here_knows_of_areas_files_or_builds() -> None:
    folder = ROOT / "metrics" / "statistics"
    imported = {
        line.split()[1].split(".")[0]
        if not line.split()[1].startswith("metrics")
        else ".".join(line.split()[1].split(".")[:2])
        for path in folder.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported == {"collections", "dataclasses", "numpy", "scipy", "metrics.statistics"}
