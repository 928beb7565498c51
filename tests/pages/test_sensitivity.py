"""口径敏感性 on the districts page: the ranking under every definition, and the sentence about its order."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from metrics.build import open_build
from metrics.periods import Period
from metrics.query import query
from metrics.sensitivity import UnderVariant, sensitivity
from metrics.sensitivity_text import verdict
from metrics.variants import Variant
from pages.components import sensitivity as drawn
from pages.components.downloads import observations_csv
from pages.components.sensitivity import rank_ranges, ticks
from tests.metrics.build_factory import make_build
from tests.pages.conftest import Open, text_of

YEAR = Period.parse("2023")


def few_people(home: Path, threshold: int) -> Path:
    """Four districts of 60, 50, 40 and 40 people and two of 3, half of each active; those of the first clocked."""
    sizes = {"130202": 60, "130203": 50, "130205": 40, "130207": 40, "130204": 3, "130208": 3}
    people = [(area, number) for area, size in sizes.items() for number in range(size)]
    return make_build(
        home,
        registrations=[
            {"volunteer_key": key, "area_code": area, "registered_on": "2021-05-01"}
            for key, (area, _number) in enumerate(people)
        ] + [{"volunteer_key": 999, "registered_on": "2024-02-01"}],
        service_records=[
            {"volunteer_key": key, "service_date": "2023-05-01", "evidence": "clocked" if area == "130202" else "manual"}
            for key, (area, number) in enumerate(people) if number % 2 == 0 or (area, number) == ("130203", 1)
        ] + [{"volunteer_key": 999, "service_date": "2024-02-01"}],
        threshold=threshold,
    )  # fmt: skip


def test_the_panel_says_whether_the_order_holds(city_home: Path, open_page: Open) -> None:
    build = open_build(city_home)
    assert build is not None
    expected = sensitivity(build, "active_rate", ["130200"], YEAR)
    text = text_of(open_page("districts", period="2023"))
    assert "口径敏感性：活跃率" in text
    assert verdict(expected, "zh") in text
    for row in expected.compared:
        assert row.variant.label("zh") in text
        assert f"{row.tau:.2f}" in text
    english = text_of(open_page("districts", period="2023", lang="en"))
    assert verdict(expected, "en") in english


def test_an_indicator_without_a_choice_has_no_panel(city_home: Path, open_page: Open) -> None:
    assert "口径敏感性" not in text_of(open_page("districts", indicator="activities"))
    assert "口径敏感性" not in text_of(open_page("districts", by="gender"))


def test_a_suppressed_district_says_so_in_chart_and_table(data_home: Path, open_page: Open) -> None:
    few_people(data_home, threshold=10)
    build = open_build(data_home)
    assert build is not None
    rows = query(build, "active_rate", "130200", YEAR, by="district")
    hidden = [row.area_name for row in rows if row.status == "suppressed"]
    assert "古冶区" in hidden
    text = " ".join(text_of(open_page("districts", period="2023", indicator="active_rate")).split())
    figure: Any = rank_ranges(sensitivity(build, "active_rate", ["130200"], YEAR))
    said = {note.y: note.text for note in figure.layout.annotations}
    drawn = {name for trace in figure.data for name in trace.y}
    for name in hidden:
        assert f"{name} — — — — 人数过少，不予显示" in text
        assert said[name] == "人数过少，不予显示"
        assert name not in drawn


@pytest.mark.parametrize(
    ("why", "tau", "zh"),
    [("all_tied", None, "全部并列，不比"),
     ("few_areas", None, "有数的地区太少，不比"), ("", 1.0, "none moves"), ("", None, None)],
)  # fmt: skip
def test_a_definition_under_which_nobody_moves_says_why(
    why: str, tau: float | None, zh: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "language", lambda: "zh")
    monkeypatch.setattr(drawn, "_", lambda text: text)
    row = UnderVariant(Variant.parse("active=clocked"), {}, {}, tau, True, why)
    assert drawn.without_move(row) == zh


def test_each_rank_of_each_definition_is_drawn(data_home: Path) -> None:
    build = open_build(few_people(data_home, threshold=0))
    assert build is not None
    found = sensitivity(build, "active_rate", ["130202", "130203"], YEAR)
    figure: Any = rank_ranges(found)
    # Usually the second is ahead by one person (26 of 50, 30 of 60); nobody of it was clocked.
    usual = figure.data[-1]
    assert dict(zip(usual.y, usual.x, strict=True)) == {"路北区": 1, "路南区": 2}
    ranges = {trace.y[0]: trace.x for trace in figure.data if trace.mode == "lines"}
    assert ranges == {"路北区": (1, 2), "路南区": (1, 2)}


def test_a_tie_is_drawn_and_told_by_the_place_nearest_to_the_usual_rank(data_home: Path) -> None:
    """Nobody but those of 路南区 (fourth usually) was clocked: the other three share rank 2, in no order."""
    build = open_build(few_people(data_home, threshold=0))
    assert build is not None
    found = sensitivity(build, "active_volunteers", ["130202", "130203", "130205", "130204"], YEAR)
    (row,) = [row for row in found.compared if row.variant.code == "active=clocked"]
    assert sorted(row.ranks.values()) == [1, 2, 2, 2]
    figure: Any = rank_ranges(found)
    (trace,) = [
        trace
        for trace in figure.data
        if trace.mode == "markers" and any("第 2–4 名" in one for one in trace.hovertext)
    ]
    assert dict(zip(trace.y, trace.x, strict=True)) == {"路南区": 1, "路北区": 2, "开平区": 3, "古冶区": 4}
    assert any("并列第 2–4 名：" in one for one in trace.hovertext)


def test_the_download_holds_every_definition(city_home: Path, open_page: Open) -> None:
    build = open_build(city_home)
    assert build is not None
    app: Any = open_page("districts", period="2023")
    buttons = {button.proto.label for button in app.get("download_button")}
    assert {"下载各口径的数据（CSV）", "下载本页数据（CSV）"} <= buttons
    found = sensitivity(build, "active_rate", ["130200"], YEAR)
    rows = [one for row in found.rows for one in row.observations.values()]
    lines = csv.DictReader(io.StringIO(observations_csv(build, rows, "").decode("utf-8-sig")))
    assert {line["口径"] for line in lines} == {row.variant.code for row in found.rows}


def test_few_ranks_are_all_written_and_of_many_every_fifth() -> None:
    assert ticks(4) == [1, 2, 3, 4]
    assert ticks(19) == [1, 5, 10, 15]


def test_a_value_of_the_panel_is_that_of_the_query(city_home: Path, open_page: Open) -> None:
    build = open_build(city_home)
    assert build is not None
    found = sensitivity(build, "hours_per_registered", ["130200"], YEAR)
    for row in found.rows:
        for area, observation in row.observations.items():
            assert query(build, "hours_per_registered", area, YEAR, variant=row.variant.code) == [observation]
