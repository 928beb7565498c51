"""What identifies a record: numbers that begin anew, rows nobody can tell apart, and the same bytes told otherwise."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from etl.inbox import find_drops
from tests.drops import id_number
from tests.etl.desk import ADA, CAI, HOURS, Desk, sentences, text

PEOPLE = [id_number(date(1991, 1, day), 2) for day in range(1, 9)]


def numbered(month: str, people: list[str]) -> str:
    """A month's list, numbered from 1."""
    return text(
        HOURS, *(f"{place},{person},2021-{month}-03,2,路南区" for place, person in enumerate(people, 1))
    )


def test_a_list_numbered_anew_every_month_is_held_and_overrules_nothing_once_released(desk: Desk) -> None:
    desk.load(numbered("05", PEOPLE))
    june = desk.load(numbered("06", PEOPLE))  # the same persons in the same order: only the month tells
    assert june.row.status == "held"
    assert "8 行的记录编号以前是别人的或别的月份的" in sentences(june)
    assert desk.query("SELECT count(*) FROM current_service_records") == [(8,)]
    july = desk.load(numbered("07", PEOPLE[::-1]), released_by="李科长")
    assert (july.row.status, july.row.rows_accepted, july.row.rows_superseding) == ("loaded", 8, 0)
    assert desk.query("SELECT count(*) FROM current_service_records") == [(16,)]


def test_two_suppliers_with_the_same_record_numbers_overrule_each_other_in_nothing(desk: Desk) -> None:
    """Each numbers its list from 1; half of the people are the same by accident."""
    first = desk.load(numbered("05", PEOPLE[:4]), supplier="甲平台")
    other = numbered("05", [PEOPLE[0], PEOPLE[1], PEOPLE[6], PEOPLE[7]])
    second = desk.load(other, supplier="乙平台")
    assert (second.row.status, second.row.rows_accepted, second.row.rows_superseding) == ("loaded", 4, 0)
    assert "2 行的记录编号别的单位也用过" in sentences(second)
    assert desk.query("SELECT count(*) FROM current_service_records") == [(8,)]
    # A corrected list takes the place of the supplier's own earlier one and of nothing else.
    again = desk.load(other.replace("-03,2", "-03,3"), supplier="乙平台")
    assert (again.row.rows_accepted, again.row.rows_superseding) == (4, 4)
    counted = desk.query("SELECT drop_id, count(*) FROM current_service_records GROUP BY 1 ORDER BY 1")
    assert counted == [(first.row.drop_id, 4), (again.row.drop_id, 4)]
    desk.withdraw(again)
    assert desk.query("SELECT count(*) FROM current_service_records") == [(8,)]
    # Also where the list it once collided with is gone.
    desk.withdraw(first)
    renewed = desk.load(other.replace("-03,2", "-03,4"), supplier="乙平台")
    assert (renewed.row.rows_accepted, renewed.row.rows_superseding) == (4, 4)
    assert desk.query("SELECT count(*) FROM current_service_records") == [(4,)]


def test_who_hands_on_another_suppliers_list_with_a_correction_renews_it(desk: Desk) -> None:
    desk.load(numbered("05", PEOPLE), supplier="路南区")
    handed_on = desk.load(numbered("05", [*PEOPLE[:7], ADA]), supplier="市文明办")
    assert (handed_on.row.status, handed_on.row.rows_superseding) == ("loaded", 1)
    assert desk.query("SELECT count(*) FROM current_service_records") == [(8,)]


def test_a_bare_volunteer_number_that_another_supplier_gave_to_somebody_else_is_held(desk: Desk) -> None:
    header = "志愿者编号,性别,所属区县,注册日期"
    desk.load(text(header, "V1,男,路南区,2021-01-01"), supplier="甲平台")
    other = desk.load(text(header, "V1,女,路南区,2021-03-01", "V2,女,路南区,2021-03-01"), supplier="乙平台")
    assert other.row.status == "held"
    assert "1 行只有志愿者编号、没有来源平台" in sentences(other)
    same = desk.load(text(header, "V1,男,路北区,2021-01-01"), supplier="丙平台")  # moved, the same person
    assert (same.row.status, same.row.rows_superseding) == ("loaded", 1)
    named = "志愿者编号,来源平台,性别,所属区县,注册日期"
    right = desk.load(text(named, "V1,乙服务平台,女,路南区,2021-03-01"), supplier="乙平台")
    assert right.row.status == "loaded"
    assert desk.query("SELECT count(DISTINCT volunteer_key) FROM current_registrations") == [(2,)]


def test_a_few_corrections_of_day_or_person_are_no_new_numbering(desk: Desk) -> None:
    desk.load(numbered("05", PEOPLE))
    mended = desk.load(numbered("05", [*PEOPLE[:7], ADA]))
    assert (mended.row.status, mended.row.rows_superseding) == ("loaded", 1)
    assert "其中更新以往 1" in sentences(mended)


def test_the_same_bytes_for_another_area_are_told_and_come_in_after_withdrawing(desk: Desk) -> None:
    content = text("身份证号,服务日期,服务时长", f"{CAI},2021-05-01,2")
    first = desk.load(content, folder="")
    assert "1 行没有地区" in sentences(first)
    again = desk.load(content, folder="130203")
    assert again.repeated
    assert f"withdraw {first.row.drop_id} --reason" in sentences(again)
    desk.withdraw(first)
    assert desk.load(content, folder="").repeated
    right = desk.load(content, folder="130203")
    assert (right.repeated, right.row.status) == (False, "loaded")
    assert desk.query("SELECT drop_area_code FROM current_service_records") == [("130203",)]


def test_other_bytes_with_an_area_renew_rows_that_had_none(desk: Desk) -> None:
    content = text("身份证号,服务日期,服务时长", f"{CAI},2021-05-01,2")
    desk.load(content, folder="")
    assert desk.load(content + "\n", folder="130203").row.rows_superseding == 1
    assert desk.query("SELECT drop_area_code FROM current_service_records") == [("130203",)]


def test_a_file_named_in_the_inbox_keeps_its_folders(tmp_path: Path) -> None:
    inbox = tmp_path / "drops"
    file = inbox / "130202" / "甲平台" / "五月.csv"
    file.parent.mkdir(parents=True)
    file.write_text("x", encoding="utf-8")
    for named in (inbox, inbox / "130202", file.parent, file):
        (found,) = find_drops([named], None, inbox=inbox)
        assert (found.area, found.supplier) == ("130202", "甲平台"), named


def test_numbers_that_begin_anew_within_a_file_hold_it(desk: Desk) -> None:
    rows = [f"{place},{person},2021-05-03,2,路南区" for person in PEOPLE[:2] for place in ("1", "2")]
    other = [
        rows[0],
        rows[1],
        *(row.replace(PEOPLE[1], PEOPLE[2]).replace("-03,", "-04,") for row in rows[2:]),
    ]
    drop = desk.load(text(HOURS, *other))
    assert drop.row.status == "held"
    assert "2 行的记录编号在本文件前面已用于别人或别的日期" in sentences(drop)


def test_the_same_record_corrected_further_down_is_a_correction(desk: Desk) -> None:
    first = f"1,{PEOPLE[0]},2021-05-03,2,路南区"
    drop = desk.load(text(HOURS, first, first, first.replace(",2,", ",3,")))
    assert drop.row.status == "loaded"
    assert desk.query("SELECT service_minutes FROM current_service_records") == [(180,)]


def test_two_short_lists_each_numbered_from_one_are_not_corrections(desk: Desk) -> None:
    desk.load(numbered("05", PEOPLE[:2]))
    assert desk.load(numbered("05", PEOPLE[2:4])).row.status == "held"
    assert desk.query("SELECT count(*) FROM current_service_records") == [(2,)]
