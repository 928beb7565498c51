"""What the pages for people say exists, exists: commands, checks, indicators, statuses, required columns."""

import re

import pytest

from etl.checks import load_checks, load_flags
from etl.source import load_sources
from metrics.catalogue import load_catalogue
from metrics.paths import ROOT
from metrics.variants import load_axes
from tests.commands import run

PAGES = [
    "README.md",
    "README.zh-CN.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]
STATUSES = {
    *{"ok", "provisional", "no_denominator", "denominator_year"},
    *{"suppressed", "not_reported", "insufficient", "series_break"},
}


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def first_cells(page: str, heading: str) -> set[str]:
    """The code words in the first column of the table whose heading row begins with `heading`."""
    table = text_of(page).split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    return {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_shown_is_offered(page: str) -> None:
    shown = set(re.findall(r"python -m (etl|metrics|bench)(?: +([a-z]+))", text_of(page)))
    for package, command in sorted(shown):
        assert command in run(package, "--help").require().out, f"{page} shows python -m {package} {command}"


@pytest.mark.parametrize(("page", "heading"), [("README.md", "indicator"), ("README.zh-CN.md", "指标")])
def test_the_readmes_list_indicators_that_exist_and_where_to_find_the_others(page: str, heading: str) -> None:
    named = first_cells(page, heading)
    assert len(named) >= 7
    assert named <= set(load_catalogue().indicators)
    assert "python -m metrics list" in text_of(page)


def test_the_analysts_page_lists_every_choice_of_definition() -> None:
    page = text_of("docs/analyst.md")
    for axis in load_axes().values():
        assert f"| `{axis.id}` " in page
        assert all(f"`{option}`" in page for option in axis.options)


@pytest.mark.parametrize(
    ("page", "heading"), [("README.md", "status"), ("README.zh-CN.md", "状态"), ("docs/analyst.md", "状态")]
)
def test_every_status_is_explained(page: str, heading: str) -> None:
    assert first_cells(page, heading) == STATUSES


def test_the_analysts_page_lists_every_measure() -> None:
    assert first_cells("docs/analyst.md", "量") == set(load_catalogue().measures)


def test_the_stewards_page_explains_every_check() -> None:
    assert first_cells("docs/steward.md", "检查项") == set(load_checks())


def test_the_stewards_page_explains_every_flag() -> None:
    assert first_cells("docs/steward.md", "提示") == set(load_flags())


def test_the_stewards_page_shows_a_header_for_every_required_column() -> None:
    bold = set(re.findall(r"\*\*([^*]+)\*\*", text_of("docs/steward.md")))
    for source in load_sources().values():
        for group in source.require_one_of:
            for name in group:
                aliases = set(source.columns[name].aliases)
                assert aliases & bold, f"{source.name}: no header of {name} in bold"
