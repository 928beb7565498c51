"""A failed row is called a total, a signature or a header only when it can be nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from etl.reader.header import Header
from etl.reader.layout import sql_for_kinds
from etl.source import load_sources
from tests.etl.desk import ADA, HOURS, Desk, text

FIELDS = ("记录编号", "姓名", "身份证号", "服务日期", "服务时长", "组织")
ID = "90000019900307002X"
Cells = Sequence[str | None]


def header(fields: Sequence[str] = FIELDS, titles: Sequence[str] = ()) -> Header:
    source = load_sources()["service_hours"]
    positions = source.recognise(list(fields))
    return Header(source, "utf-8", ",", tuple(fields), positions, title_texts=tuple(titles))


def kind(cells: Cells, of: Header | None = None) -> str | None:
    of = of or header()
    width = len(of.fields)
    padded = [*cells, *[None] * (width - len(cells))]
    failed = "SELECT 7 AS row_no, CAST(? AS VARCHAR[]) AS cells"
    with duckdb.connect(":memory:") as connection:
        ((found,),) = connection.execute(
            f"SELECT kind FROM ({sql_for_kinds(of, failed, width)}) WHERE row_no = 7", [padded]
        ).fetchall()
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["", " ", "\u3000", "\u200b", "\t", ""], "blank"),
        (["", ""], "blank"),
        (FIELDS, "header"),
        (["记录编号 ", "姓 名", "＊身份证号", "服务日期", "“服务时长".strip("“"), "组织"], "header"),
        (["志愿者编号", "姓名", "性别", "注册日期"], "other_header"),
        (["姓名", "记录编号", "身份证号", "服务日期", "服务时长", "组织"], "other_header"),
        (["活动编号", "活动名称", "所属区县", "开始时间", "状态"], "other_header"),
        (["合计", "", "", "", "1,234.5", ""], "total"),
        (["", "合 计", "", "", "", "共35人"], "total"),
        (["", "", "", "总计：", "35小时", ""], "total"),
        (["", "路南区小计", "", "", "12", ""], "total"),
        (["Total", "", "", "", "12.5"], "total"),
        (["共计：35人"], "total"),
        (["總計", "", "", "", "22.5", ""], "total"),
        (["合計：35小時"], "total"),
        (["总计（小时）", "", "", "", "22.5", ""], "total"),
        (["合计", "", "26人", "", "22.5", ""], "total"),
        (["", "合計", "共26名", "26人次", "22.5", ""], "total"),
        (["記錄編號", "姓名", "身份證號", "服務日期", "服務時長", "組織"], "header"),
        (["制表人：张三", "", "", "审核人：李四", "", ""], "signature"),
        (["制表：张三", "", "", "审核：李四", "", ""], "signature"),
        (["製表人：張三", "", "", "審核：", "", ""], "signature"),
        (["", "", "", "", "填報：", "王五"], "signature"),
        (["（盖章）"], "signature"),
        (["", "制表人", "", "", "", "王五"], "signature"),
        (["联系电话：13800000000"], "signature"),
        (["填表日期：2021年5月31日"], "signature"),
        (["注：本表一式两份，时长以小时计。"], "signature"),
        (["说明：1.空白为未填"], "signature"),
        (["第3页，共12页"], "signature"),
        (["制表人：王五", "", "审核人：赵六", "2021年6月1日", "", ""], "signature"),
        (["单位负责人：甲", "", "统计负责人：乙", "填表人：丙", "报出日期：2021年6月1日"], "signature"),
        (["负责人签字：", "", "", "日期", "", ""], "signature"),
        (["制表人", "王五", "审核人", "李四", "", ""], "signature"),
        (["", "审核人", "王 五", "", "", ""], "signature"),
        (["制表人：", "", "王五", "", "", ""], "signature"),
        (["制表：", "王五", "审核：", "", "", ""], "signature"),
        (["填报单位", "某某志愿者协会", "填报日期", "2021年6月1日", "联系电话", "13800138000"], "signature"),
        (["制表人", "王五", "", "2021年6月1日", "", ""], "signature"),
        (["2021年6月1日"], "day_alone"),
        (["", "", "", "2021-06-01", "", ""], "day_alone"),
        (["", "", "", "", "", "二〇二一年六月一日"], "day_alone"),
        (["平均", "", "", "", "5.2", ""], "total"),
        (["共2条记录"], "total"),
    ],
)
def test_what_is_no_data_is_called_by_its_name(cells: Cells, expected: str) -> None:
    assert kind(cells) == expected


@pytest.mark.parametrize(
    "cells",
    [
        [None] * 6,  # nothing could be read of the row: that is not the same as blank
        ["R1", "合计", ID, "2021-05-01", "25", "某社"],
        ["R1", "合计", "", "2021-05-01", "25", ""],
        ["R1", "张三", "", "2021-05-01", "25", "合计志愿服务队"],
        ["", "合计", ID, "", "25", ""],
        ["", "", "", "", "25", "合计志愿服务队"],
        ["", "小计", "", "2021-05-01", "3", ""],
        ["", "张三", "", "", "3", "合计"],
        ["制表人：张三", "", ID, "", "", ""],
        ["制表：张三", "", ID, "2021-05-01", "3", ""],
        ["制表：张三", "", "", "2021-05-01", "3", ""],
        ["制表", "张三", "", "", "3", ""],
        ["统计：", "张三", "26", "", "3", ""],
        ["合计", "", "26", "", "22.5", ""],  # 26 may be a person's number on a platform
        ["合计", "", ID, "", "22.5", ""],
        ["合计", "", "26人", "2021-05-01", "22.5", ""],
        ["合计", "张三", "26人", "", "22.5", ""],
        ["R1", "", "26人", "", "22.5", ""],
        ["", "", "26人", "", "22.5", ""],
        ["注册", "张三", "", "", "", ""],
        ["平均", "张三", "", "", "5.2", ""],
        ["制表人：张三", "", "", "2021-05-01", "3", "某社"],
        ["", "注册人", "", "", "3", ""],
        ["", "说明会", "", "", "3", ""],
        ["", "", "", "2021-05-01", "3", "说明：无"],
        ["R1", "", "", "", "", "备注：身份证号待补"],
        [f"备注：身份证号为{ID}"],
        ["姓名", "张三", "身份证号", ID],
        ["审核人", "王五", ID, "2021-05-01", "2", ""],
        ["审核人", "王五", "", "2021-05-01", "2", ""],
        ["审核人", "王五", "", "2021-05-01", "两小时", ""],
        ["R1", "王五", "", "2021-05-01", "", ""],
        ["", "", "", "2021-05-01", "2", ""],
        ["联系人", "王五", "李四", "", "", ""],
        ["制表", "王五", "", "", "", ""],  # without a colon, the word may be what somebody did
        ["身份证号"],
        ["1", "2", "3"],
    ],
)
def test_what_could_be_data_is_not_dropped(cells: Cells) -> None:
    assert kind(cells) is None


def test_a_title_is_known_again_on_the_next_page() -> None:
    of = header(titles=["唐山市志愿服务时长明细表（2021年5月）"])
    assert kind(["唐山市志愿服务时长明细表(2021年5月)", "", ""], of) == "title"
    assert kind(["唐山市志愿服务时长明细表(2021年6月)"], of) is None


def test_each_row_of_a_header_of_two_rows_is_known_again() -> None:
    fields = ("身份证号", "服务日期", "服务时长")
    rows = (("身份证号", "服务", ""), ("", "日期", "时长"))
    source = load_sources()["service_hours"]
    of = Header(source, "utf-8", ",", fields, source.recognise(list(fields)), rows=rows)
    assert [kind(row, of) for row in rows] == ["header", "header"]
    assert kind(["", "日期", "长"], of) is None


def test_signatures_and_the_day_below_a_table_are_no_records(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    rows = [f"R{n},{ADA},2021-05-{n:02},2,路南区" for n in range(1, 4)]
    rows.insert(2, ",,2021-05-09,,")  # between records: one that lost the rest
    below = ["制表人,王五,审核人,李四,", "审核人,王五,,,", "制表人：,王五,,,", "", "2021年6月1日,,,,"]
    drop = desk.load(text(HOURS, *rows, *below))
    assert (drop.row.rows_accepted, drop.row.rows_quarantined, drop.row.rows_skipped) == (3, 1, 4)
    assert {row_no for row_no, _, _ in desk.reasons(drop)} == {4}
    assert "王" not in str(desk.query("SELECT * FROM quarantine"))
