"""Cohorts, flows between windows, and sleeping registrations."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from metrics.analysis.command import as_text
from metrics.analysis.distribution import hours_distribution
from metrics.analysis.flows import activity_flows, flows_of
from metrics.analysis.reading import AnalysisRefused, Asked, Cell
from metrics.analysis.retention import retention
from metrics.analysis.shapes import listings, status_in_words
from metrics.analysis.sleeping import sleeping
from metrics.build import open_build
from metrics.observation import BEGINS_BEFORE
from metrics.periods import Period
from metrics.sentences import status_text
from tests.metrics.analysis_factory import fill, one_person_home, quarters

AREA = "130202"
MAY = Period.parse("2023-05")


MOVED = (
    "130200",
    "service_hours",
    date(2023, 5, 1),
    "platform_migration",
    "迁入新平台。",
    "Another platform.",
    "通知",
)


def cohort_rows() -> list[tuple[str, date, date, int | None, int | None]]:
    """Each cohort: 100 people, 40 active at first, ten fewer each quarter, 5 from the fourth on; one leaves a quarter."""
    starts = quarters("2022-Q1", "2023-Q4")
    return [
        (AREA, cohort, Period.containing("quarter", quarter).end, 100 - age, max(40 - 10 * age, 5))
        for cohort in starts
        for age, quarter in enumerate(quarters(Period.containing("quarter", cohort).code, "2023-Q4"))
    ]


def test_the_curve_is_the_cohorts_of_one_age_added_up(tmp_path: Path) -> None:
    rows = cohort_rows()
    found = retention(fill(one_person_home(tmp_path), cohorts=rows), AREA, Period.parse("2023-Q4"), 8)
    table = pd.DataFrame(rows, columns=["area", "cohort", "end", "registered", "active"])
    table["age"] = [
        (end.year * 12 + end.month - 3 - (start.year * 12 + start.month - 1)) // 3
        for start, end in zip(table["cohort"], table["end"], strict=True)
    ]
    sums = table.groupby("age")[["registered", "active"]].sum()
    assert {p.age: (p.registered, p.active) for p in found.curve} == {
        age: (row.registered, row.active) for age, row in sums.iterrows()
    }
    assert (found.status, found.n, len(found.rows)) == ("ok", 8, 36)
    year = next(point for point in found.curve if point.age == 4)
    assert (year.cohorts, year.registered, year.active) == (4, 384, 20)
    assert year.lower < year.share < year.upper
    assert "5.2%" in found.zh
    assert "384 people in 4 quarterly cohorts" in found.en


def test_a_hidden_cell_is_left_out_of_the_curve_and_not_zero(tmp_path: Path) -> None:
    rows = [
        (*row[:3], None, None) if row[1:3] == (date(2022, 1, 1), date(2023, 3, 31)) else row for row in cohort_rows()
    ]  # fmt: skip
    found = retention(fill(one_person_home(tmp_path), cohorts=rows), AREA, Period.parse("2023-Q4"), 8)
    year = next(point for point in found.curve if point.age == 4)
    assert (year.cohorts, year.left_out, year.registered, year.active) == (3, 1, 288, 15)
    assert found.status == "suppressed"
    (hidden,) = [cell for cell in found.rows if cell.status == "suppressed"]
    assert (hidden.cohort, hidden.registered, hidden.share) == ("2022-Q1", None, None)


def test_a_quarter_not_yet_over_is_provisional_and_not_in_the_curve(tmp_path: Path) -> None:
    home = one_person_home(tmp_path, last="2023-11-30")
    found = retention(fill(home, cohorts=cohort_rows()), AREA, Period.parse("2023-Q4"), 8)
    assert found.status == "provisional"
    assert {cell.status for cell in found.rows if cell.quarter == "2023-Q4"} == {"provisional"}
    assert next(point for point in found.curve if point.age == 4).cohorts == 3


@pytest.mark.parametrize(("cohorts", "told"), [(1, False), (2, True), (3, True)])
def test_one_cohort_a_year_old_says_nothing_of_what_usually_happens(
    tmp_path: Path, cohorts: int, told: bool
) -> None:
    last = Period.parse("2023-Q4").previous(4 - cohorts)
    build = fill(one_person_home(tmp_path), cohorts=[r for r in cohort_rows() if r[2] <= last.end])
    found = retention(build, AREA, last, 4 + cohorts)
    assert ("95% interval" in found.en) == told


def test_quarters_nobody_reported_have_no_share(tmp_path: Path) -> None:
    found = retention(fill(one_person_home(tmp_path)), AREA, Period.parse("2026-Q4"), 4)
    assert (found.status, found.n, found.curve) == ("not_reported", 0, ())


def states(new: float | None, returning: float | None, reactivated: float | None) -> list[Cell]:
    return [Cell(v, "ok" if v is not None else "suppressed") for v in (new, returning, reactivated)]


def ok(value: float | None) -> Cell:
    return Cell(value, "ok" if value is not None else "suppressed")


def test_the_flows_of_a_drawn_month() -> None:
    # April: a b c d e f (6). May: a b c (returning), g (new), h (reactivated). d e lapsed; f left the register.
    found = flows_of("test", AREA, MAY, ok(5), ok(6), states(1, 3, 1), ok(2), gone=1)
    assert (found.new, found.returning, found.reactivated, found.lapsed, found.left) == (1, 3, 1, 2, 1)
    assert [row.holds for row in found.rows] == [True, True]
    assert "首次 1，持续 3，重新活跃 1" in found.zh
    assert "2 active in the window before" in found.en


@pytest.mark.parametrize(("gone", "holds"), [(0, False), (1, True), (2, True)])
def test_no_more_can_have_left_than_left_the_register(gone: float, holds: bool) -> None:
    found = flows_of("test", AREA, MAY, ok(5), ok(6), states(1, 3, 1), ok(2), gone)
    assert found.rows[1].holds is holds


def test_records_before_a_registration_are_told_where_the_identity_fails() -> None:
    found = flows_of("test", AREA, MAY, ok(5), ok(4), states(1, 3, 1), ok(2), gone=0)
    assert (found.rows[1].holds, found.left) == (False, None)
    assert "早于注册日期" in found.rows[1].zh


def test_states_that_do_not_add_up_are_told() -> None:
    assert flows_of("test", AREA, MAY, ok(6), ok(6), states(1, 3, 1), ok(2), 1).rows[0].holds is False


def test_nothing_hidden_is_worked_out_from_what_is_shown() -> None:
    found = flows_of("test", AREA, MAY, ok(50), ok(60), states(None, 30, 10), ok(20), gone=10)
    assert (found.status, found.new, found.rows[0].holds) == ("suppressed", None, None)
    found = flows_of("test", AREA, MAY, ok(50), ok(60), states(10, 30, 10), ok(None), gone=10)
    assert (found.left, found.rows[1].holds) == (None, None)


@pytest.mark.parametrize(("left", "shown"), [(9, None), (10, 10), (11, 11)])
def test_a_difference_smaller_than_the_builds_threshold_is_not_shown(left: int, shown: int | None) -> None:
    found = flows_of(
        "test", AREA, MAY, ok(50), ok(50 + left), states(0, 30, 20), ok(20), gone=99, smallest_shown=10
    )
    assert found.left == shown


def test_an_unfinished_window_says_first_that_people_may_yet_come_back() -> None:
    part = [Cell(value, "provisional", "provisional") for value in (5, 1, 3, 1, 2)]
    found = flows_of("test", AREA, MAY, part[0], ok(6), part[1:4], part[4], None)
    assert (found.status, found.lapsed) == ("provisional", 2)
    assert found.zh == (
        "唐山市路南区 2023年5月未完结，暂定，本期没有记录的人还可能再来或补报。"
        "到目前为止活跃 5 人：首次 1，持续 3，重新活跃 1；上期活跃而本期还没有记录的在册者 2 人。"
    )
    assert found.en.index("may yet come back") < found.en.index("2 active in the window before")
    assert found.en.endswith("have no record in this one yet.")


def test_nobody_lapses_from_a_window_nobody_reported() -> None:
    found = flows_of("t", AREA, MAY, ok(5), Cell(None, "not_reported"), states(5, 0, 0), ok(0), None)
    assert (found.status, found.lapsed, found.left) == ("not_reported", None, None)


def test_who_lapsed_in_the_first_year_has_one_status_in_flows_and_in_the_rate(tmp_path: Path) -> None:
    build = fill(
        one_person_home(tmp_path, first="2021-01-01"),
        observations=[("active_volunteers", AREA, "year", date(2021, 12, 31), "", "", 60.0)],
    )
    year = Period.parse("2021")
    found = activity_flows(build, AREA, year)
    assert found.active == 60
    assert found.status == Asked("lapsed_rate").at(build, AREA, year).status == "not_reported"


def test_flows_are_read_from_the_cube(tmp_path: Path) -> None:
    day = date(2023, 5, 31)
    build = fill(
        one_person_home(tmp_path),
        observations=[
            ("active_volunteers", AREA, "month", date(2023, 4, 30), "", "", 60.0),
            ("active_volunteers", AREA, "month", day, "", "", 50.0),
            ("active_volunteers", AREA, "month", day, "activity_state", "new", 15.0),
            ("active_volunteers", AREA, "month", day, "activity_state", "returning", 35.0),
            ("lapsed_volunteers", AREA, "month", day, "", "", None),
        ],
    )
    found = activity_flows(build, AREA, MAY)
    assert (found.new, found.returning, found.reactivated, found.lapsed) == (15, 35, 0, None)
    assert found.rows[0].holds is True
    assert activity_flows(build, AREA, Period.parse("2027-05")).status == "not_reported"


def test_sleeping_registrations_say_which_records_do_not_reach_so_far_back(tmp_path: Path) -> None:
    day = date(2023, 6, 30)  # the records begin in January 2021: 30 months
    counts = {12: 400.0, 24: None, 36: 100.0}
    build = fill(
        one_person_home(tmp_path),
        observations=[
            ("registered_volunteers", AREA, "stock", day, "", "", 1000.0),
            *((f"sleeping_{n}m_volunteers", AREA, "stock", day, "", "", v) for n, v in counts.items()),
        ],
    )
    found = sleeping(build, AREA, Period.parse("2023-06"))
    assert [(row.months, row.people, row.share, row.status) for row in found.rows] == [
        (12, 400, 0.4, "ok"), (24, None, None, "suppressed"), (36, 100, 0.1, "provisional"),
    ]  # fmt: skip
    assert (found.status, found.n) == ("provisional", 1000)
    assert "的 400 人（40.0%）；" in found.zh
    assert "的至多 100 人（10.0%，数据不完整（起始于数据之前），暂定；服务记录开始得晚" in found.zh
    assert "at most 100 (10.0%; incomplete: begins before the data" in found.en
    assert "所以是上限" in status_text(found.rows[2].told_status, "zh")
    assert "上限" in as_text(found, build)


@pytest.mark.parametrize("month", ["2023-06", "2023-12", "2024-06", "2020-06"])
def test_who_sleeps_has_the_status_of_the_share(tmp_path: Path, month: str) -> None:
    """Records from January 2021 to January 2024: begun before the data, whole, still running, and none."""
    build = fill(one_person_home(tmp_path, last="2024-01-15"))
    period = Period.parse(month)
    for row in sleeping(build, AREA, period).rows:
        share = Asked(f"sleeping_share_{row.months}m").at(build, AREA, period)
        assert (row.status, row.told_status) == (share.status, share.told_status)
        assert row.share == (None if share.value is None else share.value / 100)


@pytest.mark.parametrize(
    ("month", "status"), [("2023-11", "provisional"), ("2023-12", "ok"), ("2024-01", "ok")]
)
def test_thirty_six_months_are_whole_from_the_thirty_sixth_on(
    tmp_path: Path, month: str, status: str
) -> None:
    home = one_person_home(tmp_path, last="2024-01-31")
    assert sleeping(fill(home), AREA, Period.parse(month)).rows[2].status == status


def test_a_build_of_an_earlier_program_says_how_to_mend_it(tmp_path: Path) -> None:
    build = open_build(one_person_home(tmp_path))
    assert build is not None
    for ask in (activity_flows, retention, sleeping):
        if not build.has_table("cohorts"):
            with pytest.raises(AnalysisRefused, match="etl publish"):
                ask(build, AREA, MAY)


def test_counts_of_windows_that_begin_before_the_data_say_so(tmp_path: Path) -> None:
    """Records begin on 20 February 2021: what lacks January will not be finished by waiting."""
    build = fill(one_person_home(tmp_path, first="2021-02-20"))
    flows = activity_flows(build, AREA, Period.parse("2022"))
    spread = hours_distribution(build, AREA, Period.parse("2021"))
    curve = retention(build, AREA, Period.parse("2021-Q1"), 2)
    for found in (flows, spread, curve):
        assert (found.status, found.told_status) == ("provisional", BEGINS_BEFORE)
        assert "未完结" not in found.zh
        assert status_in_words(found, "zh") == "数据不完整（起始于数据之前），暂定"
    cohort = listings(curve, (), "zh")[0].rows[1]
    assert (cohort["status"].number, cohort["status"].text) == (
        "provisional", "数据不完整（起始于数据之前），暂定",
    )  # fmt: skip
    assert "数据不完整（起始于数据之前），暂定 provisional" in as_text(curve, build)


def test_flows_say_what_is_missing_and_why_instead_of_dashes() -> None:
    unknown = Cell(None, "not_reported")
    found = flows_of("t", AREA, MAY, ok(5), Cell(None, "not_reported"), [unknown] * 3, unknown, None)
    assert found.zh == "唐山市路南区 2023年5月活跃 5 人；上期未报送，分不出首次、持续、重新活跃和流失。"
    found = flows_of("t", AREA, MAY, ok(50), ok(60), states(None, 30, None), ok(None), gone=10)
    assert (
        "活跃 50 人：持续 30；首次、重新活跃人数过少，不予显示；上期活跃而本期没有记录的在册者人数过少，不予显示。"
        in found.zh
    )
    assert "—" not in found.zh + found.en


@pytest.mark.parametrize(
    ("period", "is_broken"), [("2023-04", False), ("2023-05", True), ("2023-06", False), ("2023-Q2", True)]
)
def test_who_came_and_who_stopped_is_not_told_across_a_break(
    tmp_path: Path, period: str, is_broken: bool
) -> None:
    build = fill(one_person_home(tmp_path), series_breaks=[MOVED])
    found = activity_flows(build, AREA, Period.parse(period))
    told = (found.new, found.returning, found.reactivated, found.lapsed, found.left)
    assert (None in told, found.status == "series_break") == (is_broken, is_broken)
    assert ("序列在 2023-05-01 中断（迁入新平台），前后不可比" in found.zh) == is_broken
    assert ("the series breaks on 2023-05-01 (Another platform), so new" in found.en) == is_broken
    assert found.active is not None
    assert {row.holds for row in found.rows} == ({None} if is_broken else {True})


def test_no_cohort_is_followed_across_a_break(tmp_path: Path) -> None:
    """Q2 2023 contains the break: only who registered since, and who registered and was looked at before, have a share."""
    build = fill(one_person_home(tmp_path), cohorts=cohort_rows(), series_breaks=[MOVED])
    found = retention(build, AREA, Period.parse("2023-Q4"), 8)
    for row in found.rows:
        across = row.age > 0 and row.cohort <= "2023-Q2" <= row.quarter
        assert (row.share is None, row.status) == (across, "series_break" if across else "ok"), row
        assert row.active is not None
    assert {point.age: point.cohorts for point in found.curve} == {0: 8, 1: 5, 2: 3, 3: 2, 4: 1}
    assert found.status == "series_break"
    assert "序列在 2023-05-01 中断（迁入新平台），跨越它的批次不算入" in found.zh
    assert "cohorts are not followed across it" in found.en
