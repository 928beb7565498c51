"""What the pages for people say exists, exists: commands, checks, indicators, statuses, required columns."""

import re
from pathlib import Path

import pytest

from etl.checks import load_checks, load_flags
from etl.source import load_sources
from metrics.catalogue import load_catalogue
from metrics.catalogue_table import catalogue_markdown
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
    *{"suppressed", "merged", "not_reported", "insufficient", "series_break"},
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
def test_the_readmes_list_every_indicator_and_where_to_find_measures(page: str, heading: str) -> None:
    assert first_cells(page, heading) == set(load_catalogue().indicators)
    assert "python -m metrics list" in text_of(page)


@pytest.mark.parametrize(
    ("page", "chosen", "languages"),
    [
        ("README.md", "en", ["en"]),
        ("README.zh-CN.md", "zh", ["zh"]),
        ("docs/analyst.md", "both", ["zh", "en"]),
    ],
)
def test_the_table_of_indicators_is_that_of_the_catalogue(
    page: str, chosen: str, languages: list[str]
) -> None:
    """id, name and formula."""
    table = catalogue_markdown(load_catalogue(), languages)
    assert table in text_of(page), f"{page} has another table of indicators: run make docs"
    assert table == run("metrics", "list", "--markdown", chosen).require().out.strip()


def test_make_docs_writes_the_table_in_place_of_the_old_one(tmp_path: Path) -> None:
    old = text_of("README.md").replace("active volunteers / registered volunteers", "something else", 1)
    assert old != text_of("README.md")
    page = tmp_path / "README.md"
    page.write_text(old, encoding="utf-8")
    for said in ("is up to date now", "was up to date"):
        assert said in run("metrics", "list", "--markdown", "en", "--into", page).require().err
        assert page.read_text(encoding="utf-8") == text_of("README.md")
    page.write_text("# No table here\n", encoding="utf-8")
    assert (
        "has no table with the heading row"
        in run("metrics", "list", "--markdown", "en", "--into", page).require(2).err
    )


def test_make_docs_writes_every_page_that_carries_the_table() -> None:
    recipe = text_of("Makefile").split("\ndocs:", 1)[1].split("\n\n", 1)[0]
    named = set(re.findall(r"--markdown (\w+) --into (\S+)", recipe))
    assert named == {("en", "README.md"), ("zh", "README.zh-CN.md"), ("both", "docs/analyst.md")}


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
