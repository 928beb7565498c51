"""深入分析: every analysis as the command answers it, drawn by kind, with its options in the address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from metrics.analysis.drawing import Drawing, Level, Series
from metrics.analysis.registry import ANALYSES, Analysis, Call, analyse
from metrics.analysis.shapes import KINDS, Shape
from metrics.build import Build, open_build
from metrics.periods import Period
from metrics.sentences import status_text
from pages.components import downloads, findings
from pages.components.analysis_options import WIDGETS
from tests.metrics.analysis_factory import one_person_home
from tests.metrics.test_analysis_shapes import NEW
from tests.pages.conftest import Open, text_of
from tests.pages.test_address import address

YEAR = Period.parse("2023")


def current(home: Path) -> Build:
    build = open_build(home)
    assert build is not None
    return build


@pytest.mark.parametrize("name", ANALYSES)
def test_every_analysis_says_what_the_command_says(name: str, city_home: Path, open_page: Open) -> None:
    asks = "active_rate" if ANALYSES[name].needs_indicator else ""
    found = analyse(name, Call(current(city_home), "130200", YEAR, indicator=asks, home=city_home))
    app = open_page("analyses", analysis=name, period="2023")
    text = text_of(app)
    assert found.zh in text
    assert not app.error
    assert found.en in text_of(open_page("analyses", analysis=name, period="2023", lang="en"))


def test_every_option_has_a_widget_and_every_widget_an_option() -> None:
    asked = {option for one in ANALYSES.values() for option in one.options}
    # The indicator and the window are rows of their own; an old version of a peer group is for the command line.
    assert asked - {"indicator", "window", "group_version"} == WIDGETS.keys()


def test_options_are_codes_in_the_address_and_change_the_answer(city_home: Path, open_page: Open) -> None:
    app = open_page("analyses", analysis="needed", area="130203")
    app.text_input(key="target_zh").input("95").run()
    assert address(app) == {"analysis": "needed", "area": "130203", "target": "95"}
    question: Any = {"indicator": "active_rate", "target": "95", "home": city_home}
    found = analyse("needed", Call(current(city_home), "130203", YEAR, **question))
    assert found.zh in text_of(app)
    app.text_input(key="target_zh").input("").run()
    assert address(app) == {"analysis": "needed", "area": "130203"}


def test_an_earlier_period_and_a_correction_reach_the_analysis(city_home: Path, open_page: Open) -> None:
    before = text_of(open_page("analyses", analysis="decomposition", before="2021"))
    assert "从2021年到2023年" in before
    corrected = text_of(open_page("analyses", analysis="verdicts", corrected="yes"))
    assert "已按 Benjamini–Hochberg 校正" in corrected
    assert "会仅因偶然而显得不同" in text_of(open_page("analyses", analysis="verdicts"))


def test_the_chosen_definition_is_named(city_home: Path, open_page: Open) -> None:
    text = text_of(open_page("analyses", analysis="ranking", variant="active=clocked"))
    assert "活跃率（口径：活跃＝有自动签到记录）" in text


def test_what_cannot_be_asked_is_said_and_the_page_stays(city_home: Path, open_page: Open) -> None:
    app = open_page("analyses", analysis="ranking", area="130203")
    assert [note for note in app.info if "没有下级地区" in note.value]
    assert "数据版本 2024-01-15-small" in text_of(app)
    refused = open_page("analyses", analysis="needed", target="十")
    assert [note for note in refused.info if "既不是数" in note.value]


def test_an_own_peer_group_is_offered(city_home: Path, open_page: Open) -> None:
    group = '[[group]]\nid = "mine"\nname = { zh = "沿海", en = "Coast" }\nareas = ["路北区", "古冶区", "开平区"]\n'
    (city_home / "peer_groups.toml").write_text(group, encoding="utf-8")
    app = open_page("analyses", analysis="peers", area="130202")
    assert "沿海" in app.selectbox(key="group_zh").options
    app.selectbox(key="group_zh").select("mine").run()
    assert "3 个对比地区（沿海" in text_of(app)


def test_tables_can_be_downloaded(city_home: Path, open_page: Open) -> None:
    app: Any = open_page("analyses", analysis="seasonality")
    assert (
        len(app.get("download_button"))
        == len([block for block in app.expander if "数据表" in block.label])
        >= 3
    )


def test_a_downloaded_table_has_the_status_as_a_code_and_in_words(
    city_home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(downloads, "table", lambda headings, rows, name: kept.append((headings, rows)))
    open_page("analyses", analysis="ranking", period="2023")
    ((headings, rows),) = kept
    assert headings["_status"] == "状态说明"
    found = analyse(
        "ranking", Call(current(city_home), "130200", YEAR, indicator="active_rate", home=city_home)
    )
    told = {(row.status, status_text(row.told_status, "zh")) for row in found.rows}  # type: ignore[attr-defined]
    assert {(row["status"], row["_status"]) for row in rows} == told


def test_an_analysis_added_to_the_registry_is_shown_without_a_change_here(
    city_home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = Shape("bars", "各地占比", "Shares", drawn=("share",), levels=("median",), shares=("median",))
    new = Analysis("invented", "新分析", "a new one", (), lambda call: NEW, (shape,))
    monkeypatch.setitem(ANALYSES, "invented", new)
    app: Any = open_page("analyses", analysis="invented")
    text = text_of(app)
    assert "新分析" in text
    assert "路北区 — 人数过少，不予显示" in " ".join(text.split())
    assert len(app.get("plotly_chart")) == 1
    assert not app.error


ROWS = (
    Series("value", "Value", (60.0, None, 40.0), ("60%", "withheld, few", "40%"), (50.0, None, 30.0), (70.0, None, 45.0)),
)  # fmt: skip


def drawn(kind: str, **more: Any) -> Any:
    return findings.figure(Drawing(kind, "t", "%", "names", ("A", "B", "C"), **{"series": ROWS, **more}))


def test_bars_have_whiskers_and_say_why_there_is_none() -> None:
    figure = drawn("bars", levels=(Level("City", 55.0, "55%"),), are_areas=True)
    (bar,) = figure.data
    assert bar.x == (60.0, None, 40.0)
    assert bar.error_x.array == (10.0, None, 5.0)
    assert bar.error_x.arrayminus == (10.0, None, 10.0)
    texts = {note.text for note in figure.layout.annotations}
    assert {"60%", "40%", "withheld, few", "City 55%"} <= texts
    assert figure.layout.shapes[0].x0 == 55.0


def test_a_missing_point_is_a_gap_in_a_line_and_in_its_ribbon() -> None:
    figure = drawn("lines")
    assert all(trace.connectgaps is False for trace in figure.data)
    assert [trace.y[1] for trace in figure.data] == [None, None, None]


def test_bands_lie_below_the_line_of_the_area() -> None:
    percentiles = tuple(Series(key, key, (1.0, 2.0, 3.0), ("1", "2", "3")) for key in ("p25", "p50", "p75"))
    figure = drawn("bands", series=(*ROWS, *percentiles))
    assert figure.data[-1].y == (60.0, None, 40.0)
    assert [trace.fill for trace in figure.data if trace.fill] == [
        "tonexty"
    ]  # no outer band without p10 and p90


def test_a_hidden_cell_of_a_grid_is_marked_and_a_cell_that_is_none_is_not() -> None:
    rows = (
        Series("a", "2021", (1.0, None), ("1%", "withheld")),
        Series("b", "2022", (2.0, None), ("2%", "")),
    )
    figure = findings.figure(Drawing("grid", "t", "%", "age", ("0", "1"), rows))
    assert [(note.x, note.y, note.text) for note in figure.layout.annotations] == [("1", "2021", "※")]


def test_a_funnel_has_its_limits_and_its_points() -> None:
    points = Series("value", "Value", (50.0,), ("50%",), x=(100.0,))
    limits = tuple(
        Series(key, key, (40.0, 45.0), ("", ""), x=(50.0, 150.0))
        for key in ("lower_95", "upper_95", "lower_998", "upper_998", "chance_lower_998", "chance_upper_998")
    )
    figure: Any = findings.figure(Drawing("funnel", "t", "%", "size", ("A",), (points, *limits)))
    assert [trace.line.dash for trace in figure.data[:-1]] == ["dash", "dash", "solid", "solid", "dot", "dot"]
    assert figure.data[-1].x == (100.0,)


def test_every_kind_of_drawing_has_a_chart() -> None:
    assert findings.KINDS.keys() == set(KINDS)


def test_an_upper_bound_of_sleepers_says_so(data_home: Path, open_page: Open) -> None:
    """Records begin in January 2021: of 36 months to June 2023 the first six are not known."""
    one_person_home(data_home)
    said = text_of(open_page("analyses", analysis="sleeping", period="2023-06"))
    assert "至多 " in said
    assert "服务记录开始得晚，更早服务过的人也算作没有记录，所以是上限" in said
