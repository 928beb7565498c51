"""What components draw: gaps stay gaps, the unknown stays visible, exports say where they come from."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from metrics.build import open_build
from metrics.catalogue import load_catalogue
from metrics.comparisons import Comparison, Reason
from metrics.comparisons.reasons import about_one
from metrics.observation import COLUMNS, Observation
from metrics.periods import Period
from metrics.query import query
from metrics.series_breaks import SeriesBreak
from pages.components import cards, charts, downloads, frame, tables, withheld_drawn
from pages.components.tables import Column, Row
from pages.components.words import count_text, large_text

RATE = load_catalogue().indicator("active_rate")


def observation(area: str, value: float | None, **more: object) -> Observation:
    row = Observation(
        indicator="active_rate", area_code=area, area_name="", period_start=date(2023, 1, 1),
        period_end=date(2023, 12, 31), window="year", basis="residence", dimension="", member="",
        numerator=None, denominator=None, value=value, lower=None, upper=None,
        status="ok" if value is not None else "not_reported", build_id="b",
    )  # fmt: skip
    return replace(row, **more)  # type: ignore[arg-type]


def test_a_missing_value_is_a_gap_in_a_line() -> None:
    rows = [observation("130200", value) for value in (10.0, None, 30.0)]
    line = charts.trend({"city": rows}, RATE).data[0]
    assert list(line.y) == [10.0, None, 30.0]
    assert line.connectgaps is False


def test_a_withheld_value_is_a_gap_with_a_mark_and_never_a_zero() -> None:
    rows = [observation("130200", 10.0), observation("130200", None, status="suppressed", denominator=40)]
    line = charts.trend({"city": rows}, RATE)
    assert list(line.data[0].y) == [10.0, None]
    (mark,) = [one for one in line.layout.annotations if one.text == withheld_drawn.WITHHELD]
    assert "人数过少" in mark.hovertext
    members = [
        replace(row, dimension="gender", member=code)
        for row, code in zip(rows, ("female", "male"), strict=True)
    ]
    bars = charts.members(members, RATE)
    assert list(bars.data[0].y) == [10.0, None]
    assert withheld_drawn.WITHHELD in [one.text for one in bars.layout.annotations]
    heat = charts.heat_map(
        {"active_rate": [rows[0], replace(rows[1], area_code="130202")]}, {"active_rate": RATE}
    )
    assert "—" in [one.text for one in heat.layout.annotations]
    ranking = charts.ranking([replace(rows[1], area_code="130202")], RATE, rows[0])
    assert any("人数过少" in str(one.text) for one in ranking.layout.annotations)


def test_a_card_of_a_withheld_value_shows_a_dash_and_the_reason() -> None:
    withheld = observation("130200", None, status="suppressed", denominator=40)
    card = cards.Card(RATE, withheld, None, [observation("130200", 10.0), withheld])
    assert "人数过少" in cards._foot(card)
    assert str(cards._sparkline(card)) == "[10.0, nan]"
    assert "人数过少" in charts.value_text(withheld, RATE)


def test_a_card_without_a_comparable_year_says_why_in_a_few_words() -> None:
    def foot(reason: Reason, now: Observation) -> str:
        compared = Comparison("year_earlier", "", "", now, None, None, None, (reason,), indicator=RATE)
        return cards._foot(cards.Card(RATE, now, None, [now], None, compared))

    now = observation("130200", 20.0, numerator=20, denominator=100)
    earlier = observation(
        "130200", None, status="not_reported", period_start=date(2022, 1, 1), period_end=date(2022, 12, 31)
    )
    (missing,) = about_one(earlier, now, RATE, "other")
    assert "不比较：2022年未报送" in foot(missing, now)
    assert missing.text("zh") == "2022年没有数值（未报送）。"
    broken = Reason("series_break", "series_break", "<b>很长</b>。", "Long.", "2023-03-01 起序列中断", "x")
    assert foot(broken, now).endswith("不比较：2023-03-01 起序列中断")
    assert "&lt;b&gt;很长&lt;/b&gt;" in foot(replace(broken, brief_zh=""), now), "texts come from outside"
    hidden = observation("130200", None, status="suppressed", denominator=40)
    (own,) = about_one(hidden, now, RATE, "now")
    assert "不比较" not in foot(own, hidden), "its status says it"


@pytest.mark.parametrize(
    ("status", "value", "zh", "en"),
    [
        ("not_reported", None, "2022年未报送", "2022 not reported"),
        ("no_denominator", None, "2022年没有分母", "2022 no denominator"),
        ("suppressed", None, "2022年人数过少", "2022: too few people"),
        ("provisional", 20.0, "2022年还不完整", "2022 not complete"),
        ("denominator_year", 20.0, "2022年用较早年份的人口", "2022: population of an earlier year"),
    ],
)
def test_reasons_are_brief_on_cards(status: str, value: float | None, zh: str, en: str) -> None:
    days = {"period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31)}
    (reason,) = about_one(
        observation("130200", value, status=status, **days), observation("130200", 20.0), RATE, "other"
    )
    assert (reason.brief("zh"), reason.brief("en")) == (zh, en)


def test_a_break_in_the_series_is_a_dashed_upright_with_its_text() -> None:
    rows = [
        observation(
            "130200", float(month), period_start=date(2023, month, 1), period_end=date(2023, month, 28)
        )
        for month in (1, 2, 3)
    ]
    one = SeriesBreak(
        date(2023, 2, 1), "*", ("registrations",), "platform_migration", "换了平台。", "Moved.", "test"
    )
    figure = charts.trend({"city": rows}, RATE, breaks=[one, replace(one, on=date(2025, 1, 1))])
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1, line.line.dash) == (0.5, 0.5, "dash")
    assert "2023-02-01 起序列中断：换了平台。" in [note.text for note in figure.layout.annotations]


def test_a_line_starts_with_the_first_report() -> None:
    rows = [observation("130200", value) for value in (None, None, 10.0, None, 30.0)]
    assert [row.value for row in charts.from_first_report(rows)] == [10.0, None, 30.0]
    assert len(charts.from_first_report(rows[:2])) == 2


def test_areas_are_ranked_best_first_with_missing_and_unknown_last() -> None:
    rows = [
        observation("U130200", 99.0),
        observation("130202", None),
        observation("130203", 10.0),
        observation("130204", 20.0),
    ]
    assert [row.area_code for row in charts.ranked(rows, RATE)] == ["130204", "130203", "130202", "U130200"]
    lower_is_better = replace(RATE, polarity="lower")
    assert charts.ranked(rows, lower_is_better)[0].area_code == "130203"


def test_colours_of_a_heat_map_are_places_within_one_indicator() -> None:
    rows = [observation("130202", value) for value in (10.0, None, 20.0, 30.0)]
    assert charts.relative_places(rows) == [0.0, None, 0.5, 1.0]
    assert charts.relative_places(rows[:1]) == [0.5]
    assert charts.relative_places(rows[1:2]) == [None]


def test_whiskers_reach_the_ends_of_the_interval() -> None:
    rows = [observation("130202", 50.0, lower=40.0, upper=65.0), observation("130203", 10.0)]
    bars = charts.ranking(rows, RATE, observation("130200", 45.0)).data[0]
    assert list(bars.error_x.array) == [15.0, None]
    assert list(bars.error_x.arrayminus) == [10.0, None]


def test_cells_are_escaped() -> None:
    markup = tables.markup([Column("x", "<b>")], [Row({"x": "<script>alert(1)</script>"})], "a & b")
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup
    assert "a &amp; b" in markup


def test_an_empty_cell_is_a_dash_and_zero_is_zero() -> None:
    markup = tables.markup([Column("x", "x"), Column("y", "y")], [Row({"x": None, "y": 0})])
    assert ">—<" in markup
    assert ">0<" in markup


@pytest.mark.parametrize(("value", "text"), [(9_999, "9,999"), (10_000, "1.00万"), (1_473_700, "147.37万")])
def test_large_counts_are_said_in_ten_thousands(value: int, text: str) -> None:
    assert large_text(value) == text


def test_counts_in_full() -> None:
    assert [count_text(value) for value in (None, 0, 12.5, 1234.56, 1473700)] == [
        "—", "0", "12.5", "1,235", "1,473,700",
    ]  # fmt: skip


def test_an_export_names_build_selection_and_nature_in_every_row(city_home: Path) -> None:
    build = open_build(city_home)
    assert build is not None
    rows = query(build, "active_rate", "130200", Period.parse("2023"), by="district")
    content = downloads.observations_csv(build, rows, "唐山市 · 2023年")
    assert content.startswith(b"\xef\xbb\xbf")  # Excel reads Chinese only with it
    read = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(read) == len(rows)
    assert {row["数据性质"] for row in read} == {"示例数据"}
    assert {row["数据版本"] for row in read} == {"2024-01-15-small"}
    assert {row["数据完整截至"] for row in read} == {"2023-12-31"}
    assert {row["筛选条件"] for row in read} == {"唐山市 · 2023年"}
    assert all(row["小数字"].startswith("内部版本") for row in read)
    assert len(read[0]) == len(COLUMNS) + 5


def test_a_missing_value_is_an_empty_cell_in_an_export(city_home: Path) -> None:
    build = open_build(city_home)
    assert build is not None
    content = downloads.observations_csv(build, [observation("130202", None)], "")
    assert next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))["数值"] == ""


def test_text_is_never_run_as_a_formula() -> None:
    content = downloads.table_csv(["file"], [["=HYPERLINK(1)"], ["fine.csv"], [None]]).decode("utf-8-sig")
    assert content.splitlines() == ["file", "'=HYPERLINK(1)", "fine.csv", '""']


def test_the_header_tells_when_the_latest_drop_came_whatever_became_of_it() -> None:
    def drop(number: int, day: int, status: str) -> dict[str, object]:
        return {"drop_id": number, "received_at": datetime(2021, 5, day, 8, 30), "status": status}

    drops = [drop(1, 9, "loaded"), drop(3, 7, "held"), drop(2, 3, "loaded")]
    build = SimpleNamespace(
        build_id="b", created_at=datetime(2021, 6, 1), drops=lambda: drops, is_internal=True
    )
    assert "2021-05-07 08:30" in frame._meta(build)  # type: ignore[arg-type]
