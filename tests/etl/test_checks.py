"""Every check, by a row that fails and rows that pass: what a person is told, where, in both languages."""

from __future__ import annotations

import pytest

from etl.checks import STAGES, load_checks
from etl.desk import Outcome
from etl.source import load_sources
from tests.etl.check_cases import GROUPS, Case
from tests.etl.desk import ADA, HOURS, REGISTER, Desk, plain, sentences, text


@pytest.fixture(scope="module")
def loaded(shared_desk: Desk) -> dict[int, Outcome]:
    """Every group as one drop, by its place in GROUPS."""
    return {
        place: shared_desk.load(group.content(), f"{place}.csv", released_by="测试")  # all odd on purpose
        for place, group in enumerate(GROUPS)
    }


@pytest.mark.parametrize(
    ("place", "row_no", "case"),
    [
        pytest.param(place, 3 + 2 * position, case, id=f"{case.check}-{place}-{position}")
        for place, group in enumerate(GROUPS)
        for position, case in enumerate(group.cases)
    ],
)
def test_a_bad_row_is_set_aside_with_its_place_and_reason(
    shared_desk: Desk, loaded: dict[int, Outcome], place: int, row_no: int, case: Case
) -> None:
    found = shared_desk.query(f"""
        SELECT check_name, column_name, message_zh, message_en FROM quarantine
        WHERE drop_id = {loaded[place].row.drop_id} AND row_no = {row_no}""")
    assert [check for check, *_ in found] == [case.check]
    ((_, column, zh, en),) = found
    positions = load_sources()[str(loaded[place].row.source)].recognise(GROUPS[place].header.split(","))
    assert (GROUPS[place].header.split(",")[positions[column]] if column else "") == case.column
    assert plain(case.zh) in plain(zh)
    assert case.en in en


@pytest.mark.parametrize("place", range(len(GROUPS)))
def test_the_good_rows_between_bad_ones_are_taken(loaded: dict[int, Outcome], place: int) -> None:
    row, bad = loaded[place].row, len(GROUPS[place].cases)
    assert (row.rows_read, row.rows_quarantined) == (2 * bad + 1, bad)
    assert row.rows_accepted + row.rows_unchanged == bad + 1


def test_a_person_is_told_the_file_the_row_the_column_and_the_reason(loaded: dict[int, Outcome]) -> None:
    told = "\n".join(sentences(drop) for drop in loaded.values())
    assert "0.csv 第 3 行：只有 2 个字段，应为 5 个（与列名行一致）" in told
    assert "0.csv, row 3: 2 fields, expected 5 as in the header" in told
    assert "0.csv 第 11 行，列“注册日期”：“五***(4)”无法识别，应为日期" in told
    assert "0.csv, row 11, column 注册日期: found '五***(4)', expected a date such as 2021-05-01." in told
    assert "张三丰" not in told


def test_every_reason_of_a_row_is_told(desk: Desk) -> None:
    drop = desk.load(f"{HOURS}\nR1,,明天,99,火星区\n")
    found = [(check, column) for _, check, column in desk.reasons(drop)]
    assert found == [
        ("hours_within_a_day", "service_hours"),
        ("value_present", "id_number"),
        ("value_readable", "service_date"),
    ]
    assert drop.row.rows_quarantined == 1


def test_the_first_three_of_a_kind_are_told_and_the_others_counted(desk: Desk) -> None:
    drop = desk.load(REGISTER + "\n" + f"{ADA},张三丰,路南区,明天,正常\n" * 7)
    told = sentences(drop)
    assert [f"row {number}," in told for number in range(2, 9)] == [True] * 3 + [False] * 4
    assert "（同类另有 4 处）" in told
    assert "(and 4 more of this kind)" in told


def test_each_kind_of_sentence_of_a_check_is_told_and_counted_by_itself(desk: Desk) -> None:
    """One check says other things of another column: each has its own examples and its own count."""
    rows = [f"{ADA},张三丰,路南区,明天,正常"] * 5 + [
        f"{ADA},张三丰,路南区,2021-05-0{day},什么" for day in range(1, 5)
    ]
    told = sentences(desk.load(text(REGISTER, *rows)))
    assert [f"row {number}," in told for number in range(2, 11)] == [True] * 3 + [False] * 2 + [True] * 3 + [
        False
    ]
    assert told.count("（同类另有 2 处）") == 1
    assert told.count("（同类另有 1 处）") == 1


def test_every_check_has_a_case_here() -> None:
    elsewhere = {
        *("area_given", "area_ambiguous", "area_of_another_city"),  # tests/etl/test_checks_areas.py
        "left_out_by_correction",  # tests/etl/test_corrections.py
        "cut_short",  # the end of a file: tests/etl/reader/test_encodings.py
        "second_table",  # a whole table below another: tests/etl/reader/
    }
    assert {case.check for group in GROUPS for case in group.cases} | elsewhere == set(load_checks())


@pytest.mark.parametrize("name", sorted(load_checks()))
def test_every_check_says_a_sentence_in_both_languages_at_a_known_stage(name: str) -> None:
    check = load_checks()[name]
    assert check.stage in STAGES
    assert check.severity == "quarantine"
    assert check.sentence.zh.endswith("。")
    assert check.sentence.en.endswith(".")
    assert check.sentence.en.isascii()
    assert check.function.__module__ == f"etl.checks.{name}"
