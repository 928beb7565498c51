"""Replace by period: a drop that stands for all there is of its months."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.source import read_sheet
from etl.withdraw import restore, withdraw
from metrics.areas import load_areas
from metrics.paths import ROOT
from tests.etl.desk import ADA, BEA, CAI, DAN, HOURS, Desk, sentences, text

RECORDS = "身份证号,服务日期,服务时长,服务地区"
LUNAN, LUBEI = "路南区", "路北区"
PLATFORM = "志愿汇"
MAY = text(
    RECORDS, f"{ADA},2021-05-01,1,{LUNAN}", f"{BEA},2021-05-02,2,{LUNAN}", f"{CAI},2021-05-03,3,{LUBEI}"
)
AGAIN = text(RECORDS, f"{ADA},2021-05-01,1,{LUNAN}", f"{DAN},2021-05-09,4,{LUNAN}")


def records(desk: Desk) -> list[tuple[int, float]]:
    """(drop, hours) of the current records."""
    found = desk.query("SELECT drop_id, service_minutes / 60 FROM current_service_records ORDER BY ALL")
    return [(drop, float(hours)) for drop, hours in found]


def test_without_a_scope_earlier_rows_stay(desk: Desk) -> None:
    desk.load(MAY, supplier=PLATFORM)
    desk.load(AGAIN, supplier=PLATFORM)
    assert records(desk) == [(1, 1), (1, 2), (1, 3), (2, 4)]


def test_area_and_month_replaces_what_the_supplier_said_of_that_area_and_month(desk: Desk) -> None:
    desk.load(MAY, supplier=PLATFORM)
    outcome = desk.load(AGAIN, replace="area+month", supplier=PLATFORM)
    # The row sent again now stands in the second drop; one row of 路南 is gone, 路北 was not spoken of.
    assert records(desk) == [(1, 3), (2, 1), (2, 4)]
    assert outcome.row.replaces == "area+month"
    assert "按期替换：1 行旧记录不再生效" in sentences(outcome)


def test_month_replaces_every_area(desk: Desk) -> None:
    desk.load(MAY, supplier=PLATFORM)
    desk.load(AGAIN, replace="month", supplier=PLATFORM)
    assert records(desk) == [(2, 1), (2, 4)]


def test_other_months_and_other_suppliers_stay(desk: Desk) -> None:
    desk.load(text(RECORDS, f"{ADA},2021-04-30,1,{LUNAN}", f"{BEA},2021-06-01,2,{LUNAN}"), supplier=PLATFORM)
    desk.load(MAY.replace("路北区", "路南区"), supplier="另一个平台")
    desk.load(AGAIN, replace="area+month", supplier=PLATFORM)
    # What both say is said by the first: a row sent again unchanged is no later version.
    assert records(desk) == [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 4)]


def test_a_withdrawn_replacement_leaves_everything_as_if_it_had_never_come(desk: Desk) -> None:
    desk.load(MAY, supplier=PLATFORM)
    before = desk.facts()
    replacing = desk.load(AGAIN, replace="area+month", supplier=PLATFORM)
    after = desk.facts()
    desk.withdraw(replacing)
    assert desk.facts() == before
    restore(desk.connection, desk.row(replacing), "测试", "a test")
    assert desk.facts() == after


def test_an_earlier_drop_brought_back_stays_replaced(desk: Desk) -> None:
    first = desk.load(MAY, supplier=PLATFORM)
    desk.load(AGAIN, replace="area+month", supplier=PLATFORM)
    expected = desk.facts()
    desk.withdraw(first)
    assert records(desk) == [(2, 1), (2, 4)]
    restore(desk.connection, desk.row(first), "测试", "a test")
    assert desk.facts() == expected


def test_a_later_drop_adds_to_a_replaced_month(desk: Desk) -> None:
    desk.load(MAY, supplier=PLATFORM)
    desk.load(AGAIN, replace="area+month", supplier=PLATFORM)
    desk.load(text(RECORDS, f"{BEA},2021-05-02,2,{LUNAN}"), supplier=PLATFORM)
    assert records(desk) == [(1, 3), (2, 1), (2, 4), (3, 2)]


def test_a_replacement_withdrawn_after_another_one(desk: Desk) -> None:
    desk.load(MAY, supplier=PLATFORM)
    second = desk.load(AGAIN, replace="month", supplier=PLATFORM)
    desk.load(text(RECORDS, f"{CAI},2021-05-20,5,{LUBEI}"), replace="month", supplier=PLATFORM)
    assert records(desk) == [(3, 5)]
    desk.withdraw(second)
    assert records(desk) == [(3, 5)]


def test_a_row_that_waited_in_quarantine_replaces_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.load(MAY, supplier=PLATFORM)
    half = desk.load(
        text(RECORDS, f"{DAN},2021-05-09,4,{LUNAN}", f"{DAN},2021-05-10,4,火星区"),
        replace="area+month",
        supplier=PLATFORM,
    )
    assert records(desk) == [(1, 3), (2, 4)]
    areas = load_areas()
    known = areas.resolve
    monkeypatch.setattr(
        type(areas),
        "resolve",
        lambda self, name, city=None: known("路北区" if name == "火星区" else name, city),
    )
    desk.replay(half)
    assert records(desk) == [(2, 4), (2, 4)]


def test_a_sheet_names_its_scope_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    sheet = (ROOT / "etl" / "sources" / "service_hours.toml").read_text(encoding="utf-8")
    path = tmp_path / "hours.toml"
    path.write_text('replace = "area+month"\n' + sheet, encoding="utf-8")
    assert read_sheet(path).replace == "area+month"
    path.write_text('replace = "area+months"\n' + sheet, encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"hours.toml: replace = 'area\+months' is not known \(did you mean 'area\+month'"
    ):
        read_sheet(path)


def test_without_a_supplier_nothing_is_replaced(desk: Desk) -> None:
    outcome = desk.load(MAY, replace="month")
    assert outcome.row.status == "refused"
    assert "--supplier" in sentences(outcome)


def test_what_was_noted_stays_when_a_drop_is_withdrawn_and_brought_back(desk: Desk) -> None:
    drop = desk.load(text(f"{HOURS},天气", f"R1,{ADA},2021-05-01,2,路南区,x"))
    withdraw(desk.connection, drop.row, "撤回：来电 0315-2345678", "withdrawn: call 0315-2345678")
    restore(desk.connection, desk.row(drop), "恢复：弄错了", "brought back: a mistake")
    row = desk.row(drop)
    assert row.note_zh == "忽略 1 个未识别的列：第 F 列；撤回：来电 ************；恢复：弄错了"
    assert row.note_en == (
        "1 columns not known and ignored: F; withdrawn: call ************; brought back: a mistake"
    )
