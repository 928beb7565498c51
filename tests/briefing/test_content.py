"""What a briefing says, and what it refuses to say, before any format."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from briefing.content.compose import NothingToSay, compose
from briefing.content.ranking import in_order, ranks
from briefing.content.sources import ranges
from briefing.content.subject import Subject
from briefing.model import Block, Briefing, Chart, Headline, Headlines, Paragraph, Table
from briefing.template import load_template
from metrics.areas import load_areas
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.explain import explain
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import make_build

ACTIVE_RATE = load_catalogue().indicator("active_rate")


def blocks(briefing: Briefing, key: str) -> tuple[Block, ...]:
    return next(section.blocks for section in briefing.sections if section.key == key)


def headlines(briefing: Briefing) -> dict[str, Headline]:
    block = next(block for block in blocks(briefing, "headlines") if isinstance(block, Headlines))
    return {item.figure.observation.indicator: item for group in block.groups for item in group.headlines}


def composed(build: Build, area: str, period: str, window: str | None = None, lang: str = "zh") -> Briefing:
    return compose(build, area, Period.parse(period), window, load_template(), lang)


def test_each_headline_has_numerator_denominator_and_change(briefing: Briefing) -> None:
    item = headlines(briefing)["active_rate"]
    row = item.figure.observation
    assert item.counts == f"{row.numerator:,} / {row.denominator:,}"
    assert item.before is not None
    assert item.before.observation.period_end == date(2022, 12, 31)
    assert f"上年同期为 {item.before.text}，同比" in item.sentence


def test_change_needs_two_complete_years(briefing: Briefing) -> None:
    """2022 has no population of its own, so the share of 2023 is not compared with it."""
    item = headlines(briefing)["registered_share"]
    assert item.before is None
    assert item.change == ""
    assert "同比" not in item.sentence
    assert item.before_status == "denominator_year"


def test_a_growth_is_not_compared_again(briefing: Briefing) -> None:
    item = headlines(briefing)["registration_growth"]
    assert (item.before, item.change, item.before_status) == (None, "", "")


def test_an_unfinished_year_is_shown_unranked_and_uncompared(tmp_path: Path) -> None:
    build = open_build(unfinished_city(tmp_path))
    assert build is not None
    briefing = composed(build, "130200", "2023")
    item = headlines(briefing)["active_rate"]
    assert item.status == "未完结，暂定"
    assert item.change == ""
    texts = [block.text for block in blocks(briefing, "districts") if isinstance(block, Paragraph)]
    assert texts == ["本期活跃率状态正常的地区不足两个，不作排序。"]
    table = next(block for block in blocks(briefing, "districts") if isinstance(block, Table))
    assert not any("位次" in column.heading for column in table.columns)
    assert table.notes[0] == "数字均为：未完结，暂定。"
    charts = [block for block in blocks(briefing, "districts") if isinstance(block, Chart)]
    assert all(chart.notes[0] == "数字均为：未完结，暂定。" for chart in charts)


def unfinished_city(home: Path) -> Path:
    """Two districts, reported from January 2022 to June 2023."""
    days = ["2022-01-01", "2022-12-31", "2023-06-30"]
    return make_build(
        home,
        registrations=[
            {"volunteer_key": number, "area_code": f"13020{2 + number % 2}", "registered_on": "2022-01-01"}
            for number in range(1, 21)
        ]
        + [{"volunteer_key": 21, "registered_on": "2023-06-30"}],
        service_records=[
            {"volunteer_key": number, "service_date": day} for number in range(1, 11) for day in days
        ],
        activities=[{"activity_key": number, "starts_on": day} for number, day in enumerate(days, start=1)],
        today=date(2023, 7, 15),
    )


def test_a_district_stands_among_its_neighbours(build: Build) -> None:
    briefing = composed(build, "130203", "2023")
    table = next(block for block in blocks(briefing, "districts") if isinstance(block, Table))
    assert [row.cells[0].text for row in table.rows if row.look == "own"] == ["路北区"]
    assert table.rows[0].look == "total"
    assert headlines(briefing)["active_rate"].figure.observation.area_code == "130203"


def test_a_window_is_said_in_title_and_sentences(build: Build) -> None:
    briefing = composed(build, "130200", "2023-06", "rolling12")
    assert briefing.subtitle == "（截至2023年6月的12个月）"
    assert headlines(briefing)["active_rate"].figure.observation.window == "rolling12"


def test_english_is_english(build: Build) -> None:
    briefing = composed(build, "130200", "2023", lang="en")
    assert briefing.title == "Tangshan: briefing on volunteer service"
    assert headlines(briefing)["active_rate"].sentence.startswith("Tangshan, 2023, active rate: ")
    assert briefing.sample_mark == "Sample data"


@pytest.mark.parametrize(("area", "period"), [("371000", "2023"), ("130200", "2031"), ("130200", "1990")])
def test_nothing_reported_is_no_briefing(build: Build, area: str, period: str) -> None:
    with pytest.raises(NothingToSay):
        composed(build, area, period)


def test_only_complete_figures_of_real_areas_are_ranked(build: Build) -> None:
    rows = query(build, "active_rate", "130200", Period.parse("2023"), by="district")
    provisional = replace(rows[0], status="provisional")
    rank = ranks([provisional, *rows[1:]], ACTIVE_RATE)
    assert provisional.area_code not in rank
    assert "U130200" not in rank
    assert rank[in_order(rows, rank)[0].area_code] == 1


def test_equal_values_share_a_rank(build: Build) -> None:
    first, second, third = query(build, "active_rate", "130200", Period.parse("2023"), by="district")[:3]
    rows = [replace(first, value=50.0), replace(second, value=50.0), replace(third, value=10.0)]
    assert list(ranks(rows, ACTIVE_RATE).values()) == [1, 1, 3]


def test_lower_may_be_better(build: Build) -> None:
    first, second = query(build, "active_rate", "130200", Period.parse("2023"), by="district")[:2]
    rows = [replace(first, value=50.0), replace(second, value=10.0)]
    assert list(ranks(rows, replace(ACTIVE_RATE, polarity="lower")).values()) == [2, 1]
    assert ranks(rows, replace(ACTIVE_RATE, polarity="neither")) == {}


def test_areas_differ_from_the_city_by_the_test_of_sentences_and_the_withheld_are_told_apart(
    tmp_path: Path,
) -> None:
    """路南区 280 of 400, 路北区 55 of 100: the interval of the former holds the city's figure, the test finds it apart."""
    build = city_of_unequal_districts(tmp_path)
    rows = query(build, "active_rate", "130200", Period.parse("2023"), by="district")
    whole = query(build, "active_rate", "130200", Period.parse("2023"))[0]
    first = rows[0]
    assert first.lower is not None
    assert first.upper is not None
    assert whole.value is not None
    assert first.lower < whole.value < first.upper
    said = {
        lang: [
            block.text
            for block in blocks(composed(build, "130200", "2023", lang=lang), "districts")
            if isinstance(block, Paragraph)
        ][1]
        for lang in ("zh", "en")
    }
    withheld = "、".join(
        load_areas().get(row.area_code).area_name for row in rows if row.status == "suppressed"
    )
    assert withheld == "古冶区、开平区"
    assert said["zh"].startswith("显著高于全市的：路南区。显著低于全市的：路北区。不作判断的：")
    assert f"{withheld}（人数过少，不予显示）" in said["zh"]
    assert said["zh"].endswith("。同时比较 2 个地区时，平均不到 1 个会仅因偶然而显得不同。")
    assert said["en"].startswith("Significantly higher than the city as a whole: Lunan District. ")
    told = explain(build, "active_rate", "130202", Period.parse("2023"))["claims"]["zh"]
    assert told[0].startswith("显著高于全市")
    assert told[1] in said["zh"]


def city_of_unequal_districts(home: Path) -> Build:
    """Two large districts, and two of four people each: fewer than are shown."""
    sizes = {"130202": (400, 280), "130203": (100, 55), "130204": (4, 4), "130205": (4, 4)}
    people = [
        (area, 1000 * number + person, person < active)
        for number, (area, (registered, active)) in enumerate(sizes.items())
        for person in range(registered)
    ]
    make_build(
        home,
        registrations=[
            {"volunteer_key": key, "area_code": area, "registered_on": "2021-01-01"}
            for area, key, _ in people
        ],
        service_records=[
            {"volunteer_key": key, "service_date": "2023-05-05"} for _, key, is_active in people if is_active
        ]
        + [{"volunteer_key": 0, "service_date": day} for day in ("2021-01-01", "2023-12-31")],
        threshold=5,
    )
    build = open_build(home)
    assert build is not None
    return build


def test_mean_hours_of_few_people_are_not_ranked(build: Build) -> None:
    hours = load_catalogue().indicator("hours_per_registered")
    rows = query(build, "hours_per_registered", "130200", Period.parse("2023"), by="district")[:3]
    asked = [replace(row, denominator=people) for row, people in zip(rows, (99, 100, 101), strict=True)]
    assert list(ranks(asked, hours)) == [row.area_code for row in rows[1:]]


def test_charts_leave_out_what_has_no_value_and_say_so(build: Build, tmp_path: Path) -> None:
    real = open_build(unfinished_city(tmp_path))
    assert real is not None
    charts = [
        block for block in blocks(composed(real, "130200", "2022"), "districts") if isinstance(block, Chart)
    ]
    assert all(point.figure.value is not None for chart in charts for point in chart.points)
    assert "古冶区" in charts[0].notes[0]


def test_sources_name_drops_and_quarantined_rows(briefing: Briefing) -> None:
    table = next(block for block in blocks(briefing, "sources") if isinstance(block, Table))
    assert [column.heading for column in table.columns][-1] == "隔离"
    assert table.rows[-1].cells[2].text == "1–3"
    assert table.rows[-1].cells[4].text == "30"


def test_drop_numbers_in_a_row_are_joined() -> None:
    assert ranges([3, 1, 2, 7, 9, 10]) == "1–3, 7, 9–10"
    assert ranges([]) == ""


def test_a_line_of_the_course_is_named_for_all_its_columns(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted to different days, the line is of the last of them, whichever column comes first."""
    course = Subject.course

    def to_other_days(subject: Subject, indicator: Indicator) -> list[Observation]:
        first = subject.template.trend[0]
        day = date(2023, 11, 15) if indicator is first else date(2023, 11, 20)
        return [replace(row, counted_through=day) for row in course(subject, indicator)]

    monkeypatch.setattr(Subject, "course", to_other_days)
    table = next(
        block
        for block in blocks(composed(build, "130200", "2023", "to_date"), "trend")
        if isinstance(block, Table)
    )
    assert table.rows[-1].cells[0].text == "截至2023年11月20日累计"
