"""Values that two columns say together, or either of them."""

from __future__ import annotations

import pytest

from tests.etl.desk import ADA, BEA, CAI, DAN, Desk, text


def test_an_area_given_twice_is_the_one_that_is_there(desk: Desk) -> None:
    header = "身份证号,区划代码,所属区县,注册日期"
    rows = (
        f"{ADA},130202,路南区,2021-01-01",
        f"{BEA},,路北区,2021-01-01",
        f"{CAI},130204, ,2021-01-01",
        f"{DAN},,,2021-01-01",
    )
    drop = desk.load(text(header, *rows))
    assert desk.query("SELECT area_code FROM current_registrations ORDER BY row_no") == [
        ("130202",), ("130203",), ("130204",), ("U130200",)
    ]  # fmt: skip
    assert drop.row.note_zh == ""  # neither column was ignored


@pytest.mark.parametrize("day", ["2021-05-01", "2021年5月1日", "20210501"])
def test_a_time_alone_is_of_the_day_beside(desk: Desk, day: str) -> None:
    header = "身份证号,服务日期,开始时间,结束时间,服务时长"
    desk.load(text(header, f"{ADA},{day},08:30,11:00:00,2.5", f"{BEA},{day},2021-05-01 09:00,,2"))
    found = desk.query(
        "SELECT started_at::VARCHAR, ended_at::VARCHAR FROM current_service_records ORDER BY row_no"
    )
    assert found == [("2021-05-01 08:30:00", "2021-05-01 11:00:00"), ("2021-05-01 09:00:00", None)]


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        (" 8:30 ", "08:30"),
        ("８：３０", "08:30"),
        ("０８：３０：００", "08:30"),
        ("'08:30", "08:30"),
        ("8点30分", "08:30"),
        ("8時30分", "08:30"),
        ("08时30分15秒", "08:30:15"),
        ("8点", "08:00"),
        ("下午2:30", "14:30"),
        ("下午 02点30分", "14:30"),
        ("上午10时05分30秒", "10:05:30"),
        ("8:30 PM", "20:30"),
        ("08:30:00 p.m.", "20:30"),
    ],
)
@pytest.mark.parametrize("day", ["2021-05-01", " 2021年5月1日", "'2021/5/1"])
def test_a_time_alone_is_understood_as_people_write_it(
    desk: Desk, day: str, written: str, clock: str
) -> None:
    desk.load(text("身份证号,服务日期,开始时间,服务时长", f"{ADA},{day},{written},2"))
    found = desk.query("SELECT strftime(started_at, '%Y-%m-%d %H:%M:%S') FROM current_service_records")
    assert found == [(f"2021-05-01 {clock if len(clock) == 8 else clock + ':00'}",)]


@pytest.mark.parametrize("cell", ["8:30-11:30", "25:00", "上午14:30", "8:61"])
def test_what_is_no_time_beside_a_day_is_set_aside(desk: Desk, cell: str) -> None:
    header = "身份证号,服务日期,开始时间,服务时长"
    drop = desk.load(text(header, f"{ADA},2021-05-01,{cell},2", f"{BEA},2021-05-01,8:30,2"))
    assert (drop.row.rows_accepted, drop.row.rows_quarantined) == (1, 1)


def test_a_time_alone_without_a_day_is_set_aside(desk: Desk) -> None:
    drop = desk.load(text("身份证号,开始时间,服务时长", f"{ADA},2021-05-01 08:30,2", f"{BEA},08:30,2"))
    assert (drop.row.rows_accepted, drop.row.rows_quarantined) == (1, 1)


@pytest.mark.parametrize(
    ("status", "is_left", "left_on", "expected"),
    [
        ("正常", "否", "", (False, None)),
        ("", "是", "2021-03-01", (True, "2021-03-01")),
        ("", "Y", "", (True, None)),
        ("", "否", "2021-03-01", (False, None)),
        ("注销", "", "2021-03-01", (True, "2021-03-01")),
        ("", "", "2021-03-01", (True, "2021-03-01")),
    ],
)
def test_whether_somebody_left_may_be_said_by_yes_and_no(
    desk: Desk, status: str, is_left: str, left_on: str, expected: tuple[bool, str | None]
) -> None:
    header = "身份证号,所属区县,注册日期,状态,是否注销,注销日期"
    desk.load(text(header, f"{ADA},路南区,2021-01-01,{status},{is_left},{left_on}"))
    assert desk.query("SELECT has_left, left_on::VARCHAR FROM current_registrations") == [expected]


@pytest.mark.parametrize(
    ("status", "is_valid", "left_on", "expected"),
    [
        ("正常", "是", "", (False, None)),
        ("", "是", "2021-03-01", (False, None)),
        ("", "否", "2021-03-01", (True, "2021-03-01")),
        ("", "0", "", (True, None)),
        ("正常", "N", "2021-03-01", (True, "2021-03-01")),
        ("注销", "1", "2021-03-01", (True, "2021-03-01")),
        ("", "", "2021-03-01", (True, "2021-03-01")),
    ],
)
def test_whether_a_registration_is_in_force_may_be_said_by_yes_and_no(
    desk: Desk, status: str, is_valid: str, left_on: str, expected: tuple[bool, str | None]
) -> None:
    header = "身份证号,所属区县,注册日期,状态,是否有效,注销日期"
    desk.load(text(header, f"{ADA},路南区,2021-01-01,{status},{is_valid},{left_on}"))
    assert desk.query("SELECT has_left, left_on::VARCHAR FROM current_registrations") == [expected]


@pytest.mark.parametrize(
    ("status", "is_valid", "expected"),
    [
        ("通过", "是", (True, "approved")),
        ("", "1", (True, "approved")),
        ("通过", "否", (False, "rejected")),
        ("", "无效", (False, "rejected")),
        ("待审核", "否", (False, "pending")),
        ("驳回", "是", (False, "rejected")),
    ],
)
def test_a_record_said_not_to_be_valid_does_not_count(
    desk: Desk, status: str, is_valid: str, expected: tuple[bool, str]
) -> None:
    header = "身份证号,服务日期,服务时长,审核状态,是否有效"
    desk.load(text(header, f"{ADA},2021-05-01,2,{status},{is_valid}"))
    assert desk.query("SELECT is_counted, status::VARCHAR FROM current_service_records") == [expected]


def test_an_activity_said_not_to_be_valid_does_not_count(desk: Desk) -> None:
    header = "活动编号,所属区县,开始时间,是否有效"
    desk.load(text(header, "A1,路南区,2021-05-01,否", "A2,路南区,2021-05-01,1", "A3,路南区,2021-05-01,"))
    found = desk.query("SELECT is_cancelled FROM current_activities ORDER BY row_no")
    assert found == [(True,), (False,), (False,)]


def test_whether_an_activity_was_cancelled_may_be_said_by_yes_and_no(desk: Desk) -> None:
    header = "活动编号,所属区县,开始时间,是否取消"
    desk.load(text(header, "A1,路南区,2021-05-01,是", "A2,路南区,2021-05-01,0", "A3,路南区,2021-05-01,"))
    assert desk.query("SELECT is_cancelled FROM current_activities ORDER BY row_no") == [
        (True,),
        (False,),
        (False,),
    ]
