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
