"""A briefing in another definition: every figure read so is asked again so, and says so; the others say they are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from briefing.content.compose import compose
from briefing.formats import FORMATS, write_all
from briefing.model import Briefing, Headlines, Paragraph, Table
from briefing.template import Group, load_template
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.periods import Period
from metrics.query import QueryRefused, query
from metrics.variants import Variant
from metrics.variants.fitting import fitting
from tests.briefing.reading import Found, read
from tests.briefing.test_command import QUESTION
from tests.briefing.test_command import briefing as command
from tests.briefing.test_content import blocks
from tests.briefing.test_formats_agree import asked_again, expected_row

CHOSEN = Variant.parse("active=clocked,hours=clocked")


def composed(build: Build, chosen: Variant = CHOSEN, lang: str = "zh") -> Briefing:
    return compose(build, "130200", Period.parse("2023"), None, load_template(), lang, chosen)


@pytest.fixture(scope="module")
def written(build: Build, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    folder = tmp_path_factory.mktemp("variant")
    paths = write_all(composed(build), FORMATS, folder, "briefing")
    return {extension: read(path) for extension, path in zip(FORMATS, paths, strict=True)}


def variant_of(row: list[str], extension: str) -> str:
    """What a trace row says it was read by: paper and page in a column, slides after the basis."""
    said = row[6].partition(" ")[2] if extension == "pptx" else row[7]
    return "" if said == "默认" else said


@pytest.mark.parametrize("extension", FORMATS)
def test_every_figure_is_what_metrics_answers_by_its_definition(
    extension: str, written: dict[str, Found], build: Build
) -> None:
    template = {indicator.id: indicator for indicator in load_template().indicators}
    codes = set()
    for row in written[extension].trace:
        indicator, code = template[row[2].split()[-1]], variant_of(row, extension)
        assert code == fitting(CHOSEN, indicator, "year").code, row
        plain = [*row[:6], row[6].split()[0], *row[7:]]
        assert row[-5:] == expected_row(asked_again(build, plain, code)), row
        codes.add(code)
    assert codes == {"", "active=clocked", "hours=clocked", "active=clocked,hours=clocked"}


def test_the_choice_changes_figures_and_only_those_it_concerns(build: Build, briefing: Briefing) -> None:
    usual = {figure.observation.indicator: figure.value for figure in briefing.figures[:12]}
    other = {figure.observation.indicator: figure.value for figure in composed(build).figures[:12]}
    assert other["active_rate"] != usual["active_rate"]
    assert other["registered_volunteers"] == usual["registered_volunteers"]


@pytest.mark.parametrize("extension", FORMATS)
def test_each_format_says_which_definition(extension: str, written: dict[str, Found]) -> None:
    text = written[extension].text
    assert "活跃＝有自动签到记录，时长＝仅自动签到" in text
    assert "活跃率＊" in text
    assert "注册志愿者＊" not in text


def test_headlines_tables_and_definitions_name_it(build: Build) -> None:
    briefing = composed(build)
    groups = next(block for block in blocks(briefing, "headlines") if isinstance(block, Headlines)).groups
    marked = {item.name for group in groups for item in group.headlines if item.name.endswith("＊")}
    assert {"活跃率＊", "服务时长＊", "人均时长（活跃）＊"} <= marked
    assert not {"注册率＊", "活动＊", "志愿服务活动＊"} & marked
    (table,) = [block for block in blocks(briefing, "definitions") if isinstance(block, Table)]
    told = {row.cells[0].text: row.cells[2].text for row in table.rows}
    assert told["活跃率＊"].startswith("口径：活跃＝有自动签到记录。")
    assert told["注册率"].startswith("默认口径（所选口径与它无关）。")
    assert (
        "口径",
        "活跃＝有自动签到记录，时长＝仅自动签到（名称带＊的指标；其余为默认口径）",
    ) in briefing.facts
    assert briefing.running_subject.endswith("＊活跃＝有自动签到记录，时长＝仅自动签到")


def test_what_the_choice_concerns_but_a_build_cannot_answer_is_read_as_usual_and_says_why(
    build: Build,
) -> None:
    """Hours of people with a clocked record are not held; their hours are, if hours=clocked is chosen too."""
    briefing = composed(build, Variant.parse("active=clocked"))
    (table,) = [block for block in blocks(briefing, "definitions") if isinstance(block, Table)]
    told = {row.cells[0].text: row.cells[2].text for row in table.rows}
    assert told["人均时长（活跃）"].startswith("默认口径：active=clocked 不能单独用于")
    read_so = {
        figure.observation.variant
        for figure in briefing.figures
        if figure.observation.indicator == "hours_per_active"
    }
    assert read_so == {""}


def test_a_choice_that_no_figure_can_be_read_by_is_refused(build: Build) -> None:
    only = (load_catalogue().indicator("activities"),)
    template = replace(
        load_template(), groups=(Group({"zh": "活动", "en": "Activities"}, only),), district_columns=only,
        district_charts=only, trend=only,
    )  # fmt: skip
    with pytest.raises(QueryRefused, match="读不了本简报的任何一个指标"):
        compose(build, "130200", Period.parse("2023"), None, template, "zh", CHOSEN)


def test_without_a_choice_nothing_is_said(briefing: Briefing) -> None:
    assert "＊" not in str(briefing)
    assert "默认口径" not in str(briefing)
    assert len(next(b for b in briefing.trace.blocks if isinstance(b, Table)).columns) == 12


def test_in_english_it_is_named_in_english(build: Build) -> None:
    briefing = composed(build, lang="en")
    assert "with active = a clocked record" in str(briefing)
    (table,) = [block for block in blocks(briefing, "definitions") if isinstance(block, Table)]
    assert table.rows[0].cells[2].text.startswith("The usual definition: the one chosen does not concern it.")


def test_the_command_takes_the_definition_and_names_it_in_the_file(home: Path, tmp_path: Path) -> None:
    command(
        home, tmp_path, *QUESTION, "--format", "html", "--variant", "hours=clocked,active=clocked"
    ).require()
    (path,) = tmp_path.iterdir()
    assert path.name == "overview-130200-2023-active_clocked_hours_clocked-2024-01-15-small.html"
    assert "活跃率＊" in read(path).text


def test_a_wrong_choice_is_refused_before_anything_is_written(home: Path, tmp_path: Path) -> None:
    refused = command(home, tmp_path, *QUESTION, "--variant", "active=moon").require(2)
    assert "没有选项“moon”" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_the_query_behind_a_marked_figure_is_the_one_a_reader_can_repeat(build: Build) -> None:
    figure = next(one for one in composed(build).figures if one.observation.indicator == "active_rate")
    row = figure.observation
    assert query(build, "active_rate", row.area_code, row.period, row.window, variant="active=clocked") == [
        row
    ]


@pytest.mark.parametrize(
    ("lang", "why"),
    [
        ("zh", "各地区不按注册率排序：按这个定义只宜与同一地区的其他时期比。"),
        (
            "en",
            "Areas are not ranked by registered share. So defined, a figure is comparable with other periods",
        ),
    ],
)
def test_over_the_residents_of_a_part_areas_are_not_ranked_and_it_says_why(
    build: Build, lang: str, why: str
) -> None:
    template = load_template()
    share = load_catalogue().indicator("registered_share")
    template = replace(template, district_charts=(share, *template.district_charts[1:]))
    chosen = Variant.parse("population=age_16_70")
    found = compose(build, "130200", Period.parse("2023"), None, template, lang, chosen)
    said = [block.text for block in blocks(found, "districts") if isinstance(block, Paragraph)]
    assert any(why in text for text in said), said
