"""Nothing is lost: every row of a file ends in exactly one place, whatever the file looks like."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import date, timedelta

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.desk import Outcome
from etl.source import load_sources
from tests.drops import id_number
from tests.etl.desk import ADA, BEA, CAI, Desk, text

HEADER = "记录编号,身份证号,服务日期,服务时长,服务地区,备注"
PEOPLE = st.sampled_from([ADA, BEA, CAI, ADA[:17] + "0", "900000199003070000", "9.00000E+17", ""])
DAYS = st.sampled_from(
    ["2021-05-01", "2021年5月2日", "20210503", "44317", "21-5-1", "2021-02-30", "2031-01-01", ""]
)
HOURS = st.sampled_from(["1", "2.5", "210分钟", "三小时", "-3", "300", "1e9", "", "—"])
PLACES = st.sampled_from(["路南区", "130202", "火星区", "开发区", "", "唐山市路北区"])
NOTES = st.sampled_from(["", "敬老院慰问", '"带,逗号"', '"两\n行"', '没关的"引号', '"没关', "合计"])
NUMBERS = st.integers(1, 6).map(lambda number: f"J{number}")  # few: rows supersede one another

ROWS = st.tuples(NUMBERS, PEOPLE, DAYS, HOURS, PLACES, NOTES).map(",".join)
ODD = st.sampled_from(
    ["", "   ", ",,,,,", HEADER, "合计,,,12.5,,", "制表人：某某,,,,,", "一格", "a,b,c,d,e,f,g,h", "小计,,,,,",
     "活动编号,活动名称,所属区县,开始时间,状态,备注"]
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=st.lists(ROWS | ODD, min_size=1, max_size=12), titles=st.integers(0, 2), data=st.data())
def test_every_row_ends_in_exactly_one_place(
    shared_desk: Desk, lines: list[str], titles: int, data: st.DataObject
) -> None:
    desk = shared_desk
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    # A person of its own in each file: the same bytes are never loaded twice.
    sequence = data.draw(st.integers(1, 400))
    own = f"J0,{id_number(_day(len(desk.query('FROM drops'))), sequence * 2)},2021-05-04,1,路南区,"
    whole = ["志愿服务时长明细表(2021年5月)"] * titles + [HEADER, own, *lines]
    content = text(whole[0], *whole[1:]).replace("\n", end).encode(encoding)
    drop = desk.load(content, source="service_hours", released_by="测试")
    count = None if '"' in "".join(whole) else len(whole)  # otherwise a record may take several lines
    require_conserved(desk, drop, count)


def require_conserved(desk: Desk, drop: Outcome, lines: int | None) -> None:
    """Every row of a drop is a fact, in quarantine, or no data, once; `lines` is how many the file has, if that is known."""
    row = drop.row
    if row.status == "refused":
        assert row.rows_read == 0
        for source in load_sources().values():
            assert desk.query(f"SELECT count(*) FROM {source.table} WHERE drop_id = {row.drop_id}") == [(0,)]
        return
    assert row.status == "loaded", [str(told) for told in drop.told]
    assert row.rows_read == row.rows_accepted + row.rows_unchanged + row.rows_quarantined
    table = load_sources()[str(row.source)].table
    places = desk.query(f"""
        SELECT row_no, 'fact' FROM {table} WHERE drop_id = {row.drop_id}
        UNION ALL SELECT row_no, 'fact' FROM {table}_past WHERE drop_id = {row.drop_id}
        UNION ALL SELECT DISTINCT row_no, 'quarantine' FROM quarantine WHERE drop_id = {row.drop_id}
        UNION ALL SELECT row_no, 'skipped' FROM skipped WHERE drop_id = {row.drop_id}""")
    numbers = [number for number, _ in places]
    assert len(numbers) == len(set(numbers)), sorted(places)
    kept = [place for _, place in places]
    assert kept.count("fact") + kept.count("quarantine") == row.rows_read
    assert kept.count("skipped") == row.rows_skipped
    if lines is not None:
        assert row.rows_read + row.rows_skipped + row.rows_blank + 1 == lines


NAMES = st.sampled_from(["甲", "", "合计", "a,b"])
STATES = st.sampled_from(["正常", "注销", "看看", "", "已结束", "已取消"])
CLOCKS = st.sampled_from(["2021-05-01 09:00", "2021/5/2", "09:00", "2021-05-01 8:30-11:30", "明天", ""])
AMOUNTS = st.sampled_from(["12", "3亿", "1.2万人次", "13812345678", "-1", ""])
KINDS = {
    "registrations": ("身份证号,姓名,所属区县,注册日期,状态", (PEOPLE, NAMES, PLACES, DAYS, STATES)),
    "activities": (
        "活动编号,活动名称,所属区县,开始时间,状态,受益人次",
        (NUMBERS, NAMES, PLACES, CLOCKS, STATES, AMOUNTS),
    ),
    "service_hours": ("记录编号,身份证号,服务日期,服务时长,服务地区", (NUMBERS, PEOPLE, DAYS, HOURS, PLACES)),
}
FORMS = ("csv", "tsv", "gz", "zip", "xlsx")


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_row_of_every_kind_and_form_ends_in_one_place(
    shared_desk: Desk, kind: str, data: st.DataObject
) -> None:
    header, cells = KINDS[kind]
    columns = header.split(",")
    odd = st.sampled_from([[], ["合计", "", "", "12"], ["制表人：某某"], columns, ["一格", "x"], ["第 1 页"]])
    table = [columns, *data.draw(st.lists(st.tuples(*cells).map(list) | odd, min_size=1, max_size=10))]
    table = [["志愿服务明细表"]] * data.draw(st.integers(0, 1)) + table
    number = len(shared_desk.query("FROM drops"))
    own = {"身份证号": id_number(_day(number), 2), "活动编号": f"J{number}", "记录编号": f"J{number}"}
    usual = {
        "所属区县": "路南区",
        "服务地区": "路南区",
        "开始时间": "2021-05-04",
        "状态": "",
        "受益人次": "1",
        "服务时长": "1",
    }
    table.append([(own | usual).get(name, "2021-05-04" if "日期" in name else "") for name in columns])
    form = data.draw(st.sampled_from(FORMS))
    encoding = "utf-8" if form == "xlsx" else data.draw(st.sampled_from(["utf-8", "gb18030", "utf-16"]))
    content = written(table, form, encoding, len(columns))
    drop = shared_desk.load(content, f"{kind}-{number}.{form}", source=kind, released_by="测试")
    require_conserved(shared_desk, drop, len(table))


def written(table: list[list[str]], form: str, encoding: str, width: int) -> bytes:
    """A table of texts as a file; every row as wide as the header, as spreadsheets write it."""
    rows = [row + [""] * (width - len(row)) for row in table]
    if form == "xlsx":
        book = io.BytesIO()
        with xlsxwriter.Workbook(book) as made:
            sheet = made.add_worksheet("表")
            for number, row in enumerate(rows):
                for place, text in enumerate(row):
                    sheet.write_string(number, place, text)
        return book.getvalue()
    lines = io.StringIO()
    csv.writer(lines, delimiter="\t" if form == "tsv" else ",", lineterminator="\n").writerows(rows)
    content = lines.getvalue().encode(encoding)
    if form == "gz":
        return gzip.compress(content)
    if form == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("五月/a.csv", content)
        return packed.getvalue()
    return content


def _day(number: int) -> date:
    return date(1950, 1, 1) + timedelta(days=number)
