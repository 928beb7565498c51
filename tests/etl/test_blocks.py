"""Merged cells saved as text: a column with each value once, at the head of a run of blanks, is held for a look."""

from __future__ import annotations

import pytest

from tests.etl.desk import ADA, BEA, CAI, DAN, HOURS, REGISTER, Desk, sentences, text


def served(*areas: str) -> str:
    return text(HOURS, *(f"R{n},{ADA},2021-05-{n:02},1,{area}" for n, area in enumerate(areas, 1)))


@pytest.mark.parametrize(
    "areas",
    [
        ("路南区", "", "", "路北区", "", "", ""),
        ("路南区", "", "", ""),
        ("路南区", "", "路北区", "", "", "古冶区"),
    ],
)
def test_areas_written_once_above_their_rows_hold_the_drop(desk: Desk, areas: tuple[str, ...]) -> None:
    drop = desk.load(served(*areas), "a.csv")
    assert drop.row.status == "held"
    assert "“服务地区”一列只有" in drop.row.note_zh
    assert "像是合并单元格另存成的文本" in sentences(drop)
    assert desk.query("SELECT count(*) FROM service_records") == [(0,)]
    released = desk.load(served(*areas), "b.csv", released_by="李科长")
    assert (released.row.status, released.row.rows_accepted) == ("loaded", len(areas))


@pytest.mark.parametrize(
    "areas",
    [
        ("", "路南区", "", "路北区", "", ""),  # a merged cell begins with its value
        ("路南区", "", "", "路南区", "", "", ""),  # a value would not be merged twice
        ("路南区", "路北区", "古冶区", "", "", ""),  # a list, and then rows that have none
        ("路南区", "", ""),
        ("", "", "", ""),
    ],
)
def test_areas_that_are_merely_missing_hold_nothing(desk: Desk, areas: tuple[str, ...]) -> None:
    assert desk.load(served(*areas)).row.status == "loaded"


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        (["路南区", *[""] * 4, "路北区", *[""] * 4, "路南区", *[""] * 4], "held"),
        (["路南区", *[""] * 4, "路北区", *[""] * 4, "路北区", *[""] * 4], "loaded"),
        (["路南区", "路北区", *[""] * 4, "路南区", "路北区", "古冶区", *[""] * 4], "loaded"),
    ],
)
def test_areas_in_turn_hold_a_drop_where_they_head_blocks(desk: Desk, areas: list[str], status: str) -> None:
    assert desk.load(served(*areas)).row.status == status


def test_rows_that_are_set_aside_anyway_hold_nothing(desk: Desk) -> None:
    """Where the person is merged too, no row below comes in."""
    rows = [
        f"R{n},{ADA if n % 5 == 1 else ''},2021-05-{n:02},1,{'路南区' if n % 5 == 1 else ''}"
        for n in range(1, 6)
    ]
    drop = desk.load(text(HOURS, *rows))
    assert (drop.row.status, drop.row.rows_accepted, drop.row.rows_quarantined) == ("loaded", 1, 4)


def test_totals_between_the_blocks_change_nothing(desk: Desk) -> None:
    rows = [
        f"R1,{ADA},2021-05-01,1,路南区",
        f"R2,{ADA},2021-05-02,1,",
        f"R3,{ADA},2021-05-03,1,",
        "小计,,,3,",
    ]
    more = [f"R4,{ADA},2021-05-04,1,路北区", f"R5,{ADA},2021-05-05,1,", "小计,,,2,"]
    assert desk.load(text(HOURS, *rows, *more)).row.status == "held"


def test_the_areas_of_a_register_are_asked_alike(desk: Desk) -> None:
    rows = [f"{one},甲,{'路南区' if one == ADA else ''},2021-05-01,正常" for one in (ADA, BEA, CAI, DAN)]
    drop = desk.load(text(REGISTER, *rows))
    assert "“所属区县”一列只有 1 行有值" in drop.row.note_zh


@pytest.mark.parametrize(
    ("activities", "status"),
    [
        (["A1", "", "", "", "A2", "", "", "A3", "", "", "", ""], "held"),
        (["A1", "", "", "", "A2", "A4", "", "A3", "", "", "", ""], "loaded"),  # missing here and there
        (["A1", "", "A2", ""], "loaded"),  # a few rows say nothing
        (["A1", "", "", "A2", "", "", "A1", "", "", "A2", "", ""], "held"),  # in turn, as sorted by day
        (["A1", "", "", "A2", "", "", "A2", "", "", "A1", "", ""], "loaded"),  # merged, these were one block
    ],
)
def test_activities_hold_a_drop_only_where_each_heads_a_block(
    desk: Desk, activities: list[str], status: str
) -> None:
    lines = [f"R{n},{ADA},2021-05-{n:02},1,{activity}" for n, activity in enumerate(activities, 1)]
    header = "记录编号,身份证号,服务日期,服务时长(小时),活动编号"
    assert desk.load(text(header, *lines)).row.status == status
