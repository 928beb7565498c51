"""修订: one figure in every build, as the command tells it, for readers without a terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from metrics.build import data_home, open_build
from metrics.periods import Period
from metrics.query import query
from metrics.revision_output import summary
from metrics.vintages import revision_rows, revisions
from pages.components.filters import Selection
from tests.metrics.analysis_factory import one_person_home
from tests.metrics.build_factory import DEFAULT_DROPS, make_build, small_city
from tests.pages.conftest import Open, text_of
from tests.pages.test_address import address

PEOPLE = [{"volunteer_key": key, "registered_on": "2023-01-05"} for key in range(1, 41)]
LATER = "20240201-late"


@pytest.fixture
def three_builds(data_home: Path) -> Path:
    """Twenty said first, thirty after a late drop; between them a build for internal eyes."""
    late = [*DEFAULT_DROPS, {"drop_id": 4, "source": "service_hours"}]
    for build_id, served, drops, threshold, day in (
        ("20240101-first", 20, DEFAULT_DROPS, 10, date(2024, 1, 1)),
        ("20240115-inner-internal", 25, DEFAULT_DROPS, 0, date(2024, 1, 15)),
        (LATER, 30, late, 10, date(2024, 2, 1)),
    ):
        make_build(
            data_home,
            registrations=PEOPLE,
            service_records=[{"volunteer_key": key, "service_date": "2023-05-01"} for key in range(1, served + 1)],
            drops=[{**drop, "file_name": f"drop-{drop['drop_id']}.csv", "area_code": "130200"} for drop in drops],
            build_id=build_id,
            today=day,
            threshold=threshold,
        )  # fmt: skip
    return data_home


def test_every_build_has_a_line_with_what_changed(three_builds: Path, open_page: Open) -> None:
    text = " ".join(text_of(open_page("revisions", period="2023")).split())
    found = revisions(data_home(), "active_rate", "130200", Period.parse("2023"), least_threshold=10)
    assert summary(found, "zh") in text
    assert "首次发布（2024-01-01）为 50.0%，最近一次（2024-02-01）为 75.0%（+25.0 个百分点）" in text
    assert text.index("75.0% 30 40 +25.0 个百分点") < text.index("50.0% 20 40 — —"), "the newest is on top"
    assert "75.0% 30 40 +25.0 个百分点 +25.0 个百分点 新报送 4 drop-4.csv" in text


def test_an_internal_build_s_figure_is_not_told_on_a_page_for_all(
    three_builds: Path, open_page: Open
) -> None:
    text = text_of(open_page("revisions", period="2023"))
    assert "20240115-inner-internal" in text
    assert "62.5%" not in text
    assert "内部版本" in text


def test_of_two_builds_a_few_people_apart_one_is_told(three_builds: Path, open_page: Open) -> None:
    make_build(
        three_builds,
        registrations=PEOPLE,
        service_records=[{"volunteer_key": key, "service_date": "2023-05-01"} for key in range(1, 36)],
        drops=[{**drop, "area_code": "130200"} for drop in DEFAULT_DROPS],
        build_id="20240301-withdrawn",
        today=date(2024, 3, 1),
        threshold=10,
    )
    text = " ".join(text_of(open_page("revisions", period="2023")).split())
    assert "87.5% 35 40" in text
    assert "75.0%" not in text
    assert "50.0% 20 40" in text
    assert "不足 10 人" in text
    found = revisions(data_home(), "active_rate", "130200", Period.parse("2023"), least_threshold=10)
    untold = {row["build_id"]: row["status"] for row in revision_rows(found) if row["value"] is None}
    assert untold == {"20240115-inner-internal": "not_told", LATER: "not_told"}
    assert all(
        row["problem_zh"] and row["problem_en"] for row in revision_rows(found) if row["status"] == "not_told"
    )
    assert "人数过少" not in text


def test_a_district_and_another_definition_are_codes_in_the_address(city_home: Path, open_page: Open) -> None:
    app = open_page("revisions", period="2023", variant="active=clocked")
    app.selectbox(key="area_zh").select("130203").run()
    assert address(app) == {"area": "130203", "variant": "active=clocked"}
    assert "路北区 · 2023年 · 活跃率（口径：活跃＝有自动签到记录）" in text_of(app)


def test_another_city_leaves_the_district_behind(city_home: Path, open_page: Open) -> None:
    app = open_page("revisions", city="130200", area="411002")
    assert [note.value for note in app.info if "411002" in note.value]
    assert "area" not in address(app)


def test_a_figure_without_such_a_window_is_told_in_a_sentence(city_home: Path, open_page: Open) -> None:
    app = open_page("revisions", period="2023", window="to_date", indicator="lapsed_volunteers")
    assert [note.value for note in app.info if "lapsed" in note.value or "窗口" in note.value]
    assert not app.error


def test_one_build_is_told_without_a_chart(data_home: Path, open_page: Open) -> None:
    small_city(data_home)
    app = open_page("revisions", period="2023")
    assert "只有一次发布" in text_of(app)
    assert not app.get("plotly_chart")


def test_the_heading_and_downloads_of_a_running_window_name_its_last_day(
    data_home: Path, open_page: Open
) -> None:
    one_person_home(data_home, last="2023-11-20", today=date(2023, 11, 22))
    app = open_page("revisions", period="2023", window="to_date", indicator="service_hours")
    assert [one.value for one in app.subheader if "截至2023年11月20日累计" in one.value]
    selection = Selection("130200", Period.parse("2023"), "to_date")
    build = open_build(data_home)
    assert build is not None
    rows = query(build, "service_hours", "130200", selection.period, "to_date")
    assert "20 November 2023" in selection.text(rows=rows) or "2023年11月20日" in selection.text(rows=rows)


def test_of_a_broken_build_it_is_said_that_it_could_not_be_read(three_builds: Path, open_page: Open) -> None:
    (three_builds / "published" / "20240101-first.duckdb").write_bytes(b"no build")
    text = " ".join(text_of(open_page("revisions", period="2023")).split())
    assert text.count("该版本不能读取") == 1
    assert text.count(" 不给出 ") == 1, "only the internal build is withheld"


def test_a_build_that_cannot_answer_so_is_no_broken_one(three_builds: Path, open_page: Open) -> None:
    platform = "registered=platform:志愿汇"
    text = " ".join(text_of(open_page("revisions", period="2023", variant=platform)).split())
    assert "该版本不能读取" not in text
