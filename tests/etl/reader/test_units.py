"""A unit of time beside the table is used, or the drop is refused; what is no such unit changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.messages import Refusal
from etl.reader import open_drop
from etl.reader.header import Header
from etl.reader.units import units_in
from tests.etl.desk import ADA, Desk

ID = "90000019900307002X"
HEADER = "记录编号,身份证号,服务日期,服务时长"
ROW = f"Q0,{ID},2021-05-01,20"


def opened(tmp_path: Path, *lines: str) -> Header:
    path = tmp_path / "drop.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_drop(path).header


@pytest.mark.parametrize(
    "line",
    [
        "单位：分钟,,,", ",,,单位:分", "5月志愿服务时长统计（单位：分钟）,,,", "志愿服务时长明细（分钟）,,,", "單位：分鐘,,,",
        "单位：人、分钟,,,", "填报单位：某某协会,,,单位：分钟", "注：时长以分钟计,,,", "单位,分钟,,", "单位：分钟 填报人：甲,,,",
        "计量单位 ： 分 钟,,,", "人数单位：人；时长单位：min,,,",
    ],
)  # fmt: skip
def test_minutes_stated_above_a_plain_column_make_it_one_of_minutes(tmp_path: Path, line: str) -> None:
    header = opened(tmp_path, line, HEADER, ROW)
    assert (header.positions.get("service_minutes"), "service_hours" in header.positions) == (3, False)


def test_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "drop.csv"
    path.write_text(f"单位：分钟,,,\n{HEADER}\n{ROW}\n", encoding="utf-8")
    remark = open_drop(path).remark
    assert remark is not None
    assert remark.zh == "服务时长按第 1 行写明的单位（分钟）读取"
    assert remark.en == "the hours were read in the unit stated in row 1 (minutes)"


@pytest.mark.parametrize(
    "line", ["单位：小时,,,", "志愿服务时长明细（小时）,,,", "注：时长以小时计，不足一小时按一小时计,,,"]
)
def test_hours_stated_above_are_hours(tmp_path: Path, line: str) -> None:
    header = opened(tmp_path, line, HEADER, ROW)
    assert header.positions["service_hours"] == 3
    assert header.remark is not None


@pytest.mark.parametrize(
    "line",
    [
        "单位：人,,,", "单位：某某志愿者协会,,,", "填报单位：一小时公益协会,,,", "单位,某某协会,,", "单位：半小时志愿服务队,,,",
        "统计时间：9时30分,,,", "志愿服务积分表（分）,,,", "单位：人次,,,", "2021年5月志愿服务时长,,,",
    ],
)  # fmt: skip
def test_other_units_and_organisations_change_nothing(tmp_path: Path, line: str) -> None:
    header = opened(tmp_path, line, HEADER, ROW)
    assert (header.positions["service_hours"], header.remark) == (3, None)


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("单位：小时、分钟,,,", HEADER),
        ("单位：分钟,,,", HEADER + "(小时)"),
        ("单位：分钟,,,", "记录编号,身份证号,服务日期,服务小时数"),
        ("单位：小时,,,", HEADER + "(分钟)"),
        ("单次时长（分钟）：120,,,", HEADER),
        ("总时长(分钟),12000,,", HEADER),
        ("单位：小时,,,\n单位：分钟,,,", HEADER),
    ],
)
def test_units_that_contradict_each_other_refuse_the_drop(tmp_path: Path, line: str, header: str) -> None:
    with pytest.raises(Refusal) as caught:
        opened(tmp_path, line, header, ROW)
    assert "第 1 行：表外写的时长单位" in caught.value.text.zh
    assert "请把单位写进列名" in caught.value.text.zh


@pytest.mark.parametrize("header", [HEADER + "(分钟)", HEADER + "（单位：分钟）"])
def test_a_unit_said_twice_is_one(tmp_path: Path, header: str) -> None:
    assert opened(tmp_path, "单位：分钟,,,", header, ROW).positions["service_minutes"] == 3


def test_a_line_of_its_own_just_below_the_header_counts_too(tmp_path: Path) -> None:
    assert opened(tmp_path, HEADER, "单位：分钟,,,", ROW).positions["service_minutes"] == 3


def test_a_figure_beside_a_text_is_its_own() -> None:
    assert units_in("总时长(分钟)") == {"minutes"}
    assert units_in("总时长(分钟)", is_label=True) == {"hours", "minutes"}


def loaded(tmp_path: Path, header: str, *cells: str) -> tuple[list[int], int]:
    """The minutes of each record that came in, and how many rows are set aside."""
    desk = Desk(tmp_path)
    rows = [f"R{n},{ADA},2021-05-{n:02},{cell}" for n, cell in enumerate(cells, 1)]
    desk.load("\n".join([header, *rows]) + "\n")
    minutes = desk.query("SELECT service_minutes FROM service_records ORDER BY service_date")
    ((aside,),) = desk.query("SELECT count(DISTINCT row_no) FROM quarantine")
    return [int(value) for (value,) in minutes], aside


@pytest.mark.parametrize("name", ["单位", "时长单位", "计量单位", "单位（分钟/小时）"])
def test_a_column_of_units_is_read_row_by_row(tmp_path: Path, name: str) -> None:
    found = loaded(
        tmp_path, f"{HEADER},{name}", "20,分钟", "20,小时", "2,", "３０,(min)", "1小时,分钟", "20,分鐘"
    )
    assert found == ([20, 1200, 120, 30, 60, 20], 0)


def test_another_unit_of_time_sets_the_row_aside(tmp_path: Path) -> None:
    assert loaded(tmp_path, f"{HEADER},单位", "2,天", "2,小时") == ([120], 1)
    assert loaded(tmp_path / "b", f"{HEADER},时长单位", "2,次", "2,小时") == ([120], 1)


def test_a_column_of_organisations_is_no_column_of_units(tmp_path: Path) -> None:
    assert loaded(tmp_path, f"{HEADER},单位", "2,某某协会", "3,一小时公益") == ([120, 180], 0)


def test_minutes_stated_above_are_loaded_as_minutes(tmp_path: Path) -> None:
    assert loaded(tmp_path, f"单位：分钟,,,\n{HEADER}", "20", "1小时", "45") == ([20, 60, 45], 0)


def test_a_column_of_units_is_not_told_to_be_ignored(tmp_path: Path) -> None:
    assert opened(tmp_path, f"{HEADER},时长单位", f"{ROW},分钟").unknown_places == []
