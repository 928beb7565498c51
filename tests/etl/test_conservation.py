"""Nothing is lost: every row of a file ends in exactly one place, whatever the file looks like."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    row = drop.row
    if row.status == "refused":
        assert row.rows_read == 0
        assert desk.query(f"SELECT count(*) FROM service_records WHERE drop_id = {row.drop_id}") == [(0,)]
        return
    assert row.status == "loaded", [str(told) for told in drop.told]
    assert row.rows_read == row.rows_accepted + row.rows_unchanged + row.rows_quarantined
    places = desk.query(f"""
        SELECT row_no, 'fact' FROM service_records WHERE drop_id = {row.drop_id}
        UNION ALL SELECT row_no, 'fact' FROM service_records_past WHERE drop_id = {row.drop_id}
        UNION ALL SELECT DISTINCT row_no, 'quarantine' FROM quarantine WHERE drop_id = {row.drop_id}
        UNION ALL SELECT row_no, 'skipped' FROM skipped WHERE drop_id = {row.drop_id}""")
    numbers = [number for number, _ in places]
    assert len(numbers) == len(set(numbers)), sorted(places)
    kept = [place for _, place in places]
    assert kept.count("fact") + kept.count("quarantine") == row.rows_read
    assert kept.count("skipped") == row.rows_skipped
    if '"' not in "".join(whole):  # otherwise a record may take several lines
        assert row.rows_read + row.rows_skipped + row.rows_blank + 1 == len(whole)


def _day(number: int) -> date:
    return date(1950, 1, 1) + timedelta(days=number)
