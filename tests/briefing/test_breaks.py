"""A break in the series: told under the chart, drawn in every format, and nothing is compared across it."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from briefing.content.compose import compose
from briefing.formats import FORMATS, write_all
from briefing.model import Briefing, Chart, Headlines
from briefing.template import load_template
from metrics.build import open_build
from metrics.periods import Period
from metrics.series_breaks import SeriesBreak
from tests.metrics.build_factory import make_build

MIGRATION = SeriesBreak(
    date(2023, 1, 1),
    "130200",
    ("registrations",),
    "platform_migration",
    "全市换了平台。",
    "Another platform.",
    "test",
)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    people = [{"volunteer_key": key, "registered_on": f"202{1 + key % 3}-03-05"} for key in range(1, 100)]
    records = [{"volunteer_key": key, "service_date": f"202{1 + key % 3}-12-05"} for key in range(1, 60)]
    home = make_build(
        tmp_path_factory.mktemp("broken"), registrations=people, service_records=records, breaks=[MIGRATION],
        today=date(2024, 1, 15),
    )  # fmt: skip
    build = open_build(home)
    assert build is not None
    return compose(build, "130200", Period.parse("2023"), None, load_template())


@pytest.fixture(scope="module")
def written(broken: Briefing, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("written")
    return dict(zip(FORMATS, write_all(broken, FORMATS, folder, "briefing"), strict=True))


def line_charts(briefing: Briefing) -> list[Chart]:
    blocks = [block for section in briefing.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, Chart) and block.kind == "line"]


def test_the_break_is_told_under_the_charts_it_concerns(broken: Briefing) -> None:
    (chart, *_) = [chart for chart in line_charts(broken) if chart.breaks]
    (position,) = chart.breaks
    assert chart.points[int(position + 0.5)].label.startswith("2023")
    assert any("全市换了平台" in note for note in chart.notes)


def test_headlines_do_not_compare_across_it(broken: Briefing) -> None:
    blocks = [block for section in broken.sections for block in section.blocks]
    headlines = [
        item
        for block in blocks
        if isinstance(block, Headlines)
        for group in block.groups
        for item in group.headlines
    ]
    registered = [item for item in headlines if item.figure.observation.indicator == "registered_volunteers"]
    assert [(item.change, item.before, item.before_status) for item in registered] == [
        ("", None, "series_break")
    ]


def test_every_format_draws_it(written: dict[str, Path], broken: Briefing) -> None:
    drawn = sum(bool(chart.breaks) for chart in line_charts(broken))
    assert drawn
    assert written["html"].read_text(encoding="utf-8").count('class="series-break"') == drawn
    for extension, folder in (("docx", "word/charts/"), ("pptx", "ppt/charts/")):
        with zipfile.ZipFile(written[extension]) as archive:
            parts = [
                archive.read(name).decode()
                for name in archive.namelist()
                if re.match(rf"{folder}chart\d+\.xml", name)
            ]
        assert sum('prstDash val="dash"' in part for part in parts) == drawn
