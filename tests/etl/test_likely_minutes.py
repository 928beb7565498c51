"""Hours that look like minutes are held; a few slips of the pen are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.desk import ADA, Desk, sentences, text

TIMED = "身份证号,开始时间,结束时间,服务时长"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def timed(day: int, hours: str) -> str:
    return f"{ADA},2021-05-{day:02} 08:00,2021-05-{day:02} 08:20,{hours}"


@pytest.mark.parametrize(("minutes", "status"), [(2, "loaded"), (3, "held")])
def test_hours_sixty_times_the_time_between_start_and_end(desk: Desk, minutes: int, status: str) -> None:
    rows = [timed(day, "20" if day <= minutes else "0.3") for day in range(1, 5)]
    drop = desk.load(text(TIMED, *rows))
    assert drop.row.status == status
    assert ("正好是起止时间的 60 倍" in sentences(drop)) == (status == "held")


@pytest.mark.parametrize(("long", "status"), [(4, "loaded"), (5, "held")])
def test_too_many_hours_longer_than_a_day(desk: Desk, long: int, status: str) -> None:
    rows = [f"{ADA},2021-05-{day:02},{'90' if day <= long else '20'}" for day in range(1, 21)]
    drop = desk.load(text("身份证号,服务日期,服务时长", *rows))
    assert drop.row.status == status
    assert (f"{long} 行超过一天" in sentences(drop)) == (status == "held")
