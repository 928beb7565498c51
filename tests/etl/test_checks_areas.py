"""Checks of areas that depend on what the rest of the drop says: its city."""

from __future__ import annotations

from tests.etl.desk import ADA, HOURS, Desk, sentences


def test_no_area_is_needed_in_service_hours(desk: Desk) -> None:
    """A record is served where its activity or its person is."""
    drop = desk.load(f"{HOURS}\nR1,{ADA},2021-05-01,2,\n", folder="")
    assert drop.row.rows_accepted == 1


def test_two_cities_without_a_folder_leave_a_blank_area_undecided(desk: Desk) -> None:
    rows = f"{ADA},路南区,2021-05-01\n900000900307004,魏都区,2021-05-01\n{ADA},,2021-05-02\n"
    drop = desk.load("身份证号,所属区县,注册日期\n" + rows, folder="")
    assert desk.reasons(drop) == [(4, "area_given", "area")]
    told = sentences(drop)
    assert "第 4 行，列“所属区县”：没有地区，也无法判断属于哪个城市，应填写区县，或用 --area 指明城市" in told
    assert (
        "row 4, column 所属区县: no area, and no city is known; expected a district, or say the city with --area"
        in told
    )


def test_a_name_of_several_cities_is_set_aside_with_the_candidates(desk: Desk) -> None:
    rows = f"{ADA},路南区,2021-05-01\n900000900307004,魏都区,2021-05-01\n{ADA},开 发 区,2021-05-02\n"
    drop = desk.load("身份证号,所属区县,注册日期\n" + rows, folder="", released_by="测试")
    assert desk.reasons(drop) == [(4, "area_ambiguous", "area")]
    told = sentences(drop)
    assert "可能指：烟台市的烟台经济技术开发区、许昌市的许昌经济技术开发区；请写明是哪个市的" in told
    assert "Yantai Economic and Technological Development Zone (370676) or Xuchang" in told
