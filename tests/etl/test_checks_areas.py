"""Checks of areas that depend on what the rest of the drop says: its city."""

from __future__ import annotations

from tests.etl.desk import ADA, BEA, CAI, HOURS, Desk, sentences


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


def test_a_name_the_drops_own_city_does_not_have_is_told_with_its_nearest(desk: Desk) -> None:
    """The folder names the city already: naming it once more would not help."""
    rows = f"{ADA},路南区,2021-05-01\n{BEA},开发区,2021-05-02\n"
    drop = desk.load("身份证号,所属区县,注册日期\n" + rows, folder="130200")
    assert desk.reasons(drop) == [(3, "area_of_another_city", "area")]
    told = sentences(drop)
    assert "地区“开发区”：唐山市没有叫这个名字的地区，最接近的是河北唐山芦台经济开发区、" in told
    assert "哪个市" not in told
    assert "Tangshan has none of this name; the nearest are " in told
    assert "(130273)" in told


def test_a_city_known_from_the_other_rows_is_told_likewise(desk: Desk) -> None:
    rows = f"{ADA},路南区,2021-05-01\n{BEA},经济技术开发区,2021-05-02\n"
    drop = desk.load("身份证号,所属区县,注册日期\n" + rows, folder="")
    assert desk.reasons(drop) == [(3, "area_of_another_city", "area")]


def test_codes_written_as_fractions_by_pandas_are_read_and_id_numbers_are_not(desk: Desk) -> None:
    """An ID number of 18 digits has lost its last ones by the time it is a fraction."""
    rows = f"{ADA},130202.0,20210501.0\n{BEA}.0,130202.0,2021-05-02\n{CAI},130202.5,2021-05-02\n"
    drop = desk.load("身份证号,所属区县,注册日期\n" + rows, folder="")
    assert desk.reasons(drop) == [(3, "id_number_valid", "id_number"), (4, "area_known", "area")]
    assert desk.query("SELECT area_code, registered_on::VARCHAR FROM current_registrations") == [
        ("130202", "2021-05-01")
    ]
