"""Headers as people and platforms write them: which column each names, and which are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from etl.messages import Refusal
from etl.reader import open_drop
from etl.source import load_sources
from metrics.characters import simplified
from tests.etl.desk import ADA
from tests.etl.reader.test_parts import put, take

HOURS = {
    "record_id": "记录编号 记录ID 记录号 流水号 服务记录编号 时长记录编号 record_id Record_No",
    "id_number": "身份证号 身份证号码 身份证 证件号码 证件号 身份证件号码 居民身份证号码 公民身份号码 公民身份证号码 "
    "志愿者身份证号 *身份证号 身份证号（必填） 【必填】身份证号 身份证号(18位) 身份证號 IDCard id_card_number Identity_Number",
    "volunteer_number": "志愿者编号 志愿者ID 志愿者证号 志愿者注册号 志愿者统一编号 注册编号 volunteer_id Volunteer_No.",
    "service_date": "服务日期 活动日期 参与日期 日期 服务日期(年-月-日) 服务日期（yyyy-mm-dd） date service_date",
    "start_at": "开始时间 服务开始时间 签到时间 起始时间 签到 开始时间(hh:mm) start_time check_in_time",
    "end_at": "结束时间 服务结束时间 签退时间 终止时间 签退 离岗时间 end_time check_out_time",
    "service_hours": "服务时长 时长 志愿服务时长 服务小时数 服务时数 小时数 认定时长 服务时长(小时) 服务时长（h） 服务时长（H） "
    "服务时长(单位:小时) 服务时长（单位：小时） 服务时长/小时 服务时长:小时 服务时长【小时】 服务时长[h] 服务时长（以小时计） "
    "时长(hour) 时长（hours） 服务时间(小时) 服务时间（h） 志愿服务时间(小时) 工时 hours Hours HOURS service_hours servicehours "
    "duration(h) Duration(hours) 服務時長",
    "service_minutes": "服务时长(分钟) 服务时长（分） 服务时长/分钟 时长(min) 时长（单位：分钟） "
    "服务分钟数 分钟数 服务时间(分钟) minutes hours(minutes) duration(min)",
    "recorded_on": "录入日期 录入时间 登记日期 补录时间 提交时间 创建时间 created_at",
    "evidence": "计时方式 签到方式 录入方式 时长来源",
    "status": "审核状态 审核结果 审批状态 状态 审核状态(通过/待审)",
    "area": "服务地区 服务区县 服务区域 所属区县 所属县区 区县 县(市、区) 行政区划 区划代码 服务地区（区县） 地区",
    "platform": "来源平台 所属平台 平台",
}
REGISTER = {
    "id_number": "身份证号 证件号码 居民身份证号 id_card",
    "name": "姓名 志愿者姓名 真实姓名 姓 名",
    "gender": "性别 性别(男/女) sex",
    "birth_date": "出生日期 出生年月日 生日 出生日期(yyyy-mm-dd)",
    "area": "所属区县 所在区县 居住区域 居住区县 县区 县市区 行政区划代码 所属行政区划 所属区划",
    "registered_on": "注册日期 注册时间 注册登记日期 登记日期 首次注册时间 加入时间 注册时间（年月日） "
    "Registration_Date join_date",
    "status": "状态 注册状态 账号状态",
    "left_on": "注销日期 注销时间 退出日期 退出时间",
    "organisation_id": "所属组织 所属团体 所属志愿组织 所属志愿服务队 志愿团体 所属服务队",
    "political_status": "政治面貌 政治面目",
    "occupation": "职业 职业类别",
    "education": "学历 文化程度 最高学历 受教育程度",
}
ACTIVITIES = {
    "activity_id": "活动编号 活动ID 活动编码 活动号 activity_id",
    "title": "活动名称 活动主题 志愿活动名称",
    "organisation_id": "主办组织 主办单位 发起组织 组织单位 发布单位",
    "category": "服务类别 服务类型 活动类型 活动类别",
    "area": "所属区县 活动区县 活动地区 活动区域 活动所在区县",
    "start_at": "开始时间 活动开始时间 活动开始日期 活动日期 开始日期 起始时间",
    "end_at": "结束时间 活动结束时间 活动结束日期 终止时间",
    "planned": "招募人数 计划招募人数 招募名额 招募人数(人)",
    "beneficiaries": "受益人次 服务对象人次 受益人次（人次）",
}
SPELLINGS = [
    (source, column, spelling)
    for source, columns in (("service_hours", HOURS), ("registrations", REGISTER), ("activities", ACTIVITIES))
    for column, spellings in columns.items()
    for spelling in spellings.replace("姓 名", "姓\u3000名").split(" ")
]


@pytest.mark.parametrize(("source", "column", "spelling"), SPELLINGS)
def test_a_header_is_understood_however_it_is_written(source: str, column: str, spelling: str) -> None:
    assert load_sources()[source].recognise([simplified(spelling)]) == {column: 0}


@pytest.mark.parametrize(
    "header",
    ["服务分钟数(小时)", "服务时长(天)", "服务时长(次)", "累计时长", "服务时间", "计划时长", "序号", "编号", "受益人数",
     "服务日期(农历)", "联系电话", "出生日期(岁)", "时长(小时)(预计)", "负责人身份证号", "姓名/电话", "(小时)"],
)  # fmt: skip
def test_what_may_mean_something_else_is_left_alone(header: str) -> None:
    for source in load_sources().values():
        assert source.recognise([header]) == {}


@pytest.mark.parametrize("other", ["认定时长", "时长(小时)", "服务时间(h)"])
def test_two_columns_of_hours_are_refused_and_not_chosen_from(tmp_path: Path, other: str) -> None:
    path = put(tmp_path, "a.csv", f"身份证号,服务日期,服务时长,{other}\n{ADA},2021-05-01,2,3\n".encode())
    with pytest.raises(Refusal) as caught:
        open_drop(path)
    assert "C 列与 D 列的列名相同或意思相同" in caught.value.text.zh


def test_of_two_names_the_more_exact_one_is_read(tmp_path: Path) -> None:
    path = put(
        tmp_path, "a.csv", f"日期,身份证号,服务日期,服务时长\n2021-06-01,{ADA},2021-05-01,2\n".encode()
    )
    header = open_drop(path).header
    assert (header.positions["service_date"], header.unknown_places) == (2, [0])


TIERS = [
    (
        ["志愿者", "", "服务时间", "", "", "服务时长", "备注"],
        ["姓名", "身份证号", "日期", "开始", "结束", "小时", ""],
        None,
        {"service_date": 2, "start_at": 3, "end_at": 4, "service_hours": 5},
    ),
    (
        ["姓名", "身份证号", "服务", "", "", "", "备注"],
        ["", "", "日期", "开始时间", "结束时间", "分钟数", ""],
        None,
        {"service_date": 2, "start_at": 3, "end_at": 4, "service_minutes": 5},
    ),
    (
        ["志愿者信息", "", "服务情况", "", "", "", "备注"],
        ["姓名", "身份证号", "服务日期", "服务时间", "", "时长", ""],
        ["", "", "", "开始", "结束", "小时", ""],
        {"service_date": 2, "start_at": 3, "end_at": 4, "service_hours": 5},
    ),
]
ROW = ["甲", ADA, "2021-05-01", "08:30", "10:30", "2", "x"]


@pytest.mark.parametrize("is_workbook", [True, False])
@pytest.mark.parametrize(("upper", "middle", "lower", "names"), TIERS)
def test_tiers_of_a_header_are_read_together(
    tmp_path: Path,
    upper: list[str],
    middle: list[str],
    lower: list[str] | None,
    names: dict[str, int],
    is_workbook: bool,
) -> None:
    tiers = [one for one in (upper, middle, lower) if one]
    rows = [["志愿服务明细表(2021年5月)"], *tiers, ROW]
    if is_workbook:
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path) as made:
            sheet = made.add_worksheet("五月")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.merge_range(0, 0, 0, 6, rows[0][0])
            sheet.merge_range(1, 6, len(tiers), 6, "备注")
    else:
        path = put(tmp_path, "a.csv", "\n".join(",".join(row) for row in rows).encode())
    (found,) = take(path)
    assert found.drop is not None, found.refusal
    header = found.drop.header
    assert header.positions.items() >= ({"id_number": 1} | names).items()
    assert (header.first_row_no, header.titles[0]) == (len(tiers) + 2, (1, "title"))
    assert [row[3:] for row in found.rows] == [tuple(ROW)]


@pytest.mark.parametrize("group", ["计划", "预计", "去年同期"])
def test_columns_under_a_plan_or_another_year_are_not_taken_for_the_record(
    tmp_path: Path, group: str
) -> None:
    lines = [f"身份证号,{group},,备注", ",服务日期,服务时长,", f"{ADA},2021-05-01,2,x"]
    path = put(tmp_path, "a.csv", "\n".join(lines).encode())
    with pytest.raises(Refusal):
        open_drop(path)
    lines = [f",,{group},", "身份证号,姓名,服务日期,服务时长", f"{ADA},甲,2021-05-01,2"]
    with pytest.raises(Refusal) as caught:
        open_drop(put(tmp_path, "b.csv", "\n".join(lines).encode()))
    assert "计划或别的时期" in caught.value.text.zh


def test_a_line_above_the_header_with_labels_is_a_title(tmp_path: Path) -> None:
    lines = [
        "地区,路南区,日期,五月",
        "填报单位,某某,联系人,某某",
        "身份证号,姓名,服务日期,服务时长",
        f"{ADA},甲,2021-05-01,2",
    ]
    drop = open_drop(put(tmp_path, "a.csv", "\n".join(lines).encode()))
    assert drop.titles == ((1, "title"), (2, "title"))
