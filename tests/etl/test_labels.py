"""Labels that are kept: a platform's name stays, what may be a person's name becomes a mark."""

import pytest

from tests.etl.desk import ADA, BEA, Desk, text

REGISTER = "身份证号,注册日期,来源平台,所属区县"


@pytest.fixture
def platforms(desk: Desk) -> list[str]:
    desk.load(
        text(
            REGISTER,
            f"{ADA},2021-05-01,燕赵志愿云,路南区",
            f"{BEA},2021-05-01,张三丰,路南区",
            f"{BEA},2021-05-01,,路南区",
        )
    )
    found = desk.connection.execute("SELECT platform FROM registrations ORDER BY row_no").fetchall()
    return [row[0] for row in found]


def test_a_platform_is_kept_a_name_is_not(platforms: list[str]) -> None:
    known, name, none = platforms
    assert (known, none) == ("燕赵志愿云", "")
    assert name.startswith("#")
    assert "张" not in name


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        *[("是", True), ("Y", True), ("√", True), ("否", False), ("n", False)],
        *[("1", True), ("0", False), (" 1", True), ("１", True), ("1.0", True), ("0.0", False)],
        *[("TRUE", True), ("False", False)],
    ],
)
def test_whether_a_record_passed_may_be_said_with_yes_or_no(desk: Desk, written: str, counted: bool) -> None:
    drop = desk.load(text("身份证号,服务日期,服务时长,是否通过", f"{ADA},2021-05-01,2,{written}"))
    assert (drop.row.status, drop.row.rows_accepted) == ("loaded", 1)
    assert desk.query("SELECT is_counted FROM service_records") == [(counted,)]


@pytest.mark.parametrize("written", ["2", "10", "0.5", "-1"])
def test_another_number_answers_no_question(desk: Desk, written: str) -> None:
    drop = desk.load(text("身份证号,服务日期,服务时长,是否通过", f"{ADA},2021-05-01,2,{written}"))
    assert desk.reasons(drop) == [(2, "value_readable", "status")]


@pytest.mark.parametrize("written", ["1", "0", "1.0"])
def test_a_bare_number_says_no_status(desk: Desk, written: str) -> None:
    """Platforms number their statuses in different ways: 1 may be waiting as well as passed, 0 waiting or refused.

    Neither would count, but a row that is set aside is told of, and one loaded as not counted is not.
    """
    drop = desk.load(text("身份证号,服务日期,服务时长,审核状态", f"{ADA},2021-05-01,2,{written}"))
    assert desk.reasons(drop) == [(2, "value_readable", "status")]
